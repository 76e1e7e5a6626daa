// SPDX-License-Identifier: Apache-2.0
#include "validator/check/recheck.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "validator/check/certificate_text.hpp"
#include "validator/check/conclude.hpp"

namespace validator::check {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Unprovable(Verdict::unknown, "certificate-invalid", "the certificate " + why);
}

void bring_into_shape(Pair& pair, const std::vector<Reshape>& reshapes) {
  for (const Reshape& how : reshapes) {
    ir::Graph& graph = how.binary ? pair.binary.graph : pair.source.graph;
    if (!reshape(graph, how)) refuse("names a loop that is not there");
  }
  for (const ir::Function* function : {&pair.source, &pair.binary}) {
    if (ir::loop_headers(function->graph).irreducible)
      throw Unprovable(Verdict::unsupported, "irreducible", "a graph is irreducible");
  }
}

/// Each node begins at most one cut, and what is said of a place has its width.
void check_cuts(const Pair& pair, const Certificate& certificate) {
  std::set<ir::Graph::NodeId> source_headers, binary_headers;
  for (const Cut& cut : certificate.cuts) {
    if (cut.source_header >= pair.source.graph.size() || cut.binary_header >= pair.binary.graph.size())
      refuse("cuts where no node is");
    if (!source_headers.insert(cut.source_header).second || !binary_headers.insert(cut.binary_header).second)
      refuse("cuts twice at one node");
    for (const auto* places : {&cut.source_places, &cut.binary_places}) {
      for (const Place& place : *places) {
        if (place.bytes == 0) refuse("names a place without bytes");
      }
    }
    for (const auto& [place, relation] : cut.relations) {
      const bool flag = place.bytes == 0 && place.variable.size() == 1;
      const bool fits = flag ? relation.sort().is_bool()
                             : relation.sort() == ir::Sort::bitvec(place.bytes == 0 ? 64 : 8 * place.bytes);
      if (!fits) refuse("relates a place to a value of another width");
    }
    for (const Term invariant : cut.invariants) {
      if (!invariant.sort().is_bool()) refuse("has an invariant that is no condition");
    }
  }
}

void check_registers(const Certificate& certificate, const BinaryRun& binary) {
  for (const Cut& cut : certificate.cuts) {
    for (const auto& [place, relation] : cut.relations) {
      if (place.bytes == 0 && !binary.variables().find(ir::var(place.variable, relation.sort())))
        refuse("relates an unknown register");
    }
  }
}

Outcome recheck_pair(const Problem& problem, const Evidence& evidence, const std::string& text) {
  const ir::Result<SavedProof> saved = read_certificate(text, "certificate");
  if (!saved) refuse("cannot be read: " + saved.error().to_string());
  if (saved->symbol != problem.symbol) refuse("is about another function");
  if (!std::ranges::includes(saved->inline_both, problem.inline_both))
    refuse("does not inline what has no proof of its own");
  Pair pair = inline_calls(evidence, problem.symbol, saved->inline_both);
  bring_into_shape(pair, saved->reshapes);
  check_cuts(pair, saved->certificate);

  SourceRun source(pair.source, evidence, saved->certificate);
  source.execute();
  if (!source.undeclared.empty()) refuse("does not name all that a loop of the source changes");
  source.finish();
  BinaryRun binary(pair.binary, evidence, saved->certificate, source);
  check_registers(saved->certificate, binary);
  binary.execute();
  if (!binary.undeclared.empty()) refuse("does not name all that a loop of the binary changes");
  binary.finish();

  Discharger discharger(problem.limits);
  std::vector<Fact> facts = source.facts;
  facts.insert(facts.end(), binary.facts.begin(), binary.facts.end());
  discharger.set_facts(std::move(facts));
  Discharged why;
  std::optional<Obligation> open;
  if (const auto failed = discharger.first_failure(binary.obligations, &why)) open = binary.obligations[*failed];
  Outcome outcome = conclude(pair, saved->certificate, source, binary, open, why, evidence, discharger);
  if (outcome.verdict == Verdict::proved) outcome.certificate = text;
  return outcome;
}

}  // namespace

Outcome recheck(const Problem& problem, const std::string& certificate) {
  const auto start = std::chrono::steady_clock::now();
  const Surroundings around(problem);
  const Evidence evidence(around);
  Outcome outcome;
  try {
    outcome = recheck_pair(problem, evidence, certificate);
  } catch (const Unprovable& failure) {
    outcome.verdict = failure.verdict;
    outcome.reason = failure.code;
    outcome.text = failure.what();
  }
  outcome.uses.assign(evidence.questions().begin(), evidence.questions().end());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace validator::check
