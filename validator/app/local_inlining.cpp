// SPDX-License-Identifier: Apache-2.0
#include "validator/app/local_inlining.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace validator::app {
namespace {

using binary::FunctionFacts;

bool may_be_inlined(const PairingInput& input, const FunctionFacts& facts, Verdict verdict) {
  const bool open = verdict == Verdict::unknown || verdict == Verdict::unsupported;
  const binary::BinaryFacts& all = input.binary.facts;
  const bool recursive = all.components.at(facts.component).size() > 1 ||
                         std::binary_search(facts.callees.begin(), facts.callees.end(), facts.symbol);
  return open && facts.local && !facts.address_taken && !facts.is_fragment && facts.aliases.empty() && all.entry != facts.symbol &&
         !facts.callers.empty() && !recursive;
}

/// Drops candidates with a caller that is no row to prove: assembly, a fragment, a veneer.
void find_candidates(const PairingInput& input, const Plan& plan, InliningPlan& result) {
  std::map<std::string, std::size_t> row_of;
  for (const std::size_t index : plan.to_prove) row_of[plan.rows[index].symbol] = index;
  for (const std::size_t index : plan.to_prove) {
    const FunctionFacts& facts = input.binary.facts.functions.at(plan.rows[index].symbol);
    if (!may_be_inlined(input, facts, plan.rows[index].outcome.verdict)) continue;
    std::set<std::size_t> callers;
    for (const std::string& caller : facts.callers) {
      if (const auto row = row_of.find(caller); row != row_of.end()) callers.insert(row->second);
    }
    if (callers.size() == facts.callers.size()) result.candidates[index] = std::move(callers);
  }
}

}  // namespace

InliningPlan plan_inlining(const PairingInput& input, const Plan& plan) {
  InliningPlan result;
  find_candidates(input, plan, result);
  for (const auto& [candidate, callers] : result.candidates) {
    std::set<std::size_t> seen;
    std::vector<std::size_t> open(callers.begin(), callers.end());
    while (!open.empty()) {
      const std::size_t caller = open.back();
      open.pop_back();
      if (!seen.insert(caller).second) continue;
      result.inline_both[caller].insert(plan.rows[candidate].address);
      if (const auto outer = result.candidates.find(caller); outer != result.candidates.end()) {
        open.insert(open.end(), outer->second.begin(), outer->second.end());
      }
    }
  }
  return result;
}

void settle_inlining(const InliningPlan& inlining, const std::map<std::size_t, Outcome>& outcomes, Plan& plan) {
  std::set<std::size_t> proved_again;
  for (const auto& [row, outcome] : outcomes) {
    // A wrong local function shows in its callers: their own code may be right as long as it is only called.
    const bool contradicted = outcome.verdict == Verdict::refuted || outcome.reason == "proved-and-refuted";
    const bool improved = outcome.verdict == Verdict::proved && plan.rows[row].outcome.verdict != Verdict::refuted;
    if (contradicted || improved) plan.rows[row].outcome = outcome;
    if (improved) proved_again.insert(row);
  }
  // Greatest fixpoint over candidates that call each other without a cycle: a caller counts when it was proved with the
  // candidate inside, or is a candidate that counts.
  std::set<std::size_t> counts;
  for (const auto& [candidate, callers] : inlining.candidates) counts.insert(candidate);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = counts.begin(); it != counts.end();) {
      const std::set<std::size_t>& callers = inlining.candidates.at(*it);
      const bool fine = std::all_of(callers.begin(), callers.end(),
                                    [&](std::size_t caller) { return proved_again.contains(caller) || counts.contains(caller); });
      if (fine) ++it;
      else it = counts.erase(it), changed = true;
    }
  }
  for (const std::size_t candidate : counts) {
    Outcome& outcome = plan.rows[candidate].outcome;
    if (outcome.verdict == Verdict::proved) continue;
    std::set<std::string> names;
    for (const std::size_t caller : inlining.candidates.at(candidate)) names.insert(plan.rows[caller].display);
    outcome.verdict = Verdict::inlined;
    outcome.reason = "inlined-both";
    outcome.text = fmt::format("code proved inside its callers: {}", fmt::join(names, ", "));
  }
}

}  // namespace validator::app
