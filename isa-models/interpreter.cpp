// SPDX-License-Identifier: Apache-2.0
// Direct evaluation: every value is a number with a width. Builtins are written here from the Arm ARM's definitions, without
// looking at evaluator*.cpp.
#include "isa-models/interpreter.hpp"

#include "isa-models/builtins.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/names.hpp"

namespace isa {
namespace {

struct Number {
  ValueKind kind = ValueKind::none;
  unsigned width = 0;
  u128 bits = 0;    ///< bits; boolean 0 or 1
  i128 integer = 0;
  std::string text;
  std::vector<Number> items;
};

u128 ones(unsigned width) {
  u128 result = 0;
  for (unsigned i = 0; i < width; ++i) result = (result << 1) | 1;
  return result;
}
Number of_bits(u128 bits, unsigned width) { return {ValueKind::bits, width, bits & ones(width), 0, {}, {}}; }
Number of_bool(bool value) { return {ValueKind::boolean, 0, value ? u128{1} : u128{0}, 0, {}, {}}; }
Number of_integer(i128 value) { return {ValueKind::integer, 0, 0, value, {}, {}}; }
Number of_text(std::string text) { return {ValueKind::text, 0, 0, 0, std::move(text), {}}; }
i128 as_signed(const Number& value) {
  const bool negative = value.width != 0 && ((value.bits >> (value.width - 1)) & 1) != 0;
  const u128 extended = negative ? value.bits | ~ones(value.width) : value.bits;
  return static_cast<i128>(extended);
}

class Interpreter {
 public:
  Interpreter(const ModelData& data, MachineState& state, Environment& environment)
      : data_(data), state_(state), environment_(environment), next_(state.pc + 4) {}

  void run(const GroupData& group, const Encoding& encoding, std::uint32_t word) {
    for (const Field& field : encoding.fields) variables_.emplace_back(field.symbol, of_bits(word >> field.lo, field.width()));
    body(group.decode);
    body(group.execute);
    state_.pc = next_;
  }

 private:
  [[noreturn]] void fail(Position where, const std::string& message) const {
    throw model_error(data_, where, "interpreter: " + message);
  }
  void require(bool condition, Position where, const char* message) const {
    if (!condition) fail(where, message);
  }

  Number& variable(Symbol symbol, Position where) {
    for (std::size_t i = variables_.size(); i > frame_; --i)
      if (variables_[i - 1].first == symbol) return variables_[i - 1].second;
    fail(where, "no such variable");
  }

  bool scoped(const Body& list) {
    const std::size_t mark = variables_.size();
    const bool returned = body(list);
    variables_.resize(mark);
    return returned;
  }
  bool body(const Body& list) {
    for (const auto& stmt : list)
      if (statement(*stmt)) return true;
    return false;
  }

  bool statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::declare: {
        Number value = eval(*stmt.value);
        if (stmt.targets.size() == 1) {
          variables_.emplace_back(stmt.targets[0], std::move(value));
        } else {
          for (std::size_t i = 0; i < stmt.targets.size(); ++i)
            if (stmt.targets[i] >= 0) variables_.emplace_back(stmt.targets[i], value.items[i]);
        }
        return false;
      }
      case StmtKind::assign: assign(*stmt.place, eval(*stmt.value)); return false;
      case StmtKind::branch:
        for (std::size_t i = 0; i < stmt.bodies.size(); ++i)
          if (i >= stmt.conditions.size() || eval(*stmt.conditions[i]).bits != 0) return scoped(stmt.bodies[i]);
        return false;
      case StmtKind::select: {
        const Number value = eval(*stmt.value);
        for (std::size_t i = 0; i < stmt.bodies.size(); ++i)
          if (i >= stmt.patterns.size() || in(value, stmt.patterns[i], stmt.where)) return scoped(stmt.bodies[i]);
        fail(stmt.where, "no case matches");
      }
      case StmtKind::loop: {
        const i128 last = eval(*stmt.conditions[1]).integer;
        for (i128 i = eval(*stmt.conditions[0]).integer; i <= last; ++i) {
          variables_.emplace_back(stmt.targets[0], of_integer(i));
          const bool returned = scoped(stmt.bodies[0]);
          variables_.pop_back();
          if (returned) return true;
        }
        return false;
      }
      case StmtKind::give: returned_ = eval(*stmt.value); return true;
      case StmtKind::call: eval(*stmt.value); return false;
      case StmtKind::undefined: throw ir::Error{std::string(undefined), "UNDEFINED", {}};
      case StmtKind::unpredictable: throw ir::Error{std::string(unpredictable), "CONSTRAINED UNPREDICTABLE", {}};
      case StmtKind::unsupported: throw ir::Error{std::string(no_model), "not modelled", {}};
    }
    return false;
  }

