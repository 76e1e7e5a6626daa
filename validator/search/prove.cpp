// SPDX-License-Identifier: Apache-2.0
// See prove.hpp: tries pairings and inlining choices until one is proved, and reports the best failure.
#include "validator/prove.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "ir/text.hpp"
#include "validator/check/fixed_symbols.hpp"
#include "validator/search/relations.hpp"

namespace validator {

using check::Unprovable;
using search::Session;

namespace {

constexpr std::size_t alignment_limit = 24;

std::string names_of(const std::set<std::uint64_t>& callees, const check::Evidence& evidence) {
  std::set<std::string> names;
  for (std::uint64_t address : callees) {
    const std::optional<Symbol> symbol = evidence.containing(address);
    names.insert(symbol ? symbol->name : fmt::format("{:#x}", address));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<Assumption> assumptions_of(const Session& session, const check::Evidence& evidence) {
  std::map<std::string, unsigned> undefined;
  unsigned unwritten = 0;
  for (const check::Fact& fact : session.source->facts) {
    if (fact.kind.starts_with("ub-")) ++undefined[fact.kind.substr(0, fact.kind.find(':'))];
    unwritten += fact.kind == "inv-unwritten";
  }
  std::vector<Assumption> result;
  for (const auto& [kind, times] : undefined) result.push_back({"A-UB", fmt::format("{} x{}", kind, times)});
  if (unwritten != 0) result.push_back({"A-INV", fmt::format("{} reads of static objects that nothing writes", unwritten)});
  std::map<std::string, unsigned> events;
  std::set<std::uint64_t> silent;
  std::set<std::string> maps, exits;
  bool devices = false, exclusives = false;
  for (const check::Event& event : session.source->events) {
    if (auto* effect = std::get_if<ir::Effect>(&session.source->function().graph.at(event.node).node)) {
      using Kind = ir::EffectKind;
      const bool leaves = effect->kind == Kind::exception || effect->kind == Kind::exception_return;
      if (leaves) exits.insert(effect->kind == Kind::exception ? effect->detail : "eret");
      exclusives = exclusives || effect->kind == Kind::exclusive_store;
      if (effect->kind == Kind::sysreg_write && effect->detail.starts_with("VBAR")) exits.insert("a write of " + effect->detail);
      for (const char* prefix : {"TTBR", "TCR_", "SCTLR_", "MAIR_"}) {
        if (effect->kind == Kind::sysreg_write && effect->detail.starts_with(prefix)) maps.insert(effect->detail);
      }
    }
    devices = devices || event.kind != check::EventKind::call;
    if (event.kind == check::EventKind::call) ++events[event.key];
    if (event.keeps_memory) silent.insert(std::stoull(event.key.substr(event.key.rfind(' ') + 1)));
  }
  if (!events.empty())
    result.push_back({"A-CALLEE", fmt::format("{} callees by their AAPCS64 contract", events.size())});
  if (!silent.empty()) {
    result.push_back({"A-CALLEE", fmt::format("write no visible memory, by their machine code: {}", names_of(silent, evidence))});
  }
  if (const auto& preserving = session.binary->preserving_callees; !preserving.empty()) {
    result.push_back({"A-CALLEE", fmt::format("leave temporaries alone, by their machine code: {}", names_of(preserving, evidence))});
  }
  if (!maps.empty()) {
    result.push_back({"A-MAP", fmt::format("the map after a write of {} is the one before, where this code reads, writes or runs", fmt::join(maps, ", "))});
  }
  if (!exits.empty()) result.push_back({"A-EXIT", fmt::format("what follows {} is as its contract says", fmt::join(exits, ", "))});
  if (exclusives) result.push_back({"A-LLSC", "its exclusive stores succeed in the end"});
  if (devices) result.push_back({"A-DEV", "effects and volatile accesses get the same answers on both sides"});
  return result;
}

/// A proof about nothing is no proof: some end, event or loop must be reachable under all facts.
bool witnessed(const Session& session, check::Discharger& discharger) {
  for (const check::End& end : session.binary->ends) {
    if (discharger.reachable(end.state.path) == ir::Answer::valid) return true;
  }
  for (const check::Event& event : session.source->events) {
    if (discharger.reachable(event.path) == ir::Answer::valid) return true;
  }
  for (const check::Arrival& arrival : session.binary->arrivals) {
    if (discharger.reachable(arrival.state.path) == ir::Answer::valid) return true;
  }
  return false;
}

std::string describe(const check::Obligation& open, const check::Discharged& why) {
  const char* answer = why.answer == ir::Answer::invalid ? "differs" : "undecided";
  return fmt::format("{} at {} {}", open.kind, open.text, answer);
}

/// The open obligation and, when the solver gave one, the entry state that violates it.
std::vector<std::string> details_of(const check::Obligation& open, const check::Discharged& why) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("open: {} at {}", open.kind, open.text));
  lines.push_back("  when " + ir::print(open.guard));
  if (open.goal) {
    lines.push_back("  show " + ir::print(open.goal));
  } else {
    lines.push_back("  source memory " + ir::print(open.left));
    lines.push_back("  binary memory " + ir::print(open.right));
  }
  if (!why.reason.empty()) lines.push_back("  solver: " + why.reason);
  if (!why.model) return lines;
  std::map<std::string, std::string> values;
  for (const auto& [variable, value] : why.model->scalars) {
    values[variable.name()] = fmt::format("{:#x}", static_cast<std::uint64_t>(value));
  }
  for (const auto& [name, value] : values) lines.push_back(fmt::format("  {} = {}", name, value));
  return lines;
}

struct Attempt {
  Outcome outcome;
  bool proved = false;
  std::optional<std::size_t> failed_entry;  ///< the cut whose loop the source does not enter when the binary does
};

Attempt attempt(const search::Alignment& alignment, const check::Evidence& evidence, const Limits& limits) {
  check::Discharger discharger(limits);
  Session session;
  Attempt result;
  Outcome& outcome = result.outcome;
  const search::Proof proof = search::prove_alignment(alignment, evidence, discharger, session);
  if (proof.open) {
    if (proof.open->kind.starts_with("loop-entry ")) {
      const std::size_t cut = std::stoul(proof.open->kind.substr(11));
      if (cut < alignment.certificate.cuts.size()) result.failed_entry = cut;  // else one without a loop
    }
    outcome.verdict = Verdict::unknown;
    outcome.reason = proof.why.answer == ir::Answer::invalid ? "not-equal" : "solver-limit";
    outcome.text = describe(*proof.open, proof.why);
    outcome.details = details_of(*proof.open, proof.why);
  } else if (const auto moving = check::moving_symbol(*session.certificate, *session.source, *session.binary)) {
    outcome.verdict = Verdict::unknown;
    outcome.reason = "loop-relation";
    outcome.text = *moving + ", which each of its iterations makes anew";
  } else if (!witnessed(session, discharger)) {
    outcome.verdict = Verdict::error;
    outcome.reason = "vacuous";
    outcome.text = "no end and no event of the function can be reached under the assumptions";
  } else {
    outcome.verdict = Verdict::proved;
    result.proved = true;
  }
  outcome.assumptions = assumptions_of(session, evidence);
  outcome.covers = alignment.pair.inlined_binaries;
  outcome.inlined_sources = alignment.pair.inlined_sources;
  outcome.queries = discharger.queries();
  outcome.solver_units = discharger.solver_units();
  outcome.obligations = discharger.obligations;
  outcome.syntactic = discharger.syntactic;
  if (!alignment.text.empty() && !result.proved) outcome.details.push_back("loops: " + alignment.text);
  return result;
}

Outcome prove_pair(const Problem& problem, const check::Evidence& evidence) {
  Outcome best;
  std::uint64_t queries = 0, units = 0;
  bool asked = false;
  auto try_pair = [&](const search::Pair& pair) {
    search::Alignments alignments(pair, evidence);
    for (std::size_t tried = 0; tried < alignment_limit; ++tried) {
      const std::optional<search::Alignment> alignment = alignments.next();
      if (!alignment) break;
      Attempt now;
      try {
        now = attempt(*alignment, evidence, problem.limits);
      } catch (const Unprovable& failure) {
        now.outcome.verdict = failure.verdict;
        now.outcome.reason = failure.code;
        now.outcome.text = failure.what();
      }
      if (now.failed_entry) alignments.entry_failed(*now.failed_entry);
      queries += now.outcome.queries;
      units += now.outcome.solver_units;
      if (now.proved || best.verdict == Verdict::not_run) best = std::move(now.outcome);
      if (best.verdict == Verdict::proved || units > problem.limits.function_units) return true;
      if (!std::exchange(asked, true) && problem.is_refuted && problem.is_refuted()) return true;
    }
    return false;
  };
  const search::Pair plain = check::inline_calls(evidence, problem.symbol, problem.inline_both);
  if (!try_pair(plain)) {
    std::set<std::uint64_t> both = search::partly_inlined(plain, evidence);
    both.insert(problem.inline_both.begin(), problem.inline_both.end());
    if (both != problem.inline_both) try_pair(check::inline_calls(evidence, problem.symbol, both));
  }
  best.queries = queries;
  best.solver_units = units;
  return best;
}

}  // namespace

Outcome prove(const Problem& problem) {
  const auto start = std::chrono::steady_clock::now();
  const check::Surroundings around(problem);
  const check::Evidence evidence(around);
  Outcome outcome;
  try {
    outcome = prove_pair(problem, evidence);
  } catch (const Unprovable& failure) {
    outcome.verdict = failure.verdict;
    outcome.reason = failure.code;
    outcome.text = failure.what();
  }
  outcome.uses.assign(evidence.questions().begin(), evidence.questions().end());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace validator
