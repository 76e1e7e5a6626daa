// SPDX-License-Identifier: Apache-2.0
// See relations.hpp.
#include "validator/search/relations.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "validator/search/candidates.hpp"
#include "validator/search/relation_samples.hpp"

namespace validator::search {

using check::Cut;
using check::Obligation;
using check::Place;
using check::State;
using ir::Answer;
using ir::Term;

namespace {

constexpr int round_limit = 120;
using Key = std::pair<std::size_t, Place>;

bool is_arrival(const Obligation& obligation) {
  return obligation.kind.starts_with("loop-entry") || obligation.kind.starts_with("back-edge");
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
    struct Arrival {
      Term path, value;
    };
    std::vector<Arrival> back;
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
          if (back) origin.back.push_back({state.path, value});
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

  /// What the binary's symbols stand for when a place has this relation and all others theirs.
  ir::Substitution related_with(const Key& key, Term candidate) const {
    ir::Substitution related;
    for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
      for (const auto& [place, relation] : certificate_.cuts[cut].relations) {
        const Term value = Key{cut, place} == key ? candidate : relation;
        related.emplace(check::BinaryRun::unrelated(place, cut, value.sort()), value);
      }
    }
    return related;
  }

  /// Is the candidate what the loop computes, as terms, when everything else is what it is supposed to be?
  bool computes(const Key& key, Term candidate) {
    const auto back = session_.source->back_arrivals.find(key.first);
    if (back == session_.source->back_arrivals.end()) return false;
    const ir::Substitution related = related_with(key, candidate);
    const Term wanted = ir::substitute(candidate, session_.source->cut_substitution(key.first, back->second));
    const auto& arrivals = origins_[key].back;
    return std::all_of(arrivals.begin(), arrivals.end(),
                       [&](const Origin::Arrival& arrival) { return ir::substitute(arrival.value, related) == wanted; });
  }

  /// The same in the states that are known.
  bool agrees_on_samples(const Key& key, Term candidate) {
    const auto back = session_.source->back_arrivals.find(key.first);
    if (back == session_.source->back_arrivals.end()) return true;
    const ir::Substitution related = related_with(key, candidate);
    const Term wanted = ir::substitute(candidate, session_.source->cut_substitution(key.first, back->second));
    const auto& arrivals = origins_[key].back;
    return std::all_of(arrivals.begin(), arrivals.end(), [&](const Origin::Arrival& arrival) {
      const Term path = ir::logical_and(ir::substitute(arrival.path, related), back->second.path);
      return samples_.agree(path, ir::substitute(arrival.value, related), wanted);
    });
  }

  /// Does a call in the loop take the place's value away? A frame slot that only some paths fill may still be read on those alone.
  bool is_lost(const Key& key) {
    const auto gone = [](Term variable) { return variable.name().starts_with("junk:b"); };
    const auto& arrivals = origins_[key].back;
    return std::any_of(arrivals.begin(), arrivals.end(), [&](const Origin::Arrival& arrival) {
      const Term value = arrival.value;
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

  void advance(const Key& key, const std::set<Key>& failing) {
    Options& options = options_.at(key);
    Cut& declared = certificate_.cuts[key.first];
    const std::size_t next = options.at + 1;
    if (next < options.list.size() && !computes(key, options.list[next]) && !prefer_computed(key, next)) {
      // Each that is tried costs a round. What the loop computes from the place itself, or from another that fails, is not known before.
      const auto rest = options.list.begin() + static_cast<std::ptrdiff_t>(next);
      const auto wrong = std::stable_partition(rest, options.list.end(), [&](Term candidate) { return agrees_on_samples(key, candidate); });
      const auto& direct = origins_[key].needs;
      const bool known = std::none_of(direct.begin(), direct.end(), [&](const Key& other) { return failing.contains(other); });
      if (known) options.list.erase(wrong, options.list.end());
    }
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

  bool holds(const Obligation& obligation) {
    if (samples_.refute(obligation)) return false;
    std::optional<ir::Valuation> model;
    if (discharger_.ask_cheaply(obligation, &model) == Answer::valid) return true;
    if (model) samples_.learn(std::move(*model));
    return false;
  }

  /// Gives up what is refuted. False when everything holds.
  bool repair() {
    discharger_.set_facts(session_.facts());
    samples_.begin(session_);
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
      advance(key, failing);
      blamed = true;
    }
    // An invariant is about the source alone, but it is asked for where the binary is, and that may still be told
    // wrongly.
    for (const Wrong& each : wrong) {
      const bool excused =
          std::any_of(failing.begin(), failing.end(), [&](const Key& key) { return each.behind.contains(key.first); });
      if (blamed && excused) continue;
      auto& invariants = certificate_.cuts[each.cut].invariants;
      std::erase(invariants, each.invariant);
      if (const Term bound = inclusive(each.invariant); bound && bounds_tried_.insert(bound).second) invariants.push_back(bound);
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
  RelationSamples samples_;
  std::unordered_set<Term> bounds_tried_;
};

}  // namespace

void find_relations(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger, Session& session) {
  RelationSearch(alignment, evidence, discharger, session).run();
}

}  // namespace validator::search
