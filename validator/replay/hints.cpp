// SPDX-License-Identifier: Apache-2.0
// Pointers flow backwards: from addresses through copies, linear sums and if-then-else to loads, parameters, results.
#include "validator/replay/hints.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace validator::replay {

namespace {

void collect_constants(ir::Term term, std::unordered_set<ir::Term>& seen, std::vector<std::uint64_t>& out) {
  if (!seen.insert(term).second) return;
  if (term.is_constant()) out.push_back(term.value64());
  if (term.is(ir::Op::sum)) {
    out.push_back(static_cast<std::uint64_t>(term.offset()));
    out.push_back(~static_cast<std::uint64_t>(term.offset()) + 1);
  }
  for (ir::Term arg : term.args()) collect_constants(arg, seen, out);
}

struct Terms {
  std::unordered_set<ir::Term>& seen;
  std::vector<std::uint64_t>& out;
  void add(ir::Term term) { collect_constants(term, seen, out); }
  void operator()(const ir::Basic& node) {
    for (const auto& binding : node.assignments) add(binding.value);
  }
  void operator()(const ir::Cond& node) { add(node.condition); }
  void operator()(const ir::Assert& node) { add(node.condition); }
  void operator()(const ir::Store& node) { add(node.value); }
  template <typename Other>
  void operator()(const Other&) {}
};

}  // namespace

Hints::Hints(const ir::Function& source) : loads_pointer_(source.graph.size()) {
  while (propagate(source)) {
  }
  std::unordered_set<ir::Term> seen;
  for (ir::Graph::NodeId node = 0; node < source.graph.size(); ++node)
    std::visit(Terms{seen, constants_}, source.graph.at(node).node);
  std::sort(constants_.begin(), constants_.end());
  constants_.erase(std::unique(constants_.begin(), constants_.end()), constants_.end());
}

bool Hints::mark(ir::Term address) {
  if (address.is_variable()) {
    const bool object = address.name().starts_with('@') || address.name().starts_with('%');
    return !object && address.width() == 64 && pointers_.insert(address).second;
  }
  bool changed = false;
  if (address.is(ir::Op::sum)) {
    for (std::size_t i = 0; i < address.args().size(); ++i)
      if (address.coefficients()[i] == 1) changed |= mark(address.arg(i));
  } else if (address.is(ir::Op::ite)) {
    changed |= mark(address.arg(1));
    changed |= mark(address.arg(2));
  } else if (address.is(ir::Op::bit_and)) {
    for (ir::Term arg : address.args()) changed |= mark(arg);
  }
  return changed;
}

bool Hints::propagate(const ir::Function& source) {
  bool changed = false;
  for (ir::Graph::NodeId id = 0; id < source.graph.size(); ++id) {
    const ir::Node& node = source.graph.at(id).node;
    if (auto* load = std::get_if<ir::Load>(&node)) {
      changed |= mark(load->address);
      if (load->bytes != 8 || loads_pointer_[id]) continue;
      // A field that is a pointer in one place is one everywhere: p->next is often loaded twice, to test and to follow.
      const ir::BaseOffset place = ir::base_offset(load->address);
      const bool field = place.base && place.offset != 0 && pointer_offsets_.contains(place.offset);
      if (!pointers_.contains(load->result) && !field && !pointer_places_.contains(load->address)) continue;
      loads_pointer_[id] = true;
      changed |= pointer_places_.insert(load->address).second;
      changed |= pointer_offsets_.insert(place.offset).second;
    } else if (auto* store = std::get_if<ir::Store>(&node)) {
      changed |= mark(store->address);
    } else if (auto* touch = std::get_if<ir::Touch>(&node)) {
      changed |= mark(touch->address);
    } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
      const bool access = effect->kind == ir::EffectKind::atomic || effect->kind == ir::EffectKind::exclusive_load ||
                          effect->kind == ir::EffectKind::exclusive_store;
      if (access && !effect->operands.empty()) changed |= mark(effect->operands[0]);
    } else if (auto* call = std::get_if<ir::Call>(&node)) {
      for (const auto& slot : call->results) loads_pointer_[id] = loads_pointer_[id] || pointers_.contains(slot.term);
    } else if (auto* basic = std::get_if<ir::Basic>(&node)) {
      for (const auto& binding : basic->assignments)
        if (pointers_.contains(binding.variable)) changed |= mark(binding.value);
    }
  }
  return changed;
}

}  // namespace validator::replay
