// SPDX-License-Identifier: Apache-2.0
// The compiled form of a function: per node a span of flat code and the slots that the node's kind needs. Private to
// run.cpp and the machine.
#pragma once

#include <string>
#include <vector>

#include "validator/replay/flat.hpp"
#include "validator/replay/run.hpp"

namespace validator::replay {

inline constexpr Slot no_slot = 0xffff'ffff;

struct CodeNode {
  Span code;
  std::vector<Slot> inputs;   ///< node-specific order: see compile_node
  std::vector<Slot> outputs;  ///< variables written
  std::vector<std::uint8_t> input_bits;
  std::vector<std::uint8_t> output_bits;
  ir::Graph::NodeId next[2] = {ir::Graph::none, ir::Graph::none};
  unsigned successors = 0;
  Slot object = no_slot;  ///< source access: the variable of the one object that the address is based on
  std::uint64_t distance =
      0;  ///< source access: how far behind the pointer that its address is computed from, as far as constant
  const ir::NodeData* data = nullptr;
};

struct Program::Code {
  const ir::Function* function = nullptr;
  Side side = Side::source;
  FlatCode flat;
  std::vector<CodeNode> nodes;
  bool may_be_unspecified = false;  ///< source: variables are indeterminate until assigned
  bool has_addresses = false;       ///< binary: nodes carry instruction addresses
  Slot x[31];
  Slot sp = no_slot, flags[4];
  std::vector<Slot> parameters;  ///< in the order of Function::parameters
  std::vector<Slot> locals;      ///< in the order of Function::locals
  struct Named {
    Slot slot;
    std::string name;
  };
  std::vector<Named> globals;  ///< variables "@..."
  std::vector<Named> others;   ///< neither parameter, local, global nor register
  std::string bad;             ///< why the graph cannot be run; empty: it can
};

}  // namespace validator::replay
