// SPDX-License-Identifier: Apache-2.0
// From recovered control flow to an ir::Function by the conventions of ir/README.md ("Binary").
#pragma once

#include "ir/function.hpp"
#include "validator/binary/flow.hpp"

namespace validator::binary {

struct BuiltFunction {
  ir::Function function;
  std::set<std::uint64_t> call_targets;       ///< constants, through stubs
  std::set<std::uint64_t> tail_call_targets;  ///< constants
  std::set<std::uint64_t> bl_targets;         ///< as encoded
  bool indirect_calls = false;                ///< blr, or br that is a tail call
};

/// Errors: lift-graph (the graph fails ir::check_graph: a bug of ours or of a model), and those of WordLifter (in a stub).
ir::Result<BuiltFunction> build_function(Flow& flow, const FunctionTable& functions, WordLifter& words);

}  // namespace validator::binary
