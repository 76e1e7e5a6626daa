// SPDX-License-Identifier: Apache-2.0
// recheck: `run` with every proof read from its certificate instead of looked for. Nothing is searched and no cache is
// read. What the certificates do not cover is not proved, and said so.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <thread>

#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/baseline.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/json.hpp"
#include "validator/report/output_file.hpp"
#include "validator/report/table.hpp"

namespace validator::app {
namespace {

struct RecheckArguments : ImageArguments {
  std::string certificates;
  std::string solver = "z3";
  std::string json;
  std::vector<std::string> functions;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

int recheck(const RecheckArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  RunOptions options;
  options.config = std::move(*config);
  options.config.cache.folder.clear();
  options.certificates = arguments.certificates;
  options.functions = arguments.functions;
  options.jobs = arguments.jobs;
  report::Baseline baseline;
  if (!options.config.baseline.empty()) {
    ir::Result<report::Baseline> read = report::read_baseline(options.config.baseline);
    if (!read) return usage_error(read.error());
    baseline = std::move(*read);
    for (const report::BaselineEntry& entry : baseline) options.skipped.emplace(entry.image, entry.symbol);
  }
  std::optional<report::OutputFile> json;
  if (!arguments.json.empty()) {
    ir::Result<report::OutputFile> file = report::OutputFile::create(arguments.json);
    if (!file) return usage_error(file.error());
    json.emplace(std::move(*file));
  }
  ir::Result<report::Run> run = perform(options);
  if (!run) return usage_error(run.error());
  if (nothing_selected(*run)) return usage_error({"nothing-selected", "no function matches", {}});
  report::apply_baseline(baseline, *run);
  fmt::print(arguments.json == "-" ? stderr : stdout, "{}", report::to_table(*run, {}));
  if (json) {
    if (ir::Result<bool> written = json->commit(report::to_text(report::to_json(*run))); !written) {
      fmt::print(stderr, "validate-kernel: {}\n", written.error().to_string());
      return report::exit_error;
    }
  }
  return report::exit_code(*run);
}

}  // namespace

void add_recheck(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("recheck", "Proves again from certificates, without search");
  auto arguments = std::make_shared<RecheckArguments>();
  add_image_options(*command, *arguments);
  command->add_option("--certificates", arguments->certificates, "Folder that 'run --certificates' wrote")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--solver", arguments->solver, "Which solver decides")->check(CLI::IsMember({"z3"}));
  command->add_option("--function", arguments->functions,
                      "Only functions in whose symbol or name this regular expression is found");
  command->add_option("--jobs,-j", arguments->jobs, "Worker processes at once")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--json", arguments->json, "Write the report to this file (- is standard output)");
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return recheck(*arguments); }; });
}

}  // namespace validator::app
