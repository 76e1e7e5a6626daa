// SPDX-License-Identifier: Apache-2.0
// Two machines for one test: lifted graphs, executed by this file's own small interpreter, and Unicorn on the same bytes.
// Independent of validator/replay on purpose, so that an error there cannot hide one here.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "validator/binary/binary.hpp"

namespace binary_test {

struct Machine {
  std::array<std::uint64_t, 32> x{};  ///< x[31] is SP
  std::array<bool, 4> flags{};        ///< N Z C V
  std::map<std::uint64_t, std::vector<std::uint8_t>> memory;  ///< regions by address
  std::string stopped;                ///< empty: returned to the entry's X30

  std::uint8_t* byte(std::uint64_t address);  ///< null outside all regions
};

/// Runs a lifted function; calls are run through the graphs of their callees.
void run_graph(const validator::binary::LiftedImage& image, const std::string& symbol, Machine& machine);
/// Runs the bytes of the image that stand in machine.memory.
void run_unicorn(std::uint64_t entry, Machine& machine);
/// A difference in words, or "" when both ended the same.
std::string difference(const Machine& graph, const Machine& unicorn);

}  // namespace binary_test
