// SPDX-License-Identifier: Apache-2.0
// Recorded compile commands as Clang arguments: what concerns the AST is kept, the rest is dropped and listed.
#pragma once

#include <string>
#include <vector>

#include "validator/source/lifter.hpp"

namespace validator::source {

struct Command {
  std::string directory;
  std::string file;                    ///< absolute
  std::vector<std::string> arguments;  ///< for Clang, with program name and file
  Dialect dialect;
  bool lifted = true;                  ///< false: assembly, or the target is not ours
};

/// Translates one recorded command (driver first). Fills in everything of `report` that does not need parsing.
Command translate(const std::string& directory, const std::string& file, const std::vector<std::string>& recorded,
                  UnitReport& report);
/// The arguments of lift_text in the same form.
Command translate_text(const std::string& file, const std::vector<std::string>& arguments, UnitReport& report);

}  // namespace validator::source
