// SPDX-License-Identifier: Apache-2.0
// Finds, for what a binary loop changes, terms over the source state: equal to a source variable, linear in one with
// a loop-invariant rest, or a load that the compiler keeps in a register. Candidates are filtered on the first visits
// of the loop, and the checker's own obligations decide (Houdini).
#pragma once

#include "validator/search/pairing.hpp"
#include "validator/search/session.hpp"

namespace validator::search {

/// Runs the alignment until all relations and invariants of the session's certificate hold, or are given up.
void find_relations(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger, Session& session);

}  // namespace validator::search
