// SPDX-License-Identifier: Apache-2.0
// Statements of the partial evaluator. Both arms of a dynamic `if` run on copies of the state, which are then merged
// with ite; memory accesses and effects are not allowed there, a branch takes the path condition.
#include "isa-models/evaluator.hpp"

#include "ir/build.hpp"
#include "isa-models/names.hpp"

namespace isa {
namespace {

constexpr i128 loop_limit = 256;
constexpr std::array<std::string_view, 4> flag_names = {"N", "Z", "C", "V"};

ir::Term register_variable(unsigned index) {
  static const std::array<ir::Term, 32> terms = [] {
    std::array<ir::Term, 32> result;
    for (unsigned i = 0; i < 31; ++i) result[i] = ir::var(numbered("X", i), ir::Sort::bitvec(64));
    result[31] = ir::var("SP", ir::Sort::bitvec(64));
    return result;
  }();
  return terms[index];
}

ir::Term vector_variable(unsigned index) {
  static const std::array<ir::Term, 32> terms = [] {
    std::array<ir::Term, 32> result;
    for (unsigned i = 0; i < 32; ++i) result[i] = ir::var(numbered("V", i), ir::Sort::bitvec(128));
    return result;
  }();
  return terms[index];
}

}  // namespace

Value Value::integer(i128 number) {
  Value value;
  value.kind = ValueKind::integer;
  value.number = number;
  return value;
}
Value Value::boolean(bool truth) {
  Value value;
  value.kind = ValueKind::boolean;
  value.number = truth ? 1 : 0;
  return value;
}
Value Value::constant(u128 bits, unsigned width) {
  Value value;
  value.kind = ValueKind::bits;
  value.width = width;
  value.bits = bits & low_mask(width);
  return value;
}
Value Value::string(std::string text) {
  Value value;
  value.kind = ValueKind::text;
  value.text = std::move(text);
  return value;
}
Value Value::dynamic(ir::Term term, unsigned width) {
  Value value;
  value.kind = ValueKind::bits;
  if (term && term.is_constant()) return constant(term.value(), width);
  value.is_static = false;
  value.width = width;
  value.term = term;
  return value;
}
Value Value::condition(ir::Term term) {
  if (term && term.is_constant()) return boolean(term.is_true());
  Value value;
  value.kind = ValueKind::boolean;
  value.is_static = false;
  value.term = term;
  return value;
}
Value Value::tuple(std::vector<Value> items) {
  Value value;
  value.kind = ValueKind::tuple;
  value.items = std::move(items);
  return value;
}

const char* kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::integer: return "integer";
    case ValueKind::boolean: return "boolean";
    case ValueKind::bits: return "bits";
    case ValueKind::text: return "text";
    case ValueKind::tuple: return "tuple";
    case ValueKind::none: return "nothing";
  }
  return "?";
}

Evaluator::Evaluator(const ModelData& data, const GroupData& group, const Encoding& encoding, std::uint32_t word, Mode mode)
    : data_(data), group_(group), mode_(mode), word_(word) {
  for (const Field& field : encoding.fields)
    state_.variables.emplace_back(field.symbol, Value::constant(word >> field.lo, field.width()));
  fields_ = state_.variables.size();
}

void Evaluator::fail(Position where, std::string message) const {
  throw model_error(data_, where, std::move(message) + " (word 0x" + [&] {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", word_);
    return std::string(text);
  }() + ")");
}

void Evaluator::decode() { run(group_.decode); }

void Evaluator::execute() {
  in_execute_ = true;
  run(group_.execute);
}

bool Evaluator::run(const Body& body) {
  for (const auto& stmt : body)
    if (run_statement(*stmt)) return true;
  return false;
}

Value* Evaluator::find_variable(Symbol symbol) {
  for (std::size_t i = state_.variables.size(); i > frame_; --i)
    if (state_.variables[i - 1].first == symbol) return &state_.variables[i - 1].second;
  return nullptr;
}

