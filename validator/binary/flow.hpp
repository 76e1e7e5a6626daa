// SPDX-License-Identifier: Apache-2.0
// Control flow of one function, recovered by walking its words from the first byte. A step is one instruction with its
// model's meaning; where control goes next is decided here once, for the walk and for the graph alike.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/isa.hpp"
#include "validator/binary/functions.hpp"
#include "validator/binary/words.hpp"

namespace validator::binary {

/// One instruction. Temporaries are renamed so that they are unique in the function; loads from constant addresses of
/// read-only memory (literal pools) have become constants.
struct Step {
  std::uint64_t address = 0;
  isa::Lifted lifted;
  std::vector<std::uint64_t> proposed;  ///< indirect branch: possible targets, sorted, untrusted; empty: a tail call
};

/// Where control goes.
struct Destination {
  enum class Kind : std::uint8_t {
    inside,     ///< to a step of this flow
    tail_call,  ///< to another function's first byte
    nowhere,    ///< past the end, or to bytes that are no code: must be proved unreachable
  } kind = Kind::inside;
  std::uint64_t address = 0;
  std::string reason;  ///< nowhere
};

struct Flow {
  const FunctionEntry* function = nullptr;
  std::map<std::uint64_t, Step> steps;
  std::set<std::string> covers;                   ///< keys of other functions whose words are among the steps
  std::map<std::uint64_t, std::uint64_t> tables;  ///< jump tables read: address -> bytes
  unsigned temporaries = 0;

  /// A jump to the cold part of a function, to a linker stub or into the middle of other code stays inside (that code
  /// becomes part of this function); a jump to another function's first byte is a tail call.
  Destination jump(const FunctionTable& functions, std::uint64_t to) const;
  Destination fall_through(const FunctionTable& functions, std::uint64_t from) const;
  /// Where one step goes, in the order of graph edges (branch: taken, not taken). Calls: the next instruction.
  std::vector<Destination> after(const FunctionTable& functions, const Step& step) const;
};

/// Walks one function. Errors are those of WordLifter, and lift-too-large.
ir::Result<Flow> recover_flow(const FunctionEntry& function, const FunctionTable& functions, WordLifter& words);

/// Targets of the indirect branch at `address`, from the flow as known so far; also the table's place, when there is one.
struct JumpTargets {
  std::vector<std::uint64_t> targets;  ///< sorted, each once
  std::uint64_t table = 0;
  std::uint64_t table_bytes = 0;
};
JumpTargets find_jump_targets(const Flow& flow, const FunctionTable& functions, std::uint64_t address);

}  // namespace validator::binary
