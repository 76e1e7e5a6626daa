// SPDX-License-Identifier: Apache-2.0
// What was done for one verdict, in words: for --verbose and `show`. A certificate's lines become sentences; nothing is
// said that the outcome does not have.
#pragma once

#include <string>
#include <vector>

#include "validator/verdict.hpp"

namespace validator::report {

std::vector<std::string> steps_of(const Outcome& outcome);

}  // namespace validator::report
