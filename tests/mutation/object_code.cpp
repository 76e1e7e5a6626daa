// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/object_code.hpp"

#include <fstream>

#include <fmt/format.h>

#include "tests/mutation/options.hpp"
#include "tests/mutation/tool_run.hpp"

namespace mutation {

std::optional<ObjectCode> compile(const CompileCommand& command, const std::string& scratch) {
  // A section for each function: its addresses do not depend on its neighbours.
  const std::string build = fmt::format("cd '{}' && {} -w -g0 -ffunction-sections -o '{}.o' >/dev/null 2>&1",
                                        command.directory, command.command, scratch);
  if (run_command(build) != 0) return std::nullopt;
  const std::string show = fmt::format("aarch64-linux-gnu-objdump -dr --no-show-raw-insn '{0}.o' >'{0}.txt'", scratch);
  if (run_command(show) != 0) stop("no disassembly of " + scratch);
  ObjectCode result;
  std::ifstream in(scratch + ".txt");
  std::string symbol;
  for (std::string line; std::getline(in, line);) {
    if (line.empty())
      symbol.clear();
    else if (line.ends_with(">:"))
      symbol = line.substr(line.find('<') + 1, line.size() - line.find('<') - 3);
    else if (!symbol.empty())
      result[symbol] += line + '\n';
  }
  return result;
}

std::set<std::string> changed_functions(const ObjectCode& before, const ObjectCode& after) {
  std::set<std::string> result;
  for (const auto& [symbol, code] : before) {
    const auto now = after.find(symbol);
    if (now == after.end() || now->second != code) result.insert(symbol);
  }
  return result;
}

}  // namespace mutation
