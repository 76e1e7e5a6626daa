// SPDX-License-Identifier: Apache-2.0
// Calls of prelude functions and the pure builtins of the partial evaluator.
#include "ir/build.hpp"
#include "isa-models/evaluator.hpp"

namespace isa {
namespace {

constexpr unsigned call_limit = 20;

unsigned leading_zeros(u128 value, unsigned width) {
  unsigned count = 0;
  while (count < width && ((value >> (width - 1 - count)) & 1) == 0) ++count;
  return count;
}

}  // namespace

Value Evaluator::eval_call(const Expr& expr) {
  std::vector<Value> args;
  args.reserve(expr.args.size());
  for (const ExprPtr& arg : expr.args) args.push_back(eval(*arg));
  if (expr.function >= 0) return call_function(expr, data_.functions[static_cast<std::size_t>(expr.function)], std::move(args));
  if (expr.builtin < 0) fail(expr.where, "no function `" + expr.text + "`");
  const auto builtin = static_cast<Builtin>(expr.builtin);
  const BuiltinRow& row = builtin_row(builtin);
  if (args.size() != row.parameters.size() || expr.widths.size() != row.widths)
    fail(expr.where, "`" + expr.text + "` takes another number of arguments");
  for (std::size_t i = 0; i < args.size(); ++i) {
    const char want = row.parameters[i];
    const ValueKind kind = args[i].kind;
    const bool fits = (want == 'i' && kind == ValueKind::integer) || (want == 'b' && kind == ValueKind::bits) ||
                      (want == 'c' && kind == ValueKind::boolean) || (want == 's' && kind == ValueKind::text) ||
                      (want == 'v' && (kind == ValueKind::integer || kind == ValueKind::bits));
    if (!fits)
      fail(expr.args[i]->where, "argument " + std::to_string(i + 1) + " of `" + expr.text + "` is " + kind_name(kind));
  }
  return call_builtin(expr, builtin, expr.widths.empty() ? 0 : eval_width(*expr.widths[0]), args);
}

Value Evaluator::call_function(const Expr& expr, const Function& function, std::vector<Value> args) {
  if (args.size() != function.parameters.size() || expr.widths.size() != function.widths.size())
    fail(expr.where, "`" + expr.text + "` takes another number of arguments");
  if (++depth_ > call_limit) fail(expr.where, "calls are nested too deeply");
  std::vector<std::pair<Symbol, Value>> locals;
  for (std::size_t i = 0; i < function.widths.size(); ++i)
    locals.emplace_back(function.widths[i], Value::integer(eval_integer(*expr.widths[i])));
  const std::size_t mark = state_.variables.size();
  const std::size_t caller = frame_;
  for (std::size_t i = 0; i < args.size(); ++i) locals.emplace_back(function.parameters[i].symbol, args[i]);
  for (auto& local : locals) state_.variables.push_back(std::move(local));
  frame_ = mark;
  const auto check = [&](const Value& value, const Parameter& type, Position where, const std::string& what) {
    if (value.kind != type.kind) fail(where, what + " is " + kind_name(value.kind) + ", expected " + kind_name(type.kind));
    if (type.kind == ValueKind::bits && value.width != eval_width(*type.width))
      fail(where, what + " has " + std::to_string(value.width) + " bits, expected " + std::to_string(eval_width(*type.width)));
  };
  for (std::size_t i = 0; i < args.size(); ++i)
    check(args[i], function.parameters[i], expr.args[i]->where, "argument " + std::to_string(i + 1) + " of `" + expr.text + "`");
  if (!run(function.body)) fail(function.where, "`" + function.name + "` ends without `return`");
  Value result = std::exchange(returned_, {});
  if (function.results.size() == 1) {
    check(result, function.results[0], function.where, "the result of `" + function.name + "`");
  } else {
    if (result.kind != ValueKind::tuple || result.items.size() != function.results.size())
      fail(function.where, "`" + function.name + "` does not return its declared tuple");
    for (std::size_t i = 0; i < result.items.size(); ++i)
      check(result.items[i], function.results[i], function.where, "a result of `" + function.name + "`");
  }
  state_.variables.resize(mark);
  frame_ = caller;
  --depth_;
  if (function.name == "AddWithCarry" && args.size() == 3 && mode_ == Mode::lift)
    return add_with_carry(args[0], args[1], args[2], result);
  return result;
}

// The same function as the prelude's AddWithCarry (the tests compare both), in the shape that comparisons
// normalise well: carry as an unsigned, overflow as a signed comparison of the operands.
Value Evaluator::add_with_carry(const Value& x, const Value& y, const Value& carry, const Value& text_meaning) const {
  if (!carry.is_static || (x.is_static && y.is_static)) return text_meaning;
  const unsigned width = x.width;
  const ir::Term a = as_term(x);
  const u128 minimum = u128{1} << (width - 1);
  ir::Term subtrahend;
  if (carry.bits == 1) subtrahend = ir::bit_not(as_term(y));
  if (carry.bits == 0 && y.is_static && y.bits != 0 && y.bits != minimum) subtrahend = ir::bv(~y.bits + 1, width);
  if (!subtrahend) return text_meaning;
  const ir::Term sum = ir::sub(a, subtrahend);
  const ir::Term negative = ir::slt(sum, ir::bv(0, width));
  const ir::Term below = ir::slt(a, subtrahend);
  Value flags = Value::dynamic({}, 4);
  flags.bools = {negative, ir::eq(a, subtrahend), ir::ule(subtrahend, a), ir::ne(below, negative)};
  return Value::tuple({Value::dynamic(sum, width), flags});
}

Value Evaluator::call_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args) {
  if (builtin <= Builtin::HighestSetBit) return static_builtin(expr, builtin, width, args);
  if (builtin <= Builtin::ReverseBytes) return arithmetic_builtin(expr, builtin, width, args);
  if (builtin >= Builtin::Reg) return text_builtin(expr, builtin, width, args);
  if (!in_execute_ && builtin != Builtin::PC) fail(expr.where, "`" + expr.text + "` belongs to the execute section");
  return effect_builtin(expr, builtin, width, args);
}

