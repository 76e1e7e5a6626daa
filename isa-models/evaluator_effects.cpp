// SPDX-License-Identifier: Apache-2.0
// Builtins that touch state, memory, the environment or control, and those that make disassembly text.
#include <cstdio>

#include "ir/build.hpp"
#include "isa-models/evaluator.hpp"
#include "isa-models/names.hpp"

namespace isa {
namespace {

/// "a", "l", "al" or "": the order suffix of an LSE mnemonic.
std::string order_suffix(const Value& acquire, const Value& release) {
  return std::string(acquire.number != 0 ? "a" : "") + (release.number != 0 ? "l" : "");
}

std::string temporary_name(unsigned number, unsigned width) { return numbered("t", number) + numbered("w", width); }

ir::Order order_of(const Value& acquire, const Value& release) {
  if (acquire.number != 0) return ir::Order::acquire;
  return release.number != 0 ? ir::Order::release : ir::Order::plain;
}

}  // namespace

void Evaluator::require_unconditional(const Expr& expr, const char* what) const {
  if (!path_.empty()) fail(expr.where, std::string(what) + " under a condition that depends on the state");
}

unsigned Evaluator::access_bytes(const Expr& expr, unsigned width) const {
  if (width != 8 && width != 16 && width != 32 && width != 64 && width != 128)
    fail(expr.where, "an access has 8, 16, 32, 64 or 128 bits");
  return width / 8;
}

Value Evaluator::emit_load(const Expr& expr, unsigned width, const Value& address, ir::Order order) {
  require_unconditional(expr, "a load");
  if (address.width != 64) fail(expr.where, "an address has 64 bits");
  const unsigned bytes = access_bytes(expr, width);
  const unsigned number = temporaries_++;
  ++effects_;
  const ir::Term result = make([&] {
    return ir::var(temporary_name(number, width), ir::Sort::bitvec(width));
  });
  if (mode_ != Mode::check) {
    ir::Load load;
    load.result = result;
    load.address = as_term(address);
    load.bytes = bytes;
    load.order = order;
    ops_.emplace_back(std::move(load));
  }
  return Value::dynamic(result, width);
}

void Evaluator::emit_store(const Expr& expr, unsigned width, const Value& address, const Value& value, ir::Order order) {
  require_unconditional(expr, "a store");
  if (!in_execute_) fail(expr.where, "the decode section may not write memory");
  if (address.kind != ValueKind::bits || address.width != 64) fail(expr.where, "an address has 64 bits");
  const unsigned bytes = access_bytes(expr, width);
  ++effects_;
  if (mode_ == Mode::check) return;
  ir::Store store;
  store.address = as_term(address);
  store.value = as_term(value);
  store.bytes = bytes;
  store.order = order;
  ops_.emplace_back(std::move(store));
}

Value Evaluator::emit_effect(const Expr& expr, ir::Effect effect, unsigned result_width) {
  require_unconditional(expr, "an effect");
  ++effects_;
  Value result;
  if (result_width != 0) {
    const unsigned number = temporaries_++;
    effect.result = make([&] {
      return ir::var(temporary_name(number, result_width), ir::Sort::bitvec(result_width));
    });
    result = Value::dynamic(effect.result, result_width);
  }
  if (mode_ != Mode::check) ops_.emplace_back(std::move(effect));
  return result;
}

Value Evaluator::effect_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args) {
  using Kind = ir::EffectKind;
  ir::Effect effect;
  const auto terms = [&](std::initializer_list<std::size_t> indices) {
    for (std::size_t index : indices) effect.operands.push_back(as_term(args[index]));
  };
  switch (builtin) {
    case Builtin::X: return read_register(expr, args[0].number, width, false);
    case Builtin::XSP: return read_register(expr, args[0].number, width, true);
    case Builtin::V: return read_vector(expr, args[0].number, width);
    case Builtin::PC: return Value::constant(address_.value_or(0), 64);
    case Builtin::Mem: return emit_load(expr, width, args[0], ir::Order::plain);
    case Builtin::MemAcquire: return emit_load(expr, width, args[0], ir::Order::acquire);
    case Builtin::MemRelease: fail(expr.where, "MemRelease can only be written");
    case Builtin::MemUnprivileged:
    case Builtin::MemLimited:
      effect.kind = Kind::atomic;
      effect.detail = builtin == Builtin::MemLimited ? "ldlar" : "ldtr";
      effect.order = builtin == Builtin::MemLimited ? ir::Order::acquire : ir::Order::plain;
      effect.bytes = access_bytes(expr, width);
      terms({0});
      return emit_effect(expr, std::move(effect), width);
    case Builtin::ExclusiveLoad:
      effect.kind = Kind::exclusive_load;
      effect.bytes = access_bytes(expr, width);
      effect.order = args[1].number != 0 ? ir::Order::acquire : ir::Order::plain;
      terms({0});
      return emit_effect(expr, std::move(effect), width);
    case Builtin::ExclusiveStore:
      if (args[1].width != width) fail(expr.where, "the value does not have the access's width, expected " + std::to_string(width) + " bits");
      effect.kind = Kind::exclusive_store;
      effect.bytes = access_bytes(expr, width);
      effect.order = args[2].number != 0 ? ir::Order::release : ir::Order::plain;
      terms({0, 1});
      return emit_effect(expr, std::move(effect), 32);
    case Builtin::ClearExclusive:
      effect.kind = Kind::clear_exclusive;
      return emit_effect(expr, std::move(effect), 0);
    case Builtin::Atomic:
      if (args[2].width != width) fail(expr.where, "the value does not have the access's width, expected " + std::to_string(width) + " bits");
      effect.kind = Kind::atomic;
      effect.detail = args[0].text + order_suffix(args[3], args[4]);
      effect.bytes = access_bytes(expr, width);
      effect.order = order_of(args[3], args[4]);
      terms({1, 2});
      return emit_effect(expr, std::move(effect), width);
    case Builtin::CompareAndSwap:
      if (args[1].width != width || args[2].width != width) fail(expr.where, "the value does not have the access's width, expected " + std::to_string(width) + " bits");
      effect.kind = Kind::atomic;
      effect.detail = "cas" + order_suffix(args[3], args[4]);
      effect.bytes = access_bytes(expr, width);
      effect.order = order_of(args[3], args[4]);
      terms({0, 1, 2});
      return emit_effect(expr, std::move(effect), width);
    case Builtin::Barrier:
    case Builtin::Wait:
      effect.kind = builtin == Builtin::Barrier ? Kind::barrier : Kind::wait;
      effect.detail = args[0].text;
      return emit_effect(expr, std::move(effect), 0);
    case Builtin::Exception:
      effect.kind = Kind::exception;
      effect.detail = args[0].text;
      terms({1});
      if (args[0].text != "svc" && args[0].text != "hvc" && args[0].text != "smc") {
        transferred_ = true;
        transfer_.kind = Transfer::Kind::stop;
      }
      return emit_effect(expr, std::move(effect), 0);
    case Builtin::ExceptionReturn:
      effect.kind = Kind::exception_return;
      transferred_ = true;
      transfer_.kind = Transfer::Kind::stop;
      return emit_effect(expr, std::move(effect), 0);
    case Builtin::ReadSystemRegister:
    case Builtin::WriteSystemRegister: {
      const auto encoding = static_cast<unsigned>(static_bits(args[0], expr.where, "the register"));
      const bool read = builtin == Builtin::ReadSystemRegister;
      effect.kind = read ? Kind::sysreg_read : Kind::sysreg_write;
      effect.detail = register_detail(data_, encoding);
      if (!read) terms({1});
      return emit_effect(expr, std::move(effect), read ? 64 : 0);
    }
    case Builtin::FeatureHint:
      if (absent_ != nullptr && absent_->contains(args[0].text)) return args[2];
      feature_ = args[0].text;
      effect.kind = Kind::sysop;
      effect.detail = args[1].text;
      terms({2, 3});
      return emit_effect(expr, std::move(effect), 64);
    case Builtin::WritePstateField:
      effect.kind = Kind::sysreg_write;
      effect.detail = operation_name(data_, "pstate", static_cast<unsigned>(static_bits(args[0], expr.where, "the field")));
      terms({1});
      return emit_effect(expr, std::move(effect), 0);
    case Builtin::SystemOperation:
    case Builtin::SystemOperationResult: {
      const auto encoding = static_cast<unsigned>(static_bits(args[0], expr.where, "the operation"));
      effect.kind = Kind::sysop;
      effect.detail = operation_name(data_, "sys", encoding);
      const bool reads = builtin == Builtin::SystemOperationResult;
      if (reads) effect.detail = "sysl " + effect.detail;
      if (!reads && operation_takes_operand(data_, encoding)) terms({1});
      return emit_effect(expr, std::move(effect), reads ? 64 : 0);
    }
    default:
      control_builtin(expr, builtin, args[0]);
      return {};
  }
}

