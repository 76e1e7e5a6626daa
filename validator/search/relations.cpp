// SPDX-License-Identifier: Apache-2.0
// See relations.hpp.
#include "validator/search/relations.hpp"

#include <algorithm>
#include <set>

#include "validator/search/candidates.hpp"
#include "validator/search/simulation.hpp"

namespace validator::search {

using check::Cut;
using check::Obligation;
using check::Place;
using check::State;
using ir::Answer;
using ir::Term;

namespace {

constexpr int round_limit = 120;
/// What a proof without meetings may cost.
constexpr std::uint64_t direct_units = 1'000'000;
/// What a proof may cost that keeps only few paths apart, when more could be.
constexpr std::uint64_t first_units = 20'000'000;
constexpr std::uint64_t unlimited = std::uint64_t{1} << 62;
/// Fewer possible samples than these refute too little.
constexpr std::size_t few_samples = 48;
/// Places that all paths pass, in one function.
constexpr int bottleneck_limit = 16;

using Key = std::pair<std::size_t, Place>;

bool is_arrival(const Obligation& obligation) {
  return obligation.kind.starts_with("loop-entry") || obligation.kind.starts_with("back-edge");
}

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

std::vector<Place> places_of(const Cut& cut) {
  std::vector<Place> places;
  for (const std::string& name : cut.binary_variables) places.push_back({name, 0, 0});
  places.insert(places.end(), cut.binary_places.begin(), cut.binary_places.end());
  return places;
}

/// The cuts whose general visit a condition speaks of.
std::set<std::size_t> visits_in(Term condition) {
  std::set<std::size_t> result;
  for (Term variable : ir::variables_of(condition)) {
    if (variable.name().starts_with("at@")) result.insert(std::stoul(variable.name().substr(3)));
  }
  return result;
}

std::string name_of(const Place& place) { return place.bytes == 0 ? place.variable : check::place_name(place); }

/// Houdini over relations and invariants: everything plausible is supposed, and what its own obligations refute gives
/// way. A relation is blamed only when what it is computed from stands: a wrong pointer makes the sum over its elements
/// look wrong too.
class RelationSearch {
 public:
  RelationSearch(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger,
                 Session& session)
      : alignment_(alignment), evidence_(evidence), discharger_(discharger), session_(session) {
    note_dependencies();
  }

  void run() {
    for (int round = 0; round < round_limit; ++round) {
      certificate_ = *session_.certificate;
      if (!propose() && !repair()) return;
      session_ = run_session(alignment_.pair, evidence_, certificate_);
    }
  }

 private:
  struct Options {
    std::vector<Term> list;
    std::size_t at = 0;
  };
  /// A place in the run without relations: its values on the back edge over the unrelated symbols.
  struct Origin {
    std::vector<Term> back;
    std::set<Key> first_needs, needs;
  };

  std::map<Term, Key, bool (*)(Term, Term)> symbols() const {
    std::map<Term, Key, bool (*)(Term, Term)> result([](Term a, Term b) { return a.id() < b.id(); });
    for (std::size_t cut = 0; cut < session_.certificate->cuts.size(); ++cut) {
      for (const Place& place : places_of(session_.certificate->cuts[cut])) {
        if (!has_states(cut)) continue;
        State general = session_.binary->cut_states.at(cut);
        for (Term variable : ir::variables_of(session_.binary->place_value(general, place))) {
          if (variable.name().starts_with("junk:")) result.emplace(variable, Key{cut, place});
        }
      }
    }
    return result;
  }

  bool has_states(std::size_t cut) const {
    return session_.source->cut_states.contains(cut) && session_.binary->cut_states.contains(cut);
  }

  void note_dependencies() {
    const auto known = symbols();
    auto note = [&](std::set<Key>& needs, Term term) {
      for (Term variable : ir::variables_of(term)) {
        if (auto found = known.find(variable); found != known.end()) needs.insert(found->second);
      }
    };
    for (const auto& [symbol, key] : known) {
      const auto& [cut, place] = key;
      if (origins_.contains(key)) continue;
      Origin& origin = origins_[key];
      for (auto* arrivals : {&session_.binary->first_arrivals, &session_.binary->back_arrivals}) {
        const bool back = arrivals == &session_.binary->back_arrivals;
        for (State& state : (*arrivals)[cut]) {
          const Term value = session_.binary->place_value(state, place);
          if (back) origin.back.push_back(value);
          note(back ? origin.needs : origin.first_needs, value);
        }
      }
      origin.needs.insert(origin.first_needs.begin(), origin.first_needs.end());
    }
  }

