// SPDX-License-Identifier: Apache-2.0
// And, or, xor, not. Operands that are concats (or masks with few runs) split the operation at their cuts, so
// that a masked insert written with AND/ORR and one written with BFI meet in one concat; what is left is an
// n-ary node with sorted operands. Complements move outwards: !a & !b -> !(a | b), a | !b -> !(!a & b).
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace {

constexpr unsigned max_runs = 16;

unsigned runs(u128 value, unsigned width, std::vector<unsigned>* cuts) {
  unsigned count = 1;
  for (unsigned i = 1; i < width; ++i) {
    if (((value >> i) & 1) == ((value >> (i - 1)) & 1)) continue;
    ++count;
    if (cuts != nullptr) cuts->push_back(i);
  }
  return count;
}

Term binary(Op op, Term a, Term b) {
  return op == Op::bit_and ? bit_and(a, b) : op == Op::bit_or ? bit_or(a, b) : bit_xor(a, b);
}

// The operation on each slice, when an operand is a concat or a mask of few runs.
Term slicewise(Op op, Term a, Term b) {
  std::vector<unsigned> cuts{0, a.width()};
  for (Term side : {a, b}) {
    detail::add_cuts(side, cuts);
    if (side.is_constant() && runs(side.value(), side.width(), nullptr) <= max_runs)
      runs(side.value(), side.width(), &cuts);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  if (cuts.size() <= 2 || cuts.size() > 2 * max_runs + 2) return {};
  std::vector<Term> parts;
  for (std::size_t i = cuts.size() - 1; i > 0; --i)
    parts.push_back(binary(op, extract(cuts[i] - 1, cuts[i - 1], a), extract(cuts[i] - 1, cuts[i - 1], b)));
  return concat(parts);
}

void collect(Op op, Term term, std::vector<Term>& out) {
  if (term.is(op)) {
    for (Term part : term.args()) out.push_back(part);
  } else {
    out.push_back(term);
  }
}

// ite(c, k1, k2) & 0..., a nest of constants with a constant: the leaves take it.
Term into_leaves(Op op, Term a, Term b) {
  if (!b.is_constant() || !a.node()->constant_leaves) return {};
  return detail::map_leaves(a, [&](Term leaf) { return binary(op, leaf, b); });
}

// x & ite(c, y, 0) -> ite(c, x & y, 0), and the same for |. A mask that a shift by too much makes zero.
Term over_choice(Op op, Term choice, Term other, u128 dominant) {
  if (!choice.is(Op::ite) || other.is_constant() || choice.arg(1).is_constant() == choice.arg(2).is_constant()) return {};
  const auto dominates = [&](Term side) { return side.is_constant() && side.value() == dominant; };
  if (!dominates(choice.arg(1)) && !dominates(choice.arg(2))) return {};
  const auto side = [&](Term leaf) { return dominates(leaf) ? leaf : binary(op, leaf, other); };
  return ite(choice.arg(0), side(choice.arg(1)), side(choice.arg(2)));
}

Term and_or(Op op, Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  const u128 neutral = op == Op::bit_and ? mask(width) : 0;
  const u128 dominant = op == Op::bit_and ? 0 : mask(width);
  if (a.is_constant()) std::swap(a, b);
  if (a.is_constant()) return bv(op == Op::bit_and ? a.value() & b.value() : a.value() | b.value(), width);
  if (a == b) return a;
  if (b.is_constant()) {
    if (b.value() == neutral) return a;
    if (b.value() == dominant) return b;
    if (const Term leaves = into_leaves(op, a, b)) return leaves;
  }
  detail::Depth depth;
  if (!depth.too_deep())
    if (const Term sliced = slicewise(op, a, b)) return sliced;
  if (const Term chosen = over_choice(op, a, b, dominant)) return chosen;
  if (const Term chosen = over_choice(op, b, a, dominant)) return chosen;

  std::vector<Term> parts;
  collect(op, a, parts);
  collect(op, b, parts);
  std::sort(parts.begin(), parts.end(), detail::by_id);
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  std::size_t complements = 0;
  u128 constant = neutral;
  std::vector<Term> rest;
  for (Term part : parts) {
    if (part.is_constant()) {
      constant = op == Op::bit_and ? constant & part.value() : constant | part.value();
      continue;
    }
    if (detail::is_complement(part)) {
      ++complements;
      if (std::binary_search(parts.begin(), parts.end(), bit_not(part), detail::by_id)) return bv(dominant, width);
    }
    rest.push_back(part);
  }
  if (constant == dominant || rest.empty()) return bv(constant, width);
  // x & (x | y) -> x;  x | (x & y) -> x
  const Op dual = op == Op::bit_and ? Op::bit_or : Op::bit_and;
  std::erase_if(rest, [&](Term part) {
    if (!part.is(dual)) return false;
    return std::any_of(part.args().begin(), part.args().end(),
                       [&](Term inner) { return std::binary_search(parts.begin(), parts.end(), inner, detail::by_id); });
  });
  if (complements > 0 && rest.size() + (constant != neutral ? 1 : 0) >= 2 &&
      (op == Op::bit_or || (complements == rest.size() && constant == neutral))) {
    Term flipped = bit_not(rest[0]);
    for (std::size_t i = 1; i < rest.size(); ++i) flipped = and_or(dual, flipped, bit_not(rest[i]));
    if (constant != neutral) flipped = and_or(dual, flipped, bv(~constant, width));
    return bit_not(flipped);
  }
  if (constant != neutral) rest.push_back(bv(constant, width));
  if (rest.size() == 1) return rest.front();
  std::sort(rest.begin(), rest.end(), detail::by_id);
  return detail::make(op, Sort::bitvec(width), rest);
}

}  // namespace

namespace detail {

bool is_complement(Term term) {
  if (!term.is(Op::sum) || term.args().size() != 1) return false;
  return term.coefficients()[0] == mask(term.width()) && term.offset() == mask(term.width());
}

}  // namespace detail

Term bit_and(Term a, Term b) { return and_or(Op::bit_and, a, b); }
Term bit_or(Term a, Term b) { return and_or(Op::bit_or, a, b); }

Term bit_not(Term a) {
  IR_ASSERT(a.sort().is_bitvec());
  if (a.is_constant()) return bv(~a.value(), a.width());
  if (detail::is_complement(a)) return a.arg(0);
  if (a.is(Op::concat)) {
    std::vector<Term> parts;
    for (Term piece : a.args()) parts.push_back(bit_not(piece));
    return concat(parts);
  }
  if (a.is(Op::sext)) return sext(bit_not(a.arg(0)), a.width());
  if (a.is(Op::ite)) {
    detail::Depth depth;
    if (a.node()->constant_leaves) return detail::map_leaves(a, [](Term leaf) { return bit_not(leaf); });
    if (!depth.too_deep() && (a.arg(1).is_constant() || a.arg(2).is_constant()))
      return ite(a.arg(0), bit_not(a.arg(1)), bit_not(a.arg(2)));
  }
  detail::Linear result(a.width());
  result.add(~u128{0}, a);
  result.add_constant(~u128{0});
  return result.build();
}

Term bit_xor(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (width == 1) return add(a, b);
  if (a == b) return bv(0, width);
  if (a.is_constant()) std::swap(a, b);
  if (a.is_constant()) return bv(a.value() ^ b.value(), width);
  if (b.is_constant()) {
    if (b.value() == 0) return a;
    if (b.value() == mask(width)) return bit_not(a);
    if (const Term leaves = into_leaves(Op::bit_xor, a, b)) return leaves;
  }
  detail::Depth depth;
  if (!depth.too_deep())
    if (const Term sliced = slicewise(Op::bit_xor, a, b)) return sliced;

  u128 constant = 0;
  std::vector<Term> parts;
  for (Term side : {a, b}) {
    if (detail::is_complement(side)) {
      constant ^= mask(width);
      side = bit_not(side);
    }
    collect(Op::bit_xor, side, parts);
  }
  std::sort(parts.begin(), parts.end(), detail::by_id);
  std::vector<Term> rest;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is_constant()) constant ^= parts[i].value();
    else if (i + 1 < parts.size() && parts[i] == parts[i + 1]) ++i;
    else rest.push_back(parts[i]);
  }
  const bool negate = constant == mask(width);
  if (!negate && constant != 0) rest.push_back(bv(constant, width));
  Term result;
  if (rest.empty()) {
    result = bv(0, width);
  } else if (rest.size() == 1) {
    result = rest.front();
  } else {
    std::sort(rest.begin(), rest.end(), detail::by_id);
    result = detail::make(Op::bit_xor, Sort::bitvec(width), rest);
  }
  return negate ? bit_not(result) : result;
}

}  // namespace ir
