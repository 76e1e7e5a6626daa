// SPDX-License-Identifier: Apache-2.0
// Memory: stores in address order over one base, loads resolved through them where the terms alone decide.
// Most memory equalities of a proof are then equality of pointers, and the rest carries few stores into the solver.
//
// Within one base, stores are sorted by offset, overwritten ones are dropped, and neighbours inside the same
// 8-byte chunk (counted from the base) are merged, because compilers merge and split them freely.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

BaseOffset base_offset(Term address) {
  IR_ASSERT(address.width() == 64);
  if (address.is_constant()) return {Term(), as_signed64(address)};
  if (!address.is(Op::sum)) {
    if (!address.is(Op::concat)) return {address, 0};
    // A concat with constant slices: the constant part is an offset, too.
    detail::Linear parts(64);
    parts.add(1, address);
    parts.collect();
    if (parts.offset() == 0) return {address, 0};
    const u128 offset = parts.offset();
    parts.add_constant(~offset + 1);
    return {parts.build(), static_cast<std::int64_t>(offset)};
  }
  if (address.offset() == 0) return {address, 0};
  detail::Linear base(64);
  base.add(1, address);
  base.add_constant(~address.offset() + 1);
  return {base.build(), static_cast<std::int64_t>(address.offset())};
}

namespace {

/// Do the atoms' ranges keep b at least bytes_a behind a, or bytes_b before it? Elements of an array under a bounded index, beside other
/// members.
bool apart_by_range(detail::Linear& difference, unsigned bytes_a, unsigned bytes_b) {
  using Wide = __int128;
  constexpr Wide around = Wide{1} << 64;
  Wide least = static_cast<std::int64_t>(static_cast<std::uint64_t>(difference.offset()));
  Wide most = least;
  for (const auto& [atom, coefficient] : difference.atoms()) {
    const Wide factor = static_cast<std::int64_t>(static_cast<std::uint64_t>(coefficient));
    const u128 bound = unsigned_max(atom);
    if (bound >> 32 != 0 || factor >> 31 != (factor < 0 ? -1 : 0)) return false;
    (factor < 0 ? least : most) += factor * static_cast<Wide>(bound);
  }
  return (least >= bytes_a && most <= around - bytes_b) || (most <= -Wide{bytes_b} && least >= bytes_a - around);
}

}  // namespace

Overlap overlap(Term address_a, unsigned bytes_a, Term address_b, unsigned bytes_b, std::int64_t* b_minus_a) {
  const BaseOffset a = base_offset(address_a);
  const BaseOffset b = base_offset(address_b);
  const auto distance = static_cast<std::int64_t>(static_cast<std::uint64_t>(b.offset) - static_cast<std::uint64_t>(a.offset));
  if (a.base == b.base) {
    if (b_minus_a != nullptr) *b_minus_a = distance;
    if (distance >= static_cast<std::int64_t>(bytes_a) || distance <= -static_cast<std::int64_t>(bytes_b)) return Overlap::disjoint;
    return Overlap::same_base;
  }
  // The bases differ by a multiple of 2^k: fields of elements of one array.
  detail::Linear difference(64);
  difference.add(1, address_b);
  difference.add(~u128{0}, address_a);
  difference.collect();
  if (apart_by_range(difference, bytes_a, bytes_b)) {
    if (b_minus_a != nullptr) *b_minus_a = 0;
    return Overlap::disjoint;
  }
  unsigned zeros = 64;
  for (const auto& [atom, coefficient] : difference.atoms()) zeros = std::min(zeros, detail::trailing_zeros(coefficient));
  if (zeros == 0 || zeros >= 64) return Overlap::unknown;
  const std::uint64_t step = std::uint64_t{1} << zeros;
  const std::uint64_t from = static_cast<std::uint64_t>(difference.offset()) & (step - 1);
  if (from >= bytes_a && from + bytes_b <= step) {
    if (b_minus_a != nullptr) *b_minus_a = 0;
    return Overlap::disjoint;
  }
  return Overlap::unknown;
}

