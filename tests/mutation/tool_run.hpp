// SPDX-License-Identifier: Apache-2.0
// One run of the tool as a user makes it: from the command line to the JSON report and the exit code.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace mutation {

struct ToolRun {
  std::string tool, elf, sources;
  std::string assembly;   ///< empty: none
  std::string functions;  ///< a regular expression on symbols
  std::string json;       ///< where the report goes
  std::uint32_t jobs = 2;
  std::uint32_t wall = 0;  ///< seconds for one function; 0: the tool's own limit

  std::string image_arguments() const;
};

struct Row {
  std::string verdict, reason, text;
};

struct Ran {
  std::map<std::string, Row> rows;  ///< by symbol
  int exit = -1;                    ///< -1: killed
};

/// Stops the campaign when there is no report.
Ran run_tool(const ToolRun& run);

/// "^a\.b$|^c$".
std::string exactly(const std::set<std::string>& symbols);

/// Exit code of a command, -1 if it was killed.
int run_command(const std::string& command);

/// Stops the campaign when a run with something refuted does not end with exit code 1 (or 4, if there are errors beside
/// it).
void check_exit(const Ran& ran);

}  // namespace mutation
