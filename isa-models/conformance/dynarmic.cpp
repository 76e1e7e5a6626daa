// SPDX-License-Identifier: Apache-2.0
// Dynarmic 6.4, a JIT of its own lineage for user programs. It is slower than the other two, and shows what they do not: which exception, hint
// or cache operation a word is, with its operand, and unprivileged accesses.
#include <dynarmic/interface/A64/a64.h>
#include <dynarmic/interface/A64/config.h>

#include <cstdio>
#include <cstring>

#include "isa-models/conformance/executors.hpp"

namespace isa {
namespace {

namespace da = Dynarmic::A64;

std::string with_number(const char* name, std::uint64_t value) {
  char text[48];
  std::snprintf(text, sizeof text, "%s 0x%llx", name, static_cast<unsigned long long>(value));
  return text;
}

const char* name_of(da::DataCacheOperation operation) {
  using enum da::DataCacheOperation;
  switch (operation) {
    case CleanAndInvalidateBySetWay: return "dc cisw";
    case CleanAndInvalidateByVAToPoC: return "dc civac";
    case CleanBySetWay: return "dc csw";
    case CleanByVAToPoC: return "dc cvac";
    case CleanByVAToPoU: return "dc cvau";
    case CleanByVAToPoP: return "dc cvap";
    case InvalidateBySetWay: return "dc isw";
    case InvalidateByVAToPoC: return "dc ivac";
    case ZeroByVA: return "dc zva";
  }
  return "";
}

const char* name_of(da::Exception exception) {
  using enum da::Exception;
  switch (exception) {
    case WaitForInterrupt: return "wfi";
    case WaitForEvent: return "wfe";
    case SendEvent: return "sev";
    case SendEventLocal: return "sevl";
    case Yield: return "yield";
    case Breakpoint: return "brk";
    case UnallocatedEncoding: return "undefined";
    default: return "";
  }
}

/// Memory of the sandbox, and what the one step has shown.
class Callbacks : public da::UserCallbacks {
 public:
  std::string shown;
  bool faulted = false, fell_back = false;

  std::uint8_t MemoryRead8(da::VAddr at) override { return read<std::uint8_t>(at); }
  std::uint16_t MemoryRead16(da::VAddr at) override { return read<std::uint16_t>(at); }
  std::uint32_t MemoryRead32(da::VAddr at) override { return read<std::uint32_t>(at); }
  std::uint64_t MemoryRead64(da::VAddr at) override { return read<std::uint64_t>(at); }
  da::Vector MemoryRead128(da::VAddr at) override { return read<da::Vector>(at); }
  void MemoryWrite8(da::VAddr at, std::uint8_t value) override { write(at, value); }
  void MemoryWrite16(da::VAddr at, std::uint16_t value) override { write(at, value); }
  void MemoryWrite32(da::VAddr at, std::uint32_t value) override { write(at, value); }
  void MemoryWrite64(da::VAddr at, std::uint64_t value) override { write(at, value); }
  void MemoryWrite128(da::VAddr at, da::Vector value) override { write(at, value); }
  void InterpreterFallback(da::VAddr, std::size_t) override { fell_back = true; }
  void CallSVC(std::uint32_t number) override { shown = with_number("svc", number); }
  void ExceptionRaised(da::VAddr, da::Exception exception) override { shown = name_of(exception); }
  void DataCacheOperationRaised(da::DataCacheOperation operation, da::VAddr value) override { shown = with_number(name_of(operation), value); }
  void InstructionCacheOperationRaised(da::InstructionCacheOperation operation, da::VAddr value) override {
    using enum da::InstructionCacheOperation;
    if (operation == InvalidateByVAToPoU) shown = with_number("ic ivau", value);
    else shown = operation == InvalidateAllToPoU ? "ic iallu" : "ic ialluis";
  }
  void AddTicks(std::uint64_t) override {}
  std::uint64_t GetTicksRemaining() override { return 1; }
  std::uint64_t GetCNTPCT() override { return 0; }

 private:
  static bool inside(da::VAddr at, std::size_t bytes) { return at >= sandbox_base && at <= sandbox_base + sandbox_bytes - bytes; }
  template <typename T>
  T read(da::VAddr at) {
    T value{};
    if (inside(at, sizeof value)) std::memcpy(&value, reinterpret_cast<const void*>(at), sizeof value);
    else faulted = true;
    return value;
  }
  template <typename T>
  void write(da::VAddr at, const T& value) {
    if (inside(at, sizeof value)) std::memcpy(reinterpret_cast<void*>(at), &value, sizeof value);
    else faulted = true;
  }
};

da::UserConfig configuration(Callbacks& callbacks) {
  da::UserConfig config;
  config.callbacks = &callbacks;
  config.hook_data_cache_operations = true;
  config.hook_hint_instructions = true;
  config.enable_cycle_counting = false;
  config.code_cache_size = 16U << 20;
  return config;
}

class DynarmicExecutor : public Executor {
 public:
  DynarmicExecutor() : jit_(configuration(callbacks_)) {}
  std::string name() const override { return "dynarmic"; }

  Outcome run(MachineState& state) override {
    step(state);
    if (callbacks_.fell_back) return Outcome::unknown;
    if (callbacks_.faulted) return Outcome::faulted;
    return callbacks_.shown.empty() ? Outcome::ran : callbacks_.shown == "undefined" ? Outcome::unknown : Outcome::refused;
  }

  std::optional<std::string> effect(ir::EffectKind kind, MachineState& state) override {
    using Kind = ir::EffectKind;
    if (kind != Kind::exception && kind != Kind::wait && kind != Kind::sysop) return std::nullopt;
    step(state);
    // What it does not implement looks as if it were UNDEFINED.
    if (callbacks_.fell_back || callbacks_.shown.empty() || callbacks_.shown == "undefined") return std::nullopt;
    return callbacks_.shown;
  }

 private:
  void step(MachineState& state) {
    callbacks_.shown.clear();
    callbacks_.faulted = callbacks_.fell_back = false;
    std::array<da::Vector, 32> vectors;
    static_assert(sizeof vectors == sizeof state.v);
    std::memcpy(vectors.data(), state.v.data(), sizeof vectors);
    std::uint32_t flags = 0;
    for (unsigned i = 0; i < 4; ++i) flags |= static_cast<std::uint32_t>(state.nzcv[i]) << (31 - i);
    jit_.InvalidateCacheRange(state.pc, 4);
    jit_.SetRegisters(state.x);
    jit_.SetVectors(vectors);
    jit_.SetSP(state.sp);
    jit_.SetPstate(flags);
    jit_.SetPC(state.pc);
    jit_.Step();
    state.x = jit_.GetRegisters();
    vectors = jit_.GetVectors();
    std::memcpy(state.v.data(), vectors.data(), sizeof vectors);
    state.sp = jit_.GetSP();
    state.pc = jit_.GetPC();
    for (unsigned i = 0; i < 4; ++i) state.nzcv[i] = (jit_.GetPstate() >> (31 - i) & 1) != 0;
  }

  Callbacks callbacks_;
  da::Jit jit_;
};

}  // namespace

std::unique_ptr<Executor> make_dynarmic() { return std::make_unique<DynarmicExecutor>(); }

}  // namespace isa
