// SPDX-License-Identifier: Apache-2.0
// Slices and their concatenation: the one shape of all bitfield work. UBFX, BFI, AND with a mask, ORR of shifted
// parts, shifts and rotations by constants, extensions and byte swaps all become a concat of slices, with
// neighbours fused whenever they are adjacent slices of one thing.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace detail {

void add_cuts(Term term, std::vector<unsigned>& cuts) {
  if (!term.is(Op::concat)) return;
  unsigned position = term.width();
  for (Term piece : term.args()) {
    position -= piece.width();
    if (position != 0) cuts.push_back(position);
  }
}

std::vector<unsigned> common_cuts(Term a, Term b) {
  std::vector<unsigned> cuts{0, a.width()};
  add_cuts(a, cuts);
  add_cuts(b, cuts);
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

}  // namespace detail

namespace {

// Two neighbours as one piece, or null. The result is never a concat of the same two.
Term fuse(Term high, Term low);

// Bitwise operators fuse when their operands do, pairwise.
Term fuse_bitwise(Term high, Term low) {
  const auto high_args = high.args();
  const auto low_args = low.args();
  if (high_args.size() != low_args.size() || high_args.size() > 4) return {};
  std::vector<Term> fused;
  std::vector<bool> used(low_args.size());
  for (Term part : high_args) {
    Term found;
    for (std::size_t j = 0; j < low_args.size() && !found; ++j) {
      if (used[j]) continue;
      found = fuse(part, low_args[j]);
      if (found) used[j] = true;
    }
    if (!found) return {};
    fused.push_back(found);
  }
  return rebuild(high, fused);
}

// high = p[..n], low = p[n-1..m] -> p[..m]
Term fuse_slices(Term high, Term low) {
  const Term whole = high.arg(0);
  if (high.lo() < low.width()) return {};
  if (low.is_constant() || (low.is(Op::ite) && !whole.is(Op::sum))) return {};
  const unsigned bottom = high.lo() - low.width();
  if (low.is(Op::extract) && low.arg(0) == whole) {
    if (low.hi() + 1 != high.lo()) return {};
  } else if (extract(high.lo() - 1, bottom, whole) != low) {
    return {};
  }
  return extract(high.hi(), bottom, whole);
}

/// Bits [lo, hi] of a load, or the whole load.
struct LoadSlice {
  Term load;
  unsigned hi = 0;
  unsigned lo = 0;
};

bool as_load_slice(Term term, LoadSlice& slice) {
  if (term.is(Op::load)) {
    slice = {term, term.width() - 1, 0};
    return true;
  }
  if (!term.is(Op::extract) || !term.arg(0).is(Op::load)) return false;
  slice = {term.arg(0), term.hi(), term.lo()};
  return true;
}

// Bits of two loads that touch are bits of the load of 2, 4 or 8 bytes of which they are halves (or, for slices, of
// which the shorter load lies in the other half).
Term fuse_loads(Term high, Term low) {
  LoadSlice upper;
  LoadSlice lower;
  if (!as_load_slice(high, upper) || !as_load_slice(low, lower)) return {};
  if (upper.load.arg(0) != lower.load.arg(0) || upper.lo != 0 || lower.hi + 1 != lower.load.width()) return {};
  const unsigned upper_bytes = upper.load.bytes();
  const unsigned lower_bytes = lower.load.bytes();
  const unsigned half = std::max(upper_bytes, lower_bytes);
  if (half != 1 && half != 2 && half != 4) return {};
  if (upper_bytes != lower_bytes && high.is(Op::load) && low.is(Op::load)) return {};
  std::int64_t distance = 0;
  if (overlap(lower.load.arg(1), 16, upper.load.arg(1), 16, &distance) != Overlap::same_base || distance != lower_bytes) return {};
  const Term middle = upper.load.arg(1);
  const Term whole = load(upper.load.arg(0), sub(middle, bv(half, 64)), 2 * half);
  if (!whole.is(Op::load)) return {};
  return extract(8 * half + upper.hi, 8 * (half - lower_bytes) + lower.lo, whole);
}

// low = p[n..m] of a load, high the bits above it, which a shorter load writes.
Term fuse_above(Term high, Term low) {
  if (!low.is(Op::extract) || !low.arg(0).is(Op::load) || high.is_constant()) return {};
  const unsigned top = low.hi() + high.width();
  if (top >= low.arg(0).width() || extract(top, low.hi() + 1, low.arg(0)) != high) return {};
  return extract(top, low.lo(), low.arg(0));
}

Term fuse(Term high, Term low) {
  if (high.is_constant() && low.is_constant())
    return bv((high.value() << low.width()) | low.value(), high.width() + low.width());
  if (high.width() + low.width() > 128) return {};
  const auto is_nest = [](Term t) { return t.is(Op::ite) && t.node()->constant_leaves; };
  if (high.is_constant() && is_nest(low)) return detail::map_leaves(low, [&](Term leaf) { return concat(high, leaf); });
  if (low.is_constant() && is_nest(high)) return detail::map_leaves(high, [&](Term leaf) { return concat(leaf, low); });
  if (high.is(Op::ite) && low.is(Op::ite) && high.arg(0) == low.arg(0))
    return ite(high.arg(0), concat(high.arg(1), low.arg(1)), concat(high.arg(2), low.arg(2)));
  if (const Term wide = fuse_loads(high, low)) return wide;
  if (const Term wide = fuse_above(high, low)) return wide;
  if (high.is(Op::extract))
    if (const Term wide = fuse_slices(high, low)) return wide;
  if (high.is(Op::sext)) {
    const Term inner = fuse(high.arg(0), low);
    if (inner && !inner.is(Op::concat)) return sext(inner, high.width() + low.width());
  }
  if (high.op() == low.op() && (high.is(Op::bit_and) || high.is(Op::bit_or) || high.is(Op::bit_xor))) {
    const Term wide = fuse_bitwise(high, low);
    if (wide && !wide.is(Op::concat)) return wide;
  }
  if (detail::is_complement(high) && detail::is_complement(low)) {
    const Term inner = fuse(bit_not(high), bit_not(low));
    if (inner && !inner.is(Op::concat)) return bit_not(inner);
  }
  return {};
}

// 0 ++ x[n-1..0] is x when x cannot have a bit above. Quotients are the exception: they are written by their significant bits.
Term drop_extension(Term zeros, Term low) {
  if (!zeros.is_constant() || zeros.value() != 0 || !low.is(Op::extract) || low.lo() != 0) return {};
  const Term whole = low.arg(0);
  if (whole.is(Op::udiv) || whole.width() != zeros.width() + low.width() || unsigned_max(whole) > mask(low.width())) return {};
  return whole;
}

}  // namespace

