// SPDX-License-Identifier: Apache-2.0
// Where paths of the binary join, parts of its state are replaced by terms of the source that they are obliged to equal
// (certificate.hpp, Meeting).
#include "validator/check/binary_run.hpp"

namespace validator::check {

using ir::Graph;

void BinaryRun::arrived(Graph::NodeId node, State& state, bool joins) {
  if (!joins) return;
  if (propose_meeting) {
    meetings[node] = propose_meeting(node, state);
    meet(node, state, meetings[node]);
  } else if (const auto certified = certificate_.meetings.find(node); certified != certificate_.meetings.end()) {
    meet(node, state, certified->second);
  }
}

/// Replaces parts of the state by what they are obliged to equal.
void BinaryRun::meet(Graph::NodeId node, State& state, const Meeting& meeting) {
  if (meeting.path) {
    if (const auto theirs = source_.points.find(*meeting.path); theirs != source_.points.end()) {
      // Paths choose between values later on, also in states that are not here: only undefined behaviour before every event may
      // excuse a difference.
      obligations.push_back({"meeting-path", place_text(node), ir::boolean(true), ir::eq(theirs->second.path, state.path), Term(),
                             Term(), Term(), ir::bv(0, 64)});
      state.path = theirs->second.path;
    }
  }
  for (const auto& [name, origin] : meeting.values) {
    const auto theirs = source_.values.find(origin.node);
    const auto index = variables_.find(ir::var(name, name.size() == 1 ? ir::Sort::boolean() : ir::Sort::bitvec(64)));
    if (theirs == source_.values.end() || origin.index >= theirs->second.size() || !index) continue;
    Term& ours = state.variables[*index];
    if (!ours) continue;
    const Term value = meeting_value(theirs->second[origin.index], ours.sort());
    if (!value) continue;
    require(state, "meeting-value " + name, node, state.path, ir::eq(value, ours));
    ours = value;
  }
  if (meeting.memory) {
    if (const auto theirs = source_.points.find(*meeting.memory); theirs != source_.points.end()) {
      require_memory(state, "meeting-memory", node, state.path, theirs->second.memory, state.memory);
      state.memory = theirs->second.memory;
    }
  }
}

Term BinaryRun::meeting_value(Term theirs, ir::Sort sort) {
  if (theirs.sort() == sort) return theirs;
  if (!theirs.sort().is_bitvec() || !sort.is_bitvec() || theirs.width() > sort.width) return Term();
  return ir::zext(theirs, sort.width);
}

}  // namespace validator::check
