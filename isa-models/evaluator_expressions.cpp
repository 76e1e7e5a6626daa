// SPDX-License-Identifier: Apache-2.0
// Expressions of the partial evaluator. Static operands are computed at once; a term is only made where the state is
// involved. Single bits and flags stay Bools until a bit-vector is needed, so that conditions stay readable.
#include "ir/build.hpp"
#include "isa-models/evaluator.hpp"

namespace isa {

ir::Term Evaluator::as_term(const Value& value) const {
  return make([&] {
    if (value.is_static) return ir::bv(value.bits, value.width);
    if (value.bools.empty()) return value.term;
    std::vector<ir::Term> parts;
    for (ir::Term part : value.bools) parts.push_back(ir::bool_to_bv(part, 1));
    return ir::concat(parts);
  });
}

ir::Term Evaluator::as_condition(const Value& value) const {
  return make([&] { return value.is_static ? ir::boolean(value.number != 0) : value.term; });
}

std::vector<ir::Term> Evaluator::as_bools(const Value& value) const {
  if (!value.bools.empty()) return value.bools;
  std::vector<ir::Term> result(value.width);
  for (unsigned i = 0; i < value.width; ++i)
    result[i] = make([&] {
      const unsigned index = value.width - 1 - i;
      return value.is_static ? ir::boolean(((value.bits >> index) & 1) != 0) : ir::bit(value.term, index);
    });
  return result;
}

namespace {

Value from_bools(std::vector<ir::Term> bools) {
  bool all_constant = true;
  u128 bits = 0;
  for (ir::Term term : bools) {
    all_constant = all_constant && term && term.is_constant();
    bits = (bits << 1) | static_cast<u128>(term && term.is_true());
  }
  const auto width = static_cast<unsigned>(bools.size());
  if (all_constant) return Value::constant(bits, width);
  Value value = Value::dynamic({}, width);
  value.bools = std::move(bools);
  return value;
}

bool keeps_bools(const Value& value) { return value.is_static || value.width == 1 || !value.bools.empty(); }

}  // namespace

u128 Evaluator::static_bits(const Value& value, Position where, const char* what) const {
  if (!value.is_static || value.kind != ValueKind::bits)
    fail(where, std::string(what) + " must be bits known from the word alone");
  return value.bits;
}

i128 Evaluator::eval_integer(const Expr& expr) {
  const Value value = eval(expr);
  if (value.kind != ValueKind::integer) fail(expr.where, std::string("expected an integer, found ") + kind_name(value.kind));
  return value.number;
}

unsigned Evaluator::eval_width(const Expr& expr) {
  const i128 width = eval_integer(expr);
  if (width < 1 || width > 128) fail(expr.where, "a width is 1 to 128 bits");
  return static_cast<unsigned>(width);
}

Value Evaluator::eval(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::integer: return Value::integer(expr.number);
    case ExprKind::bits: return Value::constant(expr.bits, expr.width);
    case ExprKind::text: return Value::string(expr.text);
    case ExprKind::boolean: return Value::boolean(expr.number != 0);
    case ExprKind::name: {
      const Value* variable = find_variable(expr.symbol);
      if (variable == nullptr) fail(expr.where, "no variable `" + data_.symbols.name(expr.symbol) + "`");
      return *variable;
    }
    case ExprKind::unary: return eval_unary(expr);
    case ExprKind::binary: return eval_binary(expr);
    case ExprKind::conditional: return eval_conditional(expr, 0);
    case ExprKind::call: return eval_call(expr);
    case ExprKind::slice: return eval_slice(expr);
    case ExprKind::tuple: {
      std::vector<Value> items;
      for (const ExprPtr& item : expr.args) items.push_back(eval(*item));
      return Value::tuple(std::move(items));
    }
    case ExprKind::matches: return eval_matches(expr);
    case ExprKind::state: return eval_state(expr);
  }
  fail(expr.where, "unknown expression");
}

