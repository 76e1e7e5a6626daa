// SPDX-License-Identifier: Apache-2.0
// isa replay [FILE...]: cases in which executors disagree, run again. Without a file: all that are kept.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>

#include "isa-models/conformance/kept_case.hpp"
#include "validator/app/command_isa.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

/// What the file says that does not hold; empty: it holds, and some other executor has the model's result.
std::string difference(const isa::KeptCase& kept, const std::map<std::string, std::string>& results) {
  const std::string& model = results.at("model");
  const auto got = results.find(kept.row.executor);
  if (got == results.end()) return "no executor has the name " + kept.row.executor;
  if (model != kept.model) return "the model says otherwise than the file";
  if (got->second != kept.got) return kept.row.executor + " does otherwise than the file says";
  if (model == kept.got) return kept.row.executor + " agrees with the model: the file is needless";
  for (const auto& [name, result] : results)
    if (name != "model" && name != kept.row.executor && result == model) return {};
  return "no other executor agrees with the model";
}

int replay(const isa::Models& models, std::set<std::string> paths) {
  if (paths.empty())
    for (const auto& entry : std::filesystem::directory_iterator(isa::Known::default_directory() + "/disagreements"))
      if (entry.path().extension() == ".case") paths.insert(entry.path().string());
  unsigned wrong = 0;
  for (const std::string& path : paths) {
    const auto kept = isa::read_kept_case(path);
    if (!kept) return usage_error(kept.error());
    const auto results = isa::replay(models, *kept);
    if (!results) return isa_error(results.error());
    const std::string why = difference(*kept, *results);
    const auto decoded = models.decode(kept->row.example);
    fmt::print("{}: {:08x} {}\n", std::filesystem::path(path).filename().string(), kept->row.example, decoded ? decoded->text(0) : decoded.error().message);
    for (const auto& [name, result] : *results) fmt::print("  {:<9} {}\n", name, result);
    fmt::print("  {}\n", why.empty() ? kept->row.citation : "WRONG: " + why);
    wrong += !why.empty();
  }
  fmt::print("{} cases, {} wrong\n", paths.size(), wrong);
  return wrong == 0 ? report::exit_ok : report::exit_refuted;
}

}  // namespace

void add_isa_replay(CLI::App& command, Chosen& chosen) {
  CLI::App* replay_command = command.add_subcommand("replay", "Kept cases in which an executor is wrong: word, state, every executor's result");
  auto paths = std::make_shared<std::vector<std::string>>();
  replay_command->add_option("FILE", *paths, "Files as isa test --keep writes them; without one all that are kept");
  replay_command->callback([&chosen, paths] {
    chosen.action = [paths] {
      return with_models([&](const isa::Models& models) { return replay(models, {paths->begin(), paths->end()}); });
    };
  });
}

}  // namespace validator::app