namespace {

detail::Memo& load_memo() {
  static detail::Memo memo;
  return memo;
}

Term raw_load(Term memory, Term address, unsigned bytes) {
  return detail::make(Op::load, Sort::bitvec(8 * bytes), {memory, address}, {.hi = bytes});
}

Term load_uncached(Term memory, Term address, unsigned bytes) {
  Term at = memory;
  while (at.is(Op::store)) {
    std::int64_t from = 0;  // load address minus store address
    const unsigned stored = at.bytes();
    const Overlap relation = overlap(at.arg(1), stored, address, bytes, &from);
    if (relation == Overlap::unknown) return raw_load(at, address, bytes);
    if (relation == Overlap::disjoint) {
      at = at.arg(0);
      continue;
    }
    if (from >= 0 && from + bytes <= stored)
      return extract(static_cast<unsigned>(8 * (from + bytes)) - 1, static_cast<unsigned>(8 * from), at.arg(2));
    // Partly stored: the parts below, inside and above the store.
    const std::int64_t begin = std::max<std::int64_t>(from, 0);
    const std::int64_t end = std::min<std::int64_t>(from + bytes, stored);
    const Term older = load(at.arg(0), address, bytes);
    std::vector<Term> high_to_low;
    if (from + bytes > end) high_to_low.push_back(extract(8 * bytes - 1, static_cast<unsigned>(8 * (end - from)), older));
    high_to_low.push_back(extract(static_cast<unsigned>(8 * end) - 1, static_cast<unsigned>(8 * begin), at.arg(2)));
    if (from < begin) high_to_low.push_back(extract(static_cast<unsigned>(8 * (begin - from)) - 1, 0, older));
    return concat(high_to_low);
  }
  if (at.is(Op::ite)) {
    const Term a = load(at.arg(1), address, bytes);
    const Term b = load(at.arg(2), address, bytes);
    if (a == b) return a;
    const auto unresolved = [&](Term value, Term side) { return value.is(Op::load) && value.arg(0) == side; };
    if (!(unresolved(a, at.arg(1)) && unresolved(b, at.arg(2)))) return ite(at.arg(0), a, b);
  }
  return raw_load(at, address, bytes);
}

}  // namespace

Term load(Term memory, Term address, unsigned bytes) {
  IR_ASSERT(memory.sort().is_memory() && address.width() == 64 && bytes >= 1 && bytes <= 16);
  if (memory.is_variable()) return raw_load(memory, address, bytes);
  detail::Depth depth;
  if (depth.too_deep()) return raw_load(memory, address, bytes);
  const u128 key = (u128{memory.id()} << 64) | (u128{address.id()} << 8) | bytes;
  if (const Term known = load_memo().find(key)) return known;
  const Term result = load_uncached(memory, address, bytes);
  load_memo().insert(key, result);
  return result;
}

