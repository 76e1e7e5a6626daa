// SPDX-License-Identifier: Apache-2.0
// The independent witness: the function's machine code runs under Unicorn (QEMU's lineage), in step with the binary
// graph's run. If they part, our model or lifter is wrong, and the counterexample says nothing about the compiler.
//
// What an emulator of one function cannot do is taken from the graph's run and listed: callees are answered at their
// first byte, system instructions and exclusives are stepped over ("stubbed words": these test only our own model).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validator/replay/run.hpp"

namespace validator::replay {

struct EmulatorReport {
  enum class Status : std::uint8_t {
    agrees,
    disagrees,    ///< verdict `error`, reason model-disagrees
    unavailable,  ///< the emulator could not be set up, has no room, or the run has nothing to follow
  };
  Status status = Status::unavailable;
  std::string text;                  ///< where they part, or why there was no run
  std::uint64_t instructions = 0;    ///< executed by the emulator itself
  std::uint64_t calls = 0;           ///< answered by the environment
  std::vector<std::string> stubbed;  ///< "0x40001234 d5033f9f": words not executed, each once, by address
};

/// Follows a binary run that was made with RunOptions::record_path from this entry state. The image holds the code.
/// Goes no further than the event with this index: behind a difference a wrong binary may do anything.
EmulatorReport emulate(const Image& image, const EntryState& entry, const RunResult& graph_run,
                       std::size_t last_event = ~std::size_t{0});

}  // namespace validator::replay
