// SPDX-License-Identifier: Apache-2.0
// What a symbolic run writes down: accesses, facts, events, ends and loop arrivals, each with the path
// condition and the number of events so far ("count"), so that obligations can say *when* something is known.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "ir/build.hpp"
#include "ir/function.hpp"
#include "validator/check/stored_bytes.hpp"
#include "validator/verdict.hpp"

namespace validator::check {

/// Ends a proof attempt: the pair is outside what the checker covers. Caught by prove(); never a pass.
struct Unprovable : std::runtime_error {
  Unprovable(Verdict verdict_in, std::string code_in, const std::string& text)
      : std::runtime_error(text), verdict(verdict_in), code(std::move(code_in)) {}
  Verdict verdict;
  std::string code;
};

/// One state of a symbolic run. `path` says for which entry states and visits the run is here.
struct State {
  std::vector<Term> variables;  ///< by index in the run's VariableTable; null: never assigned
  StoredBytes bytes;
  Term memory;
  Term path;
  Term count;  ///< 64 bits: events so far
  Term epoch;  ///< 64 bits: events so far at which visible memory was compared
};

struct Access {
  Term path;
  Term count;
  Term epoch;
  Term address;
  std::uint64_t bytes = 0;
  bool writes = false;
  bool touch_only = false;  ///< the bytes are live, but the source does not access them
  ir::Graph::NodeId node = 0;
};

/// Something that holds in every run that the theorem speaks about, from the moment `count` events have happened
/// (null: from the start).
struct Fact {
  Term path;  ///< `condition` holds where this is true
  Term condition;
  Term count;
  std::string kind;
};

enum class EventKind : std::uint8_t { call, effect, volatile_load, volatile_store };

struct Event {
  EventKind kind = EventKind::call;
  std::string key;  ///< equal keys are a precondition of matching: callee, effect and detail, access width
  ir::Graph::NodeId node = 0;
  Term path;
  Term count;
  std::vector<ir::AbiSlot> arguments;  ///< call
  std::vector<Term> operands;          ///< call: the callee's address; effect: operands; volatile: address, value
  Term memory_before;
  bool compares_memory = false;
  bool keeps_memory = false;  ///< compared, but the same behind it: a callee that writes no visible memory, a release store
  unsigned bytes = 0;
  std::vector<ir::AbiSlot> results;  ///< fresh variables that stand for the environment's answer
  Term memory_after;                 ///< fresh when compares_memory
  bool returns = true;
};

struct End {
  enum class Kind : std::uint8_t { function_return, exception_return } kind = Kind::function_return;
  ir::Graph::NodeId node = 0;
  State state;
  std::vector<Term> values;  ///< source: results; binary: the address jumped to
};

/// What one half knows on arrival at a node.
struct Point {
  Term path;
  Term memory;
  Term count;
};

struct Arrival {
  ir::Graph::NodeId header = 0;
  bool back_edge = false;
  State state;
};

/// guard implies goal, under the facts known when `count` events have happened. For memories: guard implies that
/// left and right agree at every visible address.
struct Obligation {
  std::string kind;  ///< "return-value", "call-argument", "memory", "footprint", ...
  std::string text;
  Term guard;
  Term goal;  ///< null for a memory obligation
  Term shortcut;  ///< a simpler goal that implies the goal; null: none
  Term left;
  Term right;
  Term count;
};

}  // namespace validator::check