namespace {

constexpr std::int64_t chunk_bytes = 8;

Term raw_store(Term memory, Term address, Term value) {
  return detail::make(Op::store, Sort::memory(), {memory, address, value}, {.hi = value.width() / 8});
}

// Two stores, the newer at `distance` bytes above the older, written as one. They overlap or touch.
Term joined_value(Term older, Term newer, std::int64_t distance) {
  const std::int64_t old_bytes = older.width() / 8;
  const std::int64_t new_bytes = newer.width() / 8;
  std::vector<Term> high_to_low;
  if (old_bytes > distance + new_bytes)
    high_to_low.push_back(extract(older.width() - 1, static_cast<unsigned>(8 * (distance + new_bytes)), older));
  high_to_low.push_back(newer);
  if (distance > 0) high_to_low.push_back(extract(static_cast<unsigned>(8 * distance) - 1, 0, older));
  return concat(high_to_low);
}

// Inserts one store that does not cross a chunk, or is at most one chunk long.
Term insert_store(Term memory, Term address, Term value) {
  std::vector<Term> above;  // stores with a higher address that the new one moves below, newest first
  Term at = memory;
  while (at.is(Op::store)) {
    const BaseOffset here = base_offset(at.arg(1));
    const BaseOffset mine = base_offset(address);
    const i128 old_bytes = at.bytes();
    const i128 new_bytes = value.width() / 8;
    if (!(here.base == mine.base)) {
      if (overlap(at.arg(1), at.bytes(), address, value.width() / 8, nullptr) != Overlap::disjoint) break;
      const std::uint32_t here_id = here.base ? here.base.id() : 0;
      const std::uint32_t mine_id = mine.base ? mine.base.id() : 0;
      if (here_id < mine_id) break;
      above.push_back(at);
      at = at.arg(0);
      continue;
    }
    // The difference of addresses modulo 2^64, read as a signed number: small when the stores are near each other.
    const i128 distance = static_cast<std::int64_t>(static_cast<std::uint64_t>(mine.offset) - static_cast<std::uint64_t>(here.offset));
    if (distance <= 0 && distance + new_bytes >= old_bytes) {
      at = at.arg(0);
      continue;
    }
    const bool inside = distance >= 0 && distance + new_bytes <= old_bytes;
    const bool touches = distance <= old_bytes && distance + new_bytes >= 0;
    const i128 low = std::min<i128>(distance, 0);
    const i128 length = std::max(old_bytes, distance + new_bytes) - low;
    const i128 in_chunk = (here.offset + low) & (chunk_bytes - 1);
    if (inside || (touches && in_chunk + length <= chunk_bytes)) {
      if (distance >= 0) {
        value = joined_value(at.arg(2), value, static_cast<std::int64_t>(distance));
        address = at.arg(1);
      } else {
        // The newer starts below: its bytes win, the older's tail stands above.
        const auto tail = static_cast<unsigned>(8 * (distance + new_bytes));
        value = concat(extract(at.arg(2).width() - 1, tail, at.arg(2)), value);
      }
      at = at.arg(0);
      continue;
    }
    if (distance < old_bytes && distance + new_bytes > 0) break;  // partial overlap across chunks
    if (distance > 0) break;
    above.push_back(at);
    at = at.arg(0);
  }
  Term result = raw_store(at, address, value);
  while (!above.empty()) {
    result = raw_store(result, above.back().arg(1), above.back().arg(2));
    above.pop_back();
  }
  return result;
}

}  // namespace

Term store(Term memory, Term address, Term value) {
  IR_ASSERT(memory.sort().is_memory() && address.width() == 64 && value.width() % 8 == 0 && value.width() >= 8);
  const unsigned bytes = value.width() / 8;
  if (bytes <= chunk_bytes) return insert_store(memory, address, value);
  const std::int64_t offset = base_offset(address).offset;
  unsigned done = 0;
  while (done < bytes) {
    const auto room = static_cast<unsigned>(chunk_bytes) - static_cast<unsigned>((static_cast<std::uint64_t>(offset) + done) & 7);
    const unsigned part = std::min(room, bytes - done);
    memory = insert_store(memory, add(address, bv(done, 64)), extract(8 * (done + part) - 1, 8 * done, value));
    done += part;
  }
  return memory;
}

namespace detail {

Term memory_ite(Term condition, Term a, Term b) {
  Depth depth;
  if (a == b) return a;
  if (!depth.too_deep() && a.is(Op::store) && b.is(Op::store) && a.bytes() == b.bytes()) {
    if (a.arg(1) == b.arg(1))
      return store(ite(condition, a.arg(0), b.arg(0)), a.arg(1), ite(condition, a.arg(2), b.arg(2)));
    if (a.arg(0) == b.arg(0))
      return store(a.arg(0), ite(condition, a.arg(1), b.arg(1)), ite(condition, a.arg(2), b.arg(2)));
  }
  return raw_ite(condition, a, b);
}

}  // namespace detail

}  // namespace ir
