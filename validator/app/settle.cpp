// SPDX-License-Identifier: Apache-2.0
// What can only be said after the proofs: which fragments are covered, and which sources without code were inlined.
//
// A fragment counts as proved only if every edge into it comes from code that was proved *with* the fragment inside
// (SOUNDNESS: coverage). Edges are those that the words show; a fragment whose address is taken, or where execution
// starts, has edges that no word shows and is never covered.
#include <fmt/format.h>

#include <algorithm>

#include "validator/app/pairing.hpp"

namespace validator::app {
namespace {

using binary::FunctionFacts;
using report::FunctionRow;

class Coverage {
 public:
  Coverage(const PairingInput& input, Plan& plan) : input_(input), plan_(plan) {
    candidates_.insert(plan.fragments.begin(), plan.fragments.end());
    for (const auto& [key, facts] : functions()) {
      for (const std::string& fragment : facts.covers) edges_[primary(fragment)].insert(primary(key));
      for (const std::string& callee : facts.callees) edges_[primary(callee)].insert(primary(key));
    }
    for (const FunctionRow& row : plan.rows) {
      if (row.outcome.verdict != Verdict::proved) continue;
      std::set<std::string>& covered = covered_by_[primary(row.symbol)];
      for (const std::string& name : row.outcome.covers) covered.insert(primary(name));
      for (const std::string& name : functions().at(row.symbol).covers) covered.insert(primary(name));
    }
  }

  void run() {
    std::set<std::string> covered;
    for (const std::string& key : candidates_) {
      if (!owner(key).empty() && !is_open(key)) covered.insert(key);
    }
    // Greatest fixpoint: fragments may call each other, but each has an owner outside.
    for (bool changed = true; changed;) {
      changed = false;
      for (auto it = covered.begin(); it != covered.end();) {
        if (first_bad_edge(*it, covered).empty()) ++it;
        else it = covered.erase(it), changed = true;
      }
    }
    for (const std::string& key : candidates_) {
      if (covered.contains(key)) add_to_owner(key);
      else add_row(key, covered);
    }
  }

 private:
  const std::map<std::string, FunctionFacts>& functions() const { return input_.binary.facts.functions; }

  std::string primary(const std::string& key) const {
    const auto alias = input_.binary.facts.alias_of.find(key);
    return alias == input_.binary.facts.alias_of.end() ? key : alias->second;
  }

  bool is_open(const std::string& key) const {
    return functions().at(key).address_taken || primary(input_.binary.facts.entry) == primary(key);
  }

  /// The first proved function, by symbol, that contains the fragment.
  std::string owner(const std::string& key) const {
    for (const auto& [row, covered] : covered_by_) {
      if (covered.contains(primary(key))) return row;
    }
    return {};
  }

  /// A caller that is neither proved with the fragment inside, nor a covered fragment all of whose owners contain it.
  std::string first_bad_edge(const std::string& key, const std::set<std::string>& covered) const {
    const auto edges = edges_.find(primary(key));
    if (edges == edges_.end()) return {};
    for (const std::string& from : edges->second) {
      if (from == primary(key)) continue;
      const auto proved = covered_by_.find(from);
      if (proved != covered_by_.end() && proved->second.contains(primary(key))) continue;
      if (!covered.contains(from)) return from;
      for (const auto& [row, contained] : covered_by_) {
        if (contained.contains(from) && !contained.contains(primary(key))) return row;
      }
    }
    return {};
  }

  void add_to_owner(const std::string& key) {
    const FunctionFacts& facts = functions().at(key);
    const std::string name = owner(key);
    for (FunctionRow& row : plan_.rows) {
      if (primary(row.symbol) != name || row.outcome.verdict != Verdict::proved) continue;
      row.covers.push_back({key, facts.address, facts.bytes});
      return;
    }
  }

  void add_row(const std::string& key, const std::set<std::string>& covered) {
    const FunctionFacts& facts = functions().at(key);
    FunctionRow row;
    row.symbol = row.display = key;
    row.unit = facts.file;
    row.address = facts.address;
    row.bytes = facts.bytes;
    Outcome& outcome = row.outcome;
    if (!owner(key).empty()) {
      outcome.verdict = Verdict::unknown;
      outcome.reason = "fragment-callers";
      const std::string from = first_bad_edge(key, covered);
      outcome.text = from.empty() ? "its address is taken, or execution starts here"
                                  : fmt::format("entered from '{}', which is not proved with it inside", from);
    } else if (facts.local || facts.is_fragment) {
      outcome.verdict = Verdict::unknown;
      outcome.reason = "fragment-uncovered";
      outcome.text = "no source function has this symbol, and no proved function contains it";
    } else {
      outcome.verdict = Verdict::error;
      outcome.reason = "no-source";
      outcome.text = "no source and no assembly file defines this symbol";
    }
    plan_.rows.push_back(std::move(row));
  }

