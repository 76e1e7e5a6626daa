// SPDX-License-Identifier: Apache-2.0
// baseline show | update: the list of functions known not to be proved.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>

#include "validator/app/cache.hpp"
#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/baseline.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/output_file.hpp"

namespace validator::app {
namespace {

struct BaselineArguments : ImageArguments {
  std::string file;
};

ir::Result<std::string> file_of(const BaselineArguments& arguments, const Config& config) {
  const std::string file = arguments.file.empty() ? config.baseline : arguments.file;
  if (file.empty()) return ir::Error{"config-invalid", "no baseline: neither --baseline nor 'baseline' in the configuration", {}};
  return file;
}

ir::Result<report::Baseline> read_if_there(const Config& config, const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return report::Baseline{};
  return read_baseline_of(config, file);
}

int show(const BaselineArguments& arguments) {
  const ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  const ir::Result<std::string> file = file_of(arguments, *config);
  if (!file) return usage_error(file.error());
  const ir::Result<report::Baseline> baseline = read_baseline_of(*config, *file);
  if (!baseline) return usage_error(baseline.error());
  for (const report::BaselineEntry& entry : *baseline) {
    fmt::print("{:<8} {:<11} {:<10} {}: {}\n", entry.image, verdict_name(entry.verdict), entry.date.empty() ? "-" : entry.date,
               entry.symbol, entry.note);
  }
  fmt::print("{} entries\n", baseline->size());
  return report::exit_ok;
}

int update(const BaselineArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  const ir::Result<std::string> file = file_of(arguments, *config);
  if (!file) return usage_error(file.error());
  const ir::Result<report::Baseline> old = read_if_there(*config, *file);
  if (!old) return usage_error(old.error());
  ir::Result<report::OutputFile> output = report::OutputFile::create(*file);
  if (!output) return usage_error(output.error());
  RunOptions options;
  options.config = std::move(*config);
  options.jobs = std::max(1U, std::thread::hardware_concurrency());
  if (options.config.cache.folder.empty()) options.config.cache.folder = default_cache_dir();
  const ir::Result<report::Run> run = perform(options);
  if (!run) return usage_error(run.error());
  if (!run->complete) return report::exit_interrupted;
  for (const report::ImageRow& image : run->images) {
    for (const ir::Error& error : image.input_errors) {
      fmt::print(stderr, "validate-kernel: {}: {}\n", image.id, error.to_string());
      return report::exit_error;
    }
  }
  if (const ir::Result<bool> written = output->commit(report::updated_baseline(*old, *run, report::today())); !written) {
    return usage_error(written.error());
  }
  fmt::print("{} written\n", *file);
  return report::exit_ok;
}

}  // namespace

void add_baseline(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("baseline", "Functions known not to be proved: show, or update from a run");
  command->require_subcommand(1);
  auto arguments = std::make_shared<BaselineArguments>();
  const auto add = [&](const char* name, const char* help, int (*action)(const BaselineArguments&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    add_image_options(*sub, *arguments);
    sub->add_option("--baseline", arguments->file, "The file, instead of the configuration's");
    sub->callback([&chosen, arguments, action] { chosen.action = [arguments, action] { return action(*arguments); }; });
  };
  add("show", "Prints the entries", show);
  add("update", "Validates, and writes an entry for each function that is not proved; refuted ones are left out", update);
}

}  // namespace validator::app
