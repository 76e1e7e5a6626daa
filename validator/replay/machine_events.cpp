// SPDX-License-Identifier: Apache-2.0
// Events: what a call leaves behind (AAPCS64 6.1.1: X0-X18, X30 and the flags are the callee's), what system
// instructions answer, and how exclusives and atomics act on memory.
#include <algorithm>

#include "validator/replay/machine.hpp"

namespace validator::replay {

namespace {

/// Bytes of outgoing stack arguments: they belong to the callee (AAPCS64 6.4.2, SOUNDNESS "incoming stack arguments").
std::uint64_t stack_argument_bytes(const Event& call) {
  std::uint64_t bytes = 0;
  for (const SlotValue& argument : call.arguments) {
    if (argument.place.kind == ir::AbiPlace::Kind::stack)
      bytes = std::max<std::uint64_t>(bytes, argument.place.index + (argument.bits + 63) / 64 * 8);
  }
  return bytes;
}

bool signed_less(u128 a, u128 b, unsigned width) {
  const u128 sign = u128{1} << (width - 1);
  return (a ^ sign) < (b ^ sign);
}

/// The new memory value of an atomic read-modify-write (Arm ARM C6.2 LDADD, LDCLR, LDEOR, LDSET, LD[SU]MAX/MIN, SWP).
bool atomic_value(const std::string& detail, u128 old, u128 operand, unsigned width, u128* result) {
  auto is = [&](std::string_view name) { return detail.find(name) != std::string::npos; };
  if (is("swp"))
    *result = operand;
  else if (is("add"))
    *result = old + operand;
  else if (is("clr"))
    *result = old & ~operand;
  else if (is("eor"))
    *result = old ^ operand;
  else if (is("smax"))
    *result = signed_less(old, operand, width) ? operand : old;
  else if (is("smin"))
    *result = signed_less(operand, old, width) ? operand : old;
  else if (is("umax"))
    *result = old < operand ? operand : old;
  else if (is("umin"))
    *result = operand < old ? operand : old;
  else if (is("set"))
    *result = old | operand;
  else
    return false;
  return true;
}

}  // namespace

Event& Machine::begin_event(EventKind kind) {
  Event& event = result_.events.emplace_back();
  event.kind = kind;
  event.node = node_;
  event.code_address = current().data->address;
  if (source()) event.line = current().data->where.line;
  event.first_access = result_.accesses.size();
  if (!source()) {
    event.sp = static_cast<std::uint64_t>(cells_[code_.sp].value);
    constexpr unsigned argument_registers = 9;
    for (unsigned i = 0; kind == EventKind::call && i < argument_registers; ++i)
      event.x.push_back(static_cast<std::uint64_t>(cells_[code_.x[i]].value));
  }
  silent_steps_ = 0;
  next_mark_ = 64;
  marked_node_ = ir::Graph::none;
  memory_.forget_mark();
  return event;
}

Answer& Machine::answer_event() {
  const std::size_t index = result_.events.size() - 1;
  Answer& answer = environment_.answer(index);
  if (options_.lazy != nullptr && depth_ == 0) options_.lazy->at_event(result_, node_, answer);
  return answer;
}

void Machine::end_event(const Answer& answer, bool memory_may_change) {
  if (memory_may_change) {
    for (const auto& [address, byte] : answer.writes)
      if (!entry_.is_read_only(address)) environment_store(address, 1, {byte, 0}, instruction_ + 1);
  }
  const std::size_t index = result_.events.size() - 1;
  for (std::size_t i = result_.events[index].first_access; i < result_.accesses.size(); ++i)
    if (!result_.accesses[i].by_environment) result_.accesses[i].event = static_cast<std::uint32_t>(index);
}

void Machine::clobber_registers(const Answer& answer, std::uint64_t preserved) {
  for (unsigned i = 0; i <= 18; ++i)
    if ((preserved >> i & 1) == 0) cells_[code_.x[i]].value = answer.register_after(i);
  // A tail call keeps the caller's return address in X30; BL has put its own there, and the callee may change it.
  const bool linked = cells_[code_.x[30]].value == current().data->address + 4;
  if (linked && (preserved >> 30 & 1) == 0) cells_[code_.x[30]].value = answer.register_after(30);
  for (unsigned i = 0; i < 4; ++i)
    if ((preserved >> (32 + i) & 1) == 0) cells_[code_.flags[i]].value = answer.flag_after(i);
}

bool Machine::run_callee(const ir::Call& node, Answer& answer) {
  constexpr unsigned deepest = 8;
  const Program* program = nullptr;
  const Callees::Kind kind = options_.callees->find(node.symbol, &program);
  if (kind == Callees::Kind::external) return true;
  if (kind == Callees::Kind::opaque || depth_ >= deepest) {
    stop(Ending::unspecified, "what " + node.symbol + " does is not known");
    return false;
  }
  const ir::Function& callee = program->function();
  std::vector<Cell> arguments(callee.parameters.size());
  for (std::size_t i = 0; i < callee.parameters.size(); ++i) {
    for (std::size_t k = 0; k < node.arguments.size(); ++k)
      if (node.arguments[k].place == callee.parameters[i].place) arguments[i] = input(k + (node.target ? 1 : 0));
    const u128 mask = low_bits(bits_of(callee.parameters[i].term.sort()));
    arguments[i] = {arguments[i].value & mask, arguments[i].unspecified & mask};
  }
  Environment inner;
  inner.seed = mix(answer.seed, 0xca11);
  RunOptions inner_options = options_;
  inner_options.limits.steps = options_.limits.steps - std::min(result_.steps, options_.limits.steps);
  Machine machine(program->code(), entry_, inner, inner_options, memory_, std::move(arguments), depth_ + 1);
  const RunResult run = machine.run();
  result_.steps += run.steps;
  answer.x.clear();
  answer.writes.clear();
  auto private_to_callee = [&](std::uint64_t address) {
    return std::any_of(run.locals.begin(), run.locals.end(),
                       [&](const LocalSpan& local) { return address - local.address < local.bytes; });
  };
  std::map<std::uint64_t, std::uint8_t> final_bytes;
  bool specified = true;
  for (const Access& access : run.accesses) {
    for (unsigned i = 0; access.is_write && i < access.bytes; ++i) {
      if (private_to_callee(access.address + i)) continue;
      specified &= static_cast<std::uint8_t>(access.unspecified >> (8 * i)) == 0;
      final_bytes[access.address + i] = static_cast<std::uint8_t>(access.value >> (8 * i));
    }
  }
  answer.writes.assign(final_bytes.begin(), final_bytes.end());
  for (const SlotValue& result : run.results) {
    specified &= result.unspecified == 0;
    if (result.place.kind == ir::AbiPlace::Kind::x_register)
      answer.x[result.place.index] = static_cast<std::uint64_t>((result.value & low_bits(result.bits)) |
                                                                (mix(answer.seed, 0x300) & ~low_bits(result.bits)));
  }
  switch (run.ending) {
    case Ending::returned:
      if (specified) return true;
      stop(Ending::unspecified, "unspecified bytes leave " + node.symbol);
      return false;
    case Ending::undefined:
      // A compiler that sees the callee may treat the call itself as unreachable.
      result_.undefined = {run.undefined.kind, result_.events.size() - 1, node_, run.undefined.where};
      result_.events.pop_back();
      stop(Ending::undefined, run.undefined.kind + " in " + node.symbol);
      return false;
    case Ending::no_return_call:
    case Ending::exception_return:
    case Ending::diverged:
      result_.events.back().returns = false;
      stop(Ending::no_return_call);
      return false;
    default:
      stop(run.ending, node.symbol + ": " + run.text);
      return false;
  }
}

void Machine::visit(const ir::Call& node) {
  Event& event = begin_event(EventKind::call);
  event.symbol = node.symbol;
  event.returns = node.returns;
  std::size_t next_input = 0;
  if (node.target) {
    if (input(0).unspecified != 0) return stop(Ending::unspecified, "a callee depends on an unspecified value");
    event.target = static_cast<std::uint64_t>(input(next_input++).value);
  } else if (auto found = entry_.globals.find("@" + node.symbol); found != entry_.globals.end()) {
    event.target = found->second.address;
  }
  for (const ir::AbiSlot& slot : node.arguments) {
    const Cell& cell = input(next_input);
    event.arguments.push_back({slot.place, current().input_bits[next_input], cell.value, cell.unspecified});
    ++next_input;
  }
  Answer& answer = answer_event();
  const CalleeContract& contract = environment_.contract(node.symbol);
  const bool invented = contract.opaque && environment_.invents_opaque;
  if (source() && options_.callees != nullptr && !node.symbol.empty() && !invented && !run_callee(node, answer)) return;
  end_event(answer, contract.writes_memory);
  const Event* expected = nullptr;
  if (options_.guide != nullptr && result_.events.size() <= options_.guide->events.size())
    expected = &options_.guide->events[result_.events.size() - 1];
  if (source()) {
    for (std::size_t i = 0; i < node.results.size(); ++i)
      assign(i, {answer.register_after(node.results[i].place.index), 0});
  } else {
    clobber_registers(answer, contract.preserved);
    snapshot_due_ = snapshot_is_call_ = true;
    const auto sp = static_cast<std::uint64_t>(cells_[code_.sp].value);
    if (expected != nullptr) make_arbitrary(sp, sp + stack_argument_bytes(*expected));
  }
  const bool source_stops = expected != nullptr && expected->kind == EventKind::call && !expected->returns;
  if (!node.returns || source_stops) stop(Ending::no_return_call);
}

void Machine::visit(const ir::Effect& node) {
  Event& event = begin_event(EventKind::effect);
  event.effect = node.kind;
  event.detail = node.detail;
  event.order = node.order;
  event.memory_clobber = node.memory_clobber;
  event.bytes = node.bytes;
  for (std::size_t i = 0; i < node.operands.size(); ++i)
    event.operands.push_back({{}, current().input_bits[i], input(i).value, input(i).unspecified});
  Answer& answer = answer_event();
  const bool on_memory = node.kind == ir::EffectKind::exclusive_load || node.kind == ir::EffectKind::exclusive_store ||
                         node.kind == ir::EffectKind::atomic;
  if (on_memory) {
    exclusive_or_atomic(node, event, answer);
    if (!running_) return;
  } else if (node.result) {
    if (!answer.has_value) {
      answer.has_value = true;
      answer.value = mix(answer.seed, 3);
    }
    assign(0, {answer.value, 0});
    event.value = answer.value & low_bits(current().output_bits[0]);
    event.has_result = true;
  }
  // Only the source says "memory"; what its environment wrote there, the binary's does as well.
  end_event(answer, node.memory_clobber || !source());
  snapshot_due_ = true;
  snapshot_is_call_ = false;
  if (node.kind == ir::EffectKind::exception_return) stop(Ending::exception_return);
}

void Machine::exclusive_or_atomic(const ir::Effect& node, Event& event, Answer& answer) {
  if (node.operands.empty() || node.bytes == 0 || node.bytes > 16)
    return stop(Ending::bad_graph, "an access effect without address or width");
  if (!usable_address(input(0), node.bytes)) return;
  const auto address = static_cast<std::uint64_t>(input(0).value);
  const unsigned bits = 8 * node.bytes;
  event.address = address;
  const Cell old = memory_.load(address, node.bytes);
  auto write = [&](Cell cell) {
    cell.value &= low_bits(bits);
    cell.unspecified &= low_bits(bits);
    memory_.store(address, node.bytes, cell);
    log(address, node.bytes, true, cell).is_event = true;
  };
  Cell result = old;
  if (node.kind == ir::EffectKind::exclusive_load) {
    log(address, node.bytes, false, old).is_event = true;
  } else if (node.kind == ir::EffectKind::exclusive_store) {
    if (node.operands.size() < 2) return stop(Ending::bad_graph, "an exclusive store without a value");
    if (!answer.has_value) {
      answer.has_value = true;
      answer.value = (mix(answer.seed, 4) & 3) == 0 ? 1 : 0;
    }
    if ((answer.value & 1) == 0) write(input(1));
    result = {answer.value & 1, 0};
  } else {
    log(address, node.bytes, false, old).is_event = true;
    if (old.unspecified != 0) return stop(Ending::unspecified, "an atomic reads indeterminate bytes");
    u128 updated = 0;
    if (node.detail.find("cas") != std::string::npos) {
      if (node.operands.size() < 3) return stop(Ending::bad_graph, "cas has an address and two values");
      if ((input(1).value & low_bits(bits)) == old.value) write(input(2));
    } else if (node.operands.size() >= 2 &&
               atomic_value(node.detail, old.value, input(1).value & low_bits(bits), bits, &updated)) {
      write({updated, input(1).unspecified});
    } else if ((node.detail == "sttr" || node.detail == "stllr") && node.operands.size() >= 2) {
      write(input(1));
    } else if (node.detail != "ldtr" && node.detail != "ldlar") {
      return stop(Ending::bad_graph, "unknown atomic: " + node.detail);
    }
  }
  if (node.result) {
    assign(0, result);
    event.value = result.value;
    event.has_result = true;
  }
}

}  // namespace validator::replay
