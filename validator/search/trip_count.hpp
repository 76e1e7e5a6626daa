// SPDX-License-Identifier: Apache-2.0
// Loops that end after a number of iterations that constants alone decide: compilers copy them out. Found by running
// the loop on the constants that reach it; what is not constant is left open.
#pragma once

#include <map>

#include "validator/check/loops.hpp"

namespace validator::search {

/// How often the header of each loop (by header) is visited at most, as far as constants decide that, up to the limit.
std::map<ir::Graph::NodeId, unsigned> constant_trip_counts(const ir::Graph& graph,
                                                           const std::vector<check::Loop>& loops, unsigned limit);
/// The loops of a graph that constants do not keep from being reached: a loop that was copied out leaves one behind
/// that is not.
std::vector<check::Loop> live_loops(const ir::Graph& graph);

}  // namespace validator::search
