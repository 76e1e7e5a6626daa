// SPDX-License-Identifier: Apache-2.0
// --print-config: what a run is about to do, as a configuration file that would ask for the same.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "validator/app/options.hpp"

namespace validator::app {
namespace {

/// A basic string of TOML; its escapes are those of JSON.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string list(const auto& entries) {
  std::string text;
  for (const std::string& entry : entries) text += (text.empty() ? "" : ", ") + quoted(entry);
  return "[" + text + "]";
}

std::string image_text(const ImageInput& image) {
  std::string text = fmt::format("\n[[image]]\nid = {}\nelf = {}\nsources = {}\nassembly = {}\n", quoted(image.id), quoted(image.elf),
                                 quoted(image.compile_commands), list(image.assembly));
  if (!image.absent_features.empty()) text += fmt::format("absent_features = {}\n", list(image.absent_features));
  return text;
}

std::string function_text(const FunctionLimits& entry) {
  std::string text = fmt::format("\n[[function]]\nname = {}\n", quoted(entry.name));
  if (entry.query_units) text += fmt::format("query_units = {}\n", *entry.query_units);
  if (entry.function_units) text += fmt::format("function_units = {}\n", *entry.function_units);
  if (entry.wall_seconds) text += fmt::format("wall_seconds = {}\n", *entry.wall_seconds);
  return text;
}

}  // namespace

std::string solver_text(const Solver& solver) {
  return solver.seed == 0 ? std::string(ir::engine_name(solver.engine)) : fmt::format("{}:{}", ir::engine_name(solver.engine), solver.seed);
}

std::string config_text(const Config& config) {
  std::string text;
  if (!config.baseline.empty()) text += fmt::format("baseline = {}\n", quoted(config.baseline));
  text += fmt::format(
      "\n[limits]\nquery_units = {}\nfunction_units = {}\nwall_seconds = {}\nmemory_mib = {}\n",
      config.limits.query_units, config.limits.function_units, config.limits.wall_seconds, config.memory_mib);
  std::vector<std::string> solvers;
  for (const Solver& solver : config.portfolio) solvers.push_back(solver_text(solver));
  text += fmt::format("\n[solver]\nportfolio = {}\n", list(solvers));
  text += "\n[cache]\n";
  if (!config.cache.folder.empty()) text += fmt::format("folder = {}\n", quoted(config.cache.folder));
  text += fmt::format("limit_mib = {}\nundecided = {}\n", config.cache.limit_mib, config.cache.undecided);
  text += fmt::format("\n[gate]\nfail_on = \"{}\"\n\n[reports]\n", report::gate_name(config.gate));
  for (const auto& [name, path] : config.reports) {
    if (!path.empty()) text += fmt::format("{} = {}\n", name, quoted(path));
  }
  for (const ImageInput& image : config.images) text += image_text(image);
  for (const FunctionLimits& entry : config.functions) text += function_text(entry);
  for (const AssumedFunction& entry : config.assumed) {
    text += fmt::format("\n[[assumed]]\nsymbol = {}\ncontract = {}\n", quoted(entry.symbol), quoted(entry.contract));
  }
  return text.substr(text.find_first_not_of('\n'));
}

}  // namespace validator::app
