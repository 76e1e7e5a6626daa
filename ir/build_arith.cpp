// SPDX-License-Identifier: Apache-2.0
// Linear sums modulo 2^w: one node holds sum(c_i * t_i) + offset. Addresses, counters, indices and their
// differences are compared by comparing coefficient lists. Concats take part in both directions: a concat is the sum
// of its shifted pieces, and a sum whose lowest part does not carry into the rest is written as a concat.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace detail {

namespace {

Memo& lift_memo() {
  static Memo memo;
  return memo;
}

// A term of `width` bits that equals `piece` modulo 2^piece.width(); the bits above are free, so the
// simplest such term is taken. lift(x[w-k-1..0], w) = x.
Term lift(Term piece, unsigned width) {
  if (piece.width() == width) return piece;
  switch (piece.op()) {
    case Op::extract:
      if (piece.lo() != 0) return zext(piece, width);
      if (piece.arg(0).width() >= width) return extract(width - 1, 0, piece.arg(0));
      return lift(piece.arg(0), width);
    case Op::sext:
      return sext(piece.arg(0), width);
    case Op::concat: {
      std::vector<Term> pieces(piece.args().begin(), piece.args().end());
      pieces[0] = lift(pieces[0], width - piece.width() + pieces[0].width());
      return concat(pieces);
    }
    case Op::sum:
    case Op::mul:
    case Op::ite:
      break;
    default:
      return zext(piece, width);
  }
  Depth depth;
  if (depth.too_deep()) return zext(piece, width);
  const u128 key = (u128{piece.id()} << 8) | width;
  if (const Term known = lift_memo().find(key)) return known;
  Term result;
  if (piece.is(Op::ite)) {
    result = ite(piece.arg(0), lift(piece.arg(1), width), lift(piece.arg(2), width));
  } else if (piece.is(Op::mul)) {
    result = lift(piece.arg(0), width);
    for (std::size_t i = 1; i < piece.args().size(); ++i) result = mul(result, lift(piece.arg(i), width));
  } else {
    Linear wide(width);
    for (std::size_t i = 0; i < piece.args().size(); ++i)
      wide.add(piece.coefficients()[i], lift(piece.arg(i), width));
    wide.add_constant(piece.offset());
    result = wide.build();
  }
  lift_memo().insert(key, result);
  return result;
}

// ite(c, k1, k0), one choice between two constants.
bool is_two_leaf(Term term) { return term.is(Op::ite) && term.arg(1).is_constant() && term.arg(2).is_constant(); }

// The bit b in the condition b = 1, or null.
Term tested_bit(Term condition) {
  if (!condition.is(Op::equal) || condition.arg(0).width() != 1 || !condition.arg(1).is_constant()) return {};
  return condition.arg(0);
}

Term last_leaf(Term nest) {
  while (!nest.is_constant()) nest = nest.arg(2);
  return nest;
}

}  // namespace

void Linear::add(u128 coefficient, Term term) {
  IR_ASSERT(term.width() == width_);
  coefficient &= mask(width_);
  if (coefficient == 0) return;
  switch (term.op()) {
    case Op::constant:
      offset_ += coefficient * term.value();
      return;
    case Op::sum: {
      const auto coefficients = term.coefficients();
      for (std::size_t i = 0; i < coefficients.size(); ++i) add_atom(coefficient * coefficients[i], term.arg(i));
      offset_ += coefficient * term.offset();
      return;
    }
    case Op::ite:
      if (is_two_leaf(term)) {
        const u128 step = term.arg(1).value() - term.arg(2).value();
        offset_ += coefficient * term.arg(2).value();
        const Term bit = tested_bit(term.arg(0));
        if (bit) add_atom(coefficient * step, zext(bit, width_));
        else add_atom(coefficient * step, raw_ite(term.arg(0), bv(1, width_), bv(0, width_)));
        return;
      }
      break;
    case Op::sext:
      if (is_complement(term.arg(0))) {
        offset_ -= coefficient;
        add(~coefficient + 1, sext(bit_not(term.arg(0)), width_));
        return;
      }
      break;
    case Op::concat: {
      unsigned shift = width_;
      for (std::size_t i = 0; i < term.args().size(); ++i) {
        const Term piece = term.arg(i);
        shift -= piece.width();
        const u128 scale = coefficient << shift;
        if (piece.is_constant()) {
          offset_ += scale * piece.value();
        } else if (i == 0) {
          add(scale, lift(piece, width_));
        } else if (is_complement(piece)) {
          offset_ += scale * mask(piece.width());
          add_atom(~scale + 1, zext(bit_not(piece), width_));
        } else if (is_two_leaf(piece)) {
          add(scale, zext(piece, width_));
        } else {
          add_atom(scale, zext(piece, width_));
        }
      }
      return;
    }
    default:
      break;
  }
  add_atom(coefficient, term);
}

