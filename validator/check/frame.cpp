// SPDX-License-Identifier: Apache-2.0
// The binary's own stack: which bytes are the frame's, which an escaped local's, and that SP stays where both are safe. The frame's
// bytes are a map outside the solver; an escaped local's are visible memory. Nothing may lie in both.
#include <algorithm>

#include <fmt/format.h>

#include "validator/check/binary_run.hpp"

namespace validator::check {

using ir::Graph;

/// SOUNDNESS 2: escaped locals need frame bytes of their own. Objects with disjoint lifetimes that share a slot are refused.
void BinaryRun::check_placements() const {
  std::vector<std::pair<std::int64_t, std::int64_t>> taken;
  for (const ir::LocalObject& local : source_.function().locals) {
    const auto at = certificate_.placements.find(local.base.name());
    if (at == certificate_.placements.end()) continue;
    const std::int64_t begin = at->second, end = begin + static_cast<std::int64_t>(local.bytes);
    const bool aligned = local.alignment <= 16 && begin % static_cast<std::int64_t>(local.alignment) == 0;
    bool disjoint = true;
    for (const auto& [other_begin, other_end] : taken) disjoint = disjoint && (end <= other_begin || other_end <= begin);
    if (!aligned || !disjoint || end > 0) {
      throw Unprovable(Verdict::unknown, "placement", "no acceptable place in the frame for " + local.name);
    }
    taken.emplace_back(begin, end);
  }
}

bool BinaryRun::placed(std::int64_t offset) const {
  for (const ir::LocalObject& local : source_.function().locals) {
    const auto at = certificate_.placements.find(local.base.name());
    if (at != certificate_.placements.end() && offset >= at->second &&
        offset < at->second + static_cast<std::int64_t>(local.bytes)) {
      return true;
    }
  }
  return false;
}

std::optional<PrivateByte> BinaryRun::private_place(Term address) const {
  const ir::BaseOffset split = ir::base_offset(address);
  if (split.base != entry_sp_ || placed(split.offset)) return std::nullopt;
  return PrivateByte{0, split.offset};
}

bool BinaryRun::mentions_private(Term address) const {
  const ir::BaseOffset split = ir::base_offset(address);
  if (!split.base) return false;
  if (split.base == entry_sp_) return !placed(split.offset);
  if (split.base.is_variable()) return false;
  std::unordered_map<Term, bool> seen;
  auto visit = [&](auto&& self, Term at) -> bool {
    if (at == entry_sp_) return true;
    if (at.args().empty() || at.is(ir::Op::load)) return false;
    auto [entry, inserted] = seen.try_emplace(at, false);
    if (!inserted) return entry->second;
    bool result = false;
    for (Term arg : at.args()) result = result || self(self, arg);
    return seen[at] = result;
  };
  return visit(visit, split.base);
}

std::int64_t BinaryRun::stack_offset(const State& state) const {
  const ir::BaseOffset split = ir::base_offset(register_value(state, "SP"));
  if (split.base != entry_sp_) {
    throw Unprovable(Verdict::unsupported, "variable-sp", "SP is not at a constant distance from its entry value");
  }
  return split.offset;
}

/// The lowest private byte that the current instruction may touch: SP, or where a writeback of this same
/// instruction (STP with pre-index) moves it.
std::int64_t BinaryRun::lowest_usable(const State& state) const {
  std::int64_t lowest = stack_offset(state);
  const std::uint64_t address = function_.graph.at(current_).address;
  Graph::NodeId node = current_;
  for (unsigned steps = 0; steps < 8; ++steps) {
    if (auto* basic = std::get_if<ir::Basic>(&function_.graph.at(node).node)) {
      for (const ir::Binding& binding : basic->assignments) {
        if (binding.variable != entry_sp_) continue;
        const ir::BaseOffset moved = ir::base_offset(value(state, binding.value));
        if (moved.base == entry_sp_) lowest = std::min(lowest, moved.offset);
      }
    }
    const auto next = function_.graph.successors(node);
    if (next.size() != 1 || next[0] == Graph::none || function_.graph.at(next[0]).address != address) break;
    node = next[0];
  }
  return lowest;
}

void BinaryRun::never(const State& state, const std::string& kind, std::int64_t offset) {
  obligations.push_back({kind, fmt::format("SP0{:+}", offset), state.path, ir::boolean(false), Term(), Term(), Term(), state.count});
}

void BinaryRun::check_private_access(const State& state, PrivateByte place, unsigned bytes, bool) {
  if (place.offset < lowest_usable(state)) never(state, "below-sp", place.offset);
  if (place.offset + bytes > source_.incoming_stack_bytes()) never(state, "outside-frame", place.offset);
  // One access is either the frame's or an escaped local's: these are kept apart, and neither sees the other's bytes.
  for (unsigned i = 0; i < bytes; ++i) {
    if (placed(place.offset + i)) return never(state, "placement", place.offset);
  }
}

/// A volatile access is not split into its cases, so they are looked at here.
void BinaryRun::memory_access(const State& state, Term address, unsigned bytes) {
  constexpr std::size_t case_limit = 32;
  for (const auto& [condition, target] : address_cases(address, case_limit)) {
    const ir::BaseOffset split = ir::base_offset(target);
    if (split.base != entry_sp_) {
      if (!mentions_private(target)) continue;
      throw Unprovable(Verdict::unsupported, "symbolic-local-offset", "a local object is accessed at an offset that is not constant");
    }
    if (split.offset < lowest_usable(state)) never(state, "below-sp", split.offset);
    bool own = true;
    for (unsigned i = 0; i < bytes; ++i) own = own && placed(split.offset + i);
    if (!own) never(state, "placement", split.offset);
  }
}

/// Between any two instructions an interrupt may use the stack: SP never leaves the function's own stack, and what lay below it is
/// lost, escaped locals included.
void BinaryRun::assigned(State& state) {
  const auto& assignments = std::get<ir::Basic>(function_.graph.at(current_).node).assignments;
  const bool moves = std::any_of(assignments.begin(), assignments.end(), [&](const ir::Binding& b) { return b.variable == entry_sp_; });
  if (!moves) return;
  const std::int64_t sp = stack_offset(state);
  if (sp > 0 || sp % 16 != 0) never(state, "sp-moved", sp);
  std::erase_if(state.bytes, [&](const auto& entry) { return entry.first.offset < sp; });
  for (const ir::LocalObject& local : source_.function().locals) {
    const auto at = certificate_.placements.find(local.base.name());
    if (at == certificate_.placements.end()) continue;
    for (std::int64_t i = at->second; i < std::min(sp, at->second + static_cast<std::int64_t>(local.bytes)); ++i) {
      state.memory = ir::store(state.memory, ir::add(entry_sp_, ir::bv(static_cast<std::uint64_t>(i), 64)), junk(8));
    }
  }
}

}  // namespace validator::check
