// SPDX-License-Identifier: Apache-2.0
// The text of a rule file as a tree, before any width is known. The grammar stands in README.md ("Reference").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/result.hpp"
#include "ir/term.hpp"

namespace rules {

__extension__ typedef __int128 i128;

/// `17`, `x` or `(op e ...)`. Sorts are found out later (instance.hpp), once for each width.
struct Expr {
  enum class Kind : std::uint8_t { number, name, apply } kind = Kind::number;
  std::string text;  ///< name, or operator of an application
  i128 number = 0;
  std::vector<Expr> args;
  ir::Location where;
};

/// A declared name: `var x: bits EXPR`, `var b: bool`, `const c: bits EXPR`, `int k: LO .. HI`.
struct Declaration {
  enum class Kind : std::uint8_t { boolean, bits, constant, integer } kind = Kind::bits;
  std::string name;
  Expr width;  ///< bits, constant: an integer expression
  Expr low;    ///< integer: both ends belong to the range
  Expr high;
  ir::Location where;
};

struct RuleSyntax {
  std::string name;
  std::string origin;
  std::vector<unsigned> widths;
  std::vector<Declaration> declarations;
  std::vector<Expr> conditions;  ///< all must hold
  std::string first;   ///< "order: first second": fires only if `first` is the older term; both empty: no such demand
  std::string second;
  Expr match;
  Expr result;
  Expr wrong;
  ir::Location where;
};

/// Reads a whole file. Errors: "rules-syntax", with what was found, what was expected, and the rule's name.
ir::Result<std::vector<RuleSyntax>> parse_syntax(std::string_view text, const std::string& file);

/// The expression as the file writes it, with single spaces.
std::string to_text(const Expr& expr);
std::string to_text(i128 number);

}  // namespace rules
