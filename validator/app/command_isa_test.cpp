// SPDX-License-Identifier: Apache-2.0
// isa test [GROUP], isa mutate [GROUP]: are the models right, and would it be noticed if they were not?
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "isa-models/conformance/conformance.hpp"
#include "isa-models/conformance/mutate.hpp"
#include "validator/app/command_isa.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/isa_readers.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

struct Judges {
  isa::Known known;
  isa::Readers readers;
};

int with_judges(bool gnu, const std::function<int(const Judges&)>& use) {
  auto known = isa::Known::load(isa::Known::default_directory());
  if (!known) return isa_error(known.error());
  auto readers = isa_readers(gnu);
  if (!readers) return isa_error(readers.error());
  return use({std::move(*known), std::move(*readers)});
}

std::string judges_of(const isa::ConformanceReport& report) {
  std::vector<std::string> parts;
  for (const auto& [judge, cases] : report.judged) parts.push_back(fmt::format("{} {}", judge, cases));
  return fmt::format("{}", fmt::join(parts, ", "));
}

struct Total {
  unsigned groups = 0, cases = 0, mismatches = 0, unexplained = 0;
  double seconds = 0;
  std::map<std::string, unsigned> judged;
};

/// Two executors for each group, or a row that says why not.
unsigned check_judges(const isa::Known& known, const isa::ConformanceReport& report) {
  const isa::FewJudges* row = nullptr;
  for (const isa::FewJudges& candidate : known.few_judges)
    if (candidate.group == report.group) row = &candidate;
  const bool both = report.has_two_executors();
  if (both == (row == nullptr)) {
    if (row != nullptr) fmt::print("    fewer than two executors: {}\n", row->reason);
    return 0;
  }
  if (both) fmt::print("    its row in few-judges.tsv is needless: two executors judge it\n");
  else fmt::print("    fewer than two executors, and no row in few-judges.tsv says why\n");
  return 1;
}

/// A row about an UNDEFINED word that the reader no longer prints, or that is not UNDEFINED any more, is needless.
unsigned check_readings(const isa::Models& models, const Judges& judges) {
  unsigned stale = 0;
  for (const isa::UndefinedReading& row : judges.known.undefined_readings) {
    std::string why;
    if (const auto decoded = models.decode(row.example); decoded || decoded.error().code != isa::undefined) why = "is not UNDEFINED";
    for (const isa::Readers::Reader& reader : judges.readers.all)
      if (reader.name == row.reader && reader.texts({row.example}).at(0).empty()) why = "is no instruction to the reader either";
    if (why.empty()) continue;
    fmt::print("STALE row of undefined-readings.tsv: {} {:08x}: {:08x} {}\n", row.reader, row.value, row.example, why);
    ++stale;
  }
  return stale;
}

/// Writes a case with its results; what is left to a person is the citation. Its path, or why there is none.
std::string keep(const isa::Models& models, isa::KeptCase kept, const std::string& folder) {
  const auto results = isa::replay(models, kept);
  if (!results) return results.error().to_string();
  kept.model = results->at("model");
  kept.got = results->at(kept.row.executor);
  const std::string path = fmt::format("{}/{}-{:08x}.case", folder, kept.row.executor, kept.row.example);
  std::ofstream stream(path);
  stream << isa::print(kept);
  return stream.flush() ? path : "cannot write " + path;
}

int test(const isa::Models& models, const Judges& judges, const std::string& group, const isa::ConformanceOptions& options,
         const std::string& folder) {
  std::vector<std::string> names;
  models.for_each_group([&](const isa::Group& item) {
    if (group.empty() || item.name == group) names.push_back(item.name);
  });
  if (names.empty()) return usage_error({"", fmt::format("no instruction group is named '{}' (isa list)", group), {}});
  Total total;
  for (const std::string& name : names) {
    const auto report = isa::conformance(models, name, options);
    if (!report) return isa_error(report.error());
    fmt::print("{}: {} cases, {:.0f} cases/s; {}; {} rejected, {} UNDEFINED, {} effects, {} excused, {} mismatches\n", name, report->cases,
               report->cases / std::max(report->seconds, 1e-9), judges_of(*report), report->rejected, report->undefined, report->effects,
               report->excused, report->mismatches.size());
    for (const isa::Mismatch& mismatch : report->mismatches) {
      fmt::print("  {}\n", mismatch.to_string());
      if (!folder.empty() && mismatch.kept) fmt::print("    kept: {}\n", keep(models, *mismatch.kept, folder));
    }
    total.unexplained += check_judges(judges.known, *report);
    std::fflush(stdout);
    ++total.groups;
    total.cases += report->cases;
    total.mismatches += static_cast<unsigned>(report->mismatches.size());
    total.seconds += report->seconds;
    for (const auto& [judge, cases] : report->judged) total.judged[judge] += cases;
  }
  if (group.empty())
    for (const isa::FewJudges& row : judges.known.few_judges)
      if (models.find_group(row.group) == nullptr) {
        fmt::print("few-judges.tsv names a group that is not there: {}\n", row.group);
        ++total.unexplained;
      }
  if (group.empty()) total.unexplained += check_readings(models, judges);
  std::vector<std::string> parts;
  for (const auto& [judge, cases] : total.judged) parts.push_back(fmt::format("{} {}", judge, cases));
  fmt::print("{} groups, {} cases, {:.0f} cases/s; judged by {}; {} mismatches\n", total.groups, total.cases,
             total.cases / std::max(total.seconds, 1e-9), fmt::join(parts, ", "), total.mismatches);
  return total.mismatches + total.unexplained == 0 ? report::exit_ok : report::exit_refuted;
}

