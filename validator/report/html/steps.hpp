// SPDX-License-Identifier: Apache-2.0
// A replayed run, node by node, with the value of everything that it computes. The replayer records where the run went,
// what it read from memory and what callees answered; the rest follows by evaluating the graph's terms along that way.
// For display: the verdict was reached without it. A value that cannot be told is left out.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/eval.hpp"
#include "validator/replay/run.hpp"
#include "validator/replay/state.hpp"

namespace validator::report::html {

struct MemoryStep {
  std::uint64_t address = 0;
  unsigned bytes = 0;
  bool writes = false;
  ir::u128 value = 0;
};

struct Step {
  ir::Graph::NodeId node = 0;
  std::vector<std::pair<ir::Term, std::optional<ir::u128>>> sets;  ///< variables that it writes, and their values
  std::vector<ir::Term> reads;                                     ///< variables that it reads
  std::optional<MemoryStep> memory;
  std::optional<std::size_t> event;  ///< index of the event that happens here
  int branch = -1;                   ///< of a condition: 0 it holds, 1 it does not
};

struct Steps {
  std::vector<Step> list;
  /// Every value that occurred in the run: of variables, of parts of terms, of memory. Low 64 bits.
  std::unordered_set<std::uint64_t> values;
};

/// `binary` is the binary's run of the same replay: it knows what callees answered.
Steps steps_of(const ir::Function& function, const replay::RunResult& run, const replay::RunResult& binary,
               const replay::EntryState& entry);

/// The variables in a term, each once.
std::vector<ir::Term> variables_in(ir::Term term);

}  // namespace validator::report::html
