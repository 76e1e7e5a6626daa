// SPDX-License-Identifier: Apache-2.0
// Slots: three bands, told apart by their two top bits until finish() lays them out as variables, constants,
// temporaries.
#include "validator/replay/flat.hpp"

#include "ir/assert.hpp"

namespace validator::replay {

namespace {

constexpr Slot constant_band = 0x4000'0000;
constexpr Slot temporary_band = 0x8000'0000;

u128 sign_extended(u128 value, unsigned width) {
  const u128 sign = u128{1} << (width - 1);
  return (value ^ sign) - sign;
}

bool signed_less(u128 a, u128 b, unsigned width) {
  const u128 sign = u128{1} << (width - 1);
  return (a ^ sign) < (b ^ sign);
}

u128 magnitude(u128 value, unsigned width, bool* negative) {
  *negative = (value >> (width - 1) & 1) != 0;
  return *negative ? (~value + 1) & low_bits(width) : value;
}

u128 signed_divide(u128 a, u128 b, unsigned width, bool remainder) {
  bool a_negative = false, b_negative = false;
  const u128 x = magnitude(a, width, &a_negative);
  const u128 y = magnitude(b, width, &b_negative);
  if (y == 0) return remainder ? a : 0;
  if (remainder) return a_negative ? ~(x % y) + 1 : x % y;
  return a_negative != b_negative ? ~(x / y) + 1 : x / y;
}

unsigned leading_zeros(u128 value, unsigned width) {
  unsigned count = 0;
  while (count < width && (value >> (width - 1 - count) & 1) == 0) ++count;
  return count;
}

/// Carries only go up: every bit from the lowest unspecified one on may be affected.
u128 from_lowest(u128 mask) { return mask == 0 ? 0 : ~((mask & (~mask + 1)) - 1); }

u128 shifted(ir::Op op, u128 value, u128 amount, unsigned width) {
  const unsigned by = amount >= width ? width : static_cast<unsigned>(amount);
  if (op == ir::Op::shl) return by >= width ? 0 : value << by;
  if (op == ir::Op::lshr) return by >= width ? 0 : value >> by;
  const u128 wide = sign_extended(value, width);
  const bool negative = (value >> (width - 1) & 1) != 0;
  if (by >= width) return negative ? ~u128{0} : 0;
  return by == 0 ? wide : (wide >> by) | (negative ? ~(~u128{0} >> by) : 0);
}

}  // namespace

Slot FlatCode::variable(ir::Term variable) {
  auto [entry, inserted] = variables_.emplace(variable, static_cast<Slot>(variable_terms_.size()));
  if (inserted) variable_terms_.push_back(variable);
  return entry->second;
}

void FlatCode::begin_group() {
  group_.clear();
  group_begin_ = static_cast<std::uint32_t>(instructions_.size());
}

Span FlatCode::end_group() { return {group_begin_, static_cast<std::uint32_t>(instructions_.size())}; }

Slot FlatCode::add(ir::Term term) {
  if (term.is_variable()) return variable(term);
  if (term.is_constant()) return constant_band | constants_.emplace(term, constants_.size()).first->second;
  if (auto found = group_.find(term); found != group_.end()) return found->second;
  if (term.is(ir::Op::apply) || term.is(ir::Op::load) || term.is(ir::Op::store)) {
    if (unsupported_.empty()) unsupported_ = std::string(ir::op_name(term.op()));
  }
  std::vector<Operand> operands;
  for (ir::Term arg : term.args()) operands.push_back({add(arg), static_cast<std::uint8_t>(bits_of(arg.sort()))});
  Instruction instruction{term.op(), static_cast<std::uint8_t>(bits_of(term.sort())), 0, 0, 0, 0, 0};
  instruction.first = static_cast<std::uint32_t>(operands_.size());
  instruction.count = static_cast<std::uint32_t>(operands.size());
  operands_.insert(operands_.end(), operands.begin(), operands.end());
  if (term.is(ir::Op::extract)) instruction.lo = static_cast<std::uint8_t>(term.lo());
  if (term.is(ir::Op::sum)) {
    instruction.coefficients = static_cast<std::uint32_t>(coefficients_.size());
    for (u128 coefficient : term.coefficients()) coefficients_.push_back(coefficient);
    coefficients_.push_back(term.offset());
  }
  instruction.result = temporary_band | next_temporary_++;
  instructions_.push_back(instruction);
  group_.emplace(term, instruction.result);
  return instruction.result;
}

void FlatCode::finish() {
  group_.clear();
  slot_count_ = static_cast<Slot>(variable_terms_.size() + constants_.size() + next_temporary_);
  for (Instruction& instruction : instructions_) instruction.result = settle(instruction.result);
  for (Operand& operand : operands_) operand.slot = settle(operand.slot);
}

Slot FlatCode::settle(Slot slot) const {
  const auto variables = static_cast<Slot>(variable_terms_.size());
  if (slot & temporary_band) return (slot & ~temporary_band) + variables + static_cast<Slot>(constants_.size());
  if (slot & constant_band) return (slot & ~constant_band) + variables;
  return slot;
}

void FlatCode::load_constants(Cell* cells) const {
  for (const auto& [term, index] : constants_) cells[variable_terms_.size() + index] = {term.value(), 0};
}

void FlatCode::run(Span span, Cell* cells, bool track_unspecified) const {
  for (std::uint32_t i = span.begin; i < span.end; ++i) {
    const Instruction& in = instructions_[i];
    const Operand* const operands = operands_.data() + in.first;
    auto value = [&](unsigned n) { return cells[operands[n].slot].value; };
    const u128 all = low_bits(in.width);
    u128 result = 0;
    switch (in.op) {
      case ir::Op::logical_not:
        result = value(0) ^ 1;
        break;
      case ir::Op::logical_and:
      case ir::Op::bit_and:
        result = all;
        for (unsigned n = 0; n < in.count; ++n) result &= value(n);
        break;
      case ir::Op::bit_or:
        for (unsigned n = 0; n < in.count; ++n) result |= value(n);
        break;
      case ir::Op::bit_xor:
        for (unsigned n = 0; n < in.count; ++n) result ^= value(n);
        break;
      case ir::Op::mul:
        result = 1;
        for (unsigned n = 0; n < in.count; ++n) result *= value(n);
        break;
      case ir::Op::sum: {
        const u128* const coefficients = coefficients_.data() + in.coefficients;
        result = coefficients[in.count];
        for (unsigned n = 0; n < in.count; ++n) result += coefficients[n] * value(n);
        break;
      }
      case ir::Op::ite:
        result = value(0) != 0 ? value(1) : value(2);
        break;
      case ir::Op::equal:
        result = value(0) == value(1);
        break;
      case ir::Op::ult:
        result = value(0) < value(1);
        break;
      case ir::Op::slt:
        result = signed_less(value(0), value(1), operands[0].width);
        break;
      case ir::Op::udiv:
        result = value(1) == 0 ? 0 : value(0) / value(1);
        break;
      case ir::Op::urem:
        result = value(1) == 0 ? value(0) : value(0) % value(1);
        break;
      case ir::Op::sdiv:
        result = signed_divide(value(0), value(1), in.width, false);
        break;
      case ir::Op::srem:
        result = signed_divide(value(0), value(1), in.width, true);
        break;
      case ir::Op::shl:
      case ir::Op::lshr:
      case ir::Op::ashr:
        result = shifted(in.op, value(0), value(1), in.width);
        break;
      case ir::Op::concat:
        for (unsigned n = 0; n < in.count; ++n) result = (result << operands[n].width) | value(n);
        break;
      case ir::Op::extract:
        result = value(0) >> in.lo;
        break;
      case ir::Op::sext:
        result = sign_extended(value(0), operands[0].width);
        break;
      case ir::Op::clz:
        result = leading_zeros(value(0), operands[0].width);
        break;
      case ir::Op::constant:
      case ir::Op::variable:
      case ir::Op::apply:
      case ir::Op::load:
      case ir::Op::store:
        break;
    }
    Cell& cell = cells[in.result];
    cell.value = result & all;
    cell.unspecified = track_unspecified ? unspecified_bits(in, cells) & all : 0;
  }
}

u128 FlatCode::unspecified_bits(const Instruction& in, const Cell* cells) const {
  const Operand* const operands = operands_.data() + in.first;
  auto cell = [&](unsigned n) -> const Cell& { return cells[operands[n].slot]; };
  u128 any = 0;
  for (unsigned n = 0; n < in.count; ++n) any |= cell(n).unspecified;
  if (any == 0) return 0;
  switch (in.op) {
    case ir::Op::logical_not:
    case ir::Op::bit_xor:
      return any;
    case ir::Op::logical_and:
    case ir::Op::bit_and: {
      u128 zero = 0;
      for (unsigned n = 0; n < in.count; ++n) zero |= ~cell(n).value & ~cell(n).unspecified;
      return any & ~zero;
    }
    case ir::Op::bit_or: {
      u128 one = 0;
      for (unsigned n = 0; n < in.count; ++n) one |= cell(n).value & ~cell(n).unspecified;
      return any & ~one;
    }
    case ir::Op::ite:
      if (cell(0).unspecified != 0) return cell(1).unspecified | cell(2).unspecified | (cell(1).value ^ cell(2).value);
      return cell(0).value != 0 ? cell(1).unspecified : cell(2).unspecified;
    case ir::Op::equal:
      return ((cell(0).value ^ cell(1).value) & ~any) != 0 ? 0 : 1;
    case ir::Op::concat: {
      u128 mask = 0;
      for (unsigned n = 0; n < in.count; ++n) mask = (mask << operands[n].width) | cell(n).unspecified;
      return mask;
    }
    case ir::Op::extract:
      return any >> in.lo;
    case ir::Op::sext:
      return sign_extended(any, operands[0].width);
    case ir::Op::shl:
    case ir::Op::lshr:
    case ir::Op::ashr:
      if (cell(1).unspecified != 0) return ~u128{0};
      return shifted(in.op, cell(0).unspecified, cell(1).value, in.width);
    case ir::Op::sum:
    case ir::Op::mul: {
      u128 mask = 0;
      for (unsigned n = 0; n < in.count; ++n) mask |= from_lowest(cell(n).unspecified);
      return mask;
    }
    default:
      break;
  }
  return ~u128{0};
}

}  // namespace validator::replay
