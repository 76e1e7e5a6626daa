// SPDX-License-Identifier: Apache-2.0
// Runs words at EL1 of a bare machine (qemu-system-aarch64): makes the image of the folder bare-metal/, boots it, and reads what it prints.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace bare_metal {

/// Where X1 points; X2 points 64 bytes further. data_words doublewords are filled and printed.
inline constexpr std::uint64_t data_address = 0x40600000;
inline constexpr std::size_t data_words = 16;
inline constexpr std::uint64_t stack_address = 0x40530000;

struct Event {
  std::uint64_t esr = 0;
  std::uint64_t offset = 0;  ///< of the preferred return address from the start of the experiment
};

struct Outcome {
  std::uint64_t address = 0;
  std::array<std::uint64_t, 31> x{};
  std::uint64_t sp = 0;
  std::uint64_t spsr = 0;  ///< saved when the experiment ended
  std::vector<Event> events;
  std::array<std::uint64_t, data_words> data{};
};

/// One outcome for each list of words, in order. Throws std::runtime_error when the image cannot be made or stops early.
std::vector<Outcome> run(const std::vector<std::vector<std::uint32_t>>& experiments);

}  // namespace bare_metal
