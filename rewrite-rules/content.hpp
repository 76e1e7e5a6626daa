// SPDX-License-Identifier: Apache-2.0
// A rule set ready for use: syntax, and for each instance the terms that the matcher works with.
//
// An instance rewrites only if that is worth it and ends: both sides differ after construction, and the result is lighter
// by weight() with no variable more often than in the pattern (so it stays lighter whatever the variables stand for).
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

/// Operator and sort of a root: only rules with the subject's key can match it.
std::uint64_t root_key(ir::Term term);

/// The measure that each rule decreases: the operators' weights, summed over the term as a tree.
std::uint64_t weight(ir::Term term);

}  // namespace rules