bool Evaluator::run_statement(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::declare:
      declare(stmt);
      return false;
    case StmtKind::assign:
      assign(*stmt.place, eval(*stmt.value));
      return false;
    case StmtKind::branch:
      return run_branch(stmt, 0);
    case StmtKind::select:
      return run_select(stmt);
    case StmtKind::loop: {
      const i128 first = eval_integer(*stmt.conditions[0]);
      const i128 last = eval_integer(*stmt.conditions[1]);
      if (last - first >= loop_limit) fail(stmt.where, "a loop may have at most 256 steps");
      const std::size_t mark = state_.variables.size();
      for (i128 i = first; i <= last; ++i) {
        state_.variables.emplace_back(stmt.targets[0], Value::integer(i));
        const bool returned = run(stmt.bodies[0]);
        state_.variables.resize(mark);
        if (returned) return true;
      }
      return false;
    }
    case StmtKind::give:
      returned_ = eval(*stmt.value);
      return true;
    case StmtKind::call:
      eval(*stmt.value);
      return false;
    case StmtKind::undefined:
    case StmtKind::unpredictable:
    case StmtKind::unsupported: reject(stmt);
  }
  return false;
}

void Evaluator::reject(const Stmt& stmt) {
  if (in_execute_) fail(stmt.where, "UNDEFINED, UNPREDICTABLE and UNSUPPORTED belong to the decode section");
  const ir::Location place{data_.files[stmt.where.file], stmt.where.line, stmt.where.column};
  const std::string of = " encoding of \"" + group_.group.name + "\"";
  if (stmt.kind == StmtKind::undefined) throw ir::Error{std::string(undefined), "UNDEFINED" + of, place};
  if (stmt.kind == StmtKind::unpredictable) throw ir::Error{std::string(unpredictable), "CONSTRAINED UNPREDICTABLE" + of, place};
  const std::string why = stmt.value != nullptr ? ": " + eval(*stmt.value).text : std::string();
  throw ir::Error{std::string(no_model), "not modelled" + of + why, place};
}

void Evaluator::declare(const Stmt& stmt) {
  Value value = eval(*stmt.value);
  if (stmt.targets.size() == 1) {
    state_.variables.emplace_back(stmt.targets[0], std::move(value));
    return;
  }
  if (value.kind != ValueKind::tuple || value.items.size() != stmt.targets.size())
    fail(stmt.where, "expected a tuple of " + std::to_string(stmt.targets.size()) + " values");
  for (std::size_t i = 0; i < stmt.targets.size(); ++i)
    if (stmt.targets[i] >= 0) state_.variables.emplace_back(stmt.targets[i], std::move(value.items[i]));
}

bool Evaluator::run_branch(const Stmt& stmt, std::size_t from) {
  for (std::size_t i = from; i < stmt.bodies.size(); ++i) {
    if (i < stmt.conditions.size()) {
      const Value condition = eval(*stmt.conditions[i]);
      if (!condition.is_static) return run_dynamic_branch(stmt, i, condition);
      if (condition.number == 0) continue;
    }
    const std::size_t mark = state_.variables.size();
    const bool returned = run(stmt.bodies[i]);
    state_.variables.resize(mark);
    return returned;
  }
  return false;
}

bool Evaluator::run_dynamic_branch(const Stmt& stmt, std::size_t index, const Value& condition) {
  const std::size_t mark = state_.variables.size();
  State before = state_;
  path_.push_back(condition);
  bool returned = run(stmt.bodies[index]);
  state_.variables.resize(mark);
  State yes = std::exchange(state_, std::move(before));
  path_.back() = Value::condition(make([&] { return ir::logical_not(condition.term); }));
  returned = run_branch(stmt, index + 1) || returned;
  path_.pop_back();
  if (returned) fail(stmt.where, "`return` under a condition that depends on the state");
  state_ = merge(*this, condition, yes, state_, stmt.where);
  return false;
}

Evaluator::State Evaluator::merge(const Evaluator& self, const Value& condition, const State& yes, const State& no,
                                  Position where) {
  State result = no;
  for (std::size_t i = 0; i < result.variables.size(); ++i)
    result.variables[i].second = self.select(condition, yes.variables[i].second, no.variables[i].second, where);
  const auto merge_slot = [&](const Slot& a, const Slot& b, auto variable) -> Slot {
    if (!a.written && !b.written) return {};
    return {true, self.make([&] {
              return ir::ite(condition.term, a.written ? a.term : variable(), b.written ? b.term : variable());
            })};
  };
  for (unsigned i = 0; i < result.registers.size(); ++i)
    result.registers[i] = merge_slot(yes.registers[i], no.registers[i], [&] { return register_variable(i); });
  for (unsigned i = 0; i < result.vectors.size(); ++i)
    result.vectors[i] = merge_slot(yes.vectors[i], no.vectors[i], [&] { return vector_variable(i); });
  for (unsigned i = 0; i < result.flags.size(); ++i)
    result.flags[i] =
        merge_slot(yes.flags[i], no.flags[i], [&] { return ir::var(flag_names[i], ir::Sort::boolean()); });
  return result;
}

