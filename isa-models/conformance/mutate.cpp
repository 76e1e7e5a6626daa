// SPDX-License-Identifier: Apache-2.0
// An executor may abort its process on a word that only a mutant accepts. So each mutant has a process, which loads it and gives each
// judge a process of its own; the verdict travels in the exit code.
#include "isa-models/conformance/mutate.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>

#include "isa-models/conformance/sandbox.hpp"

namespace isa {
namespace {

enum Bits : int { refused_bit = 1, unicorn_bit = 2, vixl_bit = 4, properties_bit = 8, text_bit = 16 };
constexpr Bits judges[] = {unicorn_bit, vixl_bit, properties_bit, text_bit};

/// Most wrong models are found by few cases; the others get more.
constexpr unsigned first_cases = 100;
constexpr unsigned second_cases = 800;
constexpr std::size_t groups_of_a_function = 8;

ConformanceOptions options_of(Bits judge, unsigned cases, const MutationOptions& options) {
  ConformanceOptions result;
  result.cases = cases;
  result.seed = cases;
  result.unicorn = judge == unicorn_bit;
  result.vixl = result.dynarmic = judge == vixl_bit;
  result.properties = judge == properties_bit;
  result.known = options.known;
  result.readers = judge == text_bit ? options.readers : nullptr;
  result.mismatch_limit = 1;
  return result;
}

/// Words that the judge ran or read; that it refuses as UNDEFINED what the model refuses says little.
unsigned comparisons(const ConformanceReport& report) {
  unsigned count = 0;
  for (const auto& [executor, cases] : report.executed) count += cases;
  if (count != 0 || report.judged.contains("unicorn") || report.judged.contains("vixl") || report.judged.contains("dynarmic")) return count;
  for (const auto& [judge, cases] : report.judged)
    if (judge != "pins") count += cases;
  return count;
}

/// True when `body` returns true or does not end well.
template <typename Body>
bool in_a_process(Body body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) _exit(body() ? 1 : 0);
  int status = 0;
  return waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/// A count that the processes of all mutants add to.
class SharedCount {
 public:
  SharedCount() {
    void* memory = mmap(nullptr, sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) count_ = new (memory) std::atomic<std::uint64_t>(0);
  }
  void add(std::uint64_t number) const {
    if (count_ != nullptr) *count_ += number;
  }
  std::uint64_t value() const { return count_ != nullptr ? count_->load() : 0; }

 private:
  std::atomic<std::uint64_t>* count_ = nullptr;  ///< lives as long as the process
};

class Mutation {
 public:
  Mutation(const ModelFiles& files, const Models& models, const MutationOptions& options) : files_(files), models_(models), options_(options) {}

  /// How much each judge compares on the unchanged group.
  void prepare(const std::string& group) {
    for (const Bits judge : judges) {
      const auto key = std::make_pair(group, judge);
      if (baseline_.contains(key)) continue;
      const auto report = conformance(models_, group, options_of(judge, first_cases, options_));
      baseline_[key] = report ? comparisons(*report) : 0;
    }
  }
  const std::vector<std::string>& groups_of(const Mutant& mutant) {
    auto& groups = groups_[mutant.group];
    if (groups.empty()) {
      groups = mutant.is_function ? groups_that_use(models_, mutant.group) : std::vector<std::string>{mutant.group};
      if (groups.size() > groups_of_a_function) groups.resize(groups_of_a_function);
    }
    return groups;
  }

  /// In a process of its own: the bits of the judges that find the mutant.
  int judge(const Mutant& mutant) const {
    ModelFiles changed = files_;
    for (auto& [name, text] : changed)
      if (name == mutant.file) text = mutant.text;
    const auto models = Models::from_files(changed);
    if (!models) return refused_bit;
    int found = 0;
    for (const unsigned cases : {first_cases, second_cases}) {
      for (const std::string& group : groups_.at(mutant.group))
        for (const Bits judge : judges)
          if ((found & judge) == 0 && in_a_process([&] { return finds(*models, group, judge, cases); })) found |= judge;
      if (found != 0) break;
    }
    return found;
  }

  std::uint64_t cases() const { return cases_.value(); }

