// SPDX-License-Identifier: Apache-2.0
// Bounded unrolling: a graph without loops that has the runs of the original with few iterations. It shows where two
// functions differ, never that they are equal (Clarke, Kroening, Lerda: ANSI-C bounded model checking, TACAS 2004).
#pragma once

#include "ir/graph.hpp"

namespace validator::search {

/// The reason of the Unreachable nodes behind the last iteration.
inline constexpr const char* beyond_bound = "beyond the unrolling bound";

bool has_loops(const ir::Graph& graph);

/// Each loop runs at most `iterations` times (at least 1); further ones end in Unreachable. False when the graph is irreducible or
/// would grow beyond its limit: it is then of no use.
bool unroll(ir::Graph& graph, unsigned iterations);

}  // namespace validator::search
