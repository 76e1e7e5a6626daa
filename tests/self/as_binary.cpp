// SPDX-License-Identifier: Apache-2.0
// Source form to binary form. Every variable becomes a 64-bit temporary that holds it zero-extended.
#include <algorithm>
#include <map>
#include <optional>

#include "ir/build.hpp"
#include "tests/self/chain.hpp"
#include "tests/self/self.hpp"

namespace self {
namespace {

using ir::Term;

constexpr std::uint64_t stack_unit = 16;

struct NoForm {
  std::string reason;
};

Term reg(const std::string& name) { return ir::var(name, ir::Sort::bitvec(64)); }
Term x(unsigned index) { return reg("X" + std::to_string(index)); }
Term wide(Term term) { return term.sort().is_bool() ? ir::bool_to_bv(term, 64) : ir::resize(term, 64, false); }
std::uint64_t round_up(std::uint64_t bytes) { return (bytes + stack_unit - 1) / stack_unit * stack_unit; }

class Writer {
 public:
  Writer(const ir::Function& source, const validator::check::Surroundings& around) : source_(source), around_(around), chains_(out_.graph) {}

  ir::Function write(std::uint64_t address) {
    out_.symbol = source_.symbol;
    out_.address = address;
    lay_out_frame();
    const auto order = ir::reverse_post_order(source_.graph);
    const ir::Graph::NodeId before = source_.graph.size();  // the prologue's key: no node of the source
    chains_.begin(before);
    prologue();
    for (const ir::Graph::NodeId node : order) {
      chains_.begin(node);
      std::visit([&](const auto& content) { rewrite(content); }, source_.graph.at(node).node);
    }
    const ir::Graph::NodeId last = last_of_prologue_;
    chains_.connect(source_.graph);
    out_.graph.connect(last, chains_.first(source_.graph.entry()));
    out_.graph.set_entry(chains_.first(before));
    return std::move(out_);
  }

 private:
  void lay_out_frame() {
    for (const ir::Graph::NodeId node : ir::reverse_post_order(source_.graph)) {
      const auto* call = std::get_if<ir::Call>(&source_.graph.at(node).node);
      if (call == nullptr) continue;
      for (const ir::AbiSlot& slot : call->arguments) {
        if (slot.place.kind == ir::AbiPlace::Kind::stack) frame_ = std::max<std::uint64_t>(frame_, slot.place.index + 8);
      }
    }
    for (const ir::LocalObject& local : source_.locals) {
      if (local.alignment > stack_unit) throw NoForm{"over-aligned local"};
      frame_ = round_up(frame_);
      offsets_[local.base.name()] = frame_;
      frame_ += local.bytes;
    }
    frame_ = round_up(frame_);
  }

  /// The temporary that holds a variable of the source.
  Term holder(Term variable) {
    const unsigned width = variable.sort().is_bool() ? 1 : variable.width();
    if (width > 64) throw NoForm{"a variable of more than 64 bits"};
    const auto [at, added] = holders_.try_emplace(variable.name(), "t" + std::to_string(holders_.size()));
    static_cast<void>(added);
    return reg(at->second);
  }

  Term rewrite(Term term) {
    if (!term) return term;
    ir::Substitution substitution;
    for (const Term variable : ir::variables_of(term)) {
      const std::string& name = variable.name();
      if (const auto local = offsets_.find(name); local != offsets_.end()) {
        substitution[variable] = ir::add(reg("SP"), ir::bv(local->second, 64));
      } else if (name.front() == '@') {
        const std::optional<std::uint64_t> address = around_.address_of(name);
        if (!address) throw NoForm{"no address of " + name};
        substitution[variable] = ir::bv(*address, 64);
      } else if (variable.sort().is_bool()) {
        substitution[variable] = ir::ne(holder(variable), ir::bv(0, 64));
      } else {
        substitution[variable] = ir::extract(variable.width() - 1, 0, holder(variable));
      }
    }
    return ir::substitute(term, substitution);
  }

  void set(std::vector<ir::Binding> bindings) { chains_.add(ir::Basic{std::move(bindings)}); }

  Term fresh(ir::Sort sort) { return ir::var("tr" + std::to_string(fresh_++), sort); }

