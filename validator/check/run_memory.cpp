// SPDX-License-Identifier: Apache-2.0
// Reads and writes: constants of the image, private bytes (kept outside SMT, one term per byte), visible memory.
#include <algorithm>
#include <deque>

#include "validator/check/run.hpp"

namespace validator::check {

namespace {

constexpr std::size_t case_limit = 32;
constexpr std::uint64_t table_limit = 512;
constexpr std::uint64_t table_limit_below = 64;

/// index * stride, modulo 2^64.
struct Scaled {
  Term index;
  std::uint64_t stride = 1;
};

/// An address part as an index into a table, from its shape. Exact for every index, also where the product wraps.
Scaled scaled(Term part) {
  if (part.is(ir::Op::sum) && part.args().size() == 1 && part.offset() == 0) {
    const Scaled inner = scaled(part.arg(0));
    return {inner.index, static_cast<std::uint64_t>(part.coefficients()[0]) * inner.stride};
  }
  if (part.is(ir::Op::concat)) {
    const Term low = part.args().back();
    if (low.is_constant() && low.value() == 0 && low.width() < 32) {
      return {ir::extract(part.width() - 1, low.width(), part), std::uint64_t{1} << low.width()};
    }
  }
  return {part, 1};
}

/// address cases of a term whose if-then-else sits at the top or directly below a sum.
bool split_once(Term address, Term* condition, Term* if_true, Term* if_false) {
  if (address.is(ir::Op::ite)) {
    *condition = address.arg(0);
    *if_true = address.arg(1);
    *if_false = address.arg(2);
    return true;
  }
  if (!address.is(ir::Op::sum)) return false;
  for (std::size_t i = 0; i < address.args().size(); ++i) {
    const Term term = address.arg(i);
    if (!term.is(ir::Op::ite)) continue;
    const Term factor = ir::bv(address.coefficients()[i], address.width());
    const Term rest = ir::sub(address, ir::mul(term, factor));
    *condition = term.arg(0);
    *if_true = ir::add(rest, ir::mul(term.arg(1), factor));
    *if_false = ir::add(rest, ir::mul(term.arg(2), factor));
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::pair<Term, Term>> address_cases(Term address, std::size_t limit) {
  std::vector<std::pair<Term, Term>> cases{{ir::boolean(true), address}};
  for (std::size_t i = 0; i < cases.size();) {
    Term condition, if_true, if_false;
    if (!split_once(cases[i].second, &condition, &if_true, &if_false)) {
      ++i;
      continue;
    }
    if (cases.size() >= limit) return {{ir::boolean(true), address}};
    const Term path = cases[i].first;
    cases[i] = {ir::logical_and(path, condition), if_true};
    cases.emplace_back(ir::logical_and(path, ir::logical_not(condition)), if_false);
  }
  std::erase_if(cases, [](const auto& entry) { return entry.first.is_false(); });
  return cases;
}

Term Run::read_private(State& state, PrivateByte first, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) {
    const PrivateByte byte{first.region, first.offset + i};
    if (!state.bytes.contains(byte)) state.bytes.put(byte, junk(8));
  }
  return state.bytes.get(first, bytes);
}

/// A load whose address is a choice: one load for each case.
Term Run::split_load(State& state, Term address, unsigned bytes, ir::Graph::NodeId node) {
  Term result;
  auto cases = address_cases(address, case_limit);
  for (auto entry = cases.rbegin(); entry != cases.rend(); ++entry) {
    Term loaded;
    if (auto place = private_place(entry->second)) {
      check_private_access(state, *place, bytes, false);
      loaded = read_private(state, *place, bytes);
    } else if (mentions_private(entry->second)) {
      throw Unprovable(Verdict::unsupported, "symbolic-local-offset",
                       "a local object is accessed at an offset that is not constant");
    } else {
      State narrowed = state;
      narrowed.path = ir::logical_and(state.path, entry->first);
      loaded = read(narrowed, entry->second, bytes, node);
    }
    result = result ? ir::ite(entry->first, loaded, result) : loaded;
  }
  return result;
}

std::optional<std::uint64_t> Run::constant_bytes(Term base, std::uint64_t offset, unsigned bytes) const {
  if (base || bytes > 8) return std::nullopt;
  return evidence_.read_only(offset, bytes);
}

/// Loads from constant objects: one value, or a table under a symbolic index.
std::optional<Term> Run::constant_load(State& state, Term address, unsigned bytes, ir::Graph::NodeId node) {
  Term object;  // the constant object without an address of its own that the address points into
  for (Term variable : ir::variables_of(address)) {
    if (variable.name().starts_with("unplaced:") && constant_bytes(variable, 0, 1)) object = variable;
  }
  const ir::BaseOffset split = ir::base_offset(object ? ir::sub(address, object) : address);
  const auto start = static_cast<std::uint64_t>(split.offset);
  if (!split.base) {
    const auto known = constant_bytes(object, start, bytes);
    if (!known) return std::nullopt;
    return ir::bv(*known, 8 * bytes);
  }
  const Scaled at = scaled(split.base);
  if (!constant_bytes(object, start, 1) && !constant_bytes(object, start - at.stride, 1)) return std::nullopt;
  const ir::u128 reach = ir::unsigned_max(at.index);
  std::deque<std::uint64_t> entries;
  // From a base in the middle, as for a switch over negative numbers, the index counts down as well.
  std::uint64_t below = 0;
  while (reach == ir::mask(at.index.width()) && below < table_limit_below) {
    const auto entry = constant_bytes(object, start - (below + 1) * at.stride, bytes);
    if (!entry) break;
    entries.push_front(*entry);
    ++below;
  }
  while (entries.size() < table_limit && entries.size() <= reach) {
    const auto entry = constant_bytes(object, start + (entries.size() - below) * at.stride, bytes);
    if (!entry) break;
    entries.push_back(*entry);
  }
  if (entries.empty()) return std::nullopt;
  Term result;
  if (entries.size() <= reach) {
    const Term first = ir::bv((std::uint64_t{0} - below) & static_cast<std::uint64_t>(ir::mask(at.index.width())), at.index.width());
    const Term beyond = ir::ule(ir::bv(entries.size(), at.index.width()), ir::sub(at.index, first));
    accesses.push_back(
        {ir::logical_and(state.path, beyond), state.count, state.epoch, address, bytes, false, false, node});
    result = ir::load(state.memory, address, bytes);
  }
  for (std::uint64_t i = entries.size(); i-- > 0;) {
    const Term entry = ir::bv(entries[i], 8 * bytes);
    const Term index = ir::bv((i - below) & static_cast<std::uint64_t>(ir::mask(at.index.width())), at.index.width());
    result = result ? ir::ite(ir::eq(at.index, index), entry, result) : entry;
  }
  return result;
}

/// Is the address a choice, and one of the choices a constant object?
bool Run::points_at_constants(Term address) const {
  const auto cases = address_cases(address, case_limit);
  return cases.size() > 1 && std::any_of(cases.begin(), cases.end(), [&](const auto& entry) {
           return entry.second.is_constant() && constant_bytes(Term(), entry.second.value64(), 1);
         });
}

Term Run::read(State& state, Term address, unsigned bytes, ir::Graph::NodeId node) {
  if (mentions_private(address)) return split_load(state, address, bytes, node);
  if (bytes <= 8 && points_at_constants(address)) return split_load(state, address, bytes, node);
  memory_access(state, address, bytes);
  if (bytes <= 8) {
    if (auto known = constant_load(state, address, bytes, node)) return *known;
  }
  accesses.push_back({state.path, state.count, state.epoch, address, bytes, false, false, node});
  return ir::load(state.memory, address, bytes);
}

void Run::write(State& state, Term address, Term value, unsigned bytes, ir::Graph::NodeId node) {
  IR_ASSERT(value.width() == 8 * bytes);
  if (!mentions_private(address)) {
    memory_access(state, address, bytes);
    accesses.push_back({state.path, state.count, state.epoch, address, bytes, true, false, node});
    state.memory = ir::store(state.memory, address, value);
    return;
  }
  for (const auto& [condition, target] : address_cases(address, case_limit)) {
    if (auto place = private_place(target)) {
      check_private_access(state, *place, bytes, true);
      state.bytes.put(*place, condition.is_true() ? value : ir::ite(condition, value, read_private(state, *place, bytes)));
    } else if (mentions_private(target)) {
      throw Unprovable(Verdict::unsupported, "symbolic-local-offset",
                       "a local object is accessed at an offset that is not constant");
    } else {
      memory_access(state, target, bytes);
      accesses.push_back({ir::logical_and(state.path, condition), state.count, state.epoch, target, bytes, true, false,
                          node});
      state.memory = ir::ite(condition, ir::store(state.memory, target, value), state.memory);
    }
  }
}

}  // namespace validator::check