  static bool in(const Number& value, const std::vector<BitPattern>& patterns, Position) {
    for (const BitPattern& pattern : patterns)
      if (pattern.width == value.width && ((value.bits ^ pattern.bits) & pattern.care) == 0) return true;
    return false;
  }

  void assign(const Expr& place, const Number& value) {
    if (place.kind == ExprKind::name) {
      variable(place.symbol, place.where) = value;
    } else if (place.kind == ExprKind::slice) {
      const auto hi = static_cast<unsigned>(eval(*place.args[1]).integer);
      const auto lo = place.args.size() > 2 ? static_cast<unsigned>(eval(*place.args[2]).integer) : hi;
      Number& target = variable(place.args[0]->symbol, place.where);
      require(hi >= lo && hi < target.width && value.width == hi - lo + 1, place.where, "bad slice");
      target.bits = (target.bits & ~(ones(hi - lo + 1) << lo)) | (value.bits << lo);
    } else if (place.kind == ExprKind::state) {
      if (place.text == "NZCV") {
        for (unsigned i = 0; i < 4; ++i) state_.nzcv[i] = ((value.bits >> (3 - i)) & 1) != 0;
      } else {
        state_.nzcv[std::string("NZCV").find(place.text[0])] = value.bits != 0;
      }
    } else {
      assign_call(place, value);
    }
  }

  void assign_call(const Expr& place, const Number& value) {
    const auto width = static_cast<unsigned>(eval(*place.widths[0]).integer);
    require(value.width == width, place.where, "bad width");
    const Number where = eval(*place.args[0]);
    switch (static_cast<Builtin>(place.builtin)) {
      case Builtin::X:
        if (where.integer != 31) state_.x.at(static_cast<std::size_t>(where.integer)) = static_cast<std::uint64_t>(value.bits);
        return;
      case Builtin::XSP:
        (where.integer == 31 ? state_.sp : state_.x.at(static_cast<std::size_t>(where.integer))) =
            static_cast<std::uint64_t>(value.bits);
        return;
      case Builtin::V: state_.v.at(static_cast<std::size_t>(where.integer)) = value.bits; return;
      case Builtin::MemUnprivileged:
        environment_.effect(ir::EffectKind::atomic, "sttr", {where.bits, value.bits}, width / 8);
        return;
      case Builtin::MemLimited:
        environment_.effect(ir::EffectKind::atomic, "stllr", {where.bits, value.bits}, width / 8);
        return;
      default: environment_.store(static_cast<std::uint64_t>(where.bits), width / 8, value.bits);
    }
  }

