// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/tool_run.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/options.hpp"

namespace mutation {

int run_command(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ToolRun::image_arguments() const {
  std::string text = fmt::format("--elf '{}' --sources '{}'", elf, sources);
  if (!assembly.empty()) text += fmt::format(" --assembly '{}'", assembly);
  return text;
}

Ran run_tool(const ToolRun& run) {
  std::filesystem::remove(run.json);
  const std::string wall = run.wall == 0 ? "" : fmt::format("--wall {} ", run.wall);
  const std::string command =
      fmt::format("'{}' run {} --function '{}' --jobs {} {}--no-cache --output quiet --json '{}' >/dev/null 2>&1",
                  run.tool, run.image_arguments(), run.functions, run.jobs, wall, run.json);
  Ran result;
  result.exit = run_command(command);
  std::ifstream in(run.json);
  const nlohmann::json report = nlohmann::json::parse(in, nullptr, false);
  if (report.is_discarded()) stop(fmt::format("no report from: {} (exit code {})", command, result.exit));
  for (const auto& image : report["images"]) {
    const auto errors = image.find("errors");
    if (image["functions"].empty() && errors != image.end() && !errors->empty())
      stop(fmt::format("{}\n{}", command, errors->dump(1)));
    for (const auto& function : image["functions"]) {
      result.rows[function["symbol"].get<std::string>()] = {function["verdict"].get<std::string>(),
                                                            function.value("reason", ""), function.value("text", "")};
    }
  }
  return result;
}

std::string exactly(const std::set<std::string>& symbols) {
  std::string pattern;
  for (const std::string& symbol : symbols) {
    if (!pattern.empty()) pattern += '|';
    pattern += '^';
    for (char letter : symbol) {
      if (std::string_view(".$()[]|*+?^").find(letter) != std::string_view::npos) pattern += '\\';
      pattern += letter;
    }
    pattern += '$';
  }
  return pattern;
}

void check_exit(const Ran& ran) {
  constexpr int has_refuted = 1, has_errors = 4;
  const bool refuted =
      std::any_of(ran.rows.begin(), ran.rows.end(), [](const auto& row) { return row.second.verdict == "refuted"; });
  if (refuted && ran.exit != has_refuted && ran.exit != has_errors)
    stop(fmt::format("something is refuted, but the exit code is {}", ran.exit));
}

}  // namespace mutation