Value Evaluator::eval_unary(const Expr& expr) {
  const Value value = eval(*expr.args[0]);
  if (expr.op == Operator::negate) {
    if (value.kind != ValueKind::integer) fail(expr.where, "`-` needs an integer");
    return Value::integer(-value.number);
  }
  if (value.kind != ValueKind::boolean) fail(expr.where, "`!` needs a boolean");
  if (value.is_static) return Value::boolean(value.number == 0);
  return Value::condition(make([&] { return ir::logical_not(value.term); }));
}

Value Evaluator::eval_binary(const Expr& expr) {
  if (expr.op == Operator::land || expr.op == Operator::lor) return logical_binary(expr);
  const Value a = eval(*expr.args[0]);
  const Value b = eval(*expr.args[1]);
  if (expr.op == Operator::concat) return concat(expr, a, b);
  if (a.kind != b.kind)
    fail(expr.where, std::string("operands are ") + kind_name(a.kind) + " and " + kind_name(b.kind));
  if (expr.op == Operator::eq || expr.op == Operator::ne) return compare(expr, a, b);
  if (a.kind == ValueKind::integer) return integer_binary(expr, a.number, b.number);
  if (a.kind == ValueKind::bits) return bits_binary(expr, a, b);
  fail(expr.where, std::string("this operator does not take ") + kind_name(a.kind));
}

Value Evaluator::logical_binary(const Expr& expr) {
  const Value a = eval(*expr.args[0]);
  if (a.kind != ValueKind::boolean) fail(expr.where, "`&&` and `||` need booleans");
  const bool is_and = expr.op == Operator::land;
  if (a.is_static && (a.number != 0) != is_and) return a;
  const Value b = eval(*expr.args[1]);
  if (b.kind != ValueKind::boolean) fail(expr.where, "`&&` and `||` need booleans");
  if (a.is_static) return b;
  return Value::condition(make([&] {
    return is_and ? ir::logical_and(a.term, as_condition(b)) : ir::logical_or(a.term, as_condition(b));
  }));
}

Value Evaluator::integer_binary(const Expr& expr, i128 a, i128 b) {
  constexpr i128 limit = i128{1} << 100;
  if (a > limit || a < -limit || b > limit || b < -limit) fail(expr.where, "an integer is too large");
  switch (expr.op) {
    case Operator::add: return Value::integer(a + b);
    case Operator::sub: return Value::integer(a - b);
    case Operator::mul:
      if ((a > (i128{1} << 50) || a < -(i128{1} << 50)) && b != 0 && b != 1) fail(expr.where, "an integer is too large");
      if (b > (i128{1} << 50) || b < -(i128{1} << 50)) fail(expr.where, "an integer is too large");
      return Value::integer(a * b);
    case Operator::div:
    case Operator::mod: {
      if (b <= 0) fail(expr.where, "the divisor must be positive");
      const i128 rest = ((a % b) + b) % b;
      return Value::integer(expr.op == Operator::mod ? rest : (a - rest) / b);
    }
    case Operator::shift_left:
    case Operator::shift_right:
      if (b < 0 || b > 64 || a < 0 || (a >> 40) != 0) fail(expr.where, "this shift of integers is out of range");
      return Value::integer(expr.op == Operator::shift_left ? a << b : a >> b);
    case Operator::lt: return Value::boolean(a < b);
    case Operator::le: return Value::boolean(a <= b);
    case Operator::gt: return Value::boolean(a > b);
    case Operator::ge: return Value::boolean(a >= b);
    default: fail(expr.where, "this operator does not take integers");
  }
}

Value Evaluator::bits_binary(const Expr& expr, const Value& a, const Value& b) {
  if (a.width != b.width)
    fail(expr.where, "operands have " + std::to_string(a.width) + " and " + std::to_string(b.width) + " bits, expected equal widths");
  const bool known = a.is_static && b.is_static;
  const auto result = [&](u128 value, auto build) {
    if (known) return Value::constant(value, a.width);
    return Value::dynamic(make([&] { return build(as_term(a), as_term(b)); }), a.width);
  };
  switch (expr.op) {
    case Operator::add: return result(a.bits + b.bits, ir::add);
    case Operator::sub: return result(a.bits - b.bits, ir::sub);
    case Operator::mul: return result(a.bits * b.bits, ir::mul);
    case Operator::bit_and: return result(a.bits & b.bits, ir::bit_and);
    case Operator::bit_or: return result(a.bits | b.bits, ir::bit_or);
    case Operator::bit_xor: return result(a.bits ^ b.bits, ir::bit_xor);
    default: fail(expr.where, "this operator does not take bits; compare UInt() or SInt() of static bits");
  }
}

