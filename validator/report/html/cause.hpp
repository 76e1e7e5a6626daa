// SPDX-License-Identifier: Apache-2.0
// Where a person should look first: how the wrong value came about in one run (a dynamic slice), the first step of it
// whose value the source's run never has, and a branch that goes where the source's run does not. A hint for reading;
// it decides nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "validator/report/html/steps.hpp"

namespace validator::report::html {

/// What is looked back from: variables and bytes, as they are before the step `before`.
struct Wanted {
  std::size_t before = 0;
  std::vector<ir::Term> variables;
  std::optional<MemoryStep> memory;
};

/// The steps that made it, latest first.
std::vector<std::size_t> made_by(const Steps& steps, const Wanted& wanted);

/// A run and the lines on which its steps lie; -1: on none.
struct Ways {
  const ir::Graph& graph;
  const Steps& steps;
  std::function<int(ir::Graph::NodeId)> line_of;
};

struct Suspicion {
  std::optional<std::size_t> step;        ///< of the binary
  std::optional<std::size_t> decided_by;  ///< where the step is a branch: what made its condition
  std::string why;                        ///< "This instruction ..."
};

/// `chain` made the value that differs; the difference shows at the binary's step `before`.
Suspicion look_first(const Ways& source, const Ways& binary, const std::vector<std::size_t>& chain, std::size_t before);

/// The earliest step of a chain that gives a value which is not among the other side's; none: every value is there.
std::optional<std::size_t> first_strange(const Steps& steps, const std::vector<std::size_t>& chain, const Steps& other);

}  // namespace validator::report::html
