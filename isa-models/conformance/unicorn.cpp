// SPDX-License-Identifier: Apache-2.0
// Unicorn 2.0.1. It keeps translations of executed addresses, so the caller gives every case a fresh address; the engine is
// made anew before the code zone is used a second time.
#include <unicorn/unicorn.h>

#include <array>

#include "ir/assert.hpp"
#include "isa-models/conformance/executors.hpp"

namespace isa {
namespace {

class Unicorn : public Executor {
 public:
  ~Unicorn() override {
    if (engine_ != nullptr) uc_close(engine_);
  }
  std::string name() const override { return "unicorn"; }

  Outcome run(MachineState& state) override {
    if (engine_ == nullptr || state.pc <= last_pc_) open();
    last_pc_ = state.pc;
    std::uint64_t nzcv = 0;
    for (unsigned i = 0; i < 4; ++i) nzcv |= static_cast<std::uint64_t>(state.nzcv[i]) << (31 - i);
    for (unsigned i = 0; i < 31; ++i) uc_reg_write(engine_, x_register(i), &state.x[i]);
    for (unsigned i = 0; i < 32; ++i) uc_reg_write(engine_, UC_ARM64_REG_Q0 + static_cast<int>(i), &state.v[i]);
    uc_reg_write(engine_, UC_ARM64_REG_SP, &state.sp);
    uc_reg_write(engine_, UC_ARM64_REG_NZCV, &nzcv);
    uc_ctl_remove_cache(engine_, state.pc, state.pc + 8);
    // A branch out of the sandbox has done its work when the fetch at its target fails.
    const uc_err error = uc_emu_start(engine_, state.pc, state.pc + 4, 0, 1);
    if (error == UC_ERR_EXCEPTION || error == UC_ERR_INSN_INVALID) return Outcome::refused;
    if (error != UC_ERR_OK && error != UC_ERR_FETCH_UNMAPPED) return Outcome::faulted;
    for (unsigned i = 0; i < 31; ++i) uc_reg_read(engine_, x_register(i), &state.x[i]);
    for (unsigned i = 0; i < 32; ++i) uc_reg_read(engine_, UC_ARM64_REG_Q0 + static_cast<int>(i), &state.v[i]);
    uc_reg_read(engine_, UC_ARM64_REG_SP, &state.sp);
    uc_reg_read(engine_, UC_ARM64_REG_NZCV, &nzcv);
    uc_reg_read(engine_, UC_ARM64_REG_PC, &state.pc);
    for (unsigned i = 0; i < 4; ++i) state.nzcv[i] = ((nzcv >> (31 - i)) & 1) != 0;
    return Outcome::ran;
  }

  std::optional<std::string> effect(ir::EffectKind kind, MachineState& state) override {
    if (kind != ir::EffectKind::exception) return std::nullopt;
    if (engine_ == nullptr || state.pc <= last_pc_) open();
    interrupt_ = 0;
    uc_hook hook = 0;
    IR_ASSERT(uc_hook_add(engine_, &hook, UC_HOOK_INTR, reinterpret_cast<void*>(&Unicorn::note), this, 1, 0) == UC_ERR_OK);
    const std::uint64_t at = state.pc;
    const Outcome outcome = run(state);
    uc_hook_del(engine_, hook);
    switch (interrupt_) {
      case 1: return is_call_to_a_higher_level(at) ? std::nullopt : std::optional<std::string>("undefined");
      case 2: return "svc";
      case 7: return "brk";
      case 11: return "hvc";
      case 13: return "smc";
      default:
        return outcome == Outcome::refused && !is_call_to_a_higher_level(at) ? std::optional<std::string>("undefined") : std::nullopt;
    }
  }

 private:
  /// The machine has neither EL2 nor EL3, so that HVC and SMC are UNDEFINED there.
  static bool is_call_to_a_higher_level(std::uint64_t pc) {
    const std::uint32_t word = *reinterpret_cast<const std::uint32_t*>(pc) & 0xffe0001fU;
    return word == 0xd4000002U || word == 0xd4000003U;
  }
  /// QEMU's numbers of exceptions (target/arm/cpu.h): EXCP_UDEF, EXCP_SWI, EXCP_BKPT, EXCP_HVC, EXCP_SMC.
  static void note(uc_engine* engine, std::uint32_t number, void* self) {
    static_cast<Unicorn*>(self)->interrupt_ = number;
    uc_emu_stop(engine);
  }
  static int x_register(unsigned index) {
    if (index == 29) return UC_ARM64_REG_X29;
    if (index == 30) return UC_ARM64_REG_X30;
    return UC_ARM64_REG_X0 + static_cast<int>(index);
  }
  void open() {
    if (engine_ != nullptr) uc_close(engine_);
    IR_ASSERT(uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &engine_) == UC_ERR_OK);
    // The default model refuses the LSE atomics.
    uc_ctl_set_cpu_model(engine_, UC_CPU_ARM64_MAX);
    IR_ASSERT(uc_mem_map_ptr(engine_, sandbox_base, sandbox_bytes, UC_PROT_ALL, reinterpret_cast<void*>(sandbox_base)) == UC_ERR_OK);
  }
  uc_engine* engine_ = nullptr;
  std::uint64_t last_pc_ = 0;
  std::uint32_t interrupt_ = 0;
};

}  // namespace

std::unique_ptr<Executor> make_unicorn() { return std::make_unique<Unicorn>(); }

}  // namespace isa