double percent(std::size_t part, std::size_t whole) { return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole); }

int mutate(const Judges& judges, isa::MutationOptions options) {
  const auto files = isa::read_model_files(isa::Models::default_directory());
  if (!files) return isa_error(files.error());
  options.known = &judges.known;
  options.readers = &judges.readers;
  const bool terminal = isatty(STDERR_FILENO) != 0;
  options.progress = [terminal](std::size_t done, std::size_t all) {
    if (terminal) fmt::print(stderr, "\r{} of {}{}", done, all, done == all ? "\n" : "");
  };
  const auto report = isa::mutate(*files, options);
  if (!report) return report.error().code == "isa-conformance" ? usage_error(report.error()) : isa_error(report.error());
  std::size_t refused = 0, unicorn = 0, vixl = 0, properties = 0, text = 0, alive = 0, explained = 0, loaded = 0;
  for (const isa::MutantVerdict& verdict : report->verdicts) {
    refused += verdict.refused;
    loaded += !verdict.refused;
    unicorn += verdict.unicorn;
    vixl += verdict.vixl;
    properties += verdict.properties;
    text += verdict.text;
    if (verdict.dies()) continue;
    ++alive;
    explained += verdict.row != nullptr;
    const isa::Mutant& mutant = verdict.mutant;
    fmt::print("{}: {}:{} {}\t{}\n", verdict.row != nullptr ? "explained" : "SURVIVES", mutant.file, mutant.line, mutant.group, mutant.what);
    if (verdict.row != nullptr) fmt::print("    {}\n", verdict.row->reason);
  }
  for (const isa::Survivor* row : report->stale) fmt::print("STALE row of survivors.tsv, no such survivor: {}\t{}\n", row->group, row->mutant);
  const double seconds = std::max(report->seconds, 1e-9);
  fmt::print("{} mutants, {:.1f} mutants/s, {} cases, {:.0f} cases/s; {} are refused at load; of the other {}, found by each judge alone: Unicorn {} ({:.1f} %), VIXL with dynarmic {} "
             "({:.1f} %), properties and pins {}, disassemblers {}\n",
             report->verdicts.size(), static_cast<double>(report->verdicts.size()) / seconds, report->cases, static_cast<double>(report->cases) / seconds, refused, loaded, unicorn,
             percent(unicorn, loaded), vixl, percent(vixl, loaded), properties, text);
  fmt::print("{} survive, {} of them explained\n", alive, explained);
  return alive == explained && report->stale.empty() ? report::exit_ok : report::exit_refuted;
}

}  // namespace

void add_isa_test(CLI::App& command, Chosen& chosen) {
  CLI::App* test_command = command.add_subcommand("test", "Compare the models with Unicorn, VIXL, dynarmic and disassemblers on random words and states");
  auto group = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  auto options = std::make_shared<isa::ConformanceOptions>();
  options->cases = 1000;
  test_command->add_option("GROUP", *group, "Name of one group (isa list); without it all");
  test_command->add_option("--cases", options->cases, "Words for each group")->capture_default_str()->check(CLI::Range(1U, 100000000U));
  test_command->add_option("--seed", options->seed, "The same seed gives the same cases on every machine")->capture_default_str();
  test_command->add_option("--keep", *folder, "Write each case in which an executor differs into this folder")->check(CLI::ExistingDirectory);
  test_command->callback([&chosen, group, options, folder] {
    chosen.action = [group, options, folder] {
      return with_models([&](const isa::Models& models) {
        return with_judges(true, [&](const Judges& judges) {
          isa::ConformanceOptions all = *options;
          all.known = &judges.known;
          all.readers = &judges.readers;
          return test(models, judges, *group, all, *folder);
        });
      });
    };
  });

  CLI::App* mutate_command = command.add_subcommand("mutate", "Wrong models, one token each: does each judge notice?");
  auto mutation = std::make_shared<isa::MutationOptions>();
  mutation->jobs = 2;
  mutate_command->add_option("GROUP", mutation->group, "Name of one group or shared function; without it all");
  mutate_command->add_option("--sample", mutation->sample, "Only so many mutants, evenly spread; 0 means all")->capture_default_str();
  mutate_command->add_option("--jobs", mutation->jobs, "Processes at once")->capture_default_str()->check(CLI::Range(1U, 256U));
  mutate_command->callback([&chosen, mutation] {
    chosen.action = [mutation] { return with_judges(false, [&](const Judges& judges) { return mutate(judges, *mutation); }); };
  });
}

}  // namespace validator::app
