// SPDX-License-Identifier: Apache-2.0
// The source's symbolic run. It goes first: its events, accesses and header symbols are what the binary's run
// is matched against.
#pragma once

#include "validator/check/run.hpp"

namespace validator::check {

class SourceRun : public Run {
 public:
  SourceRun(const ir::Function& function, const Evidence& evidence, const Certificate& certificate);

  /// Source locals whose address reached an event or visible memory: they need a placement.
  std::set<std::string> escaped;
  /// All returns merged into one end; empty when the function never returns.
  std::optional<End> function_return;
  std::optional<End> exception_return;
  /// Merged back-edge arrivals and first arrivals by cut.
  std::map<std::size_t, State> first_arrivals;
  std::map<std::size_t, State> back_arrivals;
  /// What the binary may meet: each node's arrival, and the values that it computed.
  std::map<ir::Graph::NodeId, Point> points;
  std::map<ir::Graph::NodeId, std::vector<Term>> values;

  void finish();
  std::string call_key(const std::string& symbol) const;
  unsigned incoming_stack_bytes() const;
  /// Could two event counts be equal? (false only when they certainly differ)
  bool counts_may_agree(Term a, Term b) const;
  /// Symbols of a cut -> their values in a state that arrives there.
  ir::Substitution cut_substitution(std::size_t cut, const State& arriving) const;
  /// What the source accesses in the iteration that begins at each arrival at a cut: the records of the general
  /// iteration with the arriving values put in. They justify what a compiler hoists in front of a loop.
  std::vector<Access> accesses_ahead() const;
  /// Is one of the volatile events at a constant address in [address, address + bytes)?
  bool accesses_volatile(std::uint64_t address, std::uint64_t bytes) const;
  std::int64_t lower_bound(const std::string& count_symbol) const;

 protected:
  State entry_state() override;
  std::optional<std::uint64_t> constant_bytes(Term base, std::uint64_t offset, unsigned bytes) const override;
  std::optional<PrivateByte> private_place(Term address) const override;
  bool mentions_private(Term address) const override;
  void check_private_access(const State&, PrivateByte, unsigned bytes, bool writes) override;
  std::optional<Term> volatile_load(State&, const ir::Load&, Term address, ir::Graph::NodeId) override;
  bool volatile_store(State&, const ir::Store&, Term address, Term value, ir::Graph::NodeId) override;
  bool call(State&, const ir::Call&, ir::Graph::NodeId) override;
  bool effect(State&, const ir::Effect&, ir::Graph::NodeId) override;
  void unreachable(State&, const ir::Unreachable&, ir::Graph::NodeId) override;
  void returned(State, const ir::Return&, ir::Graph::NodeId) override;
  void arrived(ir::Graph::NodeId, State&, bool joins) override;
  void computed(ir::Graph::NodeId, const std::vector<Term>&) override;
  void havoc(State&, std::size_t cut) override;
  std::set<std::string> declared_variables(const Cut& cut) const override { return cut.source_variables; }
  std::set<Place> declared_places(const Cut& cut) const override { return cut.source_places; }
  ir::Graph::NodeId header_of(const Cut& cut) const override { return cut.source_header; }
  std::string region_name(unsigned region) const override;

 private:
  Event& add_event(State& state, EventKind kind, std::string key, ir::Graph::NodeId node);
  void finish_event(State& state, Event& event);
  void note_escape(Term term);
  /// The environment's answer to the event that was added last.
  Term effect_answer(unsigned bits) const;

  std::unordered_map<Term, unsigned> regions_;
  mutable std::unordered_map<Term, bool> mentions_;
};

/// The key under which an access is matched that is an event: a volatile one, or an atomic one with its order (Arm ARM B2.3).
std::string access_key(bool writes, unsigned bytes, ir::Order order);
/// The key under which an effect is matched.
std::string effect_key(const ir::Effect& effect);

/// "name@K", the symbol that stands for a source variable, private place, memory or count at a cut.
Term cut_symbol(const std::string& name, std::size_t cut, ir::Sort sort);
/// The name of a private place in a cut symbol: "%x.1+8:4".
std::string place_name(const Place& place);

}  // namespace validator::check
