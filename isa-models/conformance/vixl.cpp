// SPDX-License-Identifier: Apache-2.0
// VIXL 5.1's simulator. It aborts the process on what it does not know, so the caller only gives it words that the models accept and
// that have no system effect.
#include <aarch64/simulator-aarch64.h>

#include <cstring>

#include "isa-models/conformance/executors.hpp"

namespace isa {
namespace {

namespace va = vixl::aarch64;

class Vixl : public Executor {
 public:
  Vixl() : simulator_(&decoder_, tmpfile()) {}
  std::string name() const override { return "vixl"; }

  Outcome run(MachineState& state) override {
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
  va::Decoder decoder_;
  va::Simulator simulator_;
};

}  // namespace

std::unique_ptr<Executor> make_vixl() { return std::make_unique<Vixl>(); }

}  // namespace isa
