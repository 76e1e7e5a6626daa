// SPDX-License-Identifier: Apache-2.0
// The text form of a run, for a terminal: what is not proved first, in few lines; rows of proved functions only on demand.
#pragma once

#include <string>

#include "validator/report/report.hpp"

namespace validator::report {

struct TableOptions {
  bool all = false;                 ///< a row for every function
  std::size_t rows_per_image = 40;  ///< of functions that are not proved; the rest is counted
  bool colour = false;              ///< of verdicts, by the escape sequences of ECMA-48
  bool steps = false;               ///< under each row: what was done for the verdict
};

/// The verdict's name, coloured or not, filled up with blanks to `width`.
std::string verdict_text(Verdict verdict, bool colour, std::size_t width = 0);

std::string to_table(const Run& run, const TableOptions& options = {});

}  // namespace validator::report
