// SPDX-License-Identifier: Apache-2.0
#include "validator/app/local_blame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "validator/app/callers.hpp"
#include "validator/app/test_pair.hpp"
#include "validator/replay/counterexample.hpp"

namespace validator::app {
namespace {

struct Suspicion {
  std::size_t suspect = 0;  ///< rows
  std::size_t root = 0;
  std::set<std::uint64_t> inlined;
  Outcome outcome;               ///< of the root with these functions inlined
  std::set<std::size_t> others;  ///< whose machine code took part: they have to be proved
};

class Blame {
 public:
  Blame(const Loaded& loaded, const Session& session, const ProofPool& prover,
        const std::map<std::size_t, Verdict>& alone, Plan& plan)
      : loaded_(loaded), session_(session), prover_(prover), verdicts_(alone), plan_(plan) {
    for (std::size_t i = 0; i < plan.rows.size(); ++i) row_of_[plan.rows[i].symbol] = i;
  }

  void run() {
    find_suspects();
    if (suspicions_.empty()) return;
    run_roots();
    prove_others();
    for (const Suspicion& suspicion : suspicions_) settle(suspicion);
  }

 private:
  void find_suspects() {
    for (const std::size_t row : plan_.to_prove) {
      if (plan_.rows[row].outcome.verdict != Verdict::unknown) continue;
      for (const Way& way : ways_into(loaded_, plan_.rows[row].symbol)) {
        if (const auto root = row_of_.find(way.root); root != row_of_.end())
          suspicions_.push_back({row, root->second, way.inlined, {}, {}});
      }
    }
  }

  void run_roots() {
    std::vector<ProofTask> tasks;
    for (const Suspicion& suspicion : suspicions_)
      tasks.push_back({suspicion.root, suspicion.inlined, Aim::difference});
    session_.progress.begin(fmt::format("{}: runs through callers of local functions", loaded_.id), tasks.size());
    prover_.run(plan_, tasks, [&](std::size_t task, Outcome outcome, bool from_cache) {
      session_.progress.done(outcome.verdict, from_cache ? 0 : outcome.solver_units);
      suspicions_[task].outcome = std::move(outcome);
    });
    std::erase_if(suspicions_,
                  [](const Suspicion& suspicion) { return suspicion.outcome.verdict != Verdict::refuted; });
    for (Suspicion& suspicion : suspicions_) suspicion.others = others_of(suspicion);
  }

  /// The root, and every function whose machine code was inlined beside the suspect's.
  std::set<std::size_t> others_of(const Suspicion& suspicion) const {
    std::set<std::size_t> result{suspicion.root};
    const ir::Result<replay::Counterexample> run = replay::read_counterexample(suspicion.outcome.certificate, "");
    if (!run) return result;
    const TestPair pair(loaded_, plan_.rows[suspicion.root].symbol, {run->inlined.begin(), run->inlined.end()});
    for (const std::string& name : pair.pair().inlined_binaries) {
      const auto row = row_of_.find(name);
      if (row != row_of_.end() && row->second != suspicion.suspect && loaded_.source.functions.contains(name))
        result.insert(row->second);
    }
    return result;
  }

  void prove_others() {
    std::set<std::size_t> open;
    for (const Suspicion& suspicion : suspicions_) open.insert(suspicion.others.begin(), suspicion.others.end());
    std::vector<ProofTask> tasks;
    for (const std::size_t row : open) {
      if (!verdicts_.contains(row)) tasks.push_back({row, {}});
    }
    prover_.run(plan_, tasks,
                [&](std::size_t task, const Outcome& outcome, bool) { verdicts_[tasks[task].row] = outcome.verdict; });
  }

  void settle(const Suspicion& suspicion) {
    Outcome& outcome = plan_.rows[suspicion.suspect].outcome;
    const bool alone =
        std::ranges::all_of(suspicion.others, [&](std::size_t row) { return verdicts_.at(row) == Verdict::proved; });
    if (!alone || outcome.verdict == Verdict::refuted) return;
    outcome.verdict = Verdict::refuted;
    outcome.reason = suspicion.outcome.reason;
    outcome.text = fmt::format("as '{}' calls it: {}", plan_.rows[suspicion.root].display, suspicion.outcome.text);
    outcome.details = suspicion.outcome.details;
    outcome.certificate = suspicion.outcome.certificate;
  }

  const Loaded& loaded_;
  const Session& session_;
  const ProofPool& prover_;
  std::map<std::size_t, Verdict> verdicts_;
  Plan& plan_;
  std::map<std::string, std::size_t> row_of_;
  std::vector<Suspicion> suspicions_;
};

}  // namespace

void blame_local_functions(const Loaded& loaded, const Session& session, const ProofPool& prover,
                           const std::map<std::size_t, Verdict>& alone, Plan& plan) {
  const bool searched = session.options.certificates.empty();
  if (searched && session.stop == 0) Blame(loaded, session, prover, alone, plan).run();
}

}  // namespace validator::app