void Evaluator::control_builtin(const Expr& expr, Builtin builtin, const Value& target) {
  if (transferred_) fail(expr.where, "a second control transfer");
  if (target.width != 64) fail(expr.where, "an address has 64 bits");
  transferred_ = true;
  const bool is_direct = builtin == Builtin::BranchTo || builtin == Builtin::CallTo;
  if (is_direct) {
    transfer_.kind = builtin == Builtin::BranchTo ? Transfer::Kind::branch : Transfer::Kind::call;
    transfer_.target = static_cast<std::uint64_t>(static_bits(target, expr.where, "the target"));
  } else {
    transfer_.kind = builtin == Builtin::BranchIndirect ? Transfer::Kind::indirect
                     : builtin == Builtin::CallIndirect ? Transfer::Kind::indirect_call
                                                        : Transfer::Kind::returns;
    transfer_.indirect_target = as_term(target);
  }
  if (builtin != Builtin::BranchTo) return require_unconditional(expr, "this transfer");
  transfer_.condition = make([&] {
    ir::Term condition = ir::boolean(true);
    for (const Value& part : path_) condition = ir::logical_and(condition, as_condition(part));
    return condition;
  });
}

std::string Evaluator::register_text(i128 number, unsigned width, bool sp, Position where) const {
  if (number < 0 || number > 31 || (width != 32 && width != 64)) fail(where, "no register has this number and width");
  const std::string prefix = width == 64 ? "x" : "w";
  if (number < 31) return numbered(prefix, static_cast<unsigned>(number));
  if (sp) return width == 64 ? "sp" : "wsp";
  return prefix + "zr";
}