bool Evaluator::run_select(const Stmt& stmt) {
  const Value value = eval(*stmt.value);
  const u128 bits = static_bits(value, stmt.where, "the value of `case`");
  std::size_t chosen = 0;
  for (; chosen < stmt.patterns.size(); ++chosen) {
    bool hit = false;
    for (const BitPattern& pattern : stmt.patterns[chosen]) {
      if (pattern.width != value.width)
        fail(stmt.where, "a pattern of " + std::to_string(pattern.width) + " bits for a value of " + std::to_string(value.width));
      hit = hit || (bits & pattern.care) == pattern.bits;
    }
    if (hit) break;
  }
  if (chosen >= stmt.bodies.size()) fail(stmt.where, "no pattern of this `case` matches");
  const std::size_t mark = state_.variables.size();
  const bool returned = run(stmt.bodies[chosen]);
  state_.variables.resize(mark);
  return returned;
}

void Evaluator::assign(const Expr& place, Value value) {
  if (place.kind == ExprKind::slice) return assign_slice(place, value);
  if (place.kind == ExprKind::call) return assign_call(place, value);
  if (place.kind == ExprKind::state) return write_flags(place, value);
  Value* variable = find_variable(place.symbol);
  if (variable == nullptr) fail(place.where, "no variable `" + data_.symbols.name(place.symbol) + "`");
  if (variable->kind != value.kind || variable->width != value.width)
    fail(place.where, "`" + data_.symbols.name(place.symbol) + "` has another type or width, expected " + kind_name(variable->kind) +
                          (variable->kind == ValueKind::bits ? " of " + std::to_string(variable->width) : std::string()));
  *variable = std::move(value);
}

void Evaluator::assign_slice(const Expr& place, const Value& value) {
  const i128 hi = eval_integer(*place.args[1]);
  const i128 lo = place.args.size() > 2 ? eval_integer(*place.args[2]) : hi;
  Value* variable = find_variable(place.args[0]->symbol);
  if (variable == nullptr || variable->kind != ValueKind::bits) fail(place.where, "only a slice of a bits variable can be assigned");
  if (lo < 0 || hi < lo || hi >= variable->width) fail(place.where, "the slice lies outside the value, expected positions below " + std::to_string(variable->width));
  if (value.kind != ValueKind::bits || value.width != static_cast<unsigned>(hi - lo + 1))
    fail(place.where, "the value has " + std::to_string(value.width) + " bits, expected the slice's " + std::to_string(static_cast<int>(hi - lo + 1)));
  Value result = value;
  const unsigned width = variable->width;
  if (hi + 1 < width) result = concat(place, slice(*variable, width - 1, static_cast<unsigned>(hi) + 1), result);
  if (lo > 0) result = concat(place, result, slice(*variable, static_cast<unsigned>(lo) - 1, 0));
  *find_variable(place.args[0]->symbol) = std::move(result);
}

void Evaluator::assign_call(const Expr& place, const Value& value) {
  const auto builtin = static_cast<Builtin>(place.builtin);
  const unsigned width = eval_width(*place.widths[0]);
  if (value.kind != ValueKind::bits || value.width != width)
    fail(place.where, "a value of " + std::to_string(value.width) + " bits, expected the place's " + std::to_string(width));
  if (builtin == Builtin::X || builtin == Builtin::XSP)
    return write_register(place, eval_integer(*place.args[0]), width, builtin == Builtin::XSP, value);
  if (builtin == Builtin::V) return write_vector(place, eval_integer(*place.args[0]), width, value);
  const Value address = eval(*place.args[0]);
  if (builtin == Builtin::MemUnprivileged || builtin == Builtin::MemLimited) {
    const bool limited = builtin == Builtin::MemLimited;
    ir::Effect effect{ir::EffectKind::atomic, limited ? "stllr" : "sttr", {as_term(address), as_term(value)}, {}, access_bytes(place, width),
                      limited ? ir::Order::release : ir::Order::plain, false};
    emit_effect(place, std::move(effect), 0);
    return;
  }
  emit_store(place, width, address, value, builtin == Builtin::MemRelease ? ir::Order::release : ir::Order::plain);
}

