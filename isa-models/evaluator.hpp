// SPDX-License-Identifier: Apache-2.0
// The partial evaluator: runs a group's text on one concrete word. Static parts are computed; dynamic parts become ir terms over the
// state before the instruction. A wrong model (width mismatch, effect under a dynamic condition) is a located
// isa-model error, thrown as ir::Error and caught at the border (lift.cpp, check.cpp).
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "isa-models/builtins.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/value.hpp"

namespace isa {

class Evaluator {
 public:
  enum class Mode : std::uint8_t {
    lift,
    literal,  ///< like lift, but AddWithCarry exactly as the prelude's text says (the tests prove both equal)
    check,    ///< no term is made, only widths are followed
  };

  Evaluator(const ModelData& data, const GroupData& group, const Encoding& encoding, std::uint32_t word, Mode mode);

  void set_address(std::uint64_t address) { address_ = address; }
  /// Features whose hints do nothing: FeatureHint gives back the value that it was given.
  void set_absent(const std::set<std::string>& features) { absent_ = &features; }
  /// Runs the decode section: throws isa-undefined and isa-unpredictable.
  void decode();
  /// Runs the execute section after decode().
  void execute();
  /// The text of the first matching `asm` rule after decode(). Without an address PC() is 0.
  std::string text();
  /// The variables of the decode section after decode(), with their values as text.
  std::vector<std::pair<std::string, std::string>> values() const;
  /// A static condition over the decoded fields (a `test` clause).
  bool holds(const Expr& condition);
  /// What execute() did, in the form of isa.hpp. Not in check mode.
  Lifted result();

 private:
  static constexpr unsigned sp_index = 31;

  /// A pending write of a register or flag.
  struct Slot {
    bool written = false;
    ir::Term term;
  };
  struct State {
    std::array<Slot, 32> registers;  ///< X0..X30, SP
    std::array<Slot, 32> vectors;    ///< V0..V31
    std::array<Slot, 4> flags;       ///< N Z C V
    std::vector<std::pair<Symbol, Value>> variables;
  };

  [[noreturn]] void fail(Position where, std::string message) const;
  template <typename F>
  ir::Term make(F build) const {
    return mode_ != Mode::check ? build() : ir::Term{};
  }

  // Statements.
  bool run(const Body& body);  ///< true when a `return` was met
  bool run_statement(const Stmt& stmt);
  bool run_branch(const Stmt& stmt, std::size_t from);
  bool run_dynamic_branch(const Stmt& stmt, std::size_t index, const Value& condition);
  bool run_select(const Stmt& stmt);
  [[noreturn]] void reject(const Stmt& stmt);
  void declare(const Stmt& stmt);
  void assign(const Expr& place, Value value);
  void assign_slice(const Expr& place, const Value& value);
  void assign_call(const Expr& place, const Value& value);
  Value* find_variable(Symbol symbol);
  static State merge(const Evaluator& self, const Value& condition, const State& yes, const State& no, Position where);

  // Expressions.
  Value eval(const Expr& expr);
  i128 eval_integer(const Expr& expr);
  unsigned eval_width(const Expr& expr);
  Value eval_unary(const Expr& expr);
  Value eval_binary(const Expr& expr);
  Value integer_binary(const Expr& expr, i128 a, i128 b);
  Value bits_binary(const Expr& expr, const Value& a, const Value& b);
  Value logical_binary(const Expr& expr);
  Value compare(const Expr& expr, const Value& a, const Value& b);
  Value concat(const Expr& expr, const Value& a, const Value& b);
  Value eval_conditional(const Expr& expr, std::size_t at);
  Value eval_slice(const Expr& expr);
  Value slice(const Value& value, unsigned hi, unsigned lo) const;
  Value eval_matches(const Expr& expr);
  Value eval_state(const Expr& expr);
  Value select(const Value& condition, const Value& yes, const Value& no, Position where) const;

  // Calls.
  Value eval_call(const Expr& expr);
  Value call_function(const Expr& expr, const Function& function, std::vector<Value> args);
  Value add_with_carry(const Value& x, const Value& y, const Value& carry, const Value& text_meaning) const;
  Value call_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args);
  Value static_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args);
  Value arithmetic_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args);
  Value effect_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args);
  Value text_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args);
  void control_builtin(const Expr& expr, Builtin builtin, const Value& target);
  Value shift(const Expr& expr, Builtin builtin, const Value& value, const Value& amount);

  // State.
  Value read_register(const Expr& where, i128 number, unsigned width, bool sp);
  void write_register(const Expr& where, i128 number, unsigned width, bool sp, const Value& value);
  Value read_vector(const Expr& where, i128 number, unsigned width);
  void write_vector(const Expr& where, i128 number, unsigned width, const Value& value);
  ir::Term flag(unsigned index) const;
  void write_flags(const Expr& place, const Value& value);
  Value emit_load(const Expr& expr, unsigned width, const Value& address, ir::Order order);
  void emit_store(const Expr& expr, unsigned width, const Value& address, const Value& value, ir::Order order);
  Value emit_effect(const Expr& expr, ir::Effect effect, unsigned result_width);
  void require_unconditional(const Expr& expr, const char* what) const;
  unsigned access_bytes(const Expr& expr, unsigned width) const;

  ir::Term as_term(const Value& value) const;
  ir::Term as_condition(const Value& value) const;
  std::vector<ir::Term> as_bools(const Value& value) const;
  u128 static_bits(const Value& value, Position where, const char* what) const;
  std::string render(const std::vector<TextPiece>& pieces);
  std::string register_text(i128 number, unsigned width, bool sp, Position where) const;
  std::string vector_text(i128 number, unsigned width, Position where) const;

  const ModelData& data_;
  const GroupData& group_;
  Mode mode_;
  std::uint32_t word_;
  std::optional<std::uint64_t> address_;
  const std::set<std::string>* absent_ = nullptr;
  State state_;
  std::size_t fields_ = 0;       ///< so many variables are the encoding's
  std::size_t frame_ = 0;        ///< first variable visible to the running function
  unsigned depth_ = 0;           ///< function calls
  bool in_execute_ = false;
  std::vector<Value> path_;      ///< dynamic conditions around the current statement
  Value returned_;
  unsigned temporaries_ = 0;
  std::size_t effects_ = 0;      ///< ops emitted, also counted in check mode
  std::vector<MicroOp> ops_;
  bool transferred_ = false;
  Transfer transfer_;
  std::string feature_;
  bool uses_vectors_ = false;
};

}  // namespace isa
