// SPDX-License-Identifier: Apache-2.0
// replay FUNCTION: the counterexample of a refuted function, run again in both graphs and in the emulator.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/refute.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/output_file.hpp"

namespace validator::app {
namespace {

struct ReplayArguments : ImageArguments {
  std::string function;
  std::string from;
  std::string save;
};

ir::Result<replay::Counterexample> read_file(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) return ir::Error{"config-invalid", fmt::format("cannot read '{}'", path), {path, 0, 0}};
  std::ostringstream text;
  text << stream.rdbuf();
  return replay::read_counterexample(text.str(), path);
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::refuted: return report::exit_refuted;
    case Verdict::error: return report::exit_error;
    default: return report::exit_undecided;
  }
}

int replay_file(const Loaded& loaded, const ReplayArguments& arguments) {
  ir::Result<replay::Counterexample> read = read_file(arguments.from);
  if (!read) return usage_error(read.error());
  // What refutes a local function is a run of its caller, which has it inlined.
  const std::set<std::uint64_t> inlined(read->inlined.begin(), read->inlined.end());
  const bool in_caller = inlined.contains(loaded.binary.facts.functions.at(arguments.function).address) &&
                         loaded.source.functions.contains(read->symbol) && loaded.binary.module.functions.contains(read->symbol);
  const TestPair pair(loaded, in_caller ? read->symbol : arguments.function, inlined);
  const replay::Confirmation confirmation = replay::confirm(pair.problem(), *read);
  fmt::print("{}", confirmation.text);
  using Status = replay::Confirmation::Status;
  switch (confirmation.status) {
    case Status::confirmed: return report::exit_refuted;
    case Status::model_disagrees: return report::exit_error;
    case Status::not_reproduced:
    case Status::emulator_unavailable: break;
  }
  return report::exit_undecided;
}

int search_and_replay(const Loaded& loaded, const ReplayArguments& arguments, const Limits& limits) {
  replay::SearchStatistics statistics;
  const std::optional<Outcome> found = find_counterexample(loaded, arguments.function, limits, &statistics);
  if (!found) {
    fmt::print("{}: no counterexample in {} runs\n", arguments.function, statistics.runs);
    for (const auto& [agreement, runs] : statistics.agreements) fmt::print("  {:>8} {}\n", runs, agreement);
    for (const auto& [reason, runs] : statistics.reasons) fmt::print("  {:>8} {}\n", runs, reason);
    return report::exit_undecided;
  }
  fmt::print("{}\n", fmt::join(found->details, "\n"));
  if (!arguments.save.empty() && found->verdict == Verdict::refuted) {
    ir::Result<report::OutputFile> file = report::OutputFile::create(arguments.save);
    if (!file) return usage_error(file.error());
    if (ir::Result<bool> written = file->commit(found->certificate); !written) return usage_error(written.error());
  }
  return exit_of(found->verdict);
}

int replay_command(const ReplayArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) return usage_error(models.error());
  Progress progress(true);
  for (const ImageInput& input : config->images) {
    const ir::Result<std::unique_ptr<Loaded>> loaded = load(input, *config, *models, progress);
    if (!loaded) {
      fmt::print(stderr, "validate-kernel: {}\n", loaded.error().to_string());
      return report::exit_error;
    }
    const bool pair = (*loaded)->source.functions.contains(arguments.function) &&
                      (*loaded)->binary.module.functions.contains(arguments.function);
    if (!pair) continue;
    return arguments.from.empty() ? search_and_replay(**loaded, arguments, config->limits) : replay_file(**loaded, arguments);
  }
  return usage_error({"nothing-selected", fmt::format("no image has both halves of '{}'", arguments.function), {}});
}

}  // namespace

void add_replay(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("replay", "A counterexample again: source, binary graph and emulator side by side");
  auto arguments = std::make_shared<ReplayArguments>();
  command->add_option("FUNCTION", arguments->function, "Linkage name")->required();
  add_image_options(*command, *arguments);
  command->add_option("--from", arguments->from, "Read the counterexample from this file instead of searching for one");
  command->add_option("--save", arguments->save, "Write the counterexample to this file");
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return replay_command(*arguments); }; });
}

}  // namespace validator::app
