// SPDX-License-Identifier: Apache-2.0
// Which source loop is which binary loop, and in which rotation. Proposals in order of plausibility; each one is tried
// until the proof succeeds or the list ends.
#pragma once

#include <vector>

#include "validator/check/certificate.hpp"
#include "validator/search/inlining.hpp"

namespace validator::search {

/// A pair whose graphs were rotated, with one cut for each pair of loops (relations still empty).
struct Alignment {
  Pair pair;
  check::Certificate certificate;
  std::string text;  ///< for reports: which source line goes with which address
};

/// At most `limit` proposals. Throws Unprovable for irreducible graphs.
std::vector<Alignment> alignments(const Pair& pair, std::size_t limit);

}  // namespace validator::search
