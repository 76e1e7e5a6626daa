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

Hints::Hints(const ir::Function& source) {
  while (propagate(source)) {
  }
  std::unordered_set<ir::Term> seen;
  for (ir::Graph::NodeId node = 0; node < source.graph.size(); ++node)
    std::visit(Terms{seen, constants_}, source.graph.at(node).node);
  std::sort(constants_.begin(), constants_.end());
  constants_.erase(std::unique(constants_.begin(), constants_.end()), constants_.end());
}

bool Hints::mark_variable(ir::Term variable, PointerField field) {
  const bool object = variable.name().starts_with('@') || variable.name().starts_with('%');
  return !object && variable.width() == 64 && pointers_.emplace(variable, field).second;
}

bool Hints::mark(ir::Term address) {
  if (address.is_variable()) return mark_variable(address, {});
  if (!marked_.insert(address).second) return false;
  bool changed = false;
  if (address.is(ir::Op::sum)) {
    for (std::size_t i = 0; i < address.args().size(); ++i)
      if (address.coefficients()[i] == 1) changed |= mark(address.arg(i));
  } else if (address.is(ir::Op::ite)) {
    changed |= mark(address.arg(1));
    changed |= mark(address.arg(2));
  } else if (address.is(ir::Op::bit_and) || address.is(ir::Op::sext)) {
    for (ir::Term arg : address.args()) changed |= mark(arg);
  } else if (address.is(ir::Op::extract) && address.arg(0).is_variable()) {
    changed |= mark_variable(address.arg(0), {address.lo(), address.width(), 0});
  } else if (address.is(ir::Op::concat)) {
    unsigned at = 0;
    for (std::size_t i = address.args().size(); i-- > 0;) {
      const ir::Term part = address.arg(i);
      const ir::Term inner = part.is(ir::Op::sext) ? part.arg(0) : part;
      if (inner.is(ir::Op::extract) && inner.arg(0).is_variable() && inner.width() >= 16)
        changed |= mark_variable(inner.arg(0), {inner.lo(), inner.width(), at});
      at += part.width();
    }
  }
  return changed;
}

/// What is compared with a pointer is one.
bool Hints::mark_equalities(ir::Term term, unsigned depth) {
  if (depth == 0) return false;
  bool changed = false;
  if (term.is(ir::Op::equal) && term.arg(0).width() == 64) {
    const ir::Term a = term.arg(0), b = term.arg(1);
    if (a.is_variable() && b.is_variable() && (pointers_.contains(a) || pointers_.contains(b)))
      changed = mark(a) | mark(b);
    return changed;
  }
  for (ir::Term arg : term.args())
    if (arg.sort().is_bool()) changed |= mark_equalities(arg, depth - 1);
  return changed;
}

bool Hints::propagate(const ir::Function& source) {
  constexpr unsigned deepest_condition = 6;
  bool changed = false;
  for (ir::Graph::NodeId id = 0; id < source.graph.size(); ++id) {
    const ir::Node& node = source.graph.at(id).node;
    if (auto* load = std::get_if<ir::Load>(&node)) {
      changed |= mark(load->address);
      if (load->bytes != 8 || loaded_.contains(id)) continue;
      // A field that is a pointer in one place is one everywhere: p->next is often loaded twice, to test and to follow.
      const ir::BaseOffset place = ir::base_offset(load->address);
      std::optional<PointerField> field = pointer(load->result);
      if (auto same = places_.find(load->address); !field && same != places_.end()) field = same->second;
      if (auto same = offsets_.find(place.offset); !field && place.base && place.offset != 0 && same != offsets_.end())
        field = same->second;
      if (!field) continue;
      changed |= loaded_.emplace(id, *field).second;
      changed |= places_.emplace(load->address, *field).second;
      changed |= offsets_.emplace(place.offset, *field).second;
    } else if (auto* store = std::get_if<ir::Store>(&node)) {
      changed |= mark(store->address);
    } else if (auto* touch = std::get_if<ir::Touch>(&node)) {
      changed |= mark(touch->address);
    } else if (auto* cond = std::get_if<ir::Cond>(&node)) {
      changed |= mark_equalities(cond->condition, deepest_condition);
    } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
      const bool access = effect->kind == ir::EffectKind::atomic || effect->kind == ir::EffectKind::exclusive_load ||
                          effect->kind == ir::EffectKind::exclusive_store;
      if (access && !effect->operands.empty()) changed |= mark(effect->operands[0]);
    } else if (auto* call = std::get_if<ir::Call>(&node)) {
      for (const auto& slot : call->results)
        if (auto field = pointer(slot.term); field && slot.place.index == 0)
          changed |= loaded_.emplace(id, *field).second;
    } else if (auto* basic = std::get_if<ir::Basic>(&node)) {
      for (const auto& binding : basic->assignments) {
        const auto field = pointer(binding.variable);
        if (!field) continue;
        if (field->width == 64)
          changed |= mark(binding.value);
        else if (binding.value.is_variable())
          changed |= mark_variable(binding.value, *field);
      }
    }
  }
  return changed;
}

}  // namespace validator::replay