  /// Does the computation of the first need the second, directly or not?
  bool needs(const Key& key, const Key& other) {
    std::set<Key> seen;
    std::vector<Key> work{key};
    while (!work.empty()) {
      const Key at = work.back();
      work.pop_back();
      for (const Key& next : origins_[at].needs) {
        if (next == other) return true;
        if (seen.insert(next).second) work.push_back(next);
      }
    }
    return false;
  }

  /// Supposes relations and invariants of the outermost cut that has none yet. False when there is none.
  bool propose() {
    for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
      if (!has_states(cut)) continue;
      Cut& declared = certificate_.cuts[cut];
      bool extended = false;
      std::vector<Key> fresh;
      for (const Place& place : places_of(declared)) {
        auto [entry, inserted] = options_.try_emplace({cut, place});
        if (!inserted || is_lost({cut, place})) continue;
        entry->second.list = candidate_relations(session_, cut, place);
        if (entry->second.list.empty()) continue;
        declared.relations[place] = entry->second.list.front();
        fresh.push_back({cut, place});
        extended = true;
      }
      prefer_computed(fresh);
      if (invariants_done_.insert(cut).second) {
        declared.invariants = candidate_invariants(session_, cut);
        extended = extended || !declared.invariants.empty();
      }
      if (extended) return true;
    }
    return false;
  }

  /// Is the candidate what the loop computes, as terms, when everything else is what it is supposed to be?
  bool computes(const Key& key, Term candidate) {
    ir::Substitution related;
    for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
      for (const auto& [place, relation] : certificate_.cuts[cut].relations) {
        const Term value = Key{cut, place} == key ? candidate : relation;
        related.emplace(check::BinaryRun::unrelated(place, cut, value.sort()), value);
      }
    }
    const auto back = session_.source->back_arrivals.find(key.first);
    if (back == session_.source->back_arrivals.end()) return false;
    const Term wanted = ir::substitute(candidate, session_.source->cut_substitution(key.first, back->second));
    const auto& values = origins_[key].back;
    return std::all_of(values.begin(), values.end(),
                       [&](Term value) { return ir::substitute(value, related) == wanted; });
  }

  /// Does a call in the loop take the place's value away? A frame slot that only some paths fill may still be read on those alone.
  bool is_lost(const Key& key) {
    const auto gone = [](Term variable) { return variable.name().starts_with("junk:b"); };
    const auto& values = origins_[key].back;
    return std::any_of(values.begin(), values.end(), [&](Term value) {
      if (key.second.bytes != 0) return value.is_variable() && gone(value);
      const auto about = ir::variables_of(value);
      return std::any_of(about.begin(), about.end(), gone);
    });
  }

  /// Moves the first candidate from `from` on that the loop computes to this position. The ones before it stay in the
  /// list, behind it.
  bool prefer_computed(const Key& key, std::size_t from) {
    auto& list = options_.at(key).list;
    for (std::size_t i = from; i < list.size(); ++i) {
      if (!computes(key, list[i])) continue;
      const auto begin = list.begin();
      std::rotate(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(i),
                  begin + static_cast<std::ptrdiff_t>(i) + 1);
      return i != from;
    }
    return false;
  }

  void prefer_computed(const std::vector<Key>& keys) {
    for (int round = 0; round < 3; ++round) {
      bool changed = false;
      for (const Key& key : keys) {
        if (!prefer_computed(key, 0)) continue;
        certificate_.cuts[key.first].relations[key.second] = options_.at(key).list.front();
        changed = true;
      }
      if (!changed) return;
    }
  }

  void advance(const Key& key) {
    Options& options = options_.at(key);
    Cut& declared = certificate_.cuts[key.first];
    const std::size_t next = options.at + 1;
    prefer_computed(key, next);
    options.at = next;
    if (next < options.list.size()) {
      declared.relations[key.second] = options.list[next];
    } else {
      declared.relations.erase(key.second);
    }
    // What starts from this place is guessed anew.
    for (const auto& [other, origin] : origins_) {
      if (other.first == key.first || !origin.first_needs.contains(key)) continue;
      options_.erase(other);
      certificate_.cuts[other.first].relations.erase(other.second);
    }
  }