  const PairingInput& input_;
  Plan& plan_;
  std::set<std::string> candidates_;
  std::map<std::string, std::set<std::string>> edges_;       ///< function -> who enters it
  std::map<std::string, std::set<std::string>> covered_by_;  ///< proved function -> what it contains
};

/// A source function without code: fine when every function that refers to it is proved (so its body was inlined there) or
/// is itself such a function. Nothing is known of it while one of them has not been tried.
void settle_sources(const PairingInput& input, Plan& plan) {
  std::map<std::string, std::size_t> row_of;
  for (std::size_t i = 0; i < plan.rows.size(); ++i) row_of[plan.rows[i].symbol] = i;
  const auto users = users_of_sources(input.source);
  const auto not_tried = [&](const std::string& symbol) {
    const auto at = row_of.find(symbol);
    return at != row_of.end() && plan.rows[at->second].outcome.verdict == Verdict::not_run;
  };
  for (const std::size_t index : plan.deferred_sources) {
    FunctionRow& row = plan.rows[index];
    std::string bad;
    const auto used = users.find(row.symbol);
    for (const std::string& user : used == users.end() ? std::set<std::string>{} : used->second) {
      const auto at = row_of.find(user);
      const bool fine = at != row_of.end() && (plan.rows[at->second].outcome.verdict == Verdict::proved ||
                                               plan.rows[at->second].outcome.verdict == Verdict::inlined ||
                                               plan.rows[at->second].bytes == 0);
      if (!fine && (bad.empty() || (not_tried(bad) && !not_tried(user)))) bad = user;
    }
    row.outcome.verdict = bad.empty() ? Verdict::inlined : Verdict::error;
    if (bad.empty()) continue;
    if (not_tried(bad)) {
      row.outcome.verdict = Verdict::not_run;
      row.outcome.reason = plan.rows[row_of.at(bad)].outcome.reason;
      row.outcome.text = fmt::format("'{}', which refers to it, was not validated", bad);
      continue;
    }
    row.outcome.reason = "source-not-in-image";
    row.outcome.text = fmt::format("'{}' refers to it, but the image has no such symbol", bad);
  }
}

/// Which verdict stands for bytes that several rows share: the one that claims least.
unsigned badness(Verdict verdict) {
  switch (verdict) {
    case Verdict::error: return 7;
    case Verdict::refuted: return 6;
    case Verdict::unknown: return 5;
    case Verdict::unsupported: return 4;
    case Verdict::not_run: return 3;
    case Verdict::assumed: return 2;
    case Verdict::proved: return 1;
    case Verdict::inlined: return 0;
  }
  return 7;
}

/// Code of a function that is `inlined` was proved inside its callers.
Verdict byte_verdict(Verdict verdict) { return verdict == Verdict::inlined ? Verdict::proved : verdict; }

}  // namespace

void settle(const PairingInput& input, Plan& plan) {
  Coverage(input, plan).run();
  settle_sources(input, plan);
  std::sort(plan.rows.begin(), plan.rows.end(),
            [](const FunctionRow& a, const FunctionRow& b) { return a.symbol < b.symbol; });
}

report::ByteCounts count_bytes(const binary::LiftedImage& image, const std::vector<FunctionRow>& rows) {
  std::map<std::uint64_t, Verdict> verdict_at;
  const auto mark = [&](std::uint64_t address, Verdict verdict) {
    const auto [at, added] = verdict_at.try_emplace(address, verdict);
    if (!added && badness(verdict) > badness(at->second)) at->second = verdict;
  };
  for (const FunctionRow& row : rows) {
    if (row.bytes != 0) mark(row.address, row.outcome.verdict);
    for (const report::Covered& covered : row.covers) mark(covered.address, row.outcome.verdict);
  }
  report::ByteCounts counts;
  for (const binary::Extent& extent : image.text.extents) {
    using Kind = binary::ExtentKind;
    if (extent.kind == Kind::data) continue;
    counts.text += extent.bytes;
    switch (extent.kind) {
      case Kind::literal: counts.literal += extent.bytes; break;
      case Kind::padding: counts.padding += extent.bytes; break;
      case Kind::veneer: counts.veneer += extent.bytes; break;
      case Kind::data: break;
      case Kind::unaccounted: counts.unaccounted += extent.bytes; break;
      case Kind::function:
      case Kind::assembly: {
        const auto facts = image.facts.functions.find(extent.symbol);
        const auto verdict = facts == image.facts.functions.end() ? verdict_at.end() : verdict_at.find(facts->second.address);
        if (verdict == verdict_at.end()) counts.unaccounted += extent.bytes;
        else counts.by_verdict[static_cast<std::size_t>(byte_verdict(verdict->second))] += extent.bytes;
        break;
      }
    }
  }
  return counts;
}

}  // namespace validator::app