std::string Evaluator::vector_text(i128 number, unsigned width, Position where) const {
  const std::string_view names = "bhsdq";
  std::size_t size = 0;
  while (size < names.size() && width != 8U << size) ++size;
  if (number < 0 || number > 31 || size == names.size()) fail(where, "no vector register has this number and width");
  return numbered(names.substr(size, 1), static_cast<unsigned>(number));
}

Value Evaluator::text_builtin(const Expr& expr, Builtin builtin, unsigned width, std::vector<Value>& args) {
  if (builtin == Builtin::Reg || builtin == Builtin::RegSP)
    return Value::string(register_text(args[0].number, width, builtin == Builtin::RegSP, expr.where));
  if (builtin == Builtin::VReg) return Value::string(vector_text(args[0].number, width, expr.where));
  const auto bits = static_cast<unsigned>(static_bits(args[0], expr.where, "the operand of a text function"));
  switch (builtin) {
    case Builtin::ConditionName: return Value::string(std::string(condition_name(bits)));
    case Builtin::BarrierName: return Value::string(operation_name(data_, "barrier", bits));
    case Builtin::PrefetchName: return Value::string(operation_name(data_, "prefetch", bits));
    case Builtin::PstateFieldName: return Value::string(operation_name(data_, "pstate", bits));
    case Builtin::IsPstateField: return Value::boolean(data_.operations.contains({"pstate", bits}));
    case Builtin::RegisterAllows: return Value::boolean(register_allows(data_, bits, args[1].number != 0));
    case Builtin::TakesRegister: return Value::boolean(operation_takes_operand(data_, bits));
    default: return Value::string(register_code(bits));
  }
}

std::string Evaluator::render(const std::vector<TextPiece>& pieces) {
  std::string result;
  for (const TextPiece& piece : pieces) {
    result += piece.literal;
    if (!piece.value) continue;
    const Value value = eval(*piece.value);
    if (!piece.alternatives.empty()) {
      const i128 index = value.kind == ValueKind::bits
                             ? static_cast<i128>(static_bits(value, piece.value->where, "the chooser"))
                             : value.number;
      if (index < 0 || index >= static_cast<i128>(piece.alternatives.size()))
        fail(piece.value->where, "there is no such alternative");
      result += render(piece.alternatives[static_cast<std::size_t>(index)]);
      continue;
    }
    if (value.kind == ValueKind::text) {
      result += value.text;
    } else if (value.kind == ValueKind::integer) {
      result += std::to_string(static_cast<long long>(value.number));
    } else {
      const u128 bits = static_bits(value, piece.value->where, "a value in text");
      char text[32];
      std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(bits));
      result += text;
    }
  }
  return result;
}

std::string Evaluator::text() {
  for (const TextRule& rule : group_.text)
    if (rule.condition == nullptr || holds(*rule.condition)) return render(rule.pieces);
  fail(group_.where, "no `asm` rule applies");
}

std::vector<std::pair<std::string, std::string>> Evaluator::values() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (std::size_t i = fields_; i < state_.variables.size(); ++i) {
    const auto& [symbol, value] = state_.variables[i];
    std::string text = value.kind == ValueKind::text ? value.text : std::to_string(static_cast<long long>(value.number));
    if (value.kind == ValueKind::boolean) text = value.number != 0 ? "TRUE" : "FALSE";
    if (value.kind == ValueKind::bits) {
      char digits[40];
      const auto high = static_cast<unsigned long long>(value.bits >> 64), low = static_cast<unsigned long long>(value.bits);
      if (high != 0) std::snprintf(digits, sizeof digits, "0x%llx%016llx", high, low);
      else std::snprintf(digits, sizeof digits, "0x%llx", low);
      text = digits + std::string(" (") + std::to_string(value.width) + " bits)";
    }
    if (value.is_static) result.emplace_back(data_.symbols.name(symbol), std::move(text));
  }
  return result;
}

bool Evaluator::holds(const Expr& condition) {
  const Value value = eval(condition);
  if (value.kind != ValueKind::boolean || !value.is_static) fail(condition.where, "expected a boolean known from the word alone");
  return value.number != 0;
}

}  // namespace isa
