// SPDX-License-Identifier: Apache-2.0
// recheck: `run` with every proof read from its certificate instead of looked for. Nothing is searched and no cache is
// read. What the certificates do not cover is not proved, and said so.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <thread>

#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/report_files.hpp"
#include "validator/app/terminal.hpp"
#include "validator/report/baseline.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/html/document.hpp"
#include "validator/report/table.hpp"

namespace validator::app {
namespace {

struct RecheckArguments : ImageArguments {
  std::string certificates;
  std::string solver = "z3";
  ReportPaths reports;
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
    ir::Result<report::Baseline> read = read_baseline_of(options.config, options.config.baseline);
    if (!read) return usage_error(read.error());
    baseline = std::move(*read);
    for (const report::BaselineEntry& entry : baseline) options.skipped.emplace(entry.image, entry.symbol);
  }
  ir::Result<ReportFiles> files = ReportFiles::open(arguments.reports);
  if (!files) return usage_error(files.error());
  report::html::Pages pages;
  if (files->wants_pages()) options.pages = &pages;
  ir::Result<report::Run> run = perform(options);
  if (!run) return usage_error(run.error());
  report::apply_baseline(baseline, *run);
  if (const int code = files->write(*run, &pages); code != report::exit_ok) return code;
  if (nothing_selected(*run)) return usage_error({"nothing-selected", "no function matches", {}});
  std::FILE* const stream = files->on_standard_output() ? stderr : stdout;
  report::TableOptions table;
  table.colour = wants_colour(stream);
  fmt::print(stream, "{}", report::to_table(*run, table));
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
  add_report_options(*command, arguments->reports);
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return recheck(*arguments); }; });
}

}  // namespace validator::app