Term concat(std::span<const Term> high_to_low) {
  std::vector<Term> pieces;
  unsigned width = 0;
  // `pending` is a stack, so that a fusion whose result is itself a concat is taken apart again.
  std::vector<Term> pending(high_to_low.rbegin(), high_to_low.rend());
  while (!pending.empty()) {
    const Term piece = pending.back();
    pending.pop_back();
    if (piece.is(Op::concat)) {
      const auto inner = piece.args();
      pending.insert(pending.end(), inner.rbegin(), inner.rend());
      continue;
    }
    if (!pieces.empty()) {
      if (const Term fused = fuse(pieces.back(), piece)) {
        pieces.pop_back();
        pending.push_back(fused);
        continue;
      }
    }
    pieces.push_back(piece);
  }
  for (Term piece : pieces) {
    IR_ASSERT(piece.sort().is_bitvec());
    width += piece.width();
  }
  IR_ASSERT(width >= 1 && width <= 128);
  if (pieces.size() == 1) return pieces.front();
  if (pieces.size() == 2)
    if (const Term whole = drop_extension(pieces[0], pieces[1])) return whole;
  return detail::make(Op::concat, Sort::bitvec(width), pieces);
}

Term concat(Term high, Term low) {
  const Term both[] = {high, low};
  return concat(both);
}

