// SPDX-License-Identifier: Apache-2.0
// One run again, on terms over its inputs: the conditions under which a state takes the same path, and what the path
// makes of the state ("concolic" execution; Godefroid, Klarlund and Sen, PLDI 2005). Addresses are those of the run, so
// memory needs no arrays. It only ever suggests states to run: where it leaves something out, a suggestion is a bad
// one, no more. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "validator/replay/path_inputs.hpp"
#include "validator/replay/run.hpp"

namespace validator::replay {

/// True in the run.
struct PathCondition {
  enum class Kind : std::uint8_t { branch, assertion, address } kind = Kind::branch;
  ir::Term term;
  const ir::Function* function = nullptr;
  ir::Graph::NodeId node = ir::Graph::none;
  ir::Graph::NodeId other = ir::Graph::none;  ///< branch: the successor that the run did not take
};

struct PathSlot {
  ir::AbiPlace place;
  ir::Term term;
};

/// What both sides show at one event, in an order that both sides share.
struct PathEvent {
  std::size_t conditions = 0;       ///< of the path up to here
  std::vector<PathSlot> arguments;  ///< source: of a call
  std::array<ir::Term, 9> x{};      ///< binary: X0..X8 at a call
  std::vector<ir::Term> operands;   ///< effects, volatile accesses
  /// Source, of a callee that was run: results by register, and bytes written.
  std::map<unsigned, ir::Term> results;
  std::map<std::uint64_t, ir::Term> writes;
  ir::Term value;  ///< of a volatile load, or an effect's result
};

struct Path {
  std::vector<PathCondition> conditions;
  std::vector<PathEvent> events;
  std::vector<PathSlot> results;              ///< source, where it returns
  std::array<ir::Term, 31> x{};               ///< binary, at the end
  std::map<std::uint64_t, ir::Term> written;  ///< bytes, at the end
  bool complete = false;                      ///< came to the end of the function
  /// Source, where it ended in undefined behaviour: what would let it go on, after all of the conditions.
  ir::Term wish;
};

/// `run`: of the same function on the inputs' state. `guide`: for the binary, the path of the source.
Path follow(const ir::Function& function, Side side, const RunResult& run, PathInputs& inputs, Callees& callees,
            const Path* guide = nullptr);

}  // namespace validator::replay
