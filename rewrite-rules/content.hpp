// SPDX-License-Identifier: Apache-2.0
// A rule set ready for use: syntax, and for each instance the terms that the matcher works with.
//
// An instance rewrites only if both sides differ after construction and the result is not heavier by weight(). Where the
// weight stays the same, the prover sees to it that the rule does not fire on its own result.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/term.hpp"
#include "rewrite-rules/instance.hpp"
#include "rewrite-rules/rules.hpp"
#include "rewrite-rules/syntax.hpp"

namespace rules {

enum class Usability : std::uint8_t {
  usable,
  already_equal,   ///< the constructors make both sides the same term
  unmatchable,     ///< the pattern's normal form does not determine the result's variables
  not_decreasing
};

/// An instance in normal form. A pattern that is a negation is stored without it (and the result negated), so that rules
/// about `or` also apply inside longer disjunctions.
struct Compiled {
  std::size_t rule = 0;  ///< index in Content::rules
  Usability usability = Usability::usable;
  std::vector<ir::Term> variables;
  std::vector<bool> is_constant;
  std::vector<ir::Term> conditions;
  ir::Term first;   ///< "order:"; null: no such demand
  ir::Term second;
  ir::Term match;
  ir::Term result;
};

struct RuleSet::Content {
  std::string text;
  std::vector<RuleSyntax> rules;
  std::vector<std::size_t> instances;  ///< of each rule
  std::vector<Compiled> compiled;      ///< usable ones, in order of rule, width, parameters
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_root;  ///< root_key() -> indices in `compiled`
};

Compiled compile(std::size_t rule, const Instance& instance);

/// Operator, sort, payload and width of the first operand of a root: only rules with the subject's key can match it.
std::uint64_t root_key(ir::Term term);

/// The measure of rules: the operators' weights, summed over the pattern as a tree. A variable stands for a term of
/// unknown size and weighs 8; a constant, and whatever is computed from `const` variables alone, weighs 1.
std::uint64_t weight(ir::Term term, const Compiled& instance);

}  // namespace rules