  /// Is it wrong in one of the random states? Most wrong guesses are, and the solver takes long to say so of a large loop.
  bool fails_on_samples(const Obligation& obligation) {
    if (!obligation.goal || ir::implies(obligation.guard, obligation.goal).is_true()) return false;
    prepare_samples();
    const auto samples = simulation_->where(obligation.guard);
    return std::any_of(samples.begin(), samples.end(),
                       [&](std::size_t sample) { return simulation_->value(sample, obligation.goal) == 0; });
  }

  /// States are kept from round to round as long as enough of them are still possible: drawing new ones takes long.
  void prepare_samples() {
    if (samples_are_ready_) return;
    samples_are_ready_ = true;
    const std::vector<check::Fact> facts = session_.facts();
    if (simulation_) {
      simulation_->restart();
      simulation_->restrict_to(facts);
      if (simulation_->possible_count() >= few_samples || drawn_for_ == ids_of(session_.source->facts)) return;
    }
    simulation_.emplace(*session_.source);
    drawn_for_ = ids_of(session_.source->facts);
    for (const ir::Valuation& model : models_) simulation_->add(model);
    simulation_->restrict_to(facts);
  }

  static std::vector<std::uint32_t> ids_of(const std::vector<check::Fact>& facts) {
    std::vector<std::uint32_t> ids;
    for (const check::Fact& fact : facts) ids.insert(ids.end(), {fact.path.id(), fact.condition.id()});
    return ids;
  }

  bool holds(const Obligation& obligation) {
    if (fails_on_samples(obligation)) return false;
    std::optional<ir::Valuation> model;
    if (discharger_.ask_cheaply(obligation, &model) == Answer::valid) return true;
    if (model) {
      prepare_samples();
      simulation_->add(*model);
      models_.push_back(std::move(*model));
    }
    return false;
  }

  /// Gives up what is refuted. False when everything holds.
  bool repair() {
    discharger_.set_facts(session_.facts());
    samples_are_ready_ = false;
    std::set<Key> failing;
    struct Wrong {
      std::size_t cut;
      Term invariant;
      std::set<std::size_t> behind;  ///< cuts whose relations have a say
    };
    std::vector<Wrong> wrong;
    for (const Obligation& obligation : session_.binary->obligations) {
      if (!is_arrival(obligation)) continue;
      const auto relation_at = obligation.kind.find(" relation "), invariant_at = obligation.kind.find(" invariant ");
      if (relation_at == std::string::npos && invariant_at == std::string::npos) continue;
      if (holds(obligation)) continue;
      const std::size_t cut = std::stoul(obligation.kind.substr(obligation.kind.find(' ') + 1));
      if (invariant_at != std::string::npos) {
        const std::size_t index = std::stoul(obligation.kind.substr(invariant_at + 11));
        wrong.push_back({cut, session_.certificate->cuts[cut].invariants[index], visits_in(obligation.guard)});
        continue;
      }
      const std::string name = obligation.kind.substr(relation_at + 10);
      for (const auto& [place, relation] : session_.certificate->cuts[cut].relations) {
        if (name_of(place) == name) failing.insert({cut, place});
      }
    }
    bool blamed = false;
    for (const Key& key : failing) {
      const auto& direct = origins_[key].needs;
      const bool excused = std::any_of(direct.begin(), direct.end(), [&](const Key& other) {
        return other != key && failing.contains(other) && !needs(other, key);
      });
      if (excused || !certificate_.cuts[key.first].relations.contains(key.second)) continue;
      advance(key);
      blamed = true;
    }
    // An invariant is about the source alone, but it is asked for where the binary is, and that may still be told
    // wrongly.
    for (const Wrong& each : wrong) {
      const bool excused =
          std::any_of(failing.begin(), failing.end(), [&](const Key& key) { return each.behind.contains(key.first); });
      if (blamed && excused) continue;
      std::erase(certificate_.cuts[each.cut].invariants, each.invariant);
      blamed = true;
    }
    return blamed;
  }

  const Alignment& alignment_;
  const check::Evidence& evidence_;
  check::Discharger& discharger_;
  Session& session_;
  check::Certificate certificate_;
  std::map<Key, Options> options_;
  std::map<Key, Origin> origins_;
  std::set<std::size_t> invariants_done_;
  std::optional<Simulation> simulation_;
  std::vector<std::uint32_t> drawn_for_;  ///< facts of the source that the simulation obeys
  bool samples_are_ready_ = false;        ///< restricted to the facts of the session
  std::vector<ir::Valuation> models_;     ///< by which the solver refuted a guess
};

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
  RelationSearch(alignment, evidence, discharger, session).run();
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
