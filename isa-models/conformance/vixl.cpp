// SPDX-License-Identifier: Apache-2.0
// VIXL 5.1's simulator. It aborts the process on what it cannot run, so its decoder is asked first; what the decoder accepts and the
// simulator does not (system effects) must not be given to it.
#include <aarch64/simulator-aarch64.h>

#include <cstring>

#include "isa-models/conformance/executors.hpp"

namespace isa {
namespace {

namespace va = vixl::aarch64;

/// What VIXL's decoder says of a word.
class Probe : public va::DecoderVisitorWithDefaults {
 public:
  Executor::Outcome ask(std::uint32_t word) {
    outcome_ = Executor::Outcome::ran;
    decoder_.Decode(reinterpret_cast<const va::Instruction*>(&word));
    return outcome_;
  }
  Probe() { decoder_.AppendVisitor(this); }
  void VisitUnallocated(const va::Instruction*) override { outcome_ = Executor::Outcome::refused; }
  void VisitReserved(const va::Instruction*) override { outcome_ = Executor::Outcome::refused; }
  void VisitUnimplemented(const va::Instruction*) override { outcome_ = Executor::Outcome::unknown; }

 private:
  va::Decoder decoder_;
  Executor::Outcome outcome_ = Executor::Outcome::ran;
};

class Vixl : public Executor {
 public:
  Vixl() : simulator_(&decoder_, tmpfile()) { simulator_.SilenceExclusiveAccessWarning(); }
  std::string name() const override { return "vixl"; }

  /// The decoder alone: for some UNDEFINED words that it lets through, the simulator aborts the process.
  Outcome accepts(MachineState state) override { return probe_.ask(*reinterpret_cast<const std::uint32_t*>(state.pc)); }

  std::optional<std::string> effect(ir::EffectKind kind, MachineState& state) override {
    return kind == ir::EffectKind::exception && accepts(state) == Outcome::refused ? std::optional<std::string>("undefined") : std::nullopt;
  }

  Outcome run(MachineState& state) override {
    if (const Outcome known = accepts(state); known != Outcome::ran) return known;
    for (unsigned i = 0; i < 31; ++i) simulator_.WriteXRegister(i, static_cast<std::int64_t>(state.x[i]), va::Simulator::NoRegLog);
    for (unsigned i = 0; i < 32; ++i) {
      va::Simulator::qreg_t q;
      std::memcpy(q.val, &state.v[i], sizeof q.val);
      simulator_.WriteQRegister(i, q, va::Simulator::NoRegLog);
    }
    simulator_.WriteXRegister(31, static_cast<std::int64_t>(state.sp), va::Simulator::NoRegLog, va::Reg31IsStackPointer);
    std::uint32_t nzcv = 0;
    for (unsigned i = 0; i < 4; ++i) nzcv |= static_cast<std::uint32_t>(state.nzcv[i]) << (31 - i);
    simulator_.ReadNzcv().SetRawValue(nzcv);
    simulator_.WritePc(reinterpret_cast<const va::Instruction*>(state.pc), va::Simulator::NoBranchLog);
    simulator_.ExecuteInstruction();
    for (unsigned i = 0; i < 31; ++i) state.x[i] = static_cast<std::uint64_t>(simulator_.ReadXRegister(i));
    for (unsigned i = 0; i < 32; ++i) {
      const va::Simulator::qreg_t q = simulator_.ReadQRegister(i);
      std::memcpy(&state.v[i], q.val, sizeof q.val);
    }
    state.sp = static_cast<std::uint64_t>(simulator_.ReadXRegister(31, va::Reg31IsStackPointer));
    nzcv = simulator_.ReadNzcv().GetRawValue();
    for (unsigned i = 0; i < 4; ++i) state.nzcv[i] = ((nzcv >> (31 - i)) & 1) != 0;
    state.pc = reinterpret_cast<std::uint64_t>(simulator_.ReadPc());
    return Outcome::ran;
  }

 private:
  Probe probe_;
  va::Decoder decoder_;
  va::Simulator simulator_;
};

}  // namespace

std::unique_ptr<Executor> make_vixl() { return std::make_unique<Vixl>(); }

}  // namespace isa