Value Evaluator::compare(const Expr& expr, const Value& a, const Value& b) {
  const bool equal = expr.op == Operator::eq;
  if (a.kind == ValueKind::integer) return Value::boolean((a.number == b.number) == equal);
  if (a.kind == ValueKind::text) return Value::boolean((a.text == b.text) == equal);
  if (a.kind == ValueKind::boolean) {
    if (a.is_static && b.is_static) return Value::boolean((a.number == b.number) == equal);
    return Value::condition(make([&] {
      return equal ? ir::eq(as_condition(a), as_condition(b)) : ir::ne(as_condition(a), as_condition(b));
    }));
  }
  if (a.kind != ValueKind::bits) fail(expr.where, std::string("cannot compare ") + kind_name(a.kind));
  if (a.width != b.width)
    fail(expr.where, "operands have " + std::to_string(a.width) + " and " + std::to_string(b.width) + " bits, expected equal widths");
  if (a.is_static && b.is_static) return Value::boolean((a.bits == b.bits) == equal);
  return Value::condition(make([&] {
    ir::Term same;
    if (a.width <= 4 && keeps_bools(a) && keeps_bools(b)) {
      const auto left = as_bools(a);
      const auto right = as_bools(b);
      same = ir::boolean(true);
      for (unsigned i = 0; i < a.width; ++i) same = ir::logical_and(same, ir::eq(left[i], right[i]));
    } else {
      same = ir::eq(as_term(a), as_term(b));
    }
    return equal ? same : ir::logical_not(same);
  }));
}

Value Evaluator::concat(const Expr& expr, const Value& a, const Value& b) {
  if (a.kind == ValueKind::text && b.kind == ValueKind::text) return Value::string(a.text + b.text);
  if (a.kind != ValueKind::bits || b.kind != ValueKind::bits) fail(expr.where, "`::` joins bits (or texts)");
  if (a.width + b.width > 128) fail(expr.where, "the result has more than 128 bits");
  const unsigned width = a.width + b.width;
  if (a.is_static && b.is_static) return Value::constant((a.bits << b.width) | b.bits, width);
  if (width <= 4 && keeps_bools(a) && keeps_bools(b)) {
    std::vector<ir::Term> bools = as_bools(a);
    for (ir::Term part : as_bools(b)) bools.push_back(part);
    return from_bools(std::move(bools));
  }
  return Value::dynamic(make([&] { return ir::concat(as_term(a), as_term(b)); }), width);
}

Value Evaluator::eval_conditional(const Expr& expr, std::size_t at) {
  if (at + 1 == expr.args.size()) return eval(*expr.args[at]);
  const Value condition = eval(*expr.args[at]);
  if (condition.kind != ValueKind::boolean) fail(expr.where, "the condition is not a boolean");
  if (condition.is_static) {
    if (condition.number != 0) return eval(*expr.args[at + 1]);
    return eval_conditional(expr, at + 2);
  }
  path_.push_back(condition);
  const Value yes = eval(*expr.args[at + 1]);
  const Value no = eval_conditional(expr, at + 2);
  path_.pop_back();
  return select(condition, yes, no, expr.where);
}

