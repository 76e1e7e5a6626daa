// SPDX-License-Identifier: Apache-2.0
// Small facts read from the inputs beside the lifters: the optimisation level that compile_commands.json records, and the
// symbols that assembly files define.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ir/result.hpp"

namespace validator::app {

struct CommandFacts {
  bool x18_reserved = false;                ///< an entry says -ffixed-x18
  std::string level;                        ///< "-O2"; empty when the entries disagree or say none
  bool link_time_optimisation = false;      ///< some entry has -flto
  std::vector<std::string> assembly_files;  ///< entries whose file ends in .s or .S, absolute
};

/// Error "source-database": unreadable, or not a list of entries with directory, file and command or arguments.
ir::Result<CommandFacts> read_command_facts(const std::string& compile_commands);

/// Symbols with a label at the start of a line ("name:") in the files, with the file's path. A folder stands for its
/// *.S and *.s files. Labels made by macros are not found: their functions must be listed with a contract.
/// Error "config-invalid": a path that cannot be read.
ir::Result<std::map<std::string, std::string>> assembly_symbols(const std::vector<std::string>& paths);

}  // namespace validator::app
