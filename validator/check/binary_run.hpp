// SPDX-License-Identifier: Apache-2.0
// The binary's symbolic run, matched step by step against a finished source run. It writes the obligations.
#pragma once

#include "validator/check/source_run.hpp"

namespace validator::check {

class BinaryRun : public Run {
 public:
  BinaryRun(const ir::Function& function, const Evidence& evidence, const Certificate& certificate, const SourceRun& source);

  std::vector<Obligation> obligations;
  /// Callees whose words, not their calling convention, say which registers they leave alone.
  std::set<std::uint64_t> preserving_callees;
  /// Placements that matched call arguments suggest: escaped local -> offset from the entry SP.
  std::map<std::string, std::int64_t> proposed_placements;
  std::map<std::size_t, std::vector<State>> first_arrivals;
  std::map<std::size_t, std::vector<State>> back_arrivals;

  /// Asked at each join instead of the certificate's meetings, when set; the answers are kept in `meetings`.
  std::function<Meeting(ir::Graph::NodeId, const State&)> propose_meeting;
  std::map<ir::Graph::NodeId, Meeting> meetings;

  /// The source's value as a binary variable of this sort holds it; null: it does not fit.
  static Term meeting_value(Term theirs, ir::Sort sort);

  /// Obligations of ends, loop arrivals and footprints, after execute().
  void finish();
  /// The value of a register, flag or frame place in a state.
  Term place_value(State& state, const Place& place);
  /// The value of a place at a cut that has no relation for it: a variable of its own, the same in every run. Frame places have one for
  /// each byte.
  static Term unrelated(const Place& place, std::size_t cut, ir::Sort sort);

 protected:
  State entry_state() override;
  std::optional<PrivateByte> private_place(Term address) const override;
  bool mentions_private(Term address) const override;
  void check_private_access(const State&, PrivateByte, unsigned bytes, bool writes) override;
  void memory_access(const State&, Term address, unsigned bytes) override;
  std::optional<Term> volatile_load(State&, const ir::Load&, Term address, ir::Graph::NodeId) override;
  bool volatile_store(State&, const ir::Store&, Term address, Term value, ir::Graph::NodeId) override;
  bool call(State&, const ir::Call&, ir::Graph::NodeId) override;
  bool effect(State&, const ir::Effect&, ir::Graph::NodeId) override;
  void unreachable(State&, const ir::Unreachable&, ir::Graph::NodeId) override;
  void returned(State, const ir::Return&, ir::Graph::NodeId) override;
  void assigned(State&) override;
  void arrived(ir::Graph::NodeId, State&, bool joins) override;
  void havoc(State&, std::size_t cut) override;
  std::set<std::string> declared_variables(const Cut& cut) const override { return cut.binary_variables; }
  std::set<Place> declared_places(const Cut& cut) const override { return cut.binary_places; }
  ir::Graph::NodeId header_of(const Cut& cut) const override { return cut.binary_header; }
  std::string region_name(unsigned) const override { return "frame"; }

 private:
  void meet(ir::Graph::NodeId node, State& state, const Meeting& meeting);
  struct Candidate {
    const Event* event;
    Term guard;  ///< the source is at this event, with the same number of events before it
  };
  std::vector<Candidate> candidates(const State& state, const std::string& key, Term address) const;
  std::vector<Candidate> access_candidates(const State& state, bool writes, unsigned bytes, ir::Order order, Term address) const;
  void require(const State& state, const std::string& kind, ir::Graph::NodeId node, Term guard, Term goal);
  void require_memory(const State& state, const std::string& kind, ir::Graph::NodeId node, Term guard, Term left,
                      Term right);
  void match(State& state, const std::vector<Candidate>& found, ir::Graph::NodeId node);
  Term answer(const std::vector<Candidate>& found, std::size_t result, unsigned bits);
  Term register_value(const State& state, const std::string& name) const;
  void set_register(State& state, const std::string& name, Term value);
  std::int64_t stack_offset(const State& state) const;
  Term argument_value(State& state, const ir::AbiPlace& place, unsigned bits);
  bool placed(std::int64_t offset) const;
  /// An obligation that no state may get here.
  void never(const State& state, const std::string& kind, std::int64_t offset);
  std::string place_text(ir::Graph::NodeId node) const;
  void propose_placement(Term theirs, Term ours);
  std::int64_t lowest_usable(const State& state) const;
  void check_placements() const;
  Term without_placed(Term memory) const;
  void compare_ends();
  void compare_arrivals();
  void compare_footprints();

  const SourceRun& source_;
  Term entry_sp_;
};

}  // namespace validator::check
