// SPDX-License-Identifier: Apache-2.0
// Second chance for local functions: compilers rewrite the interface of a function that only they can see (dropped arguments, known
// values, registers kept across the call), so such a function may have no proof of its own. It then counts if every
// caller is proved with it inlined in both halves.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "validator/app/pairing.hpp"

namespace validator::app {

struct InliningPlan {
  /// Row of a local function that is not proved, not recursive, whose address nobody takes -> rows of its direct callers.
  std::map<std::size_t, std::set<std::size_t>> candidates;
  /// Row to prove again -> addresses of the candidates that it reaches through candidates.
  std::map<std::size_t, std::set<std::uint64_t>> inline_both;
};

/// Empty when there is no candidate, or when a caller of each is outside the pairs.
InliningPlan plan_inlining(const PairingInput& input, const Plan& plan);

/// Takes over the new outcomes (by row) that are `proved` or `refuted`, and makes those candidates `inlined` whose callers are all proved.
void settle_inlining(const InliningPlan& inlining, const std::map<std::size_t, Outcome>& outcomes, Plan& plan);

}  // namespace validator::app
