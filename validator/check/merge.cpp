// SPDX-License-Identifier: Apache-2.0
// See merge.hpp.
#include "validator/check/merge.hpp"

#include <algorithm>

namespace validator::check {

namespace {

std::vector<Term> conjuncts(Term path) {
  if (path.is_true()) return {};
  if (path.is(ir::Op::logical_and)) return {path.args().begin(), path.args().end()};
  return {path};
}

}  // namespace

Term distinguishing(Term first, Term second) {
  std::vector<Term> of_first = conjuncts(first), of_second = conjuncts(second);
  auto without = [](const std::vector<Term>& from, const std::vector<Term>& what) {
    std::vector<Term> rest;
    for (Term term : from) {
      if (std::find(what.begin(), what.end(), term) == what.end()) rest.push_back(term);
    }
    return rest;
  };
  const std::vector<Term> only_first = without(of_first, of_second), only_second = without(of_second, of_first);
  for (Term term : only_first) {
    if (std::find(only_second.begin(), only_second.end(), ir::logical_not(term)) != only_second.end()) return term;
  }
  if (only_first.size() <= only_second.size()) return ir::logical_and(only_first);
  return ir::logical_not(ir::logical_and(only_second));
}

State merge_states(std::vector<State> states, const std::function<bool(std::size_t variable)>& live,
                   const std::function<Term(unsigned bits)>& junk) {
  State result = std::move(states.front());
  for (std::size_t i = 1; i < states.size(); ++i) {
    const State& other = states[i];
    const Term first = distinguishing(result.path, other.path);
    for (std::size_t v = 0; v < result.variables.size(); ++v) {
      if (result.variables[v] == other.variables[v] || !live(v)) continue;
      result.variables[v] = ir::ite(first, result.variables[v], other.variables[v]);
    }
    result.bytes.choose(first, other.bytes, junk);
    result.memory = ir::ite(first, result.memory, other.memory);
    result.count = ir::ite(first, result.count, other.count);
    result.epoch = ir::ite(first, result.epoch, other.epoch);
    result.path = ir::logical_or(result.path, other.path);
  }
  return result;
}

}  // namespace validator::check
