// SPDX-License-Identifier: Apache-2.0
#include "validator/app/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "ir/text.hpp"
#include "validator/app/cache.hpp"
#include "validator/app/data_check.hpp"
#include "validator/app/disjoint.hpp"
#include "validator/app/inputs.hpp"
#include "validator/app/judge.hpp"
#include "validator/app/local_inlining.hpp"
#include "validator/app/workers.hpp"
#include "validator/report/json.hpp"
#include "validator/source/isa_asm.hpp"
#include "validator/source/source.hpp"

namespace validator::app {
namespace {

using Clock = std::chrono::steady_clock;
using report::FunctionRow;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void take_unit_reports(const source::Report& report, Loaded& loaded) {
  std::map<std::string, std::size_t> missing_flags;
  std::map<std::string, std::string> why;
  std::set<std::string> versions;
  for (const source::UnitReport& unit : report.units) {
    if (unit.assembly) continue;
    if (!unit.compiler_version.empty()) versions.insert(unit.compiler_version);
    if (!unit.parsed) {
      loaded.errors.push_back(unit.diagnostics.empty() ? ir::Error{"parse-error", "the file could not be parsed", {unit.file, 0, 0}}
                                                       : unit.diagnostics.front());
    } else if (!unit.diagnostics.empty()) {
      loaded.notes.push_back(fmt::format("{} errors in declarations of {}; the first: {}", unit.diagnostics.size(), unit.file,
                                         unit.diagnostics.front().to_string()));
    }
    for (const source::FlagCheck& check : unit.flags) {
      if (check.found) continue;
      ++missing_flags[check.flag];
      why[check.flag] = check.reason;
    }
  }
  for (const auto& [flag, count] : missing_flags) {
    loaded.notes.push_back(fmt::format("{} is missing in {} units: {}", flag, count, why[flag]));
  }
  loaded.compiler = fmt::format("{}", fmt::join(versions, "; "));
}

/// Everything that a verdict on this image can depend on. The prover may read any part of both modules and of the image (callers'
/// arguments, callees' registers, read-only bytes), so all of them are in the key: a change anywhere is a miss
/// everywhere, and no list of dependencies can be wrong.
std::string image_key(const Loaded& loaded, const Session& session) {
  KeyBuilder key;
  key.add("tool", session.tool_identity);
  key.add("models", session.models.identity());
  const Limits& limits = session.options.config.limits;
  key.add("limits", fmt::format("{} {} {} {} {}", limits.query_units, limits.function_units, limits.wall_seconds, limits.seed,
                                session.options.config.memory_mib));
  key.add("elf", loaded.image.sha256);
  key.add("x18", loaded.x18_reserved ? "reserved" : "");
  key.add("units", loaded.link_time_optimisation ? "joined" : "apart");
  for (const auto& [name, function] : loaded.source.functions) {
    key.add(name, ir::print(function));
    key.add("flags", fmt::format("{} {} {} {}", function.returns, function.internal, function.is_inline, function.finite_loops));
  }
  for (const auto& [name, error] : loaded.source.failed) key.add(name, error.code);
  for (const auto& [name, where] : loaded.unordered) key.add("unordered", name);
  for (const auto& [name, object] : loaded.source.globals) {
    key.add(name, fmt::format("{} {} {} {} {} {} {} {}", object.symbol, object.bytes, object.alignment, object.is_const,
                              object.has_volatile, object.internal, object.is_definition, object.has_initialiser));
    key.add("initial", std::string_view(reinterpret_cast<const char*>(object.initial.data()), object.initial.size()));
    for (const auto& [offset, symbol] : object.relocations) key.add(symbol, std::to_string(offset));
  }
  return key.finish();
}

Outcome outcome_of(const WorkerResult& result) {
  Outcome outcome;
  switch (result.end) {
    case WorkerEnd::finished: {
      const report::Json json = report::Json::parse(result.text, nullptr, false);
      ir::Result<Outcome> read = json.is_discarded() ? ir::Result<Outcome>(ir::Error{"report-outcome", "not JSON", {}})
                                                     : report::outcome_from_json(json);
      if (read) return *read;
      outcome.verdict = Verdict::error;
      outcome.reason = read.error().code;
      outcome.text = read.error().message;
      break;
    }
    case WorkerEnd::timed_out:
      outcome.verdict = Verdict::unknown;
      outcome.reason = "time";
      outcome.text = "wall-clock limit";
      break;
    case WorkerEnd::out_of_memory:
      outcome.verdict = Verdict::unknown;
      outcome.reason = "memory";
      outcome.text = "memory limit";
      break;
    case WorkerEnd::crashed:
      outcome.verdict = Verdict::error;
      outcome.reason = "crash";
      outcome.text = result.text;
      break;
    case WorkerEnd::interrupted:
      outcome.verdict = Verdict::not_run;
      outcome.reason = "interrupted";
      break;
  }
  outcome.seconds = result.seconds;
  return outcome;
}

Job job_for(const Loaded& loaded, const std::string& symbol, const Limits& limits, std::set<std::uint64_t> inline_both = {}) {
  return [&loaded, symbol, limits, inline_both = std::move(inline_both)] {
    return report::to_text(report::outcome_to_json(judge(loaded, symbol, limits, inline_both)));
  };
}

WorkerLimits worker_limits(const RunOptions& options) {
  // The prover ends itself at its own wall limit; the parent's is for when it does not.
  constexpr unsigned grace_seconds = 5;
  return {options.jobs, options.config.limits.wall_seconds + grace_seconds, options.config.memory_mib};
}

struct Task {
  std::size_t row = 0;
  std::set<std::uint64_t> inline_both;
};

/// Outcomes of tasks, in their order: from the cache where it knows them, else from workers.
class Prover {
 public:
  Prover(const Loaded& loaded, const Session& session)
      : loaded_(loaded), session_(session), cache_(session.options.cache_dir),
        image_key_(session.options.cache_dir.empty() ? std::string() : image_key(loaded, session)) {}

