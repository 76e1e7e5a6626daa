// SPDX-License-Identifier: Apache-2.0
// Pointers flow backwards: from addresses through copies, linear sums and if-then-else to loads, parameters, results.
#include "validator/replay/hints.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace validator::replay {

namespace {

constexpr unsigned widest_field = 16;

void collect_constants(ir::Term term, std::unordered_set<ir::Term>& seen, std::vector<std::uint64_t>& out,
                       std::vector<PointerField>& fields) {
  if (!seen.insert(term).second) return;
  if (term.is(ir::Op::extract) && term.arg(0).width() == 64 && term.width() <= widest_field)
    fields.push_back({term.lo(), term.width(), 0});
  if (term.is_constant()) out.push_back(term.value64());
  if (term.is(ir::Op::sum)) {
    out.push_back(static_cast<std::uint64_t>(term.offset()));
    out.push_back(~static_cast<std::uint64_t>(term.offset()) + 1);
  }
  for (ir::Term arg : term.args()) collect_constants(arg, seen, out, fields);
}

struct Terms {
  std::unordered_set<ir::Term>& seen;
  std::vector<std::uint64_t>& out;
  std::vector<PointerField>& fields;
  void add(ir::Term term) { collect_constants(term, seen, out, fields); }
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

Hints::Hints(const ir::Function& source, HintContext context) : source_(source), context_(std::move(context)) {
  find_aliases();
  while (propagate(source)) {
  }
  std::unordered_set<ir::Term> seen;
  for (ir::Graph::NodeId node = 0; node < source.graph.size(); ++node)
    std::visit(Terms{seen, constants_, fields_}, source.graph.at(node).node);
  std::sort(constants_.begin(), constants_.end());
  constants_.erase(std::unique(constants_.begin(), constants_.end()), constants_.end());
  const auto place = [](const PointerField& field) { return std::pair(field.lo, field.width); };
  std::ranges::sort(fields_, {}, place);
  const auto same = std::ranges::unique(fields_, {}, place);
  fields_.erase(same.begin(), same.end());
}

void Hints::find_aliases() {
  std::unordered_map<ir::Term, ir::Term> only;  // null: assigned in several places
  auto note = [&](ir::Term variable, ir::Term value) {
    if (auto [entry, is_new] = only.emplace(variable, value); !is_new) entry->second = {};
  };
  for (ir::Graph::NodeId id = 0; id < source_.graph.size(); ++id) {
    const ir::Node& node = source_.graph.at(id).node;
    if (auto* basic = std::get_if<ir::Basic>(&node)) {
      for (const auto& binding : basic->assignments) note(binding.variable, binding.value);
    } else if (auto* load = std::get_if<ir::Load>(&node)) {
      note(load->result, {});
    } else if (auto* call = std::get_if<ir::Call>(&node)) {
      for (const auto& slot : call->results) note(slot.term, {});
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [variable, value] : only) {
      if (!value || variable.width() != 64 || aliases_.contains(variable)) continue;
      const ir::Term known = place(value);
      const ir::Term base = ir::base_offset(known).base;
      if (base && base.is_variable() && base.name().starts_with('%'))
        changed |= aliases_.emplace(variable, known).second;
    }
  }
}

ir::Term Hints::place(ir::Term address) const { return aliases_.empty() ? address : ir::substitute(address, aliases_); }

std::optional<PointerField> Hints::parameter(const ir::AbiPlace& place) const {
  for (const ir::AbiSlot& slot : source_.parameters)
    if (slot.place == place) return pointer(slot.term);
  return std::nullopt;
}

/// A value that holds an address as the field says.
bool Hints::mark_as(ir::Term value, const PointerField& field) {
  if (field.width == 64) return mark(value);
  return value.is_variable() && mark_variable(value, field);
}

bool Hints::propagate_call(const ir::Call& call, ir::Graph::NodeId id) {
  bool changed = false;
  for (const auto& slot : call.results)
    if (auto field = pointer(slot.term); field && slot.place.index == 0) changed |= loaded_.emplace(id, *field).second;
  const Hints* const callee = context_.callee && !call.symbol.empty() ? context_.callee(call.symbol) : nullptr;
  if (callee == nullptr) return changed;
  for (const auto& slot : call.arguments)
    if (auto field = callee->parameter(slot.place)) changed |= mark_as(slot.term, *field);
  return changed;
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
      const ir::Term address = place(load->address);
      const ir::BaseOffset at = ir::base_offset(address);
      const bool local = at.base && at.base.is_variable() && at.base.name().starts_with('%');
      std::optional<PointerField> field = pointer(load->result);
      if (auto same = places_.find(address); !field && same != places_.end()) field = same->second;
      if (auto same = offsets_.find(at.offset); !field && at.base && !local && at.offset != 0 && same != offsets_.end())
        field = same->second;
      if (!field) continue;
      changed |= loaded_.emplace(id, *field).second;
      changed |= places_.emplace(address, *field).second;
      if (!local) changed |= offsets_.emplace(at.offset, *field).second;
    } else if (auto* store = std::get_if<ir::Store>(&node)) {
      changed |= mark(store->address);
      // An object of the function's own that a pointer is loaded from later on.
      if (auto same = places_.find(place(store->address)); same != places_.end() && store->bytes == 8)
        changed |= mark_as(store->value, same->second);
    } else if (auto* touch = std::get_if<ir::Touch>(&node)) {
      changed |= mark(touch->address);
    } else if (auto* cond = std::get_if<ir::Cond>(&node)) {
      changed |= mark_equalities(cond->condition, deepest_condition);
    } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
      const bool access = effect->kind == ir::EffectKind::atomic || effect->kind == ir::EffectKind::exclusive_load ||
                          effect->kind == ir::EffectKind::exclusive_store;
      if (access && !effect->operands.empty()) changed |= mark(effect->operands[0]);
    } else if (auto* call = std::get_if<ir::Call>(&node)) {
      changed |= propagate_call(*call, id);
    } else if (auto* back = std::get_if<ir::Return>(&node)) {
      for (std::size_t i = 0; context_.result && i < back->values.size() && i < source.results.size(); ++i)
        if (source.results[i].place.index == 0) changed |= mark_as(back->values[i], *context_.result);
    } else if (auto* basic = std::get_if<ir::Basic>(&node)) {
      for (const auto& binding : basic->assignments) {
        const auto field = pointer(binding.variable);
        if (!field) continue;
        changed |= mark_as(binding.value, *field);
      }
    }
  }
  return changed;
}

}  // namespace validator::replay