  Number eval(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::integer: return of_integer(expr.number);
      case ExprKind::bits: return of_bits(expr.bits, expr.width);
      case ExprKind::text: return of_text(expr.text);
      case ExprKind::boolean: return of_bool(expr.number != 0);
      case ExprKind::name: return variable(expr.symbol, expr.where);
      case ExprKind::unary:
        if (expr.op == Operator::negate) return of_integer(-eval(*expr.args[0]).integer);
        return of_bool(eval(*expr.args[0]).bits == 0);
      case ExprKind::binary: return binary(expr);
      case ExprKind::conditional: {
        std::size_t i = 0;
        while (i + 1 < expr.args.size() && eval(*expr.args[i]).bits == 0) i += 2;
        return eval(*expr.args[i + 1 < expr.args.size() ? i + 1 : i]);
      }
      case ExprKind::call: return call(expr);
      case ExprKind::slice: {
        const Number value = eval(*expr.args[0]);
        const auto hi = static_cast<unsigned>(eval(*expr.args[1]).integer);
        const auto lo = expr.args.size() > 2 ? static_cast<unsigned>(eval(*expr.args[2]).integer) : hi;
        require(hi >= lo && (value.kind == ValueKind::integer || hi < value.width), expr.where, "bad slice");
        const u128 bits = value.kind == ValueKind::integer ? static_cast<u128>(value.integer) : value.bits;
        return of_bits(bits >> lo, hi - lo + 1);
      }
      case ExprKind::tuple: {
        Number result;
        result.kind = ValueKind::tuple;
        for (const ExprPtr& item : expr.args) result.items.push_back(eval(*item));
        return result;
      }
      case ExprKind::matches: return of_bool(in(eval(*expr.args[0]), expr.patterns, expr.where));
      case ExprKind::state: {
        if (expr.text != "NZCV") return of_bits(state_.nzcv[std::string("NZCV").find(expr.text[0])] ? 1 : 0, 1);
        u128 bits = 0;
        for (bool flag : state_.nzcv) bits = bits * 2 + (flag ? 1 : 0);
        return of_bits(bits, 4);
      }
    }
    return {};
  }

  Number binary(const Expr& expr) {
    const Number a = eval(*expr.args[0]);
    if (expr.op == Operator::land && a.bits == 0) return a;
    if (expr.op == Operator::lor && a.bits != 0) return a;
    const Number b = eval(*expr.args[1]);
    const bool integers = a.kind == ValueKind::integer;
    const bool same = a.integer == b.integer && a.bits == b.bits && a.text == b.text;
    if (a.kind == ValueKind::bits && expr.op != Operator::concat) require(a.width == b.width, expr.where, "widths differ");
    switch (expr.op) {
      case Operator::land:
      case Operator::lor: return b;
      case Operator::add: return integers ? of_integer(a.integer + b.integer) : of_bits(a.bits + b.bits, a.width);
      case Operator::sub: return integers ? of_integer(a.integer - b.integer) : of_bits(a.bits - b.bits, a.width);
      case Operator::mul: return integers ? of_integer(a.integer * b.integer) : of_bits(a.bits * b.bits, a.width);
      case Operator::div: return of_integer(a.integer / b.integer);
      case Operator::mod: return of_integer(((a.integer % b.integer) + b.integer) % b.integer);
      case Operator::shift_left: return of_integer(a.integer << static_cast<int>(b.integer));
      case Operator::shift_right: return of_integer(a.integer >> static_cast<int>(b.integer));
      case Operator::eq: return of_bool(same);
      case Operator::ne: return of_bool(!same);
      case Operator::lt: return of_bool(a.integer < b.integer);
      case Operator::le: return of_bool(a.integer <= b.integer);
      case Operator::gt: return of_bool(a.integer > b.integer);
      case Operator::ge: return of_bool(a.integer >= b.integer);
      case Operator::bit_and: return of_bits(a.bits & b.bits, a.width);
      case Operator::bit_or: return of_bits(a.bits | b.bits, a.width);
      case Operator::bit_xor: return of_bits(a.bits ^ b.bits, a.width);
      case Operator::concat:
        if (a.kind == ValueKind::text) return of_text(a.text + b.text);
        return of_bits((b.width >= 128 ? 0 : a.bits << b.width) | b.bits, a.width + b.width);
      default: fail(expr.where, "bad operator");
    }
  }

  Number call(const Expr& expr) {
    std::vector<unsigned> widths;
    for (const ExprPtr& width : expr.widths) widths.push_back(static_cast<unsigned>(eval(*width).integer));
    std::vector<Number> args;
    for (const ExprPtr& arg : expr.args) args.push_back(eval(*arg));
    if (expr.function < 0) return builtin(expr, static_cast<Builtin>(expr.builtin), widths.empty() ? 0 : widths[0], args);
    const Function& function = data_.functions[static_cast<std::size_t>(expr.function)];
    const std::size_t mark = variables_.size();
    const std::size_t caller = std::exchange(frame_, mark);
    for (std::size_t i = 0; i < widths.size(); ++i) variables_.emplace_back(function.widths[i], of_integer(widths[i]));
    for (std::size_t i = 0; i < args.size(); ++i) variables_.emplace_back(function.parameters[i].symbol, args[i]);
    require(body(function.body), expr.where, "a function did not return");
    variables_.resize(mark);
    frame_ = caller;
    return std::exchange(returned_, {});
  }

  Number effect(ir::EffectKind kind, const std::string& detail, std::vector<u128> operands, unsigned bytes, unsigned width) {
    return of_bits(environment_.effect(kind, detail, operands, bytes), width);
  }

  static u128 amount_of(const Number& amount) {
    return amount.kind == ValueKind::integer ? static_cast<u128>(amount.integer) : amount.bits;
  }

  Number builtin(const Expr& expr, Builtin which, unsigned width, std::vector<Number>& args) {
    switch (which) {
      case Builtin::UInt: return of_integer(static_cast<i128>(args[0].bits));
      case Builtin::SInt: return of_integer(as_signed(args[0]));
      case Builtin::Bits: return of_bits(static_cast<u128>(args[0].integer), width);
      case Builtin::Zeros: return of_bits(0, width);
      case Builtin::Ones: return of_bits(~u128{0}, width);
      case Builtin::ZeroExtend: return of_bits(args[0].bits, width);
      case Builtin::SignExtend: return of_bits(static_cast<u128>(as_signed(args[0])), width);
      case Builtin::Replicate: {
        u128 bits = 0;
        for (unsigned at = 0; at < width; at += args[0].width) bits |= args[0].bits << at;
        return of_bits(bits, width);
      }
      case Builtin::NOT: return of_bits(~args[0].bits, args[0].width);
      case Builtin::IsZero: return of_bool(args[0].bits == 0);
      case Builtin::HighestSetBit: {
        int highest = -1;
        for (int i = 0; i < static_cast<int>(args[0].width); ++i)
          if (((args[0].bits >> i) & 1) != 0) highest = i;
        return of_integer(highest);
      }
      case Builtin::LSL:
      case Builtin::LSR:
      case Builtin::ASR:
      case Builtin::ROR: return shift(expr, which, args[0], amount_of(args[1]));
      case Builtin::UDIV: return of_bits(args[1].bits == 0 ? 0 : args[0].bits / args[1].bits, args[0].width);
      case Builtin::SDIV:
        return of_bits(args[1].bits == 0 ? 0 : static_cast<u128>(as_signed(args[0]) / as_signed(args[1])), args[0].width);
      case Builtin::CountLeadingZeros: {
        unsigned count = 0;
        for (unsigned i = args[0].width; i > 0 && ((args[0].bits >> (i - 1)) & 1) == 0; --i) ++count;
        return of_bits(count, args[0].width);
      }
      case Builtin::ReverseBits:
      case Builtin::ReverseBytes: {
        const unsigned unit = which == Builtin::ReverseBits ? 1 : 8;
        u128 bits = 0;
        for (unsigned at = 0; at < args[0].width; at += unit)
          bits |= ((args[0].bits >> at) & ones(unit)) << (args[0].width - unit - at);
        return of_bits(bits, args[0].width);
      }
      case Builtin::X:
        return of_bits(args[0].integer == 31 ? 0 : state_.x.at(static_cast<std::size_t>(args[0].integer)), width);
      case Builtin::XSP:
        return of_bits(args[0].integer == 31 ? state_.sp : state_.x.at(static_cast<std::size_t>(args[0].integer)), width);
      case Builtin::V: return of_bits(state_.v.at(static_cast<std::size_t>(args[0].integer)), width);
      case Builtin::PC: return of_bits(state_.pc, 64);
      case Builtin::Mem:
      case Builtin::MemAcquire: return of_bits(environment_.load(static_cast<std::uint64_t>(args[0].bits), width / 8), width);
      default: return effect_builtin(expr, which, width, args);
    }
  }

  Number shift(const Expr& expr, Builtin which, const Number& value, u128 amount) {
    require(amount < value.width, expr.where, "bad shift");
    const auto n = static_cast<unsigned>(amount);
    if (which == Builtin::LSL || which == Builtin::LSR) return of_bits(which == Builtin::LSL ? value.bits << n : value.bits >> n, value.width);
    if (which == Builtin::ASR) return of_bits(static_cast<u128>(as_signed(value) >> n), value.width);
    return of_bits((value.bits >> n) | (n == 0 ? 0 : value.bits << (value.width - n)), value.width);
  }

  Number effect_builtin(const Expr& expr, Builtin which, unsigned width, std::vector<Number>& args) {
    using Kind = ir::EffectKind;
    const auto suffix = [&](const Number& acquire, const Number& release) {
      return std::string(acquire.bits != 0 ? "a" : "") + (release.bits != 0 ? "l" : "");
    };
    const auto code = static_cast<unsigned>(args.empty() ? 0 : args[0].bits);
    switch (which) {
      case Builtin::MemUnprivileged: return effect(Kind::atomic, "ldtr", {args[0].bits}, width / 8, width);
      case Builtin::MemLimited: return effect(Kind::atomic, "ldlar", {args[0].bits}, width / 8, width);
      case Builtin::ExclusiveLoad: return effect(Kind::exclusive_load, "", {args[0].bits}, width / 8, width);
      case Builtin::ExclusiveStore: return effect(Kind::exclusive_store, "", {args[0].bits, args[1].bits}, width / 8, 32);
      case Builtin::ClearExclusive: return effect(Kind::clear_exclusive, "", {}, 0, 0);
      case Builtin::Atomic:
        return effect(Kind::atomic, args[0].text + suffix(args[3], args[4]), {args[1].bits, args[2].bits}, width / 8, width);
      case Builtin::CompareAndSwap:
        return effect(Kind::atomic, "cas" + suffix(args[3], args[4]), {args[0].bits, args[1].bits, args[2].bits}, width / 8, width);
      case Builtin::Barrier:
      case Builtin::Wait: return effect(which == Builtin::Wait ? Kind::wait : Kind::barrier, args[0].text, {}, 0, 0);
      case Builtin::Exception: return effect(Kind::exception, args[0].text, {args[1].bits}, 0, 0);
      case Builtin::ExceptionReturn: return effect(Kind::exception_return, "", {}, 0, 0);
      case Builtin::ReadSystemRegister: return effect(Kind::sysreg_read, register_detail(data_, code), {}, 0, 64);
      case Builtin::WriteSystemRegister: return effect(Kind::sysreg_write, register_detail(data_, code), {args[1].bits}, 0, 0);
      case Builtin::FeatureHint: return effect(Kind::sysop, args[1].text, {args[2].bits, args[3].bits}, 0, 64);
      case Builtin::WritePstateField: return effect(Kind::sysreg_write, operation_name(data_, "pstate", code), {args[1].bits}, 0, 0);
      case Builtin::SystemOperation: {
        std::vector<u128> operands;
        if (operation_takes_operand(data_, code)) operands.push_back(args[1].bits);
        return effect(Kind::sysop, operation_name(data_, "sys", code), operands, 0, 0);
      }
      case Builtin::SystemOperationResult: return effect(Kind::sysop, "sysl " + operation_name(data_, "sys", code), {}, 0, 64);
      case Builtin::BranchTo:
      case Builtin::CallTo:
      case Builtin::BranchIndirect:
      case Builtin::CallIndirect:
      case Builtin::ReturnTo: next_ = static_cast<std::uint64_t>(args[0].bits); return {};
      case Builtin::BarrierName: return of_text(operation_name(data_, "barrier", code));
      case Builtin::IsPstateField: return of_bool(data_.operations.contains({"pstate", code}));
      case Builtin::RegisterAllows: return of_bool(register_allows(data_, code, args[1].bits != 0));
      case Builtin::TakesRegister: return of_bool(operation_takes_operand(data_, code));
      default: fail(expr.where, "this builtin has no value");
    }
  }

  const ModelData& data_;
  MachineState& state_;
  Environment& environment_;
  std::uint64_t next_;
  std::vector<std::pair<Symbol, Number>> variables_;
  std::size_t frame_ = 0;
  Number returned_;
};

}  // namespace

ir::Result<bool> interpret(const Models& models, std::uint32_t word, MachineState& state, Environment& environment) {
  const auto decoded = models.decode(word);
  if (!decoded) return decoded.error();
  const ModelData& data = *models.data();
  for (const GroupData& group : data.groups)
    if (&group.group == &decoded->group())
      for (const Encoding& encoding : group.encodings)
        if ((word & encoding.mask) == encoding.match) {
          MachineState copy = state;
          try {
            Interpreter(data, copy, environment).run(group, encoding, word);
          } catch (const ir::Error& error) {
            return error;
          }
          state = copy;
          return true;
        }
  return ir::Error{std::string(no_model), "no encoding", {}};
}

}  // namespace isa