 private:
  bool finds(const Models& models, const std::string& group, Bits judge, unsigned cases) const {
    const auto report = conformance(models, group, options_of(judge, cases, options_));
    if (report) cases_.add(report->cases);
    if (!report || !report->agrees()) return true;
    // A mutant that leaves a judge little to compare refuses words that the model accepts, or accesses no known place.
    return cases == first_cases && comparisons(*report) * 2 < baseline_.at({group, judge});
  }

  const ModelFiles& files_;
  const Models& models_;
  const MutationOptions& options_;
  SharedCount cases_;
  std::map<std::pair<std::string, Bits>, unsigned> baseline_;
  std::map<std::string, std::vector<std::string>> groups_;
};

/// Calls `judge(i)` for i below `count`, each in a process, `jobs` at once; `done(i, code)` in this process.
template <typename Judge, typename Done>
void run_all(std::size_t count, unsigned jobs, Judge judge, Done done) {
  std::map<pid_t, std::size_t> running;
  std::size_t next = 0;
  while (next < count || !running.empty()) {
    while (next < count && running.size() < std::max(1U, jobs)) {
      std::fflush(nullptr);
      const pid_t child = fork();
      if (child == 0) {
        if (std::freopen("/dev/null", "w", stdout) == nullptr || std::freopen("/dev/null", "w", stderr) == nullptr) _exit(0);
        _exit(judge(next));
      }
      if (child > 0) running[child] = next++;
      else if (running.empty()) return;
    }
    int status = 0;
    const pid_t ended = wait(&status);
    if (const auto entry = running.find(ended); entry != running.end()) {
      // A crash while loading would be a bug of the loader, found by its own tests; here it is no verdict.
      done(entry->second, WIFEXITED(status) ? WEXITSTATUS(status) : 0);
      running.erase(entry);
    }
  }
}

std::vector<Mutant> chosen(std::vector<Mutant> all, const MutationOptions& options) {
  if (!options.group.empty()) std::erase_if(all, [&](const Mutant& mutant) { return mutant.group != options.group; });
  if (options.sample == 0 || all.size() <= options.sample) return all;
  std::vector<Mutant> some;
  for (std::size_t i = 0; i < options.sample; ++i) some.push_back(all[(2 * i + 1) * all.size() / (2 * options.sample)]);
  return some;
}

}  // namespace

ir::Result<MutationReport> mutate(const ModelFiles& files, const MutationOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const auto models = Models::from_files(files);
  if (!models) return models.error();
  if (!map_sandbox()) return ir::Error{"isa-conformance", "cannot map the sandbox memory at 0x10000000", {}};
  std::vector<Mutant> mutants = chosen(mutants_of(files), options);
  if (mutants.empty()) {
    if (models->find_group(options.group) != nullptr) return MutationReport{};
    return ir::Error{"isa-conformance", "no group and no shared function is named \"" + options.group + "\"", {}};
  }
  Mutation mutation(files, *models, options);
  for (const Mutant& mutant : mutants)
    for (const std::string& group : mutation.groups_of(mutant)) mutation.prepare(group);

  MutationReport report;
  report.verdicts.resize(mutants.size());
  std::size_t count = 0;
  run_all(mutants.size(), options.jobs, [&](std::size_t i) { return mutation.judge(mutants[i]); },
          [&](std::size_t i, int code) {
            report.verdicts[i] = {std::move(mutants[i]), (code & refused_bit) != 0, (code & unicorn_bit) != 0, (code & vixl_bit) != 0,
                                  (code & properties_bit) != 0, (code & text_bit) != 0, nullptr};
            if (options.progress) options.progress(++count, report.verdicts.size());
          });
  std::map<const Survivor*, unsigned> used;
  if (options.known != nullptr)
    for (const Survivor& row : options.known->survivors)
      for (MutantVerdict& verdict : report.verdicts)
        if (!verdict.dies() && row.group == verdict.mutant.group && row.mutant == verdict.mutant.what) {
          verdict.row = &row;
          ++used[&row];
        }
  if (options.known != nullptr && options.sample == 0)
    for (const Survivor& row : options.known->survivors)
      if ((options.group.empty() || row.group == options.group) && !used.contains(&row)) report.stale.push_back(&row);
  report.cases = mutation.cases();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace isa
