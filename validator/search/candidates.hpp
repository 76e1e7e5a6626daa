// SPDX-License-Identifier: Apache-2.0
// Guesses about a loop's state, from the shapes of the values at its first arrival. Nothing here is believed: the
// obligations of the cut decide.
#pragma once

#include <vector>

#include "validator/search/session.hpp"

namespace validator::search {

/// What a binary place may be in terms of the source's state at the cut, most plausible first. Every candidate is right
/// at the first arrival.
std::vector<ir::Term> candidate_relations(Session& session, std::size_t cut, const check::Place& place);
/// Conditions that may hold whenever the loop is at its cut: conjuncts of the back edge's path, and bounds that its
/// exit tests suggest, as terms over the cut's symbols.
std::vector<ir::Term> candidate_invariants(Session& session, std::size_t cut);

/// Of a loop that goes on while i < n: what holds at the last visit, too. Null for other conditions, and for bounds between computed values.
ir::Term inclusive(ir::Term bound);

}  // namespace validator::search
