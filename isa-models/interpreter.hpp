// SPDX-License-Identifier: Apache-2.0
// A concrete interpreter of the same .isa text, on numbers only. It shares the syntax tree with the partial evaluator and nothing
// else, so that the two check each other and the conformance tests judge the text rather than one reading of it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.hpp"
#include "ir/result.hpp"
#include "isa-models/isa.hpp"

namespace isa {

/// The general and vector registers and the flags of one processing element. `pc` is the instruction's address.
struct MachineState {
  std::array<std::uint64_t, 31> x{};
  std::array<ir::u128, 32> v{};
  std::uint64_t sp = 0;
  std::uint64_t pc = 0;
  std::array<bool, 4> nzcv{};
  friend bool operator==(const MachineState&, const MachineState&) = default;
};

/// What the interpreter asks of the outside. Accesses are little-endian, 1 to 16 bytes.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual ir::u128 load(std::uint64_t address, unsigned bytes) = 0;
  virtual void store(std::uint64_t address, unsigned bytes, ir::u128 value) = 0;
  /// An effect of isa.hpp with concrete operands; the answer is its result, if it has one.
  virtual ir::u128 effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands,
                          unsigned bytes) = 0;
};

/// Runs one word at state.pc and moves pc to its successor (pc + 4 after an effect that does not return).
/// Errors: the reason codes of Models::decode; the state is then unchanged.
ir::Result<bool> interpret(const Models& models, std::uint32_t word, MachineState& state, Environment& environment);

}  // namespace isa
