// SPDX-License-Identifier: Apache-2.0
// One rule at one width with one value for each integer parameter: every sort is known, nothing is normalised yet.
//
// A Raw expression is what the rule's author wrote, operator by operator. The prover works on it, so that a mistake in
// ir's normalising constructors cannot hide a mistake in a rule; the matcher works on the terms that build() makes of it.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "ir/term.hpp"
#include "rewrite-rules/operators.hpp"
#include "rewrite-rules/syntax.hpp"

namespace rules {

struct RawNode {
  enum class Kind : std::uint8_t { variable, constant, apply } kind = Kind::constant;
  ir::Sort sort;
  ir::u128 value = 0;            ///< constant
  std::size_t variable = 0;      ///< index in Instance::variables
  const Operator* op = nullptr;  ///< apply
  std::array<unsigned, 2> ints{};
  std::vector<std::size_t> args;  ///< indices of earlier nodes
};

/// Nodes in evaluation order; the last one is the root.
using Raw = std::vector<RawNode>;

struct RawVariable {
  std::string name;
  ir::Sort sort;
  bool is_constant = false;  ///< matches constants only
};

struct Instance {
  unsigned width = 0;
  std::map<std::string, i128> parameters;  ///< w and the integer parameters
  std::vector<RawVariable> variables;
  std::size_t first = 0;   ///< "order:", indices of variables; equal: no such demand
  std::size_t second = 0;
  std::vector<Raw> conditions;  ///< those that do not follow from the parameters alone
  Raw match;
  Raw result;
  Raw wrong;

  /// "w=32 k=4", for messages.
  std::string describe() const;
};

/// All instances of a rule at one width; combinations whose integer conditions do not hold are left out.
/// Errors: "rules-type" at the sub-expression concerned.
ir::Result<std::vector<Instance>> instantiate(const RuleSyntax& rule, unsigned width);

/// The term that ir's constructors make, with `variables[i]` for variable i.
ir::Term build(const Raw& raw, const std::vector<ir::Term>& variables);
/// The value by the operators' own meaning (operators.cpp).
ir::u128 evaluate(const Raw& raw, const std::vector<ir::u128>& variables);
/// The variables that matcher and result share: "?x:32" stands for x of 32 bits in every rule.
std::vector<ir::Term> pattern_variables(const Instance& instance);

}  // namespace rules
