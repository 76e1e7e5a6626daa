// SPDX-License-Identifier: Apache-2.0
#include "validator/app/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "validator/app/cache.hpp"
#include "validator/app/data_check.hpp"
#include "validator/app/disjoint.hpp"
#include "validator/app/html_pages.hpp"
#include "validator/app/image_cache.hpp"
#include "validator/app/inputs.hpp"
#include "validator/app/local_blame.hpp"
#include "validator/app/local_inlining.hpp"
#include "validator/app/proof_pool.hpp"
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

source::Options source_options(const ImageInput& input, const source::IsaAsmLifter& asm_lifter) {
  source::Options options;
  options.compile_commands = input.compile_commands;
  options.asm_lifter = &asm_lifter;
  return options;
}

/// Callers of local functions that are not proved, with these inlined in both halves.
void prove_callers(const Loaded& loaded, const Session& session, const ProofPool& prover, Plan& plan) {
  const InliningPlan inlining = plan_inlining(loaded.pairing(), plan);
  if (inlining.inline_both.empty() || session.stop != 0) return;
  std::vector<ProofTask> again;
  for (const auto& [row, addresses] : inlining.inline_both) again.push_back({row, addresses});
  session.progress.begin(fmt::format("{}: callers of local functions", loaded.id), again.size());
  std::map<std::size_t, Outcome> outcomes;
  prover.run(plan, again, [&](std::size_t task, Outcome outcome, bool from_cache) {
    session.progress.done(outcome.verdict, from_cache ? 0 : outcome.solver_units);
    outcomes[again[task].row] = std::move(outcome);
  });
  settle_inlining(inlining, outcomes, plan);
}

