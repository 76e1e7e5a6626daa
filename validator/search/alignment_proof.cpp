// SPDX-License-Identifier: Apache-2.0
// See alignment_proof.hpp.
#include "validator/search/alignment_proof.hpp"

#include <algorithm>
#include <set>

#include "validator/search/meetings.hpp"
#include "validator/search/relations.hpp"

namespace validator::search {

using check::Obligation;
using ir::Answer;
using ir::Term;

namespace {

/// What a proof without meetings may cost.
constexpr std::uint64_t direct_units = 1'000'000;
/// What a proof may cost that keeps only few paths apart, when more could be.
constexpr std::uint64_t first_units = 20'000'000;
constexpr std::uint64_t unlimited = std::uint64_t{1} << 62;
/// Places that all paths pass, in one function.
constexpr int bottleneck_limit = 16;

/// "loop-entry K" of a loop that no other loop precedes: it needs no relation, so it tells at once whether the
/// alignment can be right.
bool enters_first_loop(const Obligation& obligation) {
  if (!obligation.kind.starts_with("loop-entry") || obligation.kind.find(' ') != obligation.kind.rfind(' '))
    return false;
  for (Term variable : ir::variables_of(obligation.guard)) {
    if (variable.name().starts_with("at@")) return false;
  }
  return true;
}

bool chooses_by(Term term, Term condition) {
  std::set<std::uint32_t> seen;
  std::vector<Term> work{term};
  while (!work.empty()) {
    const Term at = work.back();
    work.pop_back();
    if (!seen.insert(at.id()).second) continue;
    if (at == condition) return true;
    if (!at.is(ir::Op::load)) work.insert(work.end(), at.args().begin(), at.args().end());
  }
  return false;
}

/// Where branches of the source share code in the binary, and a register decides what the shared code writes.
std::set<ir::Graph::NodeId> joins_of_shared_code(const Session& session, bool of_constants) {
  std::set<ir::Graph::NodeId> result;
  for (const auto& [node, choice] : session.binary->choosing_joins) {
    if (of_constants && !choice.of_constants) continue;
    for (const check::Access& access : session.binary->accesses) {
      if (access.writes && chooses_by(access.address, choice.condition)) result.insert(node);
    }
  }
  return result;
}

/// The proof of one session; `units`: what it may cost once relations are found.
Proof prove_session(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger, Session& session,
                    std::uint64_t units) {
  discharger.set_facts(session.facts());
  for (const Obligation& obligation : session.binary->obligations) {
    if (!enters_first_loop(obligation) || discharger.ask_cheaply(obligation) != Answer::invalid) continue;
    return {obligation, discharger.prove(obligation)};
  }
  find_relations(alignment, evidence, discharger, session);
  const auto settled = [&](std::uint64_t allowed) {
    discharger.set_facts(session.facts());
    discharger.allow(allowed);
    Proof proof;
    if (auto failed = discharger.first_failure(session.binary->obligations, &proof.why)) {
      proof.open = session.binary->obligations[*failed];
    }
    discharger.unbounded();
    return proof;
  };
  // Most functions need no meetings.
  if (Proof direct = settled(direct_units); !direct.open) return direct;

  Meetings meetings(discharger);
  const check::Certificate certificate = *session.certificate;
  session = run_session(alignment.pair, evidence, certificate, &meetings);
  check::Certificate with_cuts = certificate;
  for (int found = 0; meetings.bottleneck() && found < bottleneck_limit; ++found) {
    with_cuts.cuts.push_back(*meetings.bottleneck());
    session = run_session(alignment.pair, evidence, with_cuts, &meetings);
  }
  if (with_cuts.cuts.size() > certificate.cuts.size()) {
    const Proof proof = settled(units);
    if (!proof.open || proof.why.answer != Answer::invalid) return proof;
    // What the cuts forget was needed.
    session = run_session(alignment.pair, evidence, certificate, &meetings);
  }
  return settled(units);
}

}  // namespace

Proof prove_alignment(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger, Session& session) {
  check::Certificate certificate = alignment.certificate;
  session = run_session(alignment.pair, evidence, certificate);
  if (!session.binary->proposed_placements.empty() && !session.source->escaped.empty()) {
    certificate = *session.certificate;
    for (const auto& [local, offset] : session.binary->proposed_placements) {
      if (session.source->escaped.contains(local)) certificate.placements.emplace(local, offset);
    }
    session = run_session(alignment.pair, evidence, certificate);
  }
  certificate = *session.certificate;
  const auto constant = joins_of_shared_code(session, true), all = joins_of_shared_code(session, false);
  const auto prove_apart = [&](const std::set<ir::Graph::NodeId>& joins, std::uint64_t units) {
    certificate.apart = joins;
    if (!joins.empty()) session = run_session(alignment.pair, evidence, certificate);
    return prove_session(alignment, evidence, discharger, session, units);
  };
  if (constant == all) return prove_apart(all, unlimited);
  Proof proof = prove_apart(constant, first_units);
  // Pointers that are chosen tell branches apart as well, but there are many of them.
  return proof.open ? prove_apart(all, unlimited) : proof;
}

}  // namespace validator::search
