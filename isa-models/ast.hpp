// SPDX-License-Identifier: Apache-2.0
// The syntax tree of .isa text. Names are interned to small numbers once, so that evaluating a body compares integers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/term.hpp"

namespace isa {

using ir::u128;
__extension__ typedef __int128 i128;

struct Position {
  std::uint16_t file = 0;  ///< index into ModelData::files
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

using Symbol = int;

/// Names to dense numbers, for one set of model files.
class SymbolTable {
 public:
  Symbol intern(std::string_view name);
  Symbol find(std::string_view name) const;  ///< -1 when the name never occurred
  const std::string& name(Symbol symbol) const { return names_[static_cast<std::size_t>(symbol)]; }

 private:
  std::map<std::string, Symbol, std::less<>> numbers_;
  std::vector<std::string> names_;
};

enum class ExprKind : std::uint8_t {
  integer,      ///< number
  bits,         ///< bits, width
  text,         ///< text
  boolean,      ///< number 0 or 1
  name,         ///< symbol
  unary,        ///< op, args[0]
  binary,       ///< op, args[0..1]
  conditional,  ///< args: condition, value, [condition, value]..., else value
  call,         ///< builtin or function; widths are the {N}; args
  slice,        ///< args: value, hi, lo
  tuple,        ///< args
  matches,      ///< args[0] IN { patterns }
  state,        ///< PSTATE.<text>
};

enum class Operator : std::uint8_t {
  none, add, sub, mul, div, mod, shift_left, shift_right, concat, eq, ne, lt, le, gt, ge,
  land, lor, lnot, bit_and, bit_or, bit_xor, negate,
};

/// A pattern like '1x0': (value & care) must equal bits.
struct BitPattern {
  u128 bits = 0;
  u128 care = 0;
  unsigned width = 0;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  ExprKind kind = ExprKind::integer;
  Operator op = Operator::none;
  Position where;
  i128 number = 0;
  u128 bits = 0;
  unsigned width = 0;
  Symbol symbol = -1;
  int builtin = -1;   ///< call: index into the builtin table, or -1
  int function = -1;  ///< call: index into ModelData::functions, or -1
  std::string text;
  std::vector<ExprPtr> widths;
  std::vector<ExprPtr> args;
  std::vector<BitPattern> patterns;
};

enum class StmtKind : std::uint8_t {
  declare,        ///< targets (names, -1 for '-') = value
  assign,         ///< place (an lvalue expression) = value
  branch,         ///< if: conditions[i] guards bodies[i]; a last body without condition is the else
  select,         ///< case value of: patterns[i] guards bodies[i]; a last body without patterns is otherwise
  loop,           ///< for targets[0] = conditions[0] to conditions[1] do bodies[0]
  give,           ///< return value
  call,           ///< value is the call
  undefined,
  unpredictable,
  unsupported,    ///< an allocated encoding without a model
};

struct Stmt;
using Body = std::vector<std::unique_ptr<Stmt>>;

struct Stmt {
  StmtKind kind = StmtKind::call;
  Position where;
  bool is_mutable = false;
  std::vector<Symbol> targets;
  ExprPtr place;
  ExprPtr value;
  std::vector<ExprPtr> conditions;
  std::vector<std::vector<BitPattern>> patterns;
  std::vector<Body> bodies;
};

/// What kind of value an expression has; widths of bits are known only when a word is evaluated.
enum class ValueKind : std::uint8_t { integer, boolean, bits, text, tuple, none };

struct Parameter {
  Symbol symbol = -1;
  ValueKind kind = ValueKind::bits;
  ExprPtr width;  ///< bits only
};

/// A function of the prelude: func Name{N}(x: bits(N), n: integer) => bits(N)
struct Function {
  std::string name;
  Position where;
  std::vector<Symbol> widths;
  std::vector<Parameter> parameters;
  std::vector<Parameter> results;  ///< one, or several for a tuple; symbols unused
  Body body;
};

/// A field of an encoding: word bits [hi:lo].
struct Field {
  Symbol symbol = -1;
  unsigned hi = 0;
  unsigned lo = 0;
  unsigned width() const { return hi - lo + 1; }
};

struct Encoding {
  Position where;
  std::string text;
  std::uint32_t mask = 0;    ///< literal bits
  std::uint32_t match = 0;
  std::uint32_t should_mask = 0;  ///< (0) and (1) bits
  std::uint32_t should_match = 0;
  std::vector<Field> fields;  ///< MSB first
};

/// Disassembly text: literal text, an expression, or one of several alternatives chosen by an expression.
struct TextPiece {
  std::string literal;
  ExprPtr value;
  std::vector<std::vector<TextPiece>> alternatives;
};

struct TextRule {
  Position where;
  ExprPtr condition;  ///< null: always
  std::vector<TextPiece> pieces;
};

}  // namespace isa
