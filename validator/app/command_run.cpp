// SPDX-License-Identifier: Apache-2.0
// run: validates images and says so. Everything that can be wrong with the request is found before any work.
#include "validator/app/command_run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "ir/smt.hpp"
#include "validator/app/cache.hpp"
#include "validator/app/certificate_files.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/report_files.hpp"
#include "validator/app/terminal.hpp"
#include "validator/app/tool_identity.hpp"
#include "validator/app/watch.hpp"
#include "validator/report/baseline.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/html/document.hpp"
#include "validator/report/json.hpp"
#include "validator/report/output_file.hpp"
#include "validator/report/stability.hpp"
#include "validator/report/table.hpp"

namespace validator::app {
namespace {

volatile std::sig_atomic_t stop_requested = 0;

/// The first signal asks for a report of what is done; the second ends the process at once.
void on_signal(int) {
  if (stop_requested != 0) _exit(report::exit_interrupted);
  stop_requested = 1;
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

ir::Result<report::Run> perform(const RunOptions& options) {
  ir::Result<std::vector<std::regex>> selection = compile_selection(options.functions);
  if (!selection) return selection.error();
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  report::Run run;
  run.jobs = options.jobs;
  run.selection = !options.functions.empty();
  run.left_out = options.config.left_out;
  run.tool = {fmt::format("symbolon {}", SYMBOLON_VERSION), ir::solver_version()};
  if (!models) {
    for (const ImageInput& image : options.config.images) {
      run.images.push_back({});
      run.images.back().id = image.id;
      run.images.back().elf = image.elf;
      run.images.back().input_errors.push_back(models.error());
    }
    return run;
  }
  for (const ImageInput& image : options.config.images) {
    if (const auto own = models->without(image.absent_features); !own)
      return ir::Error{"config-invalid", fmt::format("image '{}': {}", image.id, own.error().message), {}};
  }
  run.tool.push_back(fmt::format("isa {}", models->identity()));
  const std::string identity = options.config.cache.folder.empty() ? std::string() : tool_identity();
  Progress progress(options.output == OutputMode::quiet);
  const auto start = std::chrono::steady_clock::now();
  catch_signals();
  const Session session{options, *models, *selection, identity, stop_requested, progress};
  for (const ImageInput& image : options.config.images) {
    if (stop_requested == 0) run.images.push_back(validate_image(image, session));
  }
  run.complete = stop_requested == 0;
  trim_store(options.config.cache.folder, options.config.cache.limit_mib);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

bool nothing_selected(const report::Run& run) {
  return run.complete && report::summarise(run).functions == 0 &&
         std::none_of(run.images.begin(), run.images.end(),
                      [](const report::ImageRow& image) { return !image.input_errors.empty(); });
}

namespace {

struct RunArguments : ImageArguments {
  std::vector<std::string> functions;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  ReportPaths reports;
  std::string certificates;
  std::string baseline;
  std::string cache_dir;  ///< empty: as configured
  std::optional<std::uint64_t> cache_limit_mib;
  bool reuse_undecided = false;
  std::string output = "normal";
  bool no_cache = false;
  bool skip_baselined = false;
  bool all = false;
  bool check_only = false;
  bool print_config = false;
  bool verbose = false;
  bool watch = false;
  unsigned seeds = 1;
  std::string stability;
  std::string fail_on;  ///< empty: as configured
};

void leave_last_run(const RunOptions& options, const std::string& text) {
  const std::string& folder = options.config.cache.folder;
  if (folder.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  // A report for `assumptions` to count in: nothing depends on it, so a read-only cache folder is no error.
  if (ir::Result<report::OutputFile> file = report::OutputFile::create(last_run_path(folder)); file) {
    static_cast<void>(static_cast<bool>(file->commit(text)));
  }
}

/// Configuration and command line of `run` together, and what the command line alone says.
ir::Result<RunOptions> options_of(const RunArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return config.error();
  RunOptions options;
  options.config = std::move(*config);
  options.check_only = arguments.check_only;
  if (const auto gate = report::gate_by_name(arguments.fail_on)) options.config.gate = *gate;
  if (!arguments.baseline.empty()) options.config.baseline = arguments.baseline;
  for (const auto& [name, path] : arguments.reports) {
    if (!path.empty()) options.config.reports[name] = path;
  }
  options.functions = arguments.functions;
  options.jobs = arguments.jobs;
  options.output = arguments.output == "quiet" ? OutputMode::quiet : OutputMode::normal;
  CacheOptions& cache = options.config.cache;
  if (!arguments.cache_dir.empty()) cache.folder = arguments.cache_dir;
  if (cache.folder.empty()) cache.folder = default_cache_dir();
  if (arguments.no_cache || arguments.seeds > 1) cache.folder.clear();
  if (arguments.cache_limit_mib) cache.limit_mib = *arguments.cache_limit_mib;
  cache.undecided = cache.undecided || arguments.reuse_undecided;
  return options;
}

/// An entry that matches nothing is probably misspelt; nothing depends on it, so it is only said.
void warn_of_unused_limits(const Config& config, const report::Run& run) {
  for (const FunctionLimits& entry : config.functions) {
    bool used = run.selection || !run.complete;
    for (const report::ImageRow& image : run.images) {
      used = used || std::any_of(image.functions.begin(), image.functions.end(), [&](const report::FunctionRow& row) {
               return std::regex_search(row.symbol, entry.pattern) || std::regex_search(row.display, entry.pattern);
             });
    }
    if (!used) fmt::print(stderr, "validate-kernel: limits for '{}' concern no function\n", entry.name);
  }
}

/// What a change cannot affect, when nothing was proved: the answer to --check-only.
void print_check(const report::Run& run, std::FILE* stream) {
  std::size_t known = 0, open = 0;
  for (const report::ImageRow& image : run.images) {
    for (const report::FunctionRow& row : image.functions) {
      known += row.from_cache;
      open += row.outcome.verdict == Verdict::not_run;
    }
  }
  fmt::print(stream, "{} functions unchanged: same graphs, same surroundings, an earlier verdict holds; {} must be proved again\n", known, open);
}

int exit_with(const report::Run& run, report::Gate gate) {
  const int code = report::exit_code(run);
  const int result = report::gated(code, gate);
  if (result != code) {
    fmt::print(stderr, "validate-kernel: not passed (exit code {}), but only '{}' and worse fail here\n", code, report::gate_name(gate));
  }
  return result;
}

void print_run(const report::Run& run, const RunArguments& arguments, bool check_only, std::FILE* stream) {
  report::TableOptions table;
  table.all = arguments.all || arguments.verbose;
  table.steps = arguments.verbose;
  table.colour = wants_colour(stream);
  fmt::print(stream, "{}", report::to_table(run, table));
  if (check_only) print_check(run, stream);
  std::fflush(stream);
}

int nothing_to_do(const RunOptions& options, const report::Run& run) {
  if (!run.selection) return usage_error({"nothing-selected", "the images have no functions", {}});
  return usage_error({"nothing-selected", fmt::format("no function matches '{}'", fmt::join(options.functions, "', '")), {}});
}

/// The runs with further seeds, without the cache: `first` is the one with the configured seed.
int report_stability(RunOptions options, report::Run first, const RunArguments& arguments, std::optional<report::OutputFile>& file,
                     std::FILE* stream, int code) {
  std::vector<report::Run> runs{std::move(first)};
  while (runs.size() < arguments.seeds) {
    for (Solver& solver : options.config.portfolio) ++solver.seed;
    ir::Result<report::Run> run = perform(options);
    if (!run) return usage_error(run.error());
    if (!run->complete) return report::exit_interrupted;
    runs.push_back(std::move(*run));
  }
  const std::vector<report::Stability> list = report::stability(runs);
  fmt::print(stream, "\n{}", report::stability_text(list));
  std::fflush(stream);
  if (file) {
    if (const ir::Result<bool> written = file->commit(report::to_text(report::stability_json(list))); !written) {
      fmt::print(stderr, "validate-kernel: {}\n", written.error().to_string());
      return report::exit_error;
    }
  }
  const bool luck = std::any_of(list.begin(), list.end(), [](const report::Stability& s) { return !s.same_verdict(); });
  return code == report::exit_ok && luck ? report::gated(report::exit_undecided, options.config.gate) : code;
}

/// One validation, from the files as they are now to the reports.
int run_once(const RunOptions& asked, const RunArguments& arguments) {
  RunOptions options = asked;
  const std::string& path = options.config.baseline;
  const ir::Result<report::Baseline> baseline =
      path.empty() ? ir::Result<report::Baseline>(report::Baseline{}) : read_baseline_of(options.config, path);
  if (!baseline) return usage_error(baseline.error());
  if (arguments.skip_baselined) {
    for (const report::BaselineEntry& entry : *baseline) options.skipped.emplace(entry.image, entry.symbol);
  }
  ir::Result<ReportFiles> files = ReportFiles::open(options.config.reports);
  if (!files) return usage_error(files.error());
  std::FILE* const stream = files->on_standard_output() || arguments.stability == "-" ? stderr : stdout;
  std::optional<report::OutputFile> stability;
  if (!arguments.stability.empty()) {
    ir::Result<report::OutputFile> file = report::OutputFile::create(arguments.stability);
    if (!file) return usage_error(file.error());
    file->forget_earlier();
    stability.emplace(std::move(*file));
  }
  report::html::Pages pages;
  if (files->wants_pages()) options.pages = &pages;

  ir::Result<report::Run> run = perform(options);
  if (!run) return usage_error(run.error());
  if (nothing_selected(*run)) {
    // The files of an earlier run must not stay behind as if they were of this one.
    if (const int code = files->write(*run, &pages); code != report::exit_ok) return code;
    return nothing_to_do(options, *run);
  }
  report::apply_baseline(*baseline, *run);
  if (!options.check_only) leave_last_run(options, report::to_text(report::to_json(*run)));
  warn_of_unused_limits(options.config, *run);
  if (options.output != OutputMode::quiet) print_run(*run, arguments, options.check_only, stream);
  if (!arguments.certificates.empty()) {
    if (const ir::Result<bool> written = write_certificates(arguments.certificates, *run); !written) {
      fmt::print(stderr, "validate-kernel: {}\n", written.error().to_string());
      return report::exit_error;
    }
  }
  if (const int code = files->write(*run, &pages); code != report::exit_ok) return code;
  const int code = exit_with(*run, options.config.gate);
  if (arguments.seeds == 1 || !run->complete) return code;
  options.pages = nullptr;  // the report is of the first run
  return report_stability(std::move(options), std::move(*run), arguments, stability, stream, code);
}

int run_command(const RunArguments& arguments) {
  ir::Result<RunOptions> options = options_of(arguments);
  if (!options) return usage_error(options.error());
  if (arguments.print_config) {
    fmt::print("{}", config_text(options->config));
    return report::exit_ok;
  }
  if (options->check_only && options->config.cache.folder.empty()) {
    return usage_error({"config-invalid", "--check-only asks the cache, and there is none", {}});
  }
  for (;;) {
    const std::string stamp = build_stamp(options->config);
    const int code = run_once(*options, arguments);
    if (!arguments.watch || stop_requested != 0) return code;
    fmt::print(stderr, "watching for a rebuild; Ctrl-C ends\n");
    catch_signals();
    if (!wait_for_rebuild(options->config, stamp, stop_requested)) return report::exit_interrupted;
  }
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("run", "Validates images; a table, and with --json a report");
  auto arguments = std::make_shared<RunArguments>();
  add_image_options(*command, *arguments);
  command->add_option("--function", arguments->functions, "Only functions in whose symbol or name this regular expression is found");
  command->add_option("--jobs,-j", arguments->jobs, "Worker processes at once")->capture_default_str()->check(CLI::Range(1U, 1024U));
  add_report_options(*command, arguments->reports);
  CLI::Option* certificates =
      command->add_option("--certificates", arguments->certificates, "Write a certificate of each proved function into this folder");
  command->add_option("--baseline", arguments->baseline, "Functions known not to be proved");
  command->add_flag("--skip-baselined", arguments->skip_baselined, "Do not attempt the functions that the baseline names: not_run, and not stale");
  command->add_flag("--no-cache", arguments->no_cache, "Neither read nor write verdicts of earlier runs");
  command->add_option("--cache-dir", arguments->cache_dir, "Where verdicts are kept")->default_str(default_cache_dir());
  command->add_option("--cache-limit", arguments->cache_limit_mib, "Size of that folder in MiB; the oldest entries go first; 0: no limit");
  command->add_flag("--reuse-undecided", arguments->reuse_undecided,
                    "Take over 'unknown' and 'unsupported' from an earlier run under the same limits");
  command->add_option("--output", arguments->output, "normal or quiet")->check(CLI::IsMember({"normal", "quiet"}));
  command->add_option("--fail-on", arguments->fail_on, "What makes the run fail, with all that is worse: undecided (default), stale or refuted")
      ->check(CLI::IsMember({"undecided", "stale", "refuted"}));
  CLI::Option* check_only = command->add_flag("--check-only", arguments->check_only,
                    "Prove nothing: say which functions are as an earlier run knows them, and which must be proved again")
      ->excludes(certificates);
  command->add_flag("--print-config", arguments->print_config, "Print configuration and command line as one configuration, and end");
  command->add_flag("--all", arguments->all, "A row for every function, proved ones too");
  command->add_flag("--verbose,-v", arguments->verbose, "A row for every function, and what was done for its verdict");
  command->add_flag("--watch", arguments->watch, "Validate again whenever a build has written an image anew")->excludes(check_only);
  CLI::Option* seeds = command
      ->add_option("--seeds", arguments->seeds, "So many runs, each with another seed of the solver and without the cache: which verdicts depend on its luck")
      ->check(CLI::Range(1U, 1000U))
      ->excludes(check_only);
  command->add_option("--stability", arguments->stability, "With --seeds: write verdicts and solver units of each run as JSON")->type_name("FILE")->needs(seeds);
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return run_command(*arguments); }; });
}

}  // namespace validator::app