namespace {

detail::Memo& extract_memo() {
  static detail::Memo memo;
  return memo;
}

Term slice_of_concat(unsigned hi, unsigned lo, Term a) {
  std::vector<Term> parts;
  unsigned position = a.width();
  for (Term piece : a.args()) {
    const unsigned top = position - 1;
    position -= piece.width();
    const unsigned from = std::min(hi, top);
    const unsigned to = std::max(lo, position);
    if (top >= lo && position <= hi) parts.push_back(extract(from - position, to - position, piece));
  }
  return concat(parts);
}

// The low `hi + 1` bits of a sum are the sum of the low bits.
Term low_part_of_sum(unsigned hi, Term a) {
  detail::Linear narrow(hi + 1);
  const auto coefficients = a.coefficients();
  for (std::size_t i = 0; i < a.args().size(); ++i) narrow.add(coefficients[i], extract(hi, 0, a.arg(i)));
  narrow.add_constant(a.offset());
  return narrow.build();
}

Term slice_of_sext(unsigned hi, unsigned lo, Term a) {
  const Term inner = a.arg(0);
  const unsigned width = hi - lo + 1;
  if (hi < inner.width()) return extract(hi, lo, inner);
  const unsigned from = std::min(lo, inner.width() - 1);
  return sext(extract(inner.width() - 1, from, inner), width);
}

Term push_extract(unsigned hi, unsigned lo, Term a) {
  const auto each = [&](Term part) { return extract(hi, lo, part); };
  switch (a.op()) {
    case Op::ite:
      return ite(a.arg(0), each(a.arg(1)), each(a.arg(2)));
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor: {
      std::vector<Term> parts;
      for (Term part : a.args()) parts.push_back(each(part));
      return rebuild(a, parts);
    }
    case Op::sum:
      if (detail::is_complement(a)) return bit_not(each(bit_not(a)));
      if (lo == 0) return low_part_of_sum(hi, a);
      if (a.args().size() == 1 && a.arg(0).is(Op::ite) && a.arg(0).arg(1).is_constant() != a.arg(0).arg(2).is_constant()) {
        const Term choice = a.arg(0), factor = bv(a.coefficients()[0], a.width()), offset = bv(a.offset(), a.width());
        const auto side = [&](Term leaf) { return each(add(mul(leaf, factor), offset)); };
        return ite(choice.arg(0), side(choice.arg(1)), side(choice.arg(2)));
      }
      break;
    case Op::mul:
      if (lo == 0) {
        Term product = each(a.arg(0));
        for (std::size_t i = 1; i < a.args().size(); ++i) product = mul(product, each(a.arg(i)));
        return product;
      }
      break;
    default:
      break;
  }
  if (a.is(Op::sum) && lo > 0)
    if (const Term quotient = detail::magic_division(hi, lo, a)) return quotient;
  // The bits of a sum or product do not depend on what stands above them.
  if ((a.is(Op::sum) || a.is(Op::mul)) && hi + 1 < a.width()) return extract(hi, lo, extract(hi, 0, a));
  if (a.is(Op::sum) && lo == hi)
    if (const Term comparison = detail::top_bit_comparison(a)) return bool_to_bv(comparison, 1);
  return detail::make(Op::extract, Sort::bitvec(hi - lo + 1), {a}, {.hi = hi, .lo = lo});
}

}  // namespace

Term extract(unsigned hi, unsigned lo, Term a) {
  IR_ASSERT(a.sort().is_bitvec() && lo <= hi && hi < a.width());
  const unsigned width = hi - lo + 1;
  if (width == a.width()) return a;
  switch (a.op()) {
    case Op::constant:
      return bv(a.value() >> lo, width);
    case Op::extract:
      return extract(hi + a.lo(), lo + a.lo(), a.arg(0));
    case Op::concat:
      return slice_of_concat(hi, lo, a);
    case Op::sext:
      return slice_of_sext(hi, lo, a);
    case Op::load:
      // The smallest naturally placed part of 1, 2 or 4 bytes that holds the slice.
      for (unsigned bytes = 1; bytes < a.bytes() && bytes <= 8; bytes *= 2) {
        const unsigned bits = 8 * bytes;
        const unsigned part = lo / bits;
        if (hi / bits != part || (part + 1) * bytes > a.bytes()) continue;
        const Term narrow = load(a.arg(0), add(a.arg(1), bv(part * bytes, 64)), bytes);
        return extract(hi - part * bits, lo - part * bits, narrow);
      }
      break;
    default:
      break;
  }
  if (unsigned_max(a) >> lo == 0) return bv(0, width);
  if (a.is(Op::variable)) return detail::make(Op::extract, Sort::bitvec(width), {a}, {.hi = hi, .lo = lo});
  if (a.is(Op::udiv)) {
    const unsigned bits = detail::bit_length(unsigned_max(a));
    if (hi >= bits) return zext(extract(bits - 1, lo, a), width);
  }

  detail::Depth depth;
  if (depth.too_deep()) return detail::make(Op::extract, Sort::bitvec(width), {a}, {.hi = hi, .lo = lo});
  const u128 key = (u128{a.id()} << 16) | (hi << 8) | lo;
  if (const Term known = extract_memo().find(key)) return known;
  const Term result = push_extract(hi, lo, a);
  extract_memo().insert(key, result);
  return result;
}

Term zext(Term a, unsigned width) {
  IR_ASSERT(width >= a.width());
  return width == a.width() ? a : concat(bv(0, width - a.width()), a);
}

