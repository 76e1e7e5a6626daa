// SPDX-License-Identifier: Apache-2.0
// What the search tells the checker. Nothing in here is believed: each entry only chooses *which* obligations
// the checker generates; wrong entries make the proof fail.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ir/function.hpp"
#include "validator/check/records.hpp"

namespace validator::check {

/// A binary location that a loop changes: a register or flag (by name) or `bytes` bytes of the frame at an
/// offset from the entry SP.
struct Place {
  std::string variable;
  std::int64_t offset = 0;
  unsigned bytes = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// One pair of loop headers. Symbols of cut K are named "name@K"; relations and invariants are terms over
/// the symbols of the source state at this cut and everything known before it.
struct Cut {
  ir::Graph::NodeId source_header = 0;
  ir::Graph::NodeId binary_header = 0;
  std::set<std::string> source_variables;  ///< changed by the loop
  std::set<Place> source_places;           ///< variable: name of the local's base
  std::set<std::string> binary_variables;
  std::set<Place> binary_places;
  bool memory = false;  ///< visible memory changes in the loop
  bool count = false;   ///< events happen in the loop
  std::map<Place, Term> relations;  ///< binary location -> value in terms of the source state
  std::vector<Term> invariants;     ///< Bool terms over the source state
};

/// A value that a node of the source graph computes: the result of a load, or its assignment number `index`.
struct SourceValue {
  ir::Graph::NodeId node = 0;
  std::size_t index = 0;
};

/// Where paths of the binary join, what it knows is what the source knows somewhere. Each part is proved once; from there on both
/// halves speak of one term, so that small differences do not pile up.
struct Meeting {
  std::optional<ir::Graph::NodeId> path;    ///< the binary is here exactly when the source is at this node
  std::optional<ir::Graph::NodeId> memory;  ///< visible memory is what the source's is on arrival at this node
  std::map<std::string, SourceValue> values;  ///< binary variable -> the value that the source has computed
};

struct Certificate {
  std::vector<Cut> cuts;
  std::map<std::string, std::int64_t> placements;  ///< escaped local -> offset from the entry SP
  std::map<ir::Graph::NodeId, Meeting> meetings;  ///< by binary node
  /// Joins of the binary from which paths go on separately up to the next join: code that the compiler shares
  /// between branches of the source, with a register that tells them apart.
  std::set<ir::Graph::NodeId> apart;
};

}  // namespace validator::check
