// SPDX-License-Identifier: Apache-2.0
// The obligations where both runs come to rest: ends (theorem B1, B3), loop arrivals (B4) and the footprint of the
// binary's own accesses (B5).
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "validator/check/binary_run.hpp"

namespace validator::check {

namespace {

/// Addresses a - b as terms: is `a` within `outer` bytes from `b`, with `inner` bytes of its own?
Term lies_within(Term address, std::uint64_t inner, Term object, std::uint64_t outer) {
  if (inner > outer) return ir::boolean(false);
  return ir::ule(ir::sub(address, object), ir::bv(outer - inner, 64));
}

/// When does the source's access justify one of ours? Reads: it happens by the time of our event count. Writes: between the
/// same two events at which memory is compared.
Term usable(const Access& ours, const Access& theirs) {
  if (ours.writes) {
    if (!theirs.writes || theirs.touch_only) return ir::boolean(false);
    const Term together = ir::logical_or(ir::eq(theirs.epoch, ours.epoch), ir::eq(theirs.count, ours.count));
    return ir::logical_and(theirs.path, together);
  }
  const ir::BaseOffset a = ir::base_offset(theirs.count), b = ir::base_offset(ours.count);
  if (a.base == b.base) return a.offset <= b.offset ? theirs.path : ir::boolean(false);
  return ir::logical_and(theirs.path, ir::ule(theirs.count, ours.count));
}

struct Coverage {
  Term at_base;  ///< by accesses at the same base
  Term all;
};

/// The condition under which every byte of our access lies in source accesses of the list: byte by byte where the
/// addresses have one base, else wholly within one access.
Coverage coverage(const Access& ours, const std::vector<Access>& list) {
  const ir::BaseOffset at = ir::base_offset(ours.address);
  std::vector<std::vector<Term>> covered(ours.bytes);
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::pair<const Access*, std::vector<Term>>> places;  // by address and size
  for (const Access& theirs : list) {
    const Term when = usable(ours, theirs);
    if (when.is_false() || ir::logical_and(when, ours.path).is_false()) continue;
    const ir::BaseOffset other = ir::base_offset(theirs.address);
    if (other.base != at.base) {
      auto& [access, whens] = places[{theirs.address.id(), theirs.bytes}];
      access = &theirs;
      if (std::find(whens.begin(), whens.end(), when) == whens.end()) whens.push_back(when);
      continue;
    }
    for (std::uint64_t i = 0; i < ours.bytes; ++i) {
      const std::int64_t delta = at.offset + static_cast<std::int64_t>(i) - other.offset;
      if (delta >= 0 && static_cast<std::uint64_t>(delta) < theirs.bytes) covered[i].push_back(when);
    }
  }
  std::vector<Term> every_byte;
  for (const auto& byte : covered) every_byte.push_back(ir::logical_or(byte));
  const Term direct = ir::logical_and(every_byte);
  if (ir::implies(ours.path, direct).is_true()) return {ir::boolean(true), ir::boolean(true)};
  std::vector<Term> elsewhere{direct};
  for (const auto& [key, place] : places) {
    const auto& [theirs, whens] = place;
    elsewhere.push_back(ir::logical_and(ir::logical_or(whens), lies_within(ours.address, ours.bytes, theirs->address, theirs->bytes)));
  }
  return {direct, ir::logical_or(elsewhere)};
}

constexpr std::size_t address_limit = 16;

/// An access through a chosen pointer as one access for each choice: the source usually has them in branches.
std::vector<Access> by_address(const std::vector<Access>& accesses) {
  std::vector<Access> result;
  for (const Access& access : accesses) {
    for (const auto& [condition, address] : address_cases(access.address, address_limit)) {
      Access one = access;
      one.path = ir::logical_and(access.path, condition);
      one.address = address;
      if (!one.path.is_false()) result.push_back(std::move(one));
    }
  }
  return result;
}

}  // namespace

/// Once the function has ended its escaped locals are dead: their bytes are made equal by overwriting them.
Term BinaryRun::without_placed(Term memory) const {
  for (const ir::LocalObject& local : source_.function().locals) {
    const auto at = certificate_.placements.find(local.base.name());
    if (at == certificate_.placements.end()) continue;
    for (std::uint64_t i = 0; i < local.bytes; ++i) {
      const Term address = ir::add(entry_sp_, ir::bv(static_cast<std::uint64_t>(at->second) + i, 64));
      memory = ir::store(memory, address, ir::bv(0, 8));
    }
  }
  return memory;
}

void BinaryRun::compare_ends() {
  for (const End& end : ends) {
    const bool returning = end.kind == End::Kind::function_return;
    const auto& theirs = returning ? source_.function_return : source_.exception_return;
    const State& ours = end.state;
    if (!theirs) {
      require(ours, "no-such-end", end.node, ours.path, ir::boolean(false));
      continue;
    }
    require(ours, "end-reached", end.node, ours.path, theirs->state.path);
    const Term guard = ir::logical_and(ours.path, theirs->state.path);
    require(ours, "event-count", end.node, guard, ir::eq(theirs->state.count, ours.count));
    require_memory(ours, "memory", end.node, guard, without_placed(theirs->state.memory), without_placed(ours.memory));
    if (!returning) continue;
    const ir::Function& source = source_.function();
    for (std::size_t i = 0; i < theirs->values.size(); ++i) {
      const Term value = theirs->values[i];
      const unsigned bits = value.sort().is_bool() ? 8 : value.width();
      const Term wide = value.sort().is_bool() ? ir::bool_to_bv(value, 8) : value;
      const Term result = register_value(ours, "X" + std::to_string(source.results[i].place.index));
      require(ours, "return-value", end.node, guard, ir::eq(wide, ir::extract(bits - 1, 0, result)));
    }
    for (unsigned i = evidence_.x18_reserved() ? 18 : 19; i <= 29; ++i) {
      const std::string name = "X" + std::to_string(i);
      require(ours, "callee-saved " + name, end.node, guard,
              ir::eq(register_value(ours, name), ir::var(name, ir::Sort::bitvec(64))));
    }
    require(ours, "sp-restored", end.node, guard, ir::eq(register_value(ours, "SP"), entry_sp_));
    require(ours, "return-address", end.node, guard, ir::eq(end.values[0], ir::var("X30", ir::Sort::bitvec(64))));
  }
}

void BinaryRun::compare_arrivals() {
  for (bool back_edge : {false, true}) {
    auto& arrived = back_edge ? back_arrivals : first_arrivals;
    const auto& theirs_by_cut = back_edge ? source_.back_arrivals : source_.first_arrivals;
    for (auto& [cut, states] : arrived) {
      const Cut& declared = certificate_.cuts[cut];
      const auto theirs = theirs_by_cut.find(cut);
      const std::string label = fmt::format("{} {}", back_edge ? "back-edge" : "loop-entry", cut);
      for (State& ours : states) {
        const ir::Graph::NodeId node = declared.binary_header;
        if (theirs == theirs_by_cut.end()) {
          require(ours, label, node, ours.path, ir::boolean(false));
          continue;
        }
        const State& source = theirs->second;
        require(ours, label, node, ours.path, source.path);
        // Given that obligation, everything else may suppose that the source is there too.
        const Term guard = ir::logical_and(ours.path, source.path);
        if (declared.count) require(ours, label + " event-count", node, guard, ir::eq(source.count, ours.count));
        if (declared.memory) require_memory(ours, label + " memory", node, guard, source.memory, ours.memory);
        const ir::Substitution arriving = source_.cut_substitution(cut, source);
        for (const auto& [place, relation] : declared.relations) {
          require(ours, fmt::format("{} relation {}", label, place.bytes == 0 ? place.variable : place_name(place)), node,
                  guard, ir::eq(ir::substitute(relation, arriving), place_value(ours, place)));
        }
        for (std::size_t i = 0; i < declared.invariants.size(); ++i) {
          require(ours, fmt::format("{} invariant {}", label, i), node, guard,
                  ir::substitute(declared.invariants[i], arriving));
        }
      }
    }
  }
}

void BinaryRun::compare_footprints() {
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint64_t, bool>> done;
  std::optional<std::vector<Access>> ahead;
  for (const Access& ours : by_address(accesses)) {
    const ir::BaseOffset at = ir::base_offset(ours.address);
    if (at.base == entry_sp_) continue;
    const auto constant = static_cast<std::uint64_t>(at.offset);
    if (!at.base && !ours.writes && evidence_.is_plain_object(constant, ours.bytes)) {
      const std::optional<Symbol> object = evidence_.containing(constant);
      if (!source_.accesses_volatile(object->address, object->bytes)) continue;
    }
    if (!done.emplace(ours.address.id(), ours.path.id(), ours.count.id(), ours.epoch.id(), ours.bytes, ours.writes).second) continue;

    Obligation obligation{ours.writes ? "footprint-write" : "footprint-read", place_text(ours.node), ours.path, {}, {}, {}, {}, ours.count};
    Coverage covered = coverage(ours, source_.accesses);
    if (!ir::implies(ours.path, covered.all).is_true()) {
      if (!ahead) ahead = source_.accesses_ahead();
      if (!ahead->empty()) {
        const Coverage more = coverage(ours, *ahead);
        covered = {ir::logical_or(covered.at_base, more.at_base), ir::logical_or(covered.all, more.all)};
      }
    }
    obligation.goal = covered.all;
    obligation.shortcut = covered.at_base;
    obligations.push_back(std::move(obligation));
  }
}

}  // namespace validator::check