  void prologue() {
    std::vector<ir::Binding> in{{reg("tlink"), x(30)}};
    for (const ir::AbiSlot& slot : source_.parameters) {
      if (slot.place.kind != ir::AbiPlace::Kind::x_register) continue;
      in.push_back({holder(slot.term), wide(ir::extract(slot.term.width() - 1, 0, x(slot.place.index)))});
    }
    in.push_back({reg("SP"), ir::sub(reg("SP"), ir::bv(frame_, 64))});
    set(std::move(in));
    for (const ir::AbiSlot& slot : source_.parameters) {
      if (slot.place.kind != ir::AbiPlace::Kind::stack) continue;
      const unsigned bytes = slot.term.width() / 8;
      const Term loaded = fresh(ir::Sort::bitvec(8 * bytes));
      chains_.add(ir::Load{loaded, ir::add(reg("SP"), ir::bv(frame_ + slot.place.index, 64)), bytes});
      set({{holder(slot.term), wide(loaded)}});
    }
    set({});
    last_of_prologue_ = out_.graph.size() - 1;
  }

  void rewrite(const ir::Basic& node) {
    std::vector<ir::Binding> bindings;
    for (const ir::Binding& binding : node.assignments) bindings.push_back({holder(binding.variable), wide(rewrite(binding.value))});
    set(std::move(bindings));
  }
  void rewrite(const ir::Load& node) {
    if (node.bytes > 8) throw NoForm{"an access of 16 bytes"};
    ir::Load copy = node;
    copy.result = fresh(node.result.sort());
    copy.address = rewrite(node.address);
    copy.is_volatile = false;
    chains_.add(copy);
    set({{holder(node.result), wide(copy.result)}});
  }
  void rewrite(const ir::Store& node) {
    if (node.bytes > 8) throw NoForm{"an access of 16 bytes"};
    ir::Store copy = node;
    copy.address = rewrite(node.address);
    copy.value = rewrite(node.value);
    copy.is_volatile = false;
    chains_.add(copy);
  }
  void rewrite(const ir::Cond& node) { chains_.add(ir::Cond{rewrite(node.condition)}); }
  void rewrite(const ir::Call& node) {
    std::vector<ir::Binding> arguments;
    for (const ir::AbiSlot& slot : node.arguments) {
      const Term value = rewrite(slot.term);
      if (slot.place.kind == ir::AbiPlace::Kind::x_register) {
        arguments.push_back({x(slot.place.index), wide(value)});
      } else {
        chains_.add(ir::Store{ir::add(reg("SP"), ir::bv(slot.place.index, 64)), value, value.width() / 8});
      }
    }
    ir::Call copy;
    copy.symbol = node.symbol;
    copy.target = rewrite(node.symbol.empty() ? node.target : ir::var("@" + node.symbol, ir::Sort::bitvec(64)));
    set(std::move(arguments));
    set({{x(30), ir::bv(chains_.next_address() + 8, 64)}});
    chains_.add(copy);
    if (!node.returns) {
      chains_.add(ir::Unreachable{"behind a call that does not return"});
      return;
    }
    std::vector<ir::Binding> results;
    for (const ir::AbiSlot& slot : node.results) {
      results.push_back({holder(slot.term), wide(ir::extract(slot.term.width() - 1, 0, x(slot.place.index)))});
    }
    set(std::move(results));
  }
  void rewrite(const ir::Effect& node) {
    ir::Effect copy = node;
    for (Term& operand : copy.operands) operand = rewrite(operand);
    copy.memory_clobber = false;
    if (node.result) copy.result = fresh(node.result.sort());
    chains_.add(copy);
    if (node.result) set({{holder(node.result), wide(copy.result)}});
  }
  void rewrite(const ir::Assert&) { set({}); }
  void rewrite(const ir::Choice&) { throw NoForm{"an unspecified value"}; }
  void rewrite(const ir::Touch&) { set({}); }
  void rewrite(const ir::Lifetime&) { set({}); }
  void rewrite(const ir::Return& node) {
    std::vector<ir::Binding> out{{x(30), reg("tlink")}, {reg("SP"), ir::add(reg("SP"), ir::bv(frame_, 64))}};
    for (std::size_t i = 0; i < node.values.size(); ++i) out.push_back({x(source_.results[i].place.index), wide(rewrite(node.values[i]))});
    set(std::move(out));
    chains_.add(ir::Return{{x(30)}});
  }
  void rewrite(const ir::Unreachable& node) { chains_.add(node); }

  const ir::Function& source_;
  const validator::check::Surroundings& around_;
  ir::Function out_;
  Chains chains_;
  std::map<std::string, std::uint64_t> offsets_;
  std::map<std::string, std::string> holders_;
  std::uint64_t frame_ = 0;
  unsigned fresh_ = 0;
  ir::Graph::NodeId last_of_prologue_ = 0;
};

}  // namespace

Rewritten as_binary(const ir::Function& source, std::uint64_t address, const validator::check::Surroundings& around) {
  try {
    return {Writer(source, around).write(address), ""};
  } catch (const NoForm& none) {
    return {{}, none.reason};
  }
}

}  // namespace self
