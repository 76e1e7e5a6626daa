// SPDX-License-Identifier: Apache-2.0
// See relations.hpp.
#include "validator/search/relations.hpp"

#include <algorithm>
#include <set>

#include "validator/check/loops.hpp"

namespace validator::search {

using check::Cut;
using check::Obligation;
using check::Place;
using check::State;
using ir::Answer;
using ir::Term;

namespace {

constexpr int round_limit = 40;
constexpr std::int64_t factors[] = {1, -1, 2, 4, 8, 16, 24, 32, 3, -2, -4, -8, -16, 12, 48, 64, 9, -9};

struct Symbol {
  Term symbol;  ///< name@K
  Term first;   ///< its value at the first arrival
};

/// Every source quantity that may explain a binary value at a cut.
std::vector<Symbol> symbols_at(Session& session, std::size_t cut) {
  std::vector<Symbol> result;
  const State& first = session.source->first_states.at(cut);
  const auto arriving = session.source->cut_substitution(cut, first);
  for (const auto& [symbol, value] : arriving) {
    if (!symbol.sort().is_memory()) result.push_back({symbol, value});
  }
  std::sort(result.begin(), result.end(), [](const Symbol& a, const Symbol& b) { return a.symbol.name() < b.symbol.name(); });
  return result;
}

/// Loads that the source makes from the general state of the cut: (path-free) address terms with widths.
std::vector<Term> loads_at(const Session& session, std::size_t cut) {
  std::vector<Term> result;
  const State& general = session.source->cut_states.at(cut);
  for (const check::Access& access : session.source->accesses) {
    if (access.touch_only || access.bytes > 8) continue;
    result.push_back(ir::load(general.memory, access.address, static_cast<unsigned>(access.bytes)));
    if (result.size() > 64) break;
  }
  return result;
}

/// Candidate relations of one binary place, most plausible first.
std::vector<Term> candidates(Session& session, std::size_t cut, const Place& place) {
  State first = session.binary->first_states.at(cut);
  const Term at_first = session.binary->place_value(first, place);
  const unsigned bits = at_first.width();
  const auto arriving = session.source->cut_substitution(cut, session.source->first_states.at(cut));
  std::vector<Term> result;
  auto add = [&](Term relation) {
    if (relation.sort() != at_first.sort()) return;
    if (ir::substitute(relation, arriving) != at_first) return;
    if (std::find(result.begin(), result.end(), relation) == result.end()) result.push_back(relation);
  };
  if (at_first.sort().is_bool()) {
    for (const Symbol& symbol : symbols_at(session, cut)) {
      if (symbol.symbol.sort().is_bool()) add(symbol.symbol);
    }
    return result;
  }
  std::vector<Term> wide;
  for (const Symbol& symbol : symbols_at(session, cut)) {
    if (!symbol.symbol.sort().is_bitvec()) continue;
    if (symbol.symbol.width() > bits) {
      wide.push_back(ir::extract(bits - 1, 0, symbol.symbol));
    } else {
      wide.push_back(ir::zext(symbol.symbol, bits));
      if (symbol.symbol.width() < bits) wide.push_back(ir::sext(symbol.symbol, bits));
      if (symbol.symbol.width() < 32 && bits == 64) wide.push_back(ir::zext(ir::sext(symbol.symbol, 32), 64));
    }
  }
  for (Term term : wide) add(term);
  for (Term load : loads_at(session, cut)) {
    if (load.width() <= bits) {
      add(ir::zext(load, bits));
      if (load.width() < bits) add(ir::sext(load, bits));
    }
  }
  for (Term term : wide) {
    for (std::int64_t factor : factors) {
      const Term scaled = ir::mul(ir::bv(static_cast<std::uint64_t>(factor), bits), term);
      const Term rest = ir::sub(at_first, ir::substitute(scaled, arriving));
      add(ir::add(scaled, rest));
      if (bits == 64) {
        // A 32-bit counter: the upper half is zero.
        const Term low = ir::extract(31, 0, ir::add(scaled, rest));
        add(ir::zext(low, 64));
      }
    }
  }
  return result;
}

/// Conditions that hold whenever the loop is at its cut: conjuncts of the back edge's path, and bounds that its exit
/// tests suggest, as terms over the cut's symbols.
std::vector<Term> invariant_candidates(Session& session, std::size_t cut) {
  std::vector<Term> result;
  auto add = [&](Term term) {
    if (!term.is_true() && !term.is_false() && std::find(result.begin(), result.end(), term) == result.end()) {
      result.push_back(term);
    }
  };
  const auto back = session.source->back_arrivals.find(cut);
  if (back == session.source->back_arrivals.end()) return result;
  // A condition on the values that arrive is generalised by naming those values.
  ir::Substitution naming;
  std::vector<std::pair<Term, Term>> values;
  for (const auto& [symbol, value] : session.source->cut_substitution(cut, back->second)) {
    if (!symbol.sort().is_memory() && !value.is_constant()) values.emplace_back(value, symbol);
  }
  auto rename = [&](auto&& self, Term term) -> Term {
    for (const auto& [value, symbol] : values) {
      if (term == value) return symbol;
    }
    if (term.args().empty()) return term;
    std::vector<Term> args;
    for (Term arg : term.args()) args.push_back(self(self, arg));
    return ir::rebuild(term, args);
  };
  std::vector<Term> conjuncts;
  if (back->second.path.is(ir::Op::logical_and)) {
    conjuncts.assign(back->second.path.args().begin(), back->second.path.args().end());
  }
  for (Term conjunct : conjuncts) {
    if (conjunct.is_variable()) continue;
    add(rename(rename, conjunct));
    add(conjunct);
  }
  // The loop's own tests, which hold (or not) at every visit when the loop is rotated behind them.
  const ir::Graph& graph = session.source->function().graph;
  for (const check::Loop& loop : check::find_loops(graph)) {
    if (loop.header != session.certificate->cuts[cut].source_header) continue;
    for (ir::Graph::NodeId node : loop.body) {
      const auto* test = std::get_if<ir::Cond>(&graph.at(node).node);
      if (!test) continue;
      const Term condition = session.source->value(session.source->cut_states.at(cut), test->condition);
      add(condition);
      add(ir::logical_not(condition));
    }
  }
  for (const Symbol& symbol : symbols_at(session, cut)) {
    if (!symbol.symbol.sort().is_bitvec()) continue;
    add(ir::ule(symbol.first, symbol.symbol));
    add(ir::ule(symbol.symbol, symbol.first));
  }
  return result;
}

bool is_arrival(const Obligation& obligation) {
  return obligation.kind.starts_with("loop-entry") || obligation.kind.starts_with("back-edge");
}

/// "loop-entry K" of a loop that no other loop precedes: it needs no relation, so it tells at once whether the alignment
/// can be right.
bool enters_first_loop(const Obligation& obligation) {
  if (!obligation.kind.starts_with("loop-entry") || obligation.kind.find(' ') != obligation.kind.rfind(' ')) return false;
  for (Term variable : ir::variables_of(obligation.guard)) {
    if (variable.name().starts_with("at@")) return false;
  }
  return true;
}

}  // namespace

Proof prove_alignment(const Alignment& alignment, const Problem& problem, const Names& names,
                      check::Discharger& discharger, Session& session) {
  check::Certificate certificate = alignment.certificate;
  session = run_session(alignment.pair, problem, names, certificate);
  if (!session.binary->proposed_placements.empty() && !session.source->escaped.empty()) {
    certificate = *session.certificate;
    for (const auto& [local, offset] : session.binary->proposed_placements) {
      if (session.source->escaped.contains(local)) certificate.placements.emplace(local, offset);
    }
    session = run_session(alignment.pair, problem, names, certificate);
  }
  discharger.set_facts(session.facts());
  for (const Obligation& obligation : session.binary->obligations) {
    if (!enters_first_loop(obligation) || discharger.ask_cheaply(obligation) != Answer::invalid) continue;
    return {obligation, discharger.prove(obligation)};
  }
  using Key = std::pair<std::size_t, Place>;
  std::map<Key, std::vector<Term>> options;
  std::map<Key, std::size_t> chosen;
  std::map<std::size_t, std::vector<Term>> invariants;
  for (int round = 0; round < round_limit; ++round) {
    certificate = *session.certificate;
    bool extended = false;
    for (std::size_t cut = 0; cut < certificate.cuts.size(); ++cut) {
      if (!session.source->cut_states.contains(cut) || !session.binary->cut_states.contains(cut)) continue;
      Cut& declared = certificate.cuts[cut];
      auto consider = [&](const Place& place) {
        auto [entry, inserted] = options.try_emplace({cut, place});
        if (!inserted) return;
        entry->second = candidates(session, cut, place);
        if (entry->second.empty()) return;
        declared.relations[place] = entry->second.front();
        extended = true;
      };
      for (const std::string& name : declared.binary_variables) consider({name, 0, 0});
      for (const Place& place : declared.binary_places) consider(place);
      auto [entry, inserted] = invariants.try_emplace(cut);
      if (inserted) {
        entry->second = invariant_candidates(session, cut);
        declared.invariants = entry->second;
        extended = extended || !entry->second.empty();
      }
    }
    if (extended) {
      session = run_session(alignment.pair, problem, names, certificate);
      continue;
    }
    // Houdini: drop invariants and advance relations that their own obligations refute.
    discharger.set_facts(session.facts());
    bool changed = false;
    for (const Obligation& obligation : session.binary->obligations) {
      if (!is_arrival(obligation)) continue;
      const auto relation_at = obligation.kind.find(" relation "), invariant_at = obligation.kind.find(" invariant ");
      if (relation_at == std::string::npos && invariant_at == std::string::npos) continue;
      if (discharger.ask_cheaply(obligation) == Answer::valid) continue;
      changed = true;
      const std::size_t number = obligation.kind.find(' ') + 1;
      const std::size_t cut = std::stoul(obligation.kind.substr(number));
      Cut& declared = certificate.cuts[cut];
      if (invariant_at != std::string::npos) {
        const std::size_t index = std::stoul(obligation.kind.substr(invariant_at + 11));
        const Term failed = session.certificate->cuts[cut].invariants[index];
        std::erase(declared.invariants, failed);
        continue;
      }
      const std::string name = obligation.kind.substr(relation_at + 10);
      for (const auto& [place, relation] : session.certificate->cuts[cut].relations) {
        if ((place.bytes == 0 ? place.variable : check::place_name(place)) != name) continue;
        const auto& list = options.at({cut, place});
        std::size_t& at = chosen[{cut, place}];
        if (at < list.size() && list[at] != relation) break;
        if (++at < list.size()) {
          declared.relations[place] = list[at];
        } else {
          declared.relations.erase(place);
        }
        break;
      }
    }
    if (!changed) break;
    session = run_session(alignment.pair, problem, names, certificate);
  }
  discharger.set_facts(session.facts());
  Proof proof;
  if (auto failed = discharger.first_failure(session.binary->obligations, &proof.why)) {
    proof.open = session.binary->obligations[*failed];
  }
  return proof;
}

}  // namespace validator::search
