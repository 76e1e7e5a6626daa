// SPDX-License-Identifier: Apache-2.0
// See inlining.hpp.
#include "validator/check/inlining.hpp"

#include <algorithm>

namespace validator::check {

using ir::Graph;

namespace {

constexpr std::size_t node_limit = 60'000;

}  // namespace

std::optional<std::uint64_t> target_of(const ir::Call& call) {
  if (!call.target || !call.target.is_constant()) return std::nullopt;
  return call.target.value64();
}

Pair inline_calls(const Evidence& evidence, const std::string& symbol, const std::set<std::uint64_t>& both) {
  const ir::Function* source = evidence.source_body(symbol);
  const ir::Function* binary = evidence.binary_named(symbol);
  if (source == nullptr || binary == nullptr) throw Unprovable(Verdict::error, "no-pair", "one half has no function of this name");
  Pair pair{*source, *binary, {}, {}};
  for (bool changed = true; changed;) {
    changed = false;
    std::set<std::uint64_t> called_by_binary;
    for_each_call(pair.binary, [&](Graph::NodeId, const ir::Call& call) {
      if (auto target = target_of(call); target && !both.contains(*target)) called_by_binary.insert(*target);
    });
    std::set<std::uint64_t> called_by_source;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> todo;
    for_each_call(pair.source, [&](Graph::NodeId node, const ir::Call& call) {
      if (call.symbol.empty()) return;
      const auto address = evidence.address_of("@" + call.symbol);
      const bool keep = address && called_by_binary.contains(*address);
      const ir::Function* body = keep ? nullptr : evidence.source_body(call.symbol);
      if (body == nullptr) {
        if (address) called_by_source.insert(*address);
        return;
      }
      todo.emplace_back(node, body);
    });
    for (const auto& [node, callee] : todo) {
      if (callee->symbol == symbol) throw Unprovable(Verdict::unsupported, "recursion", "the source recursion is not in the binary");
      ir::inline_source_call(pair.source, node, *callee);
      pair.inlined_sources.push_back(callee->symbol);
      changed = true;
      if (pair.source.graph.size() > node_limit) {
        throw Unprovable(Verdict::unsupported, "too-large", "the source graph exceeds its node limit after inlining");
      }
    }
    if (changed) continue;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> clones;
    for_each_call(pair.binary, [&](Graph::NodeId node, const ir::Call& call) {
      const auto target = target_of(call);
      if (!target || called_by_source.contains(*target)) return;
      if (const ir::Function* body = evidence.binary_body(*target); body && body->address != pair.binary.address) {
        clones.emplace_back(node, body);
      }
    });
    for (const auto& [node, callee] : clones) {
      ir::inline_binary_call(pair.binary, node, *callee);
      pair.inlined_binaries.push_back(callee->symbol);
      changed = true;
      if (pair.binary.graph.size() > node_limit) {
        throw Unprovable(Verdict::unsupported, "too-large", "the binary graph exceeds its node limit after inlining");
      }
    }
  }
  for (auto* list : {&pair.inlined_sources, &pair.inlined_binaries}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return pair;
}

}  // namespace validator::check