Value Evaluator::read_register(const Expr& where, i128 number, unsigned width, bool sp) {
  if (number < 0 || number > 31) fail(where.where, "a register number is 0 to 31");
  if (width == 0 || width > 64) fail(where.where, "a register has at most 64 bits");
  const auto index = static_cast<unsigned>(number);
  if (index == 31 && !sp) return Value::constant(0, width);
  const Slot& slot = state_.registers[index];
  return Value::dynamic(make([&] {
    const ir::Term full = slot.written ? slot.term : register_variable(index);
    return width == 64 ? full : ir::extract(width - 1, 0, full);
  }), width);
}

void Evaluator::write_register(const Expr& where, i128 number, unsigned width, bool sp, const Value& value) {
  if (!in_execute_) fail(where.where, "the decode section may not write registers");
  if (number < 0 || number > 31) fail(where.where, "a register number is 0 to 31");
  if (width != 32 && width != 64) fail(where.where, "a register is written with 32 or 64 bits");
  const auto index = static_cast<unsigned>(number);
  if (index == 31 && !sp) return;
  state_.registers[index] = {true, make([&] { return ir::zext(as_term(value), 64); })};
}

Value Evaluator::read_vector(const Expr& where, i128 number, unsigned width) {
  if (number < 0 || number > 31) fail(where.where, "a register number is 0 to 31");
  if (width == 0 || width > 128) fail(where.where, "a vector register has 128 bits");
  uses_vectors_ = true;
  const auto index = static_cast<unsigned>(number);
  const Slot& slot = state_.vectors[index];
  return Value::dynamic(make([&] {
    const ir::Term full = slot.written ? slot.term : vector_variable(index);
    return width == 128 ? full : ir::extract(width - 1, 0, full);
  }), width);
}

void Evaluator::write_vector(const Expr& where, i128 number, unsigned width, const Value& value) {
  if (!in_execute_) fail(where.where, "the decode section may not write registers");
  if (number < 0 || number > 31) fail(where.where, "a register number is 0 to 31");
  if (width > 128) fail(where.where, "a vector register has 128 bits");
  uses_vectors_ = true;
  state_.vectors[static_cast<unsigned>(number)] = {true, make([&] { return ir::zext(as_term(value), 128); })};
}

ir::Term Evaluator::flag(unsigned index) const {
  const Slot& slot = state_.flags[index];
  return make([&] { return slot.written ? slot.term : ir::var(flag_names[index], ir::Sort::boolean()); });
}

void Evaluator::write_flags(const Expr& place, const Value& value) {
  if (!in_execute_) fail(place.where, "the decode section may not write PSTATE");
  const bool all = place.text == "NZCV";
  if (value.kind != ValueKind::bits || value.width != (all ? 4U : 1U))
    fail(place.where, "PSTATE." + place.text + " has " + (all ? "4 bits" : "1 bit"));
  const std::vector<ir::Term> bools = as_bools(value);
  for (unsigned i = 0; i < 4; ++i)
    if (all || place.text == flag_names[i]) state_.flags[i] = {true, bools[all ? i : 0]};
}

Lifted Evaluator::result() {
  Lifted lifted;
  for (unsigned i = 0; i < 32; ++i)
    if (state_.registers[i].written && state_.registers[i].term != register_variable(i))
      lifted.assignments.push_back({register_variable(i), state_.registers[i].term});
  for (unsigned i = 0; i < 32; ++i)
    if (state_.vectors[i].written && state_.vectors[i].term != vector_variable(i))
      lifted.assignments.push_back({vector_variable(i), state_.vectors[i].term});
  for (unsigned i = 0; i < 4; ++i) {
    const ir::Term variable = ir::var(flag_names[i], ir::Sort::boolean());
    if (state_.flags[i].written && state_.flags[i].term != variable)
      lifted.assignments.push_back({variable, state_.flags[i].term});
  }
  lifted.ops = ops_;
  lifted.transfer = transfer_;
  lifted.feature = feature_;
  lifted.uses_vectors = uses_vectors_;
  return lifted;
}

}  // namespace isa
