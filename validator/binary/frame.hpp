// SPDX-License-Identifier: Apache-2.0
// A small constant propagation over one lifted graph: registers that hold a known constant, or entry SP plus a known
// constant, at each node. It answers two questions: how deep does SP go, and which addresses does the code make.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "ir/graph.hpp"

namespace validator::binary {

struct ConstantFlow {
  std::optional<std::uint64_t> frame_bytes;  ///< none: SP is not always entry SP plus a constant
  std::set<std::uint64_t> constants;         ///< values that some register is set to, return addresses of calls aside
};
ConstantFlow propagate_constants(const ir::Graph& graph);

}  // namespace validator::binary
