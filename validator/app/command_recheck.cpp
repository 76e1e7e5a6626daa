// SPDX-License-Identifier: Apache-2.0
// recheck: proves from certificates, without search. What the certificates do not cover is not proved, and said so.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "validator/app/certificate_files.hpp"
#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/judge.hpp"
#include "validator/app/proof_pool.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/json.hpp"
#include "validator/report/table.hpp"
#include "validator/search/recheck.hpp"

namespace validator::app {
namespace {

struct RecheckArguments : ImageArguments {
  std::string certificates;
  std::string solver = "z3";
  std::vector<std::string> functions;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

bool selected(const report::FunctionRow& row, const std::vector<std::regex>& selection) {
  return selection.empty() || std::any_of(selection.begin(), selection.end(), [&](const std::regex& wanted) {
           return std::regex_search(row.symbol, wanted) || std::regex_search(row.display, wanted);
         });
}

report::ImageRow recheck_image(const Loaded& loaded, const ImageInput& input, const RecheckArguments& arguments, const Session& session) {
  report::ImageRow image;
  image.id = input.id;
  image.elf = input.elf;
  image.sha256 = loaded.image.sha256;
  image.compiler = loaded.compiler;
  image.level = loaded.level;
  image.input_errors = loaded.errors;
  Plan plan = make_plan(loaded.pairing());
  std::vector<Job> jobs;
  for (const std::size_t index : plan.to_prove) {
    report::FunctionRow& row = plan.rows[index];
    if (!selected(row, session.selection)) continue;
    const auto text = read_certificate_file(arguments.certificates, input.id, row.symbol);
    image.functions.push_back(row);
    jobs.push_back([&loaded, &session, symbol = row.symbol, text] {
      Outcome outcome;
      if (text) {
        outcome = search::recheck(problem_of(loaded, symbol, session.options.config.limits), *text);
      } else {
        outcome.verdict = Verdict::not_run;
        outcome.reason = "no-certificate";
        outcome.text = "there is no certificate of this function";
      }
      return report::to_text(report::outcome_to_json(outcome));
    });
  }
  session.progress.begin(input.id, jobs.size());
  run_workers(
      jobs, worker_limits(session.options), session.stop,
      [&](std::size_t job, const WorkerResult& result) {
        image.functions[job].outcome = outcome_of(result);
        session.progress.done(image.functions[job].outcome.verdict);
      },
      [&](std::size_t running, std::size_t queued) { session.progress.tick(running, queued); });
  session.progress.end();
  return image;
}

int recheck(const RecheckArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  const ir::Result<std::vector<std::regex>> selection = compile_selection(arguments.functions);
  if (!selection) return usage_error(selection.error());
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) return usage_error(models.error());
  RunOptions options;
  options.config = std::move(*config);
  options.jobs = arguments.jobs;
  Progress progress(false);
  report::Run run;
  run.selection = true;
  const Session session{options, *models, *selection, "", catch_interrupt(), progress};
  for (const ImageInput& input : options.config.images) {
    if (session.stop != 0) break;
    const ir::Result<std::unique_ptr<Loaded>> loaded = load(input, options.config, *models, progress);
    if (loaded) {
      run.images.push_back(recheck_image(**loaded, input, arguments, session));
    } else {
      run.images.emplace_back().input_errors.push_back(loaded.error());
      run.images.back().id = input.id;
      run.images.back().elf = input.elf;
    }
  }
  run.complete = session.stop == 0;
  fmt::print("{}", report::to_table(run, {}));
  return report::exit_code(run);
}

}  // namespace

void add_recheck(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("recheck", "Proves again from certificates, without search");
  auto arguments = std::make_shared<RecheckArguments>();
  add_image_options(*command, *arguments);
  command->add_option("--certificates", arguments->certificates, "Folder that 'run --certificates' wrote")->required()->check(CLI::ExistingDirectory);
  command->add_option("--solver", arguments->solver, "Which solver decides")->check(CLI::IsMember({"z3"}));
  command->add_option("--function", arguments->functions, "Only functions in whose symbol or name this regular expression is found");
  command->add_option("--jobs,-j", arguments->jobs, "Worker processes at once")->capture_default_str()->check(CLI::Range(1U, 1024U));
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return recheck(*arguments); }; });
}

}  // namespace validator::app
