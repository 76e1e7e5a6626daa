// SPDX-License-Identifier: Apache-2.0
// Rebuilding terms: one node with other operands, a whole DAG with variables replaced, and the variables of a
// term. All walks use an explicit stack: a symbolic run makes terms deeper than the C++ stack.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

Term rebuild(Term term, std::span<const Term> args) {
  IR_ASSERT(args.size() == term.args().size());
  const auto fold = [&](Term (*function)(Term, Term)) {
    Term result = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) result = function(result, args[i]);
    return result;
  };
  switch (term.op()) {
    case Op::constant:
    case Op::variable:
      return term;
    case Op::apply:
      return apply(term.name(), args, term.sort());
    case Op::logical_not:
      return logical_not(args[0]);
    case Op::logical_and:
      return logical_and(args);
    case Op::ite:
      return ite(args[0], args[1], args[2]);
    case Op::equal:
      return eq(args[0], args[1]);
    case Op::ult:
      return ult(args[0], args[1]);
    case Op::slt:
      return slt(args[0], args[1]);
    case Op::sum: {
      const unsigned width = args[0].width();
      detail::Linear sum(width);
      for (std::size_t i = 0; i < args.size(); ++i) sum.add(term.coefficients()[i], args[i]);
      sum.add_constant(term.offset());
      return sum.build();
    }
    case Op::mul:
      return fold(mul);
    case Op::udiv:
      return udiv(args[0], args[1]);
    case Op::sdiv:
      return sdiv(args[0], args[1]);
    case Op::urem:
      return urem(args[0], args[1]);
    case Op::srem:
      return srem(args[0], args[1]);
    case Op::bit_and:
      return fold(bit_and);
    case Op::bit_or:
      return fold(bit_or);
    case Op::bit_xor:
      return fold(bit_xor);
    case Op::shl:
      return shl(args[0], args[1]);
    case Op::lshr:
      return lshr(args[0], args[1]);
    case Op::ashr:
      return ashr(args[0], args[1]);
    case Op::concat:
      return concat(args);
    case Op::extract:
      return extract(term.hi(), term.lo(), args[0]);
    case Op::sext:
      return sext(args[0], term.width());
    case Op::clz:
      return clz(args[0]);
    case Op::load:
      return load(args[0], args[1], term.bytes());
    case Op::store:
      return store(args[0], args[1], args[2]);
  }
  IR_ASSERT(false);
  return term;
}

Term substitute(Term term, const Substitution& substitution) {
  if (substitution.empty()) return term;
  for (const auto& [variable, value] : substitution) {
    IR_ASSERT(variable.is_variable());
    IR_ASSERT(variable.sort() == value.sort());
  }
  std::unordered_map<Term, Term> done;
  std::vector<Term> stack{term};
  std::vector<Term> args;
  while (!stack.empty()) {
    const Term top = stack.back();
    if (done.contains(top)) {
      stack.pop_back();
      continue;
    }
    if (top.args().empty()) {
      const auto found = substitution.find(top);
      done.emplace(top, found == substitution.end() ? top : found->second);
      stack.pop_back();
      continue;
    }
    bool ready = true;
    bool changed = false;
    args.clear();
    for (Term arg : top.args()) {
      const auto found = done.find(arg);
      if (found == done.end()) {
        stack.push_back(arg);
        ready = false;
      } else if (ready) {
        args.push_back(found->second);
        changed |= found->second != arg;
      }
    }
    if (!ready) continue;
    stack.pop_back();
    done.emplace(top, changed ? rebuild(top, args) : top);
  }
  return done[term];
}

std::vector<Term> variables_of(Term term) {
  std::vector<Term> result;
  std::unordered_set<Term> seen{term};
  std::vector<Term> stack{term};
  while (!stack.empty()) {
    const Term top = stack.back();
    stack.pop_back();
    if (top.is_variable()) result.push_back(top);
    for (Term arg : top.args())
      if (seen.insert(arg).second) stack.push_back(arg);
  }
  std::sort(result.begin(), result.end(), detail::by_id);
  return result;
}

}  // namespace ir
