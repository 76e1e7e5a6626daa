// SPDX-License-Identifier: Apache-2.0
// Binary form to source form.
#include <algorithm>
#include <map>

#include "ir/build.hpp"
#include "tests/self/chain.hpp"
#include "tests/self/self.hpp"

namespace self {
namespace {

using ir::Term;

constexpr std::uint64_t below = 4096;  ///< bytes of frame: more than any case needs, or the proof fails

struct NoForm {
  std::string reason;
};

class Writer {
 public:
  Writer(const ir::Function& binary, const ir::Function& interface, const validator::check::Surroundings& around)
      : binary_(binary), interface_(interface), around_(around), chains_(out_.graph) {}

  ir::Function write() {
    out_.symbol = interface_.symbol;
    out_.parameters = interface_.parameters;
    out_.results = interface_.results;
    out_.result_bits = interface_.result_bits;
    out_.returns = interface_.returns;
    out_.finite_loops = interface_.finite_loops;
    const ir::Graph::NodeId before = binary_.graph.size();
    chains_.begin(before);
    prologue();
    const ir::Graph::NodeId last = out_.graph.size() - 1;
    for (const ir::Graph::NodeId node : ir::reverse_post_order(binary_.graph)) {
      chains_.begin(node);
      std::visit([&](const auto& content) { rewrite(content); }, binary_.graph.at(node).node);
    }
    chains_.connect(binary_.graph);
    out_.graph.connect(last, chains_.first(binary_.graph.entry()));
    out_.graph.set_entry(chains_.first(before));
    return std::move(out_);
  }

 private:
  Term own(Term variable) const { return ir::var("m." + variable.name(), variable.sort()); }
  Term x(unsigned index) const { return own(ir::var("X" + std::to_string(index), ir::Sort::bitvec(64))); }
  Term sp() const { return own(ir::var("SP", ir::Sort::bitvec(64))); }

  Term rewrite(Term term) const {
    if (!term) return term;
    ir::Substitution substitution;
    for (const Term variable : ir::variables_of(term)) substitution[variable] = own(variable);
    return ir::substitute(term, substitution);
  }

  void set(std::vector<ir::Binding> bindings) { chains_.add(ir::Basic{std::move(bindings)}); }

  void prologue() {
    const Term frame = ir::var("%frame", ir::Sort::bitvec(64));
    std::uint64_t above = 0;
    std::vector<ir::Binding> in;
    std::map<unsigned, Term> arguments;
    for (const ir::AbiSlot& slot : interface_.parameters) {
      if (slot.place.kind == ir::AbiPlace::Kind::stack) above = std::max<std::uint64_t>(above, slot.place.index + 8);
      else arguments[slot.place.index] = slot.term;
    }
    out_.locals.push_back({frame, "frame", below + above, 16});
    for (unsigned i = 0; i <= 30; ++i) {
      const auto given = arguments.find(i);
      in.push_back({x(i), given != arguments.end() ? ir::resize(given->second, 64, false) : ir::bv(0, 64)});
    }
    for (const char* flag : {"N", "Z", "C", "V"}) in.push_back({own(ir::var(flag, ir::Sort::boolean())), ir::boolean(false)});
    in.push_back({sp(), ir::add(frame, ir::bv(below, 64))});
    set(std::move(in));
    for (const ir::AbiSlot& slot : interface_.parameters) {
      if (slot.place.kind != ir::AbiPlace::Kind::stack) continue;
      chains_.add(ir::Store{ir::add(frame, ir::bv(below + slot.place.index, 64)), slot.term, slot.term.width() / 8});
    }
  }

  /// A call of the interface's graph with the same callee: both have the same slots.
  const ir::Call& like(const ir::Call& call) const {
    for (const ir::Graph::NodeId node : ir::reverse_post_order(interface_.graph)) {
      const auto* known = std::get_if<ir::Call>(&interface_.graph.at(node).node);
      if (known == nullptr) continue;
      if (known->symbol.empty() ? !call.target.is_constant()
                                : call.target.is_constant() && around_.address_of("@" + known->symbol) == call.target.value64()) {
        return *known;
      }
    }
    throw NoForm{"a callee that the source does not call"};
  }

