// SPDX-License-Identifier: Apache-2.0
// The text form of a run, for a terminal: what is not proved first, in few lines; rows of proved functions only on demand.
#pragma once

#include <string>

#include "validator/report/report.hpp"

namespace validator::report {

struct TableOptions {
  bool all = false;                 ///< a row for every function
  std::size_t rows_per_image = 40;  ///< of functions that are not proved; the rest is counted
};

std::string to_table(const Run& run, const TableOptions& options = {});

}  // namespace validator::report
