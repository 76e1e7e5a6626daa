// SPDX-License-Identifier: Apache-2.0
// What the image's own compiler makes of a unit, function by function: a change that is no program, or that leaves
// every function as it was, is no wrong source.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

namespace mutation {

struct CompileCommand {
  std::string directory, file, command;
};

using ObjectCode = std::map<std::string, std::string>;  ///< symbol -> disassembly with relocations

/// Nothing when the compiler refuses the unit. `scratch`: a file name without extension.
std::optional<ObjectCode> compile(const CompileCommand& command, const std::string& scratch);

/// Functions of the first with other code in the second, or with none.
std::set<std::string> changed_functions(const ObjectCode& before, const ObjectCode& after);

}  // namespace mutation