Value Evaluator::select(const Value& condition, const Value& yes, const Value& no, Position where) const {
  if (yes.kind != no.kind || yes.width != no.width) fail(where, std::string("the two sides are ") + kind_name(yes.kind) + " (" + std::to_string(yes.width) + ") and " + kind_name(no.kind) + " (" + std::to_string(no.width) + "), expected equal types and widths");
  switch (yes.kind) {
    case ValueKind::integer:
      if (yes.number != no.number) fail(where, "an integer may not depend on the state");
      return yes;
    case ValueKind::boolean:
      if (yes.is_static && no.is_static && yes.number == no.number) return yes;
      return Value::condition(make([&] { return ir::ite(condition.term, as_condition(yes), as_condition(no)); }));
    case ValueKind::bits:
      if (yes.is_static && no.is_static && yes.bits == no.bits) return yes;
      if (yes.width <= 4 && keeps_bools(yes) && keeps_bools(no)) {
        const std::vector<ir::Term> left = as_bools(yes);
        const std::vector<ir::Term> right = as_bools(no);
        std::vector<ir::Term> merged(yes.width);
        for (unsigned i = 0; i < yes.width; ++i) merged[i] = make([&] { return ir::ite(condition.term, left[i], right[i]); });
        // Of four flags the last is rebuilt from "first differs from last" (N != V: signed less), which then survives as one
        // ite when a later condition asks for it. The same function: v = ((n != v) != n).
        if (yes.width == 4)
          merged[3] = make([&] {
            return ir::ne(ir::ite(condition.term, ir::ne(left[0], left[3]), ir::ne(right[0], right[3])), merged[0]);
          });
        return from_bools(std::move(merged));
      }
      return Value::dynamic(make([&] { return ir::ite(condition.term, as_term(yes), as_term(no)); }), yes.width);
    case ValueKind::text:
      if (yes.text != no.text) fail(where, "a text may not depend on the state");
      return yes;
    case ValueKind::tuple: {
      if (yes.items.size() != no.items.size()) fail(where, "the two sides are tuples of different size");
      std::vector<Value> items;
      for (std::size_t i = 0; i < yes.items.size(); ++i)
        items.push_back(select(condition, yes.items[i], no.items[i], where));
      return Value::tuple(std::move(items));
    }
    case ValueKind::none: break;
  }
  return {};
}

Value Evaluator::eval_slice(const Expr& expr) {
  const Value value = eval(*expr.args[0]);
  const i128 hi = eval_integer(*expr.args[1]);
  const i128 lo = expr.args.size() > 2 ? eval_integer(*expr.args[2]) : hi;
  if (lo < 0 || hi < lo || hi > 127) fail(expr.where, "a slice is [high:low]");
  if (value.kind == ValueKind::integer)
    return Value::constant(static_cast<u128>(value.number >> static_cast<int>(lo)), static_cast<unsigned>(hi - lo + 1));
  if (value.kind != ValueKind::bits) fail(expr.where, std::string("cannot slice ") + kind_name(value.kind));
  if (hi >= value.width) fail(expr.where, "the slice lies outside the value, expected positions below " + std::to_string(value.width));
  return slice(value, static_cast<unsigned>(hi), static_cast<unsigned>(lo));
}

Value Evaluator::slice(const Value& value, unsigned hi, unsigned lo) const {
  const unsigned width = hi - lo + 1;
  if (value.is_static) return Value::constant(value.bits >> lo, width);
  if (!value.bools.empty()) {
    const auto first = value.bools.begin() + (value.width - 1 - hi);
    return from_bools(std::vector<ir::Term>(first, first + width));
  }
  return Value::dynamic(make([&] { return ir::extract(hi, lo, value.term); }), width);
}

Value Evaluator::eval_matches(const Expr& expr) {
  const Value value = eval(*expr.args[0]);
  const u128 bits = static_bits(value, expr.where, "the value before IN");
  bool hit = false;
  for (const BitPattern& pattern : expr.patterns) {
    if (pattern.width != value.width)
      fail(expr.where, "a pattern of " + std::to_string(pattern.width) + " bits for a value of " + std::to_string(value.width));
    hit = hit || (bits & pattern.care) == pattern.bits;
  }
  return Value::boolean(hit);
}

Value Evaluator::eval_state(const Expr& expr) {
  if (!in_execute_) fail(expr.where, "the decode section may not read PSTATE");
  constexpr std::string_view names = "NZCV";
  std::vector<ir::Term> bools;
  for (unsigned i = 0; i < 4; ++i)
    if (expr.text == "NZCV" || expr.text[0] == names[i]) bools.push_back(flag(i));
  return from_bools(std::move(bools));
}

}  // namespace isa