Term sext(Term a, unsigned width) {
  IR_ASSERT(width >= a.width() && width <= 128);
  const unsigned from = a.width();
  if (width == from) return a;
  if (a.is_constant()) return bv(static_cast<u128>(detail::to_signed(a.value(), from)), width);
  if (a.is(Op::sext)) return sext(a.arg(0), width);
  if (unsigned_max(a) <= mask(from - 1)) return zext(a, width);
  if (from == 1) return ite(eq(a, bv(1, 1)), bv(~u128{0}, width), bv(0, width));
  if (const Term quotient = detail::widened_quotient(a, width)) return quotient;
  if (a.is(Op::concat)) {
    const auto pieces = a.args();
    std::vector<Term> wider(pieces.begin(), pieces.end());
    wider[0] = sext(pieces[0], width - from + pieces[0].width());
    return concat(wider);
  }
  if (a.is(Op::ite) && (a.node()->constant_leaves || a.arg(1).is_constant() || a.arg(2).is_constant())) {
    detail::Depth depth;
    if (!depth.too_deep()) return ite(a.arg(0), sext(a.arg(1), width), sext(a.arg(2), width));
  }
  return detail::make(Op::sext, Sort::bitvec(width), {a});
}

Term resize(Term a, unsigned width, bool is_signed) {
  if (width <= a.width()) return extract(width - 1, 0, a);
  return is_signed ? sext(a, width) : zext(a, width);
}

Term shl(Term a, Term amount) {
  IR_ASSERT(a.width() == amount.width());
  const unsigned width = a.width();
  if (amount.is_constant()) {
    if (amount.value() >= width) return bv(0, width);
    const auto by = static_cast<unsigned>(amount.value());
    return by == 0 ? a : concat(extract(width - 1 - by, 0, a), bv(0, by));
  }
  if (a.is_constant() && a.value() == 0) return a;
  if (a.is_constant() && a.value() != 1) return mul(a, shl(bv(1, width), amount));
  return detail::make(Op::shl, Sort::bitvec(width), {a, amount});
}

Term lshr(Term a, Term amount) {
  IR_ASSERT(a.width() == amount.width());
  const unsigned width = a.width();
  if (amount.is_constant()) {
    if (amount.value() >= width) return bv(0, width);
    const auto by = static_cast<unsigned>(amount.value());
    return by == 0 ? a : concat(bv(0, by), extract(width - 1, by, a));
  }
  if (a.is_constant() && a.value() == 0) return a;
  return detail::make(Op::lshr, Sort::bitvec(width), {a, amount});
}

Term ashr(Term a, Term amount) {
  IR_ASSERT(a.width() == amount.width());
  const unsigned width = a.width();
  if (amount.is_constant()) {
    const unsigned by = amount.value() >= width ? width - 1 : static_cast<unsigned>(amount.value());
    return by == 0 ? a : sext(extract(width - 1, by, a), width);
  }
  if (a.is_constant() && (a.value() == 0 || a.value() == mask(width))) return a;
  if (unsigned_max(a) <= mask(width - 1)) return lshr(a, amount);
  return detail::make(Op::ashr, Sort::bitvec(width), {a, amount});
}

Term ror(Term a, Term amount) {
  const unsigned width = a.width();
  IR_ASSERT(amount.width() == width && detail::is_power_of_two(width));
  if (width == 1) return a;
  if (amount.is_constant()) {
    const auto by = static_cast<unsigned>(amount.value() % width);
    return by == 0 ? a : concat(extract(by - 1, 0, a), extract(width - 1, by, a));
  }
  const unsigned bits = detail::bit_length(width - 1);
  const Term by = zext(extract(bits - 1, 0, amount), width);
  const Term back = zext(extract(bits - 1, 0, neg(amount)), width);
  return bit_or(lshr(a, by), shl(a, back));
}

Term clz(Term a) {
  const unsigned width = a.width();
  if (a.is_constant()) return bv(width - detail::bit_length(a.value()), width);
  return detail::make(Op::clz, Sort::bitvec(width), {a});
}

Term ctz(Term a) { return clz(rbit(a)); }

Term rbit(Term a) {
  std::vector<Term> bits;
  for (unsigned i = 0; i < a.width(); ++i) bits.push_back(extract(i, i, a));
  return concat(bits);
}

Term byte_swap(Term a) {
  IR_ASSERT(a.width() % 8 == 0);
  std::vector<Term> bytes;
  for (unsigned i = 0; i < a.width(); i += 8) bytes.push_back(extract(i + 7, i, a));
  return concat(bytes);
}

Term bool_to_bv(Term condition, unsigned width) { return ite(condition, bv(1, width), bv(0, width)); }
Term bit(Term a, unsigned index) { return eq(extract(index, index, a), bv(1, 1)); }

}  // namespace ir
