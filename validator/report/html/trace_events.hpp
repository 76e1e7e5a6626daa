// SPDX-License-Identifier: Apache-2.0
// The events of a replayed pair side by side: what the environment sees of both, value by value, under the names of
// both.
#pragma once

#include <vector>

#include "validator/report/html/page.hpp"
#include "validator/report/html/steps.hpp"

namespace validator::report::html {

/// Registers of arguments at an event that are not the source's.
std::vector<std::size_t> differing_arguments(const replay::Comparison& comparison, std::size_t event);

/// The events up to the difference, and the ends when the run got there: [{"source", "binary": {"what", "step"},
/// "values":
/// [[name, source value, register, binary value, differs]...], "differs"}].
Json events_json(const Failure& failure, const Display& display, const Steps& source, const Steps& binary);

}  // namespace validator::report::html
