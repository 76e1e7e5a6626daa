// SPDX-License-Identifier: Apache-2.0
// Closes obligations: first as terms (same pointer, same normal form), then with the solver, under exactly the
// facts that hold when the obligation's event count is reached.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "ir/smt.hpp"
#include "validator/check/memory_order.hpp"
#include "validator/check/records.hpp"
#include "validator/prove.hpp"

namespace validator::check {

struct Discharged {
  ir::Answer answer = ir::Answer::unknown;
  bool syntactic = false;
  std::string reason;                  ///< of unknown
  std::optional<ir::Valuation> model;  ///< of invalid
};

class Discharger {
 public:
  explicit Discharger(const Limits& limits);

  /// Facts of both runs of one session; replaces earlier ones.
  void set_facts(std::vector<Fact> facts);
  Discharged prove(const Obligation& obligation);
  /// One cheap attempt, for the search. `model`: a state in which an invalid one is wrong, where the solver gave it.
  ir::Answer ask_cheaply(const Obligation& obligation, std::optional<ir::Valuation>* model = nullptr);
  /// Until `unbounded`, questions are given up once so many more units are spent.
  void allow(std::uint64_t units) { stop_at_ = units_ + units; }
  void unbounded() { stop_at_ = ~std::uint64_t{0}; }
  /// All of them at once where that works; stops at the first that fails. Index of that one, or none when all hold.
  std::optional<std::size_t> first_failure(const std::vector<Obligation>& obligations, Discharged* why);
  /// Can the condition be true under all facts? valid: yes, with a model.
  ir::Answer reachable(Term condition);
  /// Which kinds of facts were given to the solver in a query that it answered.
  const std::map<std::string, unsigned>& used_facts() const { return used_; }

  std::uint64_t queries() const;
  std::uint64_t solver_units() const;
  /// Has the function, or the part of it that `allow` speaks of, used up its units?
  bool is_spent() const;
  std::uint64_t obligations = 0;
  std::uint64_t syntactic = 0;

 private:
  /// The goal without its guard; constant true when the obligation holds as terms.
  Term goal_of(const Obligation& obligation);
  /// A fact with the path on which it holds, and alone.
  struct Known {
    Term whole, condition;
  };
  std::vector<Known> known_at(Term guard, Term count);
  static std::vector<Term> near(const std::vector<Known>& facts, Term goal);
  static std::vector<Term> relevant(const std::vector<Known>& facts, Term goal);
  /// How much an answer is worth: one solver call, a part of the proof's search, or the proof itself.
  enum class Effort : std::uint8_t { one_try, search, proof };
  bool was_proved(const std::vector<Term>& assumptions, Term goal) const;
  void note_proved(const std::vector<Term>& assumptions, Term goal);
  /// Do loops and event counts alone rule the guard out? Most pairs of events that have one callee never meet.
  bool is_impossible(Term guard);
  Discharged ask(Term guard, Term goal, Term count, Effort effort = Effort::proof);
  Discharged ask_in_steps(const std::vector<Term>& assumptions, Term goal, Effort effort);
  bool holds_without_memory(const std::vector<Term>& assumptions, Term goal, std::uint64_t units);
  Discharged ask_solver(const std::vector<Term>& assumptions, Term goal, std::uint64_t units,
                        ir::MemoryEncoding encoding = ir::MemoryEncoding::words);

  const Limits limits_;
  std::vector<Fact> facts_;
  MemoryOrder order_;
  std::map<std::string, unsigned> used_;
  /// Goals that were proved, each with the sets of assumptions (sorted ids) that sufficed: sessions repeat each other's questions, with
  /// more facts.
  std::unordered_map<Term, std::vector<std::vector<std::uint32_t>>> proved_;
  /// Questions (goal, then assumptions, by id) that were not proved: the search does not ask them again.
  std::map<std::vector<std::uint32_t>, ir::Answer> failed_;
  std::unordered_map<Term, bool> impossible_;  ///< guards, under the facts of now
  std::uint64_t queries_ = 0;
  std::uint64_t units_ = 0;
  std::uint64_t stop_at_ = ~std::uint64_t{0};  ///< units at which the current question is given up
};

}  // namespace validator::check
