// SPDX-License-Identifier: Apache-2.0
// How an executor's result differs from the model's, by the parts that a kept case can excuse.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "isa-models/conformance/sandbox.hpp"
#include "isa-models/interpreter.hpp"

namespace isa {

/// Registers and flags on one line.
std::string describe(const MachineState& state);

/// What one executor made of a case, by the parts that a row can excuse.
struct Difference {
  bool upper_half = false;  ///< general registers, bits 63:32
  bool registers = false;   ///< anything else in registers, flags, pc
  bool memory = false;
  std::string text;
  bool any() const { return upper_half || registers || memory; }
};

/// `is_vixl`: without the tag byte of a pc.
Difference compare_registers(const MachineState& want, const MachineState& got, bool is_vixl);

/// The bytes around the accesses of a case; puts them back at its end.
class Memory {
 public:
  explicit Memory(const std::vector<Range>& ranges);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  /// Adds the first byte that is not what the overlay has written or left.
  void compare(const Overlay& overlay, Difference& found) const;
  void restore() const;

 private:
  std::vector<std::pair<std::uint64_t, std::vector<std::uint8_t>>> saved_;
};

}  // namespace isa