Value Evaluator::static_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args) {
  switch (builtin) {
    case Builtin::UInt: {
      const u128 bits = static_bits(args[0], expr.where, "the operand of UInt");
      if (args[0].width > 100) fail(expr.where, "UInt of more than 100 bits");
      return Value::integer(static_cast<i128>(bits));
    }
    case Builtin::SInt:
      static_bits(args[0], expr.where, "the operand of SInt");
      return Value::integer(signed_value(args[0].bits, args[0].width));
    case Builtin::Bits: return Value::constant(static_cast<u128>(args[0].number), width);
    case Builtin::Zeros: return Value::constant(0, width);
    case Builtin::Ones: return Value::constant(~u128{0}, width);
    case Builtin::ZeroExtend:
      if (width < args[0].width) fail(expr.where, "ZeroExtend from " + std::to_string(args[0].width) + " to " + std::to_string(width) + " bits, expected no fewer");
      if (args[0].is_static) return Value::constant(args[0].bits, width);
      if (width == args[0].width) return args[0];
      return Value::dynamic(make([&] { return ir::zext(as_term(args[0]), width); }), width);
    case Builtin::SignExtend:
      if (width < args[0].width) fail(expr.where, "SignExtend from " + std::to_string(args[0].width) + " to " + std::to_string(width) + " bits, expected no fewer");
      if (args[0].is_static) return Value::constant(static_cast<u128>(signed_value(args[0].bits, args[0].width)), width);
      if (width == args[0].width) return args[0];
      return Value::dynamic(make([&] { return ir::sext(as_term(args[0]), width); }), width);
    case Builtin::Replicate: {
      if (width % args[0].width != 0) fail(expr.where, "Replicate to a width that is no multiple");
      Value result = args[0];
      while (result.width < width) result = concat(expr, result, args[0]);
      return result;
    }
    case Builtin::NOT:
      if (args[0].is_static) return Value::constant(~args[0].bits, args[0].width);
      return Value::dynamic(make([&] { return ir::bit_not(as_term(args[0])); }), args[0].width);
    case Builtin::IsZero:
      if (args[0].is_static) return Value::boolean(args[0].bits == 0);
      return Value::condition(make([&] { return ir::eq(as_term(args[0]), ir::bv(0, args[0].width)); }));
    default: {
      const u128 bits = static_bits(args[0], expr.where, "the operand of HighestSetBit");
      return Value::integer(static_cast<i128>(args[0].width) - 1 - leading_zeros(bits, args[0].width));
    }
  }
}

Value Evaluator::shift(const Expr& expr, Builtin builtin, const Value& value, const Value& amount) {
  const unsigned width = value.width;
  if (amount.kind == ValueKind::bits && amount.width != width) fail(expr.where, "the amount does not have the value's width");
  if (!amount.is_static) {
    return Value::dynamic(make([&] {
      const ir::Term a = as_term(value);
      const ir::Term n = as_term(amount);
      if (builtin == Builtin::LSL) return ir::shl(a, n);
      if (builtin == Builtin::LSR) return ir::lshr(a, n);
      if (builtin == Builtin::ASR) return ir::ashr(a, n);
      return ir::ror(a, n);
    }), width);
  }
  const i128 count = amount.kind == ValueKind::integer ? amount.number : static_cast<i128>(amount.bits);
  if (count < 0 || count >= width) fail(expr.where, "a shift amount is 0 to width - 1");
  if (count == 0) return value;
  const auto n = static_cast<unsigned>(count);
  switch (builtin) {
    case Builtin::LSL: return concat(expr, slice(value, width - 1 - n, 0), Value::constant(0, n));
    case Builtin::LSR: return concat(expr, Value::constant(0, n), slice(value, width - 1, n));
    case Builtin::ROR: return concat(expr, slice(value, n - 1, 0), slice(value, width - 1, n));
    default: {
      const Value high = slice(value, width - 1, n);
      if (high.is_static) return Value::constant(static_cast<u128>(signed_value(high.bits, high.width)), width);
      return Value::dynamic(make([&] { return ir::sext(as_term(high), width); }), width);
    }
  }
}

Value Evaluator::arithmetic_builtin(const Expr& expr, Builtin builtin, unsigned, std::vector<Value>& args) {
  const Value& a = args[0];
  switch (builtin) {
    case Builtin::LSL:
    case Builtin::LSR:
    case Builtin::ASR:
    case Builtin::ROR: return shift(expr, builtin, a, args[1]);
    case Builtin::UDIV:
    case Builtin::SDIV:
      if (a.width != args[1].width) fail(expr.where, "operands have " + std::to_string(a.width) + " and " + std::to_string(args[1].width) + " bits, expected equal widths");
      return Value::dynamic(make([&] {
        return builtin == Builtin::UDIV ? ir::udiv(as_term(a), as_term(args[1])) : ir::sdiv(as_term(a), as_term(args[1]));
      }), a.width);
    case Builtin::CountLeadingZeros: return Value::dynamic(make([&] { return ir::clz(as_term(a)); }), a.width);
    case Builtin::ReverseBits: return Value::dynamic(make([&] { return ir::rbit(as_term(a)); }), a.width);
    default:
      if (a.width % 8 != 0) fail(expr.where, "ReverseBytes needs whole bytes");
      return Value::dynamic(make([&] { return ir::byte_swap(as_term(a)); }), a.width);
  }
}

}  // namespace isa