  /// `on_outcome` gets the index of the task, its outcome, and whether it came from the cache.
  void run(const Plan& plan, const std::vector<Task>& tasks,
           const std::function<void(std::size_t, Outcome, bool)>& on_outcome) const {
    std::vector<std::size_t> todo;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (std::optional<Outcome> known = cache_.find(key_of(plan, tasks[i]))) on_outcome(i, std::move(*known), true);
      else todo.push_back(i);
    }
    // Long functions first, so that no long one is left to run alone at the end.
    std::stable_sort(todo.begin(), todo.end(), [&](std::size_t a, std::size_t b) {
      return plan.rows[tasks[a].row].bytes > plan.rows[tasks[b].row].bytes;
    });
    std::vector<Job> jobs;
    for (const std::size_t i : todo) {
      jobs.push_back(job_for(loaded_, plan.rows[tasks[i].row].symbol, session_.options.config.limits, tasks[i].inline_both));
    }
    run_workers(
        jobs, worker_limits(session_.options), session_.stop,
        [&](std::size_t job, const WorkerResult& result) {
          Outcome outcome = outcome_of(result);
          cache_.store(key_of(plan, tasks[todo[job]]), outcome);
          on_outcome(todo[job], std::move(outcome), false);
        },
        [&](std::size_t running, std::size_t queued) { session_.progress.tick(running, queued); });
  }

 private:
  std::string key_of(const Plan& plan, const Task& task) const {
    KeyBuilder key;
    key.add("image", image_key_);
    key.add("symbol", plan.rows[task.row].symbol);
    key.add("inline_both", fmt::format("{}", fmt::join(task.inline_both, " ")));
    return key.finish();
  }

  const Loaded& loaded_;
  const Session& session_;
  Cache cache_;
  std::string image_key_;
};

void prove_rows(const Loaded& loaded, const Session& session, Plan& plan) {
  const Prover prover(loaded, session);
  std::vector<Task> tasks;
  for (const std::size_t row : plan.to_prove) tasks.push_back({row, {}});
  session.progress.begin(fmt::format("{}", loaded.id), tasks.size());
  prover.run(plan, tasks, [&](std::size_t task, Outcome outcome, bool from_cache) {
    session.progress.done(outcome.verdict);
    plan.rows[tasks[task].row].outcome = std::move(outcome);
    plan.rows[tasks[task].row].from_cache = from_cache;
  });

  const InliningPlan inlining = plan_inlining(loaded.pairing(), plan);
  if (inlining.inline_both.empty() || session.stop != 0) return;
  std::vector<Task> again;
  for (const auto& [row, addresses] : inlining.inline_both) again.push_back({row, addresses});
  session.progress.begin(fmt::format("{}: callers of local functions", loaded.id), again.size());
  std::map<std::size_t, Outcome> outcomes;
  prover.run(plan, again, [&](std::size_t task, Outcome outcome, bool) {
    session.progress.done(outcome.verdict);
    outcomes[again[task].row] = std::move(outcome);
  });
  settle_inlining(inlining, outcomes, plan);
}

bool selected(const FunctionRow& row, const std::vector<std::regex>& selection) {
  if (selection.empty()) return true;
  return std::any_of(selection.begin(), selection.end(), [&](const std::regex& wanted) {
    return std::regex_search(row.symbol, wanted) || std::regex_search(row.display, wanted);
  });
}

void keep_selected(const Session& session, Plan& plan) {
  if (session.selection.empty()) return;
  std::erase_if(plan.to_prove, [&](std::size_t index) { return !selected(plan.rows[index], session.selection); });
}

void leave_out_skipped(const std::string& image, const Session& session, Plan& plan) {
  std::erase_if(plan.to_prove, [&](std::size_t index) {
    if (!session.options.skipped.contains({image, plan.rows[index].symbol})) return false;
    Outcome& outcome = plan.rows[index].outcome;
    outcome.verdict = Verdict::not_run;
    outcome.reason = "baseline-skipped";
    outcome.text = "not attempted: the baseline names it";
    return true;
  });
}

/// Every proof supposes that objects and functions whose addresses are used have addresses of their own (A-DISJ).
void void_proofs(const ir::Error& shared, Plan& plan) {
  for (FunctionRow& row : plan.rows) {
    if (row.outcome.verdict != Verdict::proved) continue;
    row.outcome.verdict = Verdict::error;
    row.outcome.reason = "not-disjoint";
    row.outcome.text = shared.message;
  }
}

report::ImageRow failed_image(const ImageInput& input, const ir::Error& error) {
  report::ImageRow row;
  row.id = input.id;
  row.elf = input.elf;
  row.input_errors.push_back(error);
  return row;
}

}  // namespace

