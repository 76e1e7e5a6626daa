// SPDX-License-Identifier: Apache-2.0
// Command lines of the campaigns: options with a text or a number behind them, and flags. A mistake ends the program: a
// campaign that ran with other options than meant says nothing.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace mutation {

/// Prints "PROGRAM: MESSAGE" and exits with 2.
[[noreturn]] void stop(const std::string& message);

struct OptionTable {
  std::map<std::string, std::string*> texts;
  std::map<std::string, std::uint32_t*> numbers;
  std::map<std::string, bool*> flags;
  std::set<std::string> required;  ///< texts
};

void read_options(int argc, char** argv, const OptionTable& table);

}  // namespace mutation