void Linear::collect() {
  const u128 full = mask(width_);
  std::sort(atoms_.begin(), atoms_.end(), [](const auto& a, const auto& b) { return a.first.id() < b.first.id(); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < atoms_.size();) {
    auto [atom, coefficient] = atoms_[i++];
    while (i < atoms_.size() && atoms_[i].first == atom) coefficient += atoms_[i++].second;
    coefficient &= full;
    if (coefficient != 0) atoms_[kept++] = {atom, coefficient};
  }
  atoms_.resize(kept);
  offset_ &= full;
}

// Only the low width-k bits of an atom with coefficient 2^k * odd matter: the simplest such atom is taken. A nest of
// more than two constants takes its coefficient into the leaves and ends in zero.
bool Linear::canonicalise_atoms() {
  for (std::size_t i = 0; i < atoms_.size(); ++i) {
    const auto [atom, coefficient] = atoms_[i];
    if (atom.node()->constant_leaves && !is_two_leaf(atom)) {
      const u128 last = last_leaf(atom).value();
      if (coefficient == 1 && last == 0) continue;
      atoms_.erase(atoms_.begin() + static_cast<std::ptrdiff_t>(i));
      offset_ += coefficient * last;
      add(1, map_leaves(atom, [&](Term leaf) { return bv(coefficient * (leaf.value() - last), width_); }));
      return true;
    }
    if ((coefficient & 1) != 0 || atom.is_variable()) continue;
    const unsigned low = width_ - trailing_zeros(coefficient);
    const Term simplest = lift(extract(low - 1, 0, atom), width_);
    if (simplest == atom) continue;
    atoms_.erase(atoms_.begin() + static_cast<std::ptrdiff_t>(i));
    add(coefficient, simplest);
    return true;
  }
  return false;
}

namespace {

// c * x + high_half(k * sext(x)) with negative k is high_half((k + 2^w) * sext(x)): the form in which signed division by
// a constant whose magic number does not fit is written (Warren, Hacker's Delight, 10-3).
bool join_high_product(Linear& sum) {
  const unsigned width = sum.width();
  if (width > 64 || sum.atoms().size() < 2) return false;
  for (const auto& [high, scale] : sum.atoms()) {
    if (!high.is(Op::extract) || high.hi() != 2 * width - 1 || high.lo() != width) continue;
    const Term product = high.arg(0);
    if (product.width() != 2 * width || !product.is(Op::sum) || product.args().size() != 1 || product.offset() != 0) continue;
    const Term wide = product.arg(0);
    const u128 factor = product.coefficients()[0];
    if (!wide.is(Op::sext) || to_signed(factor, 2 * width) >= 0) continue;
    const Term x = extract(width - 1, 0, wide);
    if (sext(x, 2 * width) != wide) continue;
    Linear inner(width);
    inner.add(scale, x);
    inner.collect();
    if (inner.offset() != 0 || inner.atoms().empty()) continue;
    const bool all = std::all_of(inner.atoms().begin(), inner.atoms().end(), [&](const auto& entry) {
      return std::find(sum.atoms().begin(), sum.atoms().end(), entry) != sum.atoms().end();
    });
    if (!all) continue;
    Linear scaled(2 * width);
    scaled.add(factor + (u128{1} << width), wide);
    const Term joined = extract(2 * width - 1, width, scaled.build());
    const u128 minus = ~scale + 1;
    sum.add(minus, Term(high));
    sum.add(minus, x);
    sum.add(~minus + 1, joined);
    sum.collect();
    return true;
  }
  return false;
}

}  // namespace

Term Linear::build() {
  collect();
  constexpr unsigned max_rounds = 64;
  for (unsigned round = 0; round < max_rounds; ++round) {
    if (!canonicalise_atoms() && !join_high_product(*this)) break;
    collect();
  }
  if (atoms_.empty()) return bv(offset_, width_);
  const u128 full = mask(width_);
  if (atoms_.size() == 1) {
    const auto [atom, coefficient] = atoms_[0];
    if (coefficient == 1 && offset_ == 0) return atom;
    if (atom.node()->constant_leaves)
      return map_leaves(atom, [&](Term leaf) { return bv(coefficient * leaf.value() + offset_, width_); });
    if (width_ > 1 && atom.is(Op::concat) && atom.args().size() == 2 && atom.arg(1).width() == 1 &&
        atom.arg(0).is_constant() && atom.arg(0).value() == 0)
      return raw_ite(eq(atom.arg(1), bv(1, 1)), bv(coefficient + offset_, width_), bv(offset_, width_));
    // A choice with a constant side is negated side by side. (Not moved: a pointer that may be null keeps its offset outside.)
    if (coefficient == full && atom.is(Op::ite) && atom.arg(1).is_constant() != atom.arg(2).is_constant()) {
      const auto side = [&](Term leaf) {
        Linear negated(width_);
        negated.add(full, leaf);
        negated.add_constant(offset_);
        return negated.build();
      };
      return ite(atom.arg(0), side(atom.arg(1)), side(atom.arg(2)));
    }
    if (coefficient == full && offset_ == full && atom.is(Op::sext)) return sext(bit_not(atom.arg(0)), width_);
  }
  // Peel off the low bits that do not depend on the rest.
  unsigned zeros = 128;
  std::size_t odd = 0;
  std::size_t odd_count = 0;
  for (std::size_t i = 0; i < atoms_.size(); ++i) {
    zeros = std::min(zeros, trailing_zeros(atoms_[i].second));
    if ((atoms_[i].second & 1) != 0) {
      odd = i;
      ++odd_count;
    }
  }
  unsigned low_width = 0;
  Term low;
  u128 offset = offset_;
  if (odd_count == 0) {
    low_width = zeros;
    low = bv(offset_, zeros);
  } else if (odd_count == 1 && (atoms_[odd].second == 1 || atoms_[odd].second == full)) {
    const auto [atom, coefficient] = atoms_[odd];
    const unsigned bits = bit_length(unsigned_max(atom));
    bool separate = bits < width_;
    for (std::size_t i = 0; i < atoms_.size(); ++i)
      separate = separate && (i == odd || trailing_zeros(atoms_[i].second) >= bits);
    if (coefficient != 1) offset -= mask(bits);
    if (separate && (offset & mask(bits)) == 0) {
      low_width = bits;
      low = extract(bits - 1, 0, atom);
      if (coefficient != 1) low = bit_not(low);
    }
  }
  if (!low) return build_node();
  Linear high(width_ - low_width);
  for (const auto& [atom, coefficient] : atoms_)
    if (odd_count == 0 || atom != atoms_[odd].first)
      high.add(coefficient >> low_width, extract(width_ - low_width - 1, 0, atom));
  high.add_constant((offset & full) >> low_width);
  return concat(high.build(), low);
}

Term Linear::build_node() {
  std::vector<Term> terms;
  std::vector<u128> coefficients;
  for (const auto& [atom, coefficient] : atoms_) {
    terms.push_back(atom);
    coefficients.push_back(coefficient);
  }
  return make(Op::sum, Sort::bitvec(width_), terms, {.value = offset_, .coefficients = coefficients});
}

}  // namespace detail

