// SPDX-License-Identifier: Apache-2.0
// See prove.hpp: tries pairings and inlining choices until one is proved, and reports the best failure.
#include "validator/prove.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "ir/text.hpp"
#include "validator/check/certificate_text.hpp"
#include "validator/check/fixed_symbols.hpp"
#include "validator/search/recheck.hpp"
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
  for (const check::Fact& fact : session.source->facts) {
    if (fact.kind.starts_with("ub-")) ++undefined[fact.kind.substr(0, fact.kind.find(':'))];
  }
  std::vector<Assumption> result;
  for (const auto& [kind, times] : undefined) result.push_back({"A-UB", fmt::format("{} x{}", kind, times)});
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
  if (!events.empty()) result.push_back({"A-CALLEE", fmt::format("{} callees by their AAPCS64 contract", events.size())});
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
};

/// The verdict on a session whose obligations were tried: the one place where a pair becomes `proved`.
Attempt conclude(const search::Alignment& alignment, const check::Evidence& evidence, const Session& session, const search::Proof& proof,
                 check::Discharger& discharger) {
  Attempt result;
  Outcome& outcome = result.outcome;
  if (proof.open) {
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

Attempt attempt(const search::Alignment& alignment, const check::Evidence& evidence, const Limits& limits, check::SavedProof& saved) {
  check::Discharger discharger(limits);
  Session session;
  const search::Proof proof = search::prove_alignment(alignment, evidence, discharger, session);
  Attempt result = conclude(alignment, evidence, session, proof, discharger);
  saved.certificate = *session.certificate;
  if (result.proved) result.outcome.certificate = check::print(saved);
  return result;
}

Outcome prove_pair(const Problem& problem, const check::Evidence& evidence) {
  Outcome best;
  std::uint64_t queries = 0, units = 0;
  auto try_pair = [&](const search::Pair& pair, const std::set<std::uint64_t>& both) {
    check::SavedProof saved{problem.symbol, both, 0, {}};
    for (const search::Alignment& alignment : search::alignments(pair, alignment_limit)) {
      Attempt now;
      try {
        now = attempt(alignment, evidence, problem.limits, saved);
      } catch (const Unprovable& failure) {
        now.outcome.verdict = failure.verdict;
        now.outcome.reason = failure.code;
        now.outcome.text = failure.what();
      }
      ++saved.alignment;
      queries += now.outcome.queries;
      units += now.outcome.solver_units;
      if (now.proved || best.verdict == Verdict::not_run) best = std::move(now.outcome);
      if (best.verdict == Verdict::proved || units > problem.limits.function_units) return true;
    }
    return false;
  };
  const search::Pair plain = check::inline_calls(evidence, problem.symbol, problem.inline_both);
  if (!try_pair(plain, problem.inline_both)) {
    std::set<std::uint64_t> both = search::partly_inlined(plain, evidence);
    both.insert(problem.inline_both.begin(), problem.inline_both.end());
    if (both != problem.inline_both) try_pair(check::inline_calls(evidence, problem.symbol, both), both);
  }
  best.queries = queries;
  best.solver_units = units;
  return best;
}

/// Why a certificate is not about this pair. Headers and shapes are those of the proposal; only what is said about them is read.
std::optional<std::string> misfit(const check::SavedProof& saved, const Problem& problem, const std::vector<search::Alignment>& proposals) {
  if (saved.symbol != problem.symbol) return "it is about another function";
  if (saved.alignment >= proposals.size()) return "the pair has no such proposal";
  const auto& cuts = proposals[saved.alignment].certificate.cuts;
  if (cuts.size() != saved.certificate.cuts.size()) return "the pair has another number of loops";
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const check::Cut& cut = saved.certificate.cuts[i];
    if (cuts[i].source_header != cut.source_header || cuts[i].binary_header != cut.binary_header) return "its loops begin elsewhere";
    for (const auto& [place, relation] : cut.relations) {
      const bool flag = place.bytes == 0 && place.variable.size() == 1;
      const bool fits = flag ? relation.sort().is_bool() : relation.sort() == ir::Sort::bitvec(place.bytes == 0 ? 64 : 8 * place.bytes);
      if (!fits) return "a relation has another width than its place";
    }
  }
  return std::nullopt;
}

Outcome recheck_pair(const Problem& problem, const check::Evidence& evidence, const std::string& text) {
  const ir::Result<check::SavedProof> saved = check::read_certificate(text, "certificate");
  if (!saved) throw Unprovable(Verdict::unknown, "certificate-invalid", saved.error().to_string());
  const search::Pair pair = check::inline_calls(evidence, problem.symbol, saved->inline_both);
  const std::vector<search::Alignment> proposals = search::alignments(pair, alignment_limit);
  if (const auto why = misfit(*saved, problem, proposals)) {
    throw Unprovable(Verdict::unknown, "certificate-invalid", "the certificate does not fit: " + *why);
  }
  const search::Alignment& alignment = proposals[saved->alignment];
  check::Discharger discharger(problem.limits);
  const Session session = search::run_session(alignment.pair, evidence, saved->certificate);
  discharger.set_facts(session.facts());
  search::Proof proof;
  if (auto failed = discharger.first_failure(session.binary->obligations, &proof.why)) {
    proof.open = session.binary->obligations[*failed];
  }
  return conclude(alignment, evidence, session, proof, discharger).outcome;
}

/// Times the work, and turns a refusal into its outcome.
template <typename Work>
Outcome outcome_of(const Problem& problem, Work work) {
  const auto start = std::chrono::steady_clock::now();
  const check::Surroundings around(problem);
  const check::Evidence evidence(around);
  Outcome outcome;
  try {
    outcome = work(evidence);
  } catch (const Unprovable& failure) {
    outcome.verdict = failure.verdict;
    outcome.reason = failure.code;
    outcome.text = failure.what();
  }
  outcome.uses.assign(evidence.questions().begin(), evidence.questions().end());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace

Outcome prove(const Problem& problem) {
  return outcome_of(problem, [&](const check::Evidence& evidence) { return prove_pair(problem, evidence); });
}

Outcome search::recheck(const Problem& problem, const std::string& certificate) {
  return outcome_of(problem, [&](const check::Evidence& evidence) { return recheck_pair(problem, evidence, certificate); });
}

}  // namespace validator