void prove_rows(const Loaded& loaded, const Session& session, Plan& plan) {
  const ProofPool prover(loaded, session);
  std::vector<ProofTask> tasks;
  for (const std::size_t row : plan.to_prove) tasks.push_back({row, {}});
  session.progress.begin(fmt::format("{}", loaded.id), tasks.size());
  prover.run(plan, tasks, [&](std::size_t task, Outcome outcome, bool from_cache) {
    session.progress.done(outcome.verdict, from_cache ? 0 : outcome.solver_units);
    plan.rows[tasks[task].row].outcome = std::move(outcome);
    plan.rows[tasks[task].row].from_cache = from_cache;
  });

  std::map<std::size_t, Verdict> alone;
  for (const std::size_t row : plan.to_prove) alone[row] = plan.rows[row].outcome.verdict;
  prove_callers(loaded, session, prover, plan);
  blame_local_functions(loaded, session, prover, alone, plan);
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

/// Every proof, and every run that refutes, supposes that objects and functions whose addresses are used have addresses
/// of their own (A-DISJ).
void void_verdicts(const ir::Error& shared, Plan& plan) {
  for (FunctionRow& row : plan.rows) {
    if (row.outcome.verdict != Verdict::proved && row.outcome.verdict != Verdict::refuted) continue;
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

/// What can be read before anything is lifted.
ir::Result<std::unique_ptr<Loaded>> read_inputs(const ImageInput& input, const Config& config, Progress& progress) {
  auto loaded = std::make_unique<Loaded>();
  loaded->id = input.id;
  loaded->absent_features = input.absent_features;
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
  return loaded;
}

ir::Result<bool> lift(Loaded& loaded, const ImageInput& input, const isa::Models& models, Progress& progress) {
  loaded.binary = binary::lift_image(loaded.image, models);
  const source::IsaAsmLifter asm_lifter(models);
  source::Options options = source_options(input, asm_lifter);
  options.progress = [&](const std::string& file, std::size_t number, std::size_t total) {
    progress.phase(fmt::format("{}: parsing {} of {}: {}", input.id, number + 1, total, file));
  };
  source::Report report;
  ir::Result<ir::Module> sources = source::lift_sources(options, &report);
  if (!sources) return sources.error();
  loaded.source = std::move(*sources);
  loaded.unordered = std::move(report.unordered);
  loaded.files = std::move(report.files);
  take_unit_reports(report, loaded);
  match_local_keys(loaded.source, loaded.binary);
  match_local_objects(loaded.source, loaded.image);
  loaded.facts = replay::ModuleFacts::of(loaded.source, &loaded.image);
  return true;
}

/// Everything that the rows of an image depend on, except what Clang reads from files. Empty: the sources cannot be asked for.
std::string request_key(const Loaded& loaded, const ImageInput& input, const Session& session) {
  const source::IsaAsmLifter asm_lifter(session.models);
  const ir::Result<std::string> sources = source::request_text(source_options(input, asm_lifter));
  if (!sources) return {};
  KeyBuilder key;
  key.add("tool", session.tool_identity);
  key.add("models", session.models.identity());
  key.add("limits", limits_text(session.options.config));
  key.add("image", input.id);
  key.add("path", input.elf);
  key.add("elf", loaded.image.sha256);
  key.add("sources", *sources);
  key.add("level", loaded.level);
  key.add("x18", loaded.x18_reserved ? "reserved" : "");
  key.add("units", loaded.link_time_optimisation ? "joined" : "apart");
  for (const auto& [symbol, file] : loaded.assembly) key.add("assembly " + symbol, file);
  for (const auto& [symbol, contract] : loaded.listed) key.add("listed " + symbol, contract);
  for (const std::string& pattern : session.options.functions) key.add("selected", pattern);
  for (const auto& [image, symbol] : session.options.skipped) key.add("skipped " + image, symbol);
  return key.finish();
}

report::ImageRow prove_image(Loaded& loaded, const ImageInput& input, const Session& session, double lift_seconds) {
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
  row.lift_seconds = lift_seconds;

  Plan plan = make_plan(loaded.pairing());
  keep_selected(session, plan);
  leave_out_skipped(input.id, session, plan);
  prove_rows(loaded, session, plan);
  session.progress.end();
  settle(loaded.pairing(), plan);
  if (!shared.empty()) void_verdicts(shared.front(), plan);
  row.bytes = count_bytes(loaded.binary, plan.rows);
  if (!session.selection.empty()) {
    std::erase_if(plan.rows, [&](const FunctionRow& function) { return !selected(function, session.selection); });
  } else {
    row.data = check_data(loaded.source, loaded.image);
  }
  row.functions = std::move(plan.rows);
  return row;
}

}  // namespace

ir::Result<std::unique_ptr<Loaded>> load(const ImageInput& input, const Config& config, const isa::Models& models,
                                         Progress& progress) {
  ir::Result<std::unique_ptr<Loaded>> loaded = read_inputs(input, config, progress);
  if (!loaded) return loaded.error();
  const ir::Result<isa::Models> own = models.without(input.absent_features);
  if (!own) return own.error();
  const ir::Result<bool> lifted = lift(**loaded, input, *own, progress);
  if (!lifted) return lifted.error();
  return loaded;
}

report::ImageRow validate_image(const ImageInput& input, const Session& every_processor) {
  const Clock::time_point start = Clock::now();
  const ir::Result<isa::Models> models = every_processor.models.without(input.absent_features);
  if (!models) return failed_image(input, models.error());
  const Session session{every_processor.options, *models, every_processor.selection, every_processor.tool_identity, every_processor.stop,
                        every_processor.progress};
  ir::Result<std::unique_ptr<Loaded>> read = read_inputs(input, session.options.config, session.progress);
  if (!read) return failed_image(input, read.error());
  Loaded& loaded = **read;
  const ImageCache images(session.options.config.cache);
  const std::string key = images.enabled() ? request_key(loaded, input, session) : std::string();
  if (std::optional<report::ImageRow> known = key.empty() ? std::nullopt : images.find(key)) {
    // The graphs are not in the cache; only pages need them.
    if (session.options.pages != nullptr && lift(loaded, input, session.models, session.progress)) make_pages(loaded, *known, session, *session.options.pages);
    session.progress.end();
    known->seconds = seconds_since(start);
    return *known;
  }
  if (const ir::Result<bool> lifted = lift(loaded, input, session.models, session.progress); !lifted) {
    return failed_image(input, lifted.error());
  }
  report::ImageRow row = prove_image(loaded, input, session, seconds_since(start));
  // The commands were read again for lifting: only if they were the same is the key that of this result.
  if (!key.empty() && session.stop == 0 && request_key(loaded, input, session) == key) images.store(key, row, loaded.files);
  if (session.options.pages != nullptr) make_pages(loaded, row, session, *session.options.pages);
  row.seconds = seconds_since(start);
  return row;
}

}  // namespace validator::app
