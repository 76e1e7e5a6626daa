// SPDX-License-Identifier: Apache-2.0
// Brings both halves to the same calls: a source callee that the binary does not call is inlined on the source side,
// a binary callee that the source does not call (a compiler's clone or fragment) on the binary side. Inlining keeps the
// set of runs, so what is inlined where is free to choose.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "validator/check/evidence.hpp"
#include "validator/check/records.hpp"

namespace validator::check {

struct Pair {
  ir::Function source;
  ir::Function binary;
  std::vector<std::string> inlined_sources;
  std::vector<std::string> inlined_binaries;
};

/// `both`: callees (addresses) that are inlined on both sides wherever they are called. Throws Unprovable.
Pair inline_calls(const Evidence& evidence, const std::string& symbol, const std::set<std::uint64_t>& both);

/// The address that a call names; none for an indirect call.
std::optional<std::uint64_t> target_of(const ir::Call& call);

template <typename Visit>
void for_each_call(const ir::Function& function, Visit&& visit) {
  for (ir::Graph::NodeId node : ir::reverse_post_order(function.graph)) {
    if (auto* call = std::get_if<ir::Call>(&function.graph.at(node).node)) visit(node, *call);
  }
}

}  // namespace validator::check
