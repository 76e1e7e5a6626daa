// SPDX-License-Identifier: Apache-2.0
#include "validator/app/proof_pool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ir/text.hpp"
#include "validator/app/certificate_files.hpp"
#include "validator/app/judge.hpp"
#include "validator/app/test_pair.hpp"
#include "validator/app/workers.hpp"
#include "validator/check/evidence.hpp"
#include "validator/check/recheck.hpp"
#include "validator/report/json.hpp"

namespace validator::app {
namespace {

/// The question that stands for everything: both modules and the whole image. A counterexample is found by running
/// code, which reads what it likes, so no list of what it used would be complete.
constexpr const char* whole_image = "whole image";

std::string hash_of_image(const Loaded& loaded) {
  KeyBuilder key;
  key.add("elf", loaded.image.sha256);
  key.add("x18", loaded.x18_reserved ? "reserved" : "");
  key.add("units", loaded.link_time_optimisation ? "joined" : "apart");
  for (const auto& [name, function] : loaded.source.functions) key.add(name, ir::print(function));
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

Outcome outcome_of_text(const std::string& text) {
  const report::Json json = report::Json::parse(text, nullptr, false);
  ir::Result<Outcome> read = json.is_discarded() ? ir::Result<Outcome>(ir::Error{"report-outcome", "not JSON", {}})
                                                 : report::outcome_from_json(json);
  if (read) return *read;
  Outcome outcome;
  outcome.verdict = Verdict::error;
  outcome.reason = read.error().code;
  outcome.text = read.error().message;
  return outcome;
}

Outcome cut_off(const WorkerResult& result, const char* reason, const char* limit) {
  // Nothing but a replayed counterexample may stand for a verdict that was not reached.
  Outcome announced = result.announced.empty() ? Outcome{} : outcome_of_text(result.announced);
  if (announced.verdict == Verdict::refuted) {
    announced.details.push_back(fmt::format("not tried to the end: whether the prover proves the contrary ({})", limit));
    return announced;
  }
  Outcome outcome;
  outcome.verdict = Verdict::unknown;
  outcome.reason = reason;
  outcome.text = limit;
  return outcome;
}

Outcome outcome_of(const WorkerResult& result) {
  Outcome outcome;
  switch (result.end) {
    case WorkerEnd::finished:
      outcome = outcome_of_text(result.text);
      break;
    case WorkerEnd::timed_out:
      outcome = cut_off(result, "time", "wall-clock limit");
      break;
    case WorkerEnd::out_of_memory:
      outcome = cut_off(result, "memory", "memory limit");
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

Outcome not_cached() {
  Outcome outcome;
  outcome.verdict = Verdict::not_run;
  outcome.reason = "not-cached";
  outcome.text = "no earlier proof covers this code, this source and what the proof looked at";
  return outcome;
}

Limits limits_of(const Loaded& loaded, const std::string& symbol, const RunOptions& options) {
  const auto function = loaded.source.functions.find(symbol);
  return app::limits_of(options.config, symbol,
                        function == loaded.source.functions.end() ? symbol : function->second.display);
}

Outcome recheck(const Loaded& loaded, const std::string& symbol, const RunOptions& options, const Limits& limits,
                const std::set<std::uint64_t>& inline_both) {
  if (const auto certificate = read_certificate_file(options.certificates, loaded.id, symbol)) {
    return check::recheck(problem_of(loaded, symbol, limits, inline_both), *certificate);
  }
  Outcome outcome;
  outcome.verdict = Verdict::unknown;
  outcome.reason = "no-certificate";
  outcome.text = "there is no certificate of this function";
  return outcome;
}

/// Another solver is another way through the choices: each attempt is a whole proof of its own. The first outcome stands when none ends.
Outcome with_portfolio(const std::function<Outcome(const Limits&)>& attempt, Limits limits, const std::vector<Solver>& portfolio) {
  Outcome first = attempt(limits);
  std::uint64_t queries = first.queries, units = first.solver_units;
  for (std::size_t i = 1; i < portfolio.size() && first.verdict == Verdict::unknown; ++i) {
    limits.engine = portfolio[i].engine;
    limits.seed = portfolio[i].seed;
    Outcome next = attempt(limits);
    queries += next.queries;
    units += next.solver_units;
    if (next.verdict == Verdict::unknown) continue;
    first = std::move(next);
    first.details.push_back(fmt::format("decided by solver {} of the portfolio: {}", i + 1, solver_text(portfolio[i])));
  }
  first.queries = queries;
  first.solver_units = units;
  return first;
}

/// Whose hints matter, the function's own or those of code that its proof looked at, no proof tells apart: each one supposes it.
Outcome with_absent_features(const Loaded& loaded, Outcome outcome) {
  if (outcome.verdict == Verdict::proved && !loaded.absent_features.empty())
    outcome.assumptions.push_back({"A-FEATURE", fmt::format("hints of {} do nothing", fmt::join(loaded.absent_features, ", "))});
  return outcome;
}

Job job_for(const Loaded& loaded, const std::string& symbol, const RunOptions& options,
            std::set<std::uint64_t> inline_both = {}, Aim aim = Aim::verdict) {
  const Limits limits = limits_of(loaded, symbol, options);
  return [&loaded, &options, symbol, inline_both = std::move(inline_both), aim, limits](const Announce& announce) {
    const auto found = [&](const Outcome& outcome) { announce(report::to_text(report::outcome_to_json(outcome))); };
    const auto attempt = [&](const Limits& these) {
      return options.certificates.empty() ? judge(loaded, symbol, these, inline_both, aim, found)
                                          : recheck(loaded, symbol, options, these, inline_both);
    };
    return report::to_text(report::outcome_to_json(with_absent_features(loaded, with_portfolio(attempt, limits, options.config.portfolio))));
  };
}

/// In no unit: proofs of loops take long, whatever their length.
std::uint64_t expected_cost(const Loaded& loaded, const report::FunctionRow& row) {
  constexpr std::uint64_t loop_weight = 4;
  const auto function = loaded.binary.module.functions.find(row.symbol);
  const bool loops =
      function != loaded.binary.module.functions.end() && !ir::loop_headers(function->second.graph).headers.empty();
  return row.bytes * (loops ? loop_weight : 1);
}

WorkerLimits worker_limits(const Loaded& loaded, const std::vector<std::string>& symbols, const RunOptions& options) {
  // The prover ends itself at its own wall limit; the parent's is for when it does not.
  constexpr unsigned grace_seconds = 5;
  const auto attempts = static_cast<unsigned>(options.config.portfolio.size());
  WorkerLimits limits{options.jobs, 0, options.config.memory_mib, {}};
  for (const std::string& symbol : symbols) {
    limits.wall_seconds_of.push_back(limits_of(loaded, symbol, options).wall_seconds * attempts + grace_seconds);
  }
  return limits;
}

std::string limits_text(const Limits& limits, const Config& config) {
  std::string text = fmt::format("{} {} {} {}", limits.query_units, limits.function_units, limits.wall_seconds, config.memory_mib);
  for (const Solver& solver : config.portfolio) text += " " + solver_text(solver);
  return text;
}

}  // namespace

std::string limits_text(const Config& config) {
  std::string text = limits_text(config.limits, config);
  for (const FunctionLimits& entry : config.functions) {
    const auto number = [](const auto& value) { return value ? std::to_string(*value) : "-"; };
    text += fmt::format("\n{}: {} {} {}", entry.name, number(entry.query_units), number(entry.function_units),
                        number(entry.wall_seconds));
  }
  return text;
}

ProofPool::ProofPool(const Loaded& loaded, const Session& session)
    : loaded_(loaded),
      session_(session),
      cache_(session.options.config.cache),
      problem_(problem_of(loaded, "", {})),
      around_(problem_) {}

void ProofPool::run(const Plan& plan, const std::vector<ProofTask>& tasks,
                    const std::function<void(std::size_t, Outcome, bool)>& on_outcome) const {
  std::vector<std::size_t> todo;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (std::optional<Outcome> known = recall(key_of(plan, tasks[i])))
      on_outcome(i, std::move(*known), true);
    else if (session_.options.check_only)
      on_outcome(i, not_cached(), false);
    else
      todo.push_back(i);
  }
  // So that no long proof is left to run alone at the end.
  std::map<std::size_t, std::uint64_t> cost;
  for (const std::size_t i : todo) cost[i] = expected_cost(loaded_, plan.rows[tasks[i].row]);
  std::stable_sort(todo.begin(), todo.end(), [&](std::size_t a, std::size_t b) { return cost[a] > cost[b]; });
  std::vector<Job> jobs;
  std::vector<std::string> symbols;
  for (const std::size_t i : todo) {
    symbols.push_back(plan.rows[tasks[i].row].symbol);
    jobs.push_back(job_for(loaded_, symbols.back(), session_.options, tasks[i].inline_both, tasks[i].aim));
  }
  run_workers(
      jobs, worker_limits(loaded_, symbols, session_.options), session_.stop,
      [&](std::size_t job, const WorkerResult& result) {
        Outcome outcome = outcome_of(result);
        remember(key_of(plan, tasks[todo[job]]), outcome);
        on_outcome(todo[job], std::move(outcome), false);
      },
      [&](std::size_t running, std::size_t queued) { session_.progress.tick(running, queued); });
}

std::string ProofPool::key_of(const Plan& plan, const ProofTask& task) const {
  if (!cache_.enabled()) return {};
  const std::string& symbol = plan.rows[task.row].symbol;
  KeyBuilder key;
  key.add("tool", session_.tool_identity);
  key.add("models", session_.models.identity());
  key.add("limits", limits_text(limits_of(loaded_, symbol, session_.options), session_.options.config));
  key.add("symbol", symbol);
  key.add("source", answer("source " + symbol).value_or(""));
  key.add("binary", answer("code " + symbol).value_or(""));
  key.add("inline_both", fmt::format("{}", fmt::join(task.inline_both, " ")));
  if (task.aim == Aim::difference) key.add("aim", "difference");
  return key.finish();
}

std::optional<std::string> ProofPool::answer(const std::string& question) const {
  const auto [at, added] = answers_.try_emplace(question);
  if (!added) return at->second;
  if (question == whole_image) {
    at->second = hash_of_image(loaded_);
  } else if (const auto text = check::answer_to(question, around_)) {
    at->second = sha256_hex(*text);
  }
  return at->second;
}

std::string ProofPool::refutation_key(const std::string& key) const {
  KeyBuilder whole;
  whole.add("proof", key);
  whole.add("image", answer(whole_image).value_or(""));
  return whole.finish();
}

std::optional<Outcome> ProofPool::recall(const std::string& key) const {
  if (!cache_.enabled()) return std::nullopt;
  const auto answers = [&](const std::string& question) { return answer(question); };
  if (std::optional<Outcome> known = cache_.find(key, answers)) return known;
  return cache_.find(refutation_key(key), answers);
}

void ProofPool::remember(const std::string& key, Outcome outcome) const {
  if (!cache_.enabled()) return;
  const bool refuted = outcome.verdict == Verdict::refuted;
  if (refuted) outcome.uses = {whole_image};
  cache_.store(refuted ? refutation_key(key) : key, outcome,
               [&](const std::string& question) { return answer(question); });
}

Outcome validate_one(const Loaded& loaded, const std::string& symbol, const Session& session) {
  Outcome outcome;
  run_workers({job_for(loaded, symbol, session.options)}, worker_limits(loaded, {symbol}, session.options),
              session.stop, [&](std::size_t, const WorkerResult& result) { outcome = outcome_of(result); });
  return outcome;
}

}  // namespace validator::app
