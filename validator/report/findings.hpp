// SPDX-License-Identifier: Apache-2.0
// What keeps a run from being a pass, as one list: the formats for other tools (SARIF, JUnit, Markdown) are views of it, so
// that none can be milder than the exit code. A run that was interrupted, or that looked at no function, has a finding.
#pragma once

#include <string>
#include <vector>

#include "validator/report/report.hpp"

namespace validator::report {

enum class FindingKind : std::uint8_t { function, data, image, run };

struct Finding {
  FindingKind kind = FindingKind::function;
  bool error = true;      ///< refuted, wrong or broken; false: only undecided
  bool accepted = false;  ///< the baseline allows it
  std::string image;
  std::string symbol;  ///< of a function or an object
  std::string code;    ///< reason code without suffix
  std::string text;
  std::string note;  ///< of the baseline's entry
  ir::Location where;
};

/// In the order of the rows. Without one that is not accepted the exit code is 0, and the other way round, except that a
/// run over selected functions or images has a finding: it says nothing of the rest.
std::vector<Finding> findings(const Run& run);
/// Names the finding in a later run, wherever its lines have moved: image, symbol (or text) and reason code.
std::string fingerprint(const Finding& finding);
/// Is the verdict one that needs no excuse: proved, assumed or inlined?
bool is_settled(Verdict verdict);
/// No finding that is not accepted: all of the images was looked at and is fine.
bool passes(const Run& run);
/// The path from the folder on when it lies there, so that reports do not name one machine's folders.
std::string shown_path(const std::string& path, const std::string& folder);

}  // namespace validator::report
