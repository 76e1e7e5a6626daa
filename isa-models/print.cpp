// SPDX-License-Identifier: Apache-2.0
// A lifted instruction as text, for people.
#include <sstream>

#include "ir/text.hpp"
#include "isa-models/isa.hpp"

namespace isa {
namespace {

const char* order_text(ir::Order order) {
  if (order == ir::Order::acquire) return " acquire";
  return order == ir::Order::release ? " release" : "";
}

const char* kind_text(ir::EffectKind kind) {
  switch (kind) {
    case ir::EffectKind::barrier: return "barrier";
    case ir::EffectKind::sysreg_read: return "sysreg_read";
    case ir::EffectKind::sysreg_write: return "sysreg_write";
    case ir::EffectKind::sysop: return "sysop";
    case ir::EffectKind::exception: return "exception";
    case ir::EffectKind::exception_return: return "exception_return";
    case ir::EffectKind::wait: return "wait";
    case ir::EffectKind::exclusive_load: return "exclusive_load";
    case ir::EffectKind::exclusive_store: return "exclusive_store";
    case ir::EffectKind::clear_exclusive: return "clear_exclusive";
    case ir::EffectKind::atomic: return "atomic";
  }
  return "?";
}

void print_op(std::ostream& out, const ir::Load& load) {
  out << ir::print(load.result) << " := load" << load.bytes << " [" << ir::print(load.address) << "]"
      << order_text(load.order) << (load.single_copy ? " single-copy" : "") << '\n';
}

void print_op(std::ostream& out, const ir::Store& store) {
  out << "store" << store.bytes << " [" << ir::print(store.address) << "] := " << ir::print(store.value)
      << order_text(store.order) << (store.single_copy ? " single-copy" : "") << '\n';
}

void print_op(std::ostream& out, const ir::Effect& effect) {
  if (effect.result) out << ir::print(effect.result) << " := ";
  out << kind_text(effect.kind);
  if (!effect.detail.empty()) out << " \"" << effect.detail << '"';
  for (ir::Term operand : effect.operands) out << ' ' << ir::print(operand);
  if (effect.bytes != 0) out << " bytes " << effect.bytes;
  out << order_text(effect.order) << '\n';
}

void print_transfer(std::ostream& out, const Transfer& transfer) {
  using Kind = Transfer::Kind;
  switch (transfer.kind) {
    case Kind::none: return;
    case Kind::branch:
      out << "branch 0x" << std::hex << transfer.target << std::dec << " if " << ir::print(transfer.condition) << '\n';
      return;
    case Kind::call: out << "call 0x" << std::hex << transfer.target << std::dec << '\n'; return;
    case Kind::indirect: out << "indirect " << ir::print(transfer.indirect_target) << '\n'; return;
    case Kind::indirect_call: out << "indirect_call " << ir::print(transfer.indirect_target) << '\n'; return;
    case Kind::returns: out << "return " << ir::print(transfer.indirect_target) << '\n'; return;
    case Kind::stop: out << "stop\n"; return;
  }
}

}  // namespace

std::string print(const Lifted& lifted) {
  std::ostringstream out;
  for (const MicroOp& op : lifted.ops) std::visit([&](const auto& item) { print_op(out, item); }, op);
  for (const ir::Binding& binding : lifted.assignments)
    out << ir::print(binding.variable) << " := " << ir::print(binding.value) << '\n';
  print_transfer(out, lifted.transfer);
  return out.str();
}

}  // namespace isa
