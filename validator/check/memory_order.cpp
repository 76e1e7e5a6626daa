// SPDX-License-Identifier: Apache-2.0
// See memory_order.hpp.
#include "validator/check/memory_order.hpp"

#include <array>

namespace validator::check {

using ir::Op;
using ir::Term;

namespace {

constexpr unsigned depth_limit = 400;

bool goes_below(Term address, Term other) {
  const ir::BaseOffset a = ir::base_offset(address), b = ir::base_offset(other);
  const std::uint32_t base_a = a.base ? a.base.id() + 1 : 0, base_b = b.base ? b.base.id() + 1 : 0;
  return base_a != base_b ? base_a < base_b : a.offset < b.offset;
}

}  // namespace

Term MemoryOrder::insert(Term memory, Term address, Term value, unsigned depth) {
  if (!memory.is(Op::store) || depth > depth_limit) return store_changed(memory, address, value);
  const Term below = memory.arg(0), old_address = memory.arg(1), old_value = memory.arg(2);
  const unsigned bytes = value.width() / 8, old_bytes = old_value.width() / 8;
  std::int64_t delta = 0;
  switch (ir::overlap(old_address, old_bytes, address, bytes, &delta)) {
    case ir::Overlap::disjoint:
      if (!goes_below(address, old_address)) break;
      return ir::store(insert(below, address, value, depth + 1), old_address, old_value);
    case ir::Overlap::same_base: {
      const std::int64_t end = delta + bytes;
      if (delta <= 0 && end >= old_bytes) return insert(below, address, value, depth + 1);
      if (delta < 0 || end > old_bytes) break;
      std::vector<Term> pieces;
      if (end < old_bytes) pieces.push_back(ir::extract(8 * old_bytes - 1, static_cast<unsigned>(8 * end), old_value));
      pieces.push_back(value);
      if (delta > 0) pieces.push_back(ir::extract(static_cast<unsigned>(8 * delta - 1), 0, old_value));
      return insert(below, old_address, ir::concat(pieces), depth + 1);
    }
    case ir::Overlap::unknown:
      break;
  }
  return store_changed(memory, address, value);
}

/// A store without the bytes that it leaves as they are: a bit-field may be updated through a word or through its byte.
Term MemoryOrder::store_changed(Term memory, Term address, Term value) {
  const unsigned bytes = value.width() / 8;
  const Term before = ir::load(memory, address, bytes);
  if (before == value) return memory;
  std::vector<bool> changed(bytes);
  for (unsigned i = 0; i < bytes; ++i) changed[i] = ir::extract(8 * i + 7, 8 * i, before) != ir::extract(8 * i + 7, 8 * i, value);
  Term result = memory;
  for (unsigned first = 0; first < bytes;) {
    unsigned end = first;
    while (end < bytes && changed[end]) ++end;
    if (end > first) {
      const Term where = ir::add(address, ir::bv(first, 64));
      result = ir::store(result, where, ir::extract(8 * end - 1, 8 * first, value));
    }
    first = end + 1;
  }
  return result;
}

Term MemoryOrder::merge(Term condition, Term if_true, Term if_false, unsigned depth) {
  if (if_true == if_false) return if_true;
  if (depth < depth_limit && if_true.is(Op::store) && if_false.is(Op::store) &&
      if_true.arg(2).width() == if_false.arg(2).width()) {
    const bool same_address = if_true.arg(1) == if_false.arg(1);
    if (same_address || if_true.arg(0) == if_false.arg(0)) {
      const Term below = merge(condition, if_true.arg(0), if_false.arg(0), depth + 1);
      return insert(below, ir::ite(condition, if_true.arg(1), if_false.arg(1)),
                    ir::ite(condition, if_true.arg(2), if_false.arg(2)), depth + 1);
    }
  }
  return ir::ite(condition, if_true, if_false);
}

Term MemoryOrder::normal(Term memory) {
  if (auto found = memo_.find(memory); found != memo_.end()) return found->second;
  Term result = memory;
  if (memory.is(Op::store)) {
    result = insert(normal(memory.arg(0)), memory.arg(1), memory.arg(2), 0);
  } else if (memory.is(Op::ite)) {
    result = merge(memory.arg(0), normal(memory.arg(1)), normal(memory.arg(2)), 0);
  }
  memo_.emplace(memory, result);
  return result;
}

}  // namespace validator::check