namespace {

Term combine(u128 ca, Term a, u128 cb, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  detail::Linear result(a.width());
  result.add(ca, a);
  result.add(cb, b);
  return result.build();
}

}  // namespace

Term add(Term a, Term b) {
  if (b.is_constant() && b.value() == 0) return a;
  return combine(1, a, 1, b);
}
Term sub(Term a, Term b) {
  if (b.is_constant() && b.value() == 0) return a;
  if (a == b) return bv(0, a.width());
  return combine(1, a, ~u128{0}, b);
}
Term neg(Term a) { return combine(0, a, ~u128{0}, a); }

namespace {

// A product of atoms: n-ary, sorted; a choice between two constants is distributed.
Term monomial(Term a, Term b) {
  for (unsigned swap = 0; swap < 2; ++swap, std::swap(a, b))
    if (a.is(Op::ite) && a.arg(1).is_constant() && a.arg(2).is_constant())
      return ite(a.arg(0), mul(a.arg(1), b), mul(a.arg(2), b));
  std::vector<Term> factors;
  for (Term side : {a, b}) {
    if (side.is(Op::mul)) factors.insert(factors.end(), side.args().begin(), side.args().end());
    else factors.push_back(side);
  }
  std::sort(factors.begin(), factors.end(), detail::by_id);
  return detail::make(Op::mul, a.sort(), factors);
}

}  // namespace

Term mul(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (width == 1) return bit_and(a, b);
  if (b.is_constant()) std::swap(a, b);
  if (a.is_constant()) {
    if (a.value() == 0) return a;
    if (a.value() == 1) return b;
    detail::Linear scaled(width);
    scaled.add(a.value(), b);
    return scaled.build();
  }
  // Polynomial normal form while it stays small: (i + 1) * n and i * n + n are one term.
  constexpr std::size_t max_products = 12;
  const auto polynomial = [width](Term term) {
    detail::Linear result(width);
    result.add(1, term);
    result.collect();
    if (!term.is(Op::sum) && result.atoms().size() != 1) {
      detail::Linear whole(width);
      whole.atoms().emplace_back(term, 1);
      return whole;
    }
    return result;
  };
  detail::Linear left = polynomial(a);
  detail::Linear right = polynomial(b);
  const auto count = [](detail::Linear& side) { return side.atoms().size() + (side.offset() != 0 ? 1 : 0); };
  if (count(left) * count(right) > max_products) {
    if (a.id() > b.id()) std::swap(a, b);
    return detail::make(Op::mul, a.sort(), {a, b});
  }
  detail::Linear product(width);
  for (const auto& [x, cx] : left.atoms()) {
    for (const auto& [y, cy] : right.atoms()) product.add(cx * cy, monomial(x, y));
    product.add(cx * right.offset(), x);
  }
  for (const auto& [y, cy] : right.atoms()) product.add(cy * left.offset(), y);
  product.add_constant(left.offset() * right.offset());
  return product.build();
}

}  // namespace ir