ir::Result<std::unique_ptr<Loaded>> load(const ImageInput& input, const Config& config, const isa::Models& models,
                                         Progress& progress) {
  auto loaded = std::make_unique<Loaded>();
  loaded->id = input.id;
  progress.phase(fmt::format("{}: reading {}", input.id, input.elf));
  ir::Result<Image> image = binary::read_image(input.elf);
  if (!image) return image.error();
  loaded->image = std::move(*image);
  const ir::Result<CommandFacts> commands = read_command_facts(input.compile_commands);
  if (!commands) return commands.error();
  loaded->level = commands->level;
  loaded->x18_reserved = commands->x18_reserved;
  loaded->link_time_optimisation = commands->link_time_optimisation;
  std::vector<std::string> assembly = commands->assembly_files;
  assembly.insert(assembly.end(), input.assembly.begin(), input.assembly.end());
  ir::Result<std::map<std::string, std::string>> symbols = assembly_symbols(assembly);
  if (!symbols) return symbols.error();
  loaded->assembly = std::move(*symbols);
  for (const AssumedFunction& function : config.assumed) loaded->listed[function.symbol] = function.contract;

  loaded->binary = binary::lift_image(loaded->image, models);
  source::Options options;
  options.compile_commands = input.compile_commands;
  const source::IsaAsmLifter asm_lifter(models);
  options.asm_lifter = &asm_lifter;
  options.progress = [&](const std::string& file, std::size_t number, std::size_t total) {
    progress.phase(fmt::format("{}: parsing {} of {}: {}", input.id, number + 1, total, file));
  };
  source::Report report;
  ir::Result<ir::Module> sources = source::lift_sources(options, &report);
  if (!sources) return sources.error();
  loaded->source = std::move(*sources);
  loaded->unordered = std::move(report.unordered);
  take_unit_reports(report, *loaded);
  match_local_keys(loaded->source, loaded->binary);
  match_local_objects(loaded->source, loaded->image);
  loaded->facts = replay::ModuleFacts::of(loaded->source, &loaded->image);
  return loaded;
}

Outcome validate_one(const Loaded& loaded, const std::string& symbol, const Session& session) {
  Outcome outcome;
  run_workers({job_for(loaded, symbol, session.options.config.limits)}, worker_limits(session.options), session.stop,
              [&](std::size_t, const WorkerResult& result) { outcome = outcome_of(result); });
  return outcome;
}

report::ImageRow validate_image(const ImageInput& input, const Session& session) {
  const Clock::time_point start = Clock::now();
  ir::Result<std::unique_ptr<Loaded>> read = load(input, session.options.config, session.models, session.progress);
  if (!read) return failed_image(input, read.error());
  Loaded& loaded = **read;

  report::ImageRow row;
  row.id = input.id;
  row.elf = input.elf;
  row.sha256 = loaded.image.sha256;
  row.compiler = loaded.compiler;
  row.level = loaded.level;
  row.input_errors = loaded.errors;
  const auto shared = check_disjoint(loaded.source, loaded.image, loaded.binary.facts);
  std::ranges::copy(shared, std::back_inserter(row.input_errors));
  row.notes = loaded.notes;
  row.lift_seconds = seconds_since(start);

  Plan plan = make_plan(loaded.pairing());
  keep_selected(session, plan);
  leave_out_skipped(input.id, session, plan);
  prove_rows(loaded, session, plan);
  session.progress.end();
  settle(loaded.pairing(), plan);
  if (!shared.empty()) void_proofs(shared.front(), plan);
  row.bytes = count_bytes(loaded.binary, plan.rows);
  if (!session.selection.empty()) {
    std::erase_if(plan.rows, [&](const FunctionRow& function) { return !selected(function, session.selection); });
  } else {
    row.data = check_data(loaded.source, loaded.image);
  }
  row.functions = std::move(plan.rows);
  row.seconds = seconds_since(start);
  return row;
}

}  // namespace validator::app
