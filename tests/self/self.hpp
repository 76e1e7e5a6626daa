// SPDX-License-Identifier: Apache-2.0
// Each half of a pair, written in the form of the other half without changing what it does. A half must be proved equal to its
// own rewriting: if not, the two kinds of runs do not agree on what a graph means.
#pragma once

#include <string>

#include "ir/function.hpp"
#include "validator/search/inlining.hpp"

namespace self {

/// A graph in the other form; or why this one has none.
struct Rewritten {
  ir::Function function;
  std::string reason;  ///< empty: `function` is valid
};

/// The source as a machine without compiler would run it: its variables are temporaries, its locals lie in one frame, each
/// call puts its arguments where AAPCS64 wants them.
Rewritten as_binary(const ir::Function& source, std::uint64_t address, const validator::check::Surroundings& around);

/// The machine code as a source: registers are variables, the frame is one local array, calls have the slots that the source's calls
/// of the same callee have.
Rewritten as_source(const ir::Function& binary, const ir::Function& interface, const validator::check::Surroundings& around);

}  // namespace self
