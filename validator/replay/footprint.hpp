// SPDX-License-Identifier: Apache-2.0
// B5: which bytes the binary may read and write beside its own, and A3/A2: which the source may. Private to this
// folder.
#pragma once

#include <optional>
#include <string>

#include "validator/replay/compare.hpp"
#include "validator/replay/visible.hpp"

namespace validator::replay {

/// Does visible memory count at this event of the source?
bool compares_memory(const Event& source_event);

/// The first access of the binary that B5 forbids, in completed stretches of the source's path only.
std::optional<Difference> footprint_violation(const EntryState& entry, const PrivateRanges& ranges,
                                              const RunResult& source, const RunResult& binary);

/// Why the source's accesses break an assumption (it touches private bytes, writes constants, or reaches an object that
/// no pointer can reach); empty when they do not.
std::string broken_assumption(const Program& program, const EntryState& entry, const PrivateRanges& ranges,
                              const RunResult& source, const ModuleFacts* facts);

}  // namespace validator::replay
