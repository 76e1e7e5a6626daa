// SPDX-License-Identifier: Apache-2.0
#include "isa-models/execute.hpp"

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "isa-models/names.hpp"

namespace isa {
namespace {

struct Variables {
  std::array<ir::Term, 31> x;
  std::array<ir::Term, 32> v;
  ir::Term sp = ir::var("SP", ir::Sort::bitvec(64));
  std::array<ir::Term, 4> flags = {ir::var("N", ir::Sort::boolean()), ir::var("Z", ir::Sort::boolean()),
                                   ir::var("C", ir::Sort::boolean()), ir::var("V", ir::Sort::boolean())};
  Variables() {
    for (unsigned i = 0; i < 31; ++i) x[i] = ir::var(numbered("X", i), ir::Sort::bitvec(64));
    for (unsigned i = 0; i < 32; ++i) v[i] = ir::var(numbered("V", i), ir::Sort::bitvec(128));
  }
};

}  // namespace

void execute(const Lifted& lifted, MachineState& state, Environment& environment) {
  static const Variables variables;
  ir::Valuation before;
  for (unsigned i = 0; i < 31; ++i) before.scalars[variables.x[i]] = state.x[i];
  for (unsigned i = 0; i < 32; ++i) before.scalars[variables.v[i]] = state.v[i];
  before.scalars[variables.sp] = state.sp;
  for (unsigned i = 0; i < 4; ++i) before.scalars[variables.flags[i]] = state.nzcv[i] ? 1 : 0;
  const auto number = [&](ir::Term term) { return ir::evaluate(term, before); };

  for (const MicroOp& op : lifted.ops) {
    if (const auto* load = std::get_if<ir::Load>(&op)) {
      before.scalars[load->result] = environment.load(static_cast<std::uint64_t>(number(load->address)), load->bytes);
    } else if (const auto* store = std::get_if<ir::Store>(&op)) {
      environment.store(static_cast<std::uint64_t>(number(store->address)), store->bytes, number(store->value));
    } else {
      const auto& effect = std::get<ir::Effect>(op);
      std::vector<ir::u128> operands;
      for (ir::Term operand : effect.operands) operands.push_back(number(operand));
      const ir::u128 answer = environment.effect(effect.kind, effect.detail, operands, effect.bytes);
      if (effect.result) before.scalars[effect.result] = answer & ir::mask(effect.result.width());
    }
  }
  MachineState after = state;
  for (const ir::Binding& binding : lifted.assignments) {
    const ir::u128 value = number(binding.value);
    for (unsigned i = 0; i < 31; ++i)
      if (binding.variable == variables.x[i]) after.x[i] = static_cast<std::uint64_t>(value);
    for (unsigned i = 0; i < 32; ++i)
      if (binding.variable == variables.v[i]) after.v[i] = value;
    if (binding.variable == variables.sp) after.sp = static_cast<std::uint64_t>(value);
    for (unsigned i = 0; i < 4; ++i)
      if (binding.variable == variables.flags[i]) after.nzcv[i] = value != 0;
  }
  after.pc = state.pc + 4;
  using Kind = Transfer::Kind;
  const Transfer& transfer = lifted.transfer;
  if (transfer.kind == Kind::call || (transfer.kind == Kind::branch && number(transfer.condition) != 0))
    after.pc = transfer.target;
  if (transfer.kind == Kind::indirect || transfer.kind == Kind::indirect_call || transfer.kind == Kind::returns)
    after.pc = static_cast<std::uint64_t>(number(transfer.indirect_target));
  state = after;
}

}  // namespace isa
