// SPDX-License-Identifier: Apache-2.0
// Which callees to inline on both sides: a compiler that inlines a callee at some of its places leaves two halves that
// call it a different number of times.
#pragma once

#include <cstdint>
#include <set>

#include "validator/check/inlining.hpp"

namespace validator::search {

using check::Pair;

/// Callees that the source calls at more places than the binary does: candidates for `both`.
std::set<std::uint64_t> partly_inlined(const Pair& pair, const check::Evidence& evidence);
/// Those of them that the binary does not call at all.
std::set<std::uint64_t> wholly_inlined(const Pair& pair, const check::Evidence& evidence);

}  // namespace validator::search