  void rewrite(const ir::Basic& node) {
    std::vector<ir::Binding> bindings;
    for (const ir::Binding& binding : node.assignments) bindings.push_back({own(binding.variable), rewrite(binding.value)});
    set(std::move(bindings));
  }
  void rewrite(const ir::Load& node) {
    ir::Load copy = node;
    copy.result = own(node.result);
    copy.address = rewrite(node.address);
    chains_.add(copy);
  }
  void rewrite(const ir::Store& node) {
    ir::Store copy = node;
    copy.address = rewrite(node.address);
    copy.value = rewrite(node.value);
    chains_.add(copy);
  }
  void rewrite(const ir::Cond& node) { chains_.add(ir::Cond{rewrite(node.condition)}); }
  void rewrite(const ir::Call& node) {
    const ir::Call& known = like(node);
    ir::Call copy;
    copy.symbol = known.symbol;
    copy.returns = known.returns;
    if (copy.symbol.empty()) copy.target = rewrite(node.target);
    for (const ir::AbiSlot& slot : known.arguments) {
      const unsigned width = slot.term.width();
      if (slot.place.kind == ir::AbiPlace::Kind::x_register) {
        copy.arguments.push_back({slot.place, ir::extract(width - 1, 0, x(slot.place.index))});
      } else {
        const Term loaded = fresh(width);
        chains_.add(ir::Load{loaded, ir::add(sp(), ir::bv(slot.place.index, 64)), width / 8});
        copy.arguments.push_back({slot.place, loaded});
      }
    }
    std::vector<ir::Binding> after;
    for (const ir::AbiSlot& slot : known.results) {
      const Term answer = fresh(slot.term.width());
      copy.results.push_back({slot.place, answer});
      after.push_back({x(slot.place.index), ir::resize(answer, 64, false)});
    }
    chains_.add(copy);
    if (copy.returns) set(std::move(after));
  }
  void rewrite(const ir::Effect& node) {
    ir::Effect copy = node;
    for (Term& operand : copy.operands) operand = rewrite(operand);
    if (node.result) copy.result = own(node.result);
    for (const ir::Graph::NodeId at : ir::reverse_post_order(interface_.graph)) {
      const auto* known = std::get_if<ir::Effect>(&interface_.graph.at(at).node);
      if (known != nullptr && known->kind == node.kind && known->detail == node.detail) copy.memory_clobber = known->memory_clobber;
    }
    chains_.add(copy);
  }
  void rewrite(const ir::Assert& node) { chains_.add(node); }
  void rewrite(const ir::Choice& node) { chains_.add(node); }
  void rewrite(const ir::Touch& node) { chains_.add(node); }
  void rewrite(const ir::Lifetime& node) { chains_.add(node); }
  void rewrite(const ir::Return&) {
    std::vector<Term> values;
    for (std::size_t i = 0; i < out_.results.size(); ++i) values.push_back(ir::extract(out_.result_bits[i] - 1, 0, x(out_.results[i].place.index)));
    chains_.add(ir::Return{values});
  }
  void rewrite(const ir::Unreachable& node) { chains_.add(node); }

  Term fresh(unsigned width) { return ir::var("m.fresh." + std::to_string(fresh_++), ir::Sort::bitvec(width)); }

  const ir::Function& binary_;
  const ir::Function& interface_;
  const validator::check::Surroundings& around_;
  ir::Function out_;
  Chains chains_;
  unsigned fresh_ = 0;
};

}  // namespace

Rewritten as_source(const ir::Function& binary, const ir::Function& interface, const validator::check::Surroundings& around) {
  for (const ir::Graph::NodeId node : ir::reverse_post_order(interface.graph)) {
    const ir::Node& content = interface.graph.at(node).node;
    const auto* load = std::get_if<ir::Load>(&content);
    const auto* store = std::get_if<ir::Store>(&content);
    if ((load != nullptr && load->is_volatile) || (store != nullptr && store->is_volatile)) return {{}, "volatile accesses"};
  }
  try {
    return {Writer(binary, interface, around).write(), ""};
  } catch (const NoForm& none) {
    return {{}, none.reason};
  }
}

}  // namespace self
