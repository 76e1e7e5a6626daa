// SPDX-License-Identifier: Apache-2.0
// Which variables a graph has and where they are live: merging only what is still read keeps terms small.
#include "validator/check/node_terms.hpp"
#include "validator/check/run.hpp"

namespace validator::check {

namespace {

using Set = boost::dynamic_bitset<>;

void mark(const VariableTable& table, Set& set, Term term) {
  for (Term variable : ir::variables_of(term)) {
    if (auto index = table.find(variable)) set.set(*index);
  }
}

std::vector<std::string> register_names() {
  std::vector<std::string> names;
  for (unsigned i = 0; i <= 30; ++i) names.push_back("X" + std::to_string(i));
  for (const char* name : {"SP", "N", "Z", "C", "V"}) names.emplace_back(name);
  return names;
}

Term register_variable(const std::string& name) {
  const bool flag = name.size() == 1;
  return ir::var(name, flag ? ir::Sort::boolean() : ir::Sort::bitvec(64));
}

/// AAPCS64 6.1.1, 6.8: arguments, results and what is preserved across a call. X9-X17 and the flags are scratch:
/// neither callee nor caller finds anything there.
bool carries_something_across(const std::string& name) {
  if (name.size() == 1) return false;
  return !(name[0] == 'X' && std::stoul(name.substr(1)) >= 9 && std::stoul(name.substr(1)) <= 17);
}

}  // namespace

VariableTable::VariableTable(const ir::Function& function, bool binary) {
  auto add = [&](Term variable) {
    if (indices_.emplace(variable, static_cast<unsigned>(names_.size())).second) names_.push_back(variable);
  };
  if (binary) {
    for (const std::string& name : register_names()) add(register_variable(name));
  }
  for (const ir::AbiSlot& slot : function.parameters) add(slot.term);
  const std::size_t nodes = function.graph.size();
  for (std::size_t node = 0; node < nodes; ++node) {
    const ir::Node& content = function.graph.at(node).node;
    for_each_read(content, [&](Term term) {
      for (Term variable : ir::variables_of(term)) add(variable);
    });
    for_each_written(content, add);
  }

  std::vector<Set> reads(nodes, Set(names_.size())), writes = reads;
  live_ = reads;
  Set across(names_.size());
  if (binary) {
    for (const std::string& name : register_names()) {
      if (carries_something_across(name)) across.set(index(register_variable(name)));
    }
  }
  for (std::size_t node = 0; node < nodes; ++node) {
    const ir::Node& content = function.graph.at(node).node;
    for_each_read(content, [&](Term term) { mark(*this, reads[node], term); });
    for_each_written(content, [&](Term term) { mark(*this, writes[node], term); });
    if (std::holds_alternative<ir::Call>(content) || std::holds_alternative<ir::Return>(content)) reads[node] |= across;
  }
  // Every access to the frame and every interrupt needs SP, whoever reads it.
  if (binary) {
    for (auto& set : reads) set.set(index(register_variable("SP")));
  }
  const auto order = ir::reverse_post_order(function.graph);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto node = order.rbegin(); node != order.rend(); ++node) {
      Set live(names_.size());
      for (auto next : function.graph.successors(*node)) {
        if (next != ir::Graph::none) live |= live_[next];
      }
      live = reads[*node] | (live - writes[*node]);
      if (live != live_[*node]) {
        live_[*node] = std::move(live);
        changed = true;
      }
    }
  }
}

std::optional<unsigned> VariableTable::find(Term variable) const {
  const auto found = indices_.find(variable);
  if (found == indices_.end()) return std::nullopt;
  return found->second;
}

unsigned VariableTable::index(Term variable) const {
  const auto found = indices_.find(variable);
  IR_ASSERT(found != indices_.end());
  return found->second;
}

}  // namespace validator::check
