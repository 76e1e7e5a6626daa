// SPDX-License-Identifier: Apache-2.0
// Fills BinaryFacts: what registers functions write, who calls whom, whose address is taken, how deep frames are.
#pragma once

#include <map>
#include <set>

#include "validator/binary/binary.hpp"
#include "validator/binary/functions.hpp"
#include "validator/binary/graph_builder.hpp"

namespace validator::binary {

/// What the lifting of one function (by primary key) gave; absent: it failed.
struct LiftRecord {
  std::set<std::string> covers;
  std::set<std::uint64_t> call_targets, tail_call_targets, bl_targets;
  bool indirect_calls = false;
};

/// `reached`: addresses of all words that stand in some graph.
BinaryFacts make_facts(const FunctionTable& functions, const ir::Module& module, const std::map<std::string, LiftRecord>& records,
                       const std::set<std::uint64_t>& reached);

}  // namespace validator::binary
