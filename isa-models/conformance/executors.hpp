// SPDX-License-Identifier: Apache-2.0
// The common face of the executors. All work on the same host memory, mapped at the same address.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "isa-models/interpreter.hpp"

namespace isa {

/// Host memory at a fixed address, so that a simulator that uses host pointers and one that maps guest memory agree.
inline constexpr std::uint64_t sandbox_base = 0x10000000;
inline constexpr std::uint64_t sandbox_bytes = 8U << 20;
inline constexpr std::uint64_t code_begin = sandbox_base + (4U << 20);
inline constexpr std::uint64_t code_end = code_begin + (1U << 20);

class Executor {
 public:
  virtual ~Executor() = default;
  virtual std::string name() const = 0;
  enum class Outcome : std::uint8_t {
    ran,
    refused,  ///< it raised an exception, as an undefined word does
    faulted,  ///< an access left the sandbox
    unknown,  ///< the executor says of itself that it does not implement the word
  };
  /// Runs the one instruction that stands at state.pc, an address that was not run before since the code zone began anew.
  virtual Outcome run(MachineState& state) = 0;
  /// Runs one instruction whose effect leaves no trace in registers or memory, and says which effect it was: "svc 0x1", "wfi", "undefined",
  /// "dc civac 0x1000", or a beginning of that ("svc"). Nothing: it shows none for this word. `kind` is
  /// the model's: what would change the executor itself (a system register) is not run.
  virtual std::optional<std::string> effect(ir::EffectKind kind, MachineState& state) = 0;
  /// `refused` or `unknown`, or `ran` when it would do something else. For words that may be UNDEFINED.
  virtual Outcome accepts(MachineState state) { return run(state); }
};

std::unique_ptr<Executor> make_unicorn();
std::unique_ptr<Executor> make_vixl();
std::unique_ptr<Executor> make_dynarmic();

}  // namespace isa
