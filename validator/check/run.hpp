// SPDX-License-Identifier: Apache-2.0
// Symbolic execution of one acyclic graph with cuts, merging states where paths join. SourceRun and BinaryRun say
// what a call, an effect, a private access and an end mean on their side.
//
// Loops: every loop header must be a cut. At a cut the run goes on once from a *general* visit: what the
// loop changes is replaced by symbols (name@K), everything else keeps its value. A component that turns out to have
// changed without being declared is reported in `undeclared`, and the run's records are then worthless.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/dynamic_bitset.hpp>

#include "validator/check/certificate.hpp"
#include "validator/check/records.hpp"
#include "validator/check/evidence.hpp"

namespace validator::check {

/// Dense indices of one graph's variables, and which of them are live at each node.
class VariableTable {
 public:
  VariableTable(const ir::Function& function, bool binary);

  std::size_t size() const { return names_.size(); }
  std::optional<unsigned> find(Term variable) const;
  unsigned index(Term variable) const;
  Term variable(unsigned index) const { return names_[index]; }
  bool live(ir::Graph::NodeId node, unsigned index) const { return live_[node].test(index); }

 private:
  std::unordered_map<Term, unsigned> indices_;
  std::vector<Term> names_;
  std::vector<boost::dynamic_bitset<>> live_;
};

/// A component of the state that a loop changes although its cut does not say so.
struct Undeclared {
  std::size_t cut = 0;
  std::string variable;      ///< a graph variable, or
  std::optional<Place> place;  ///< private bytes, or
  bool memory = false;
  bool count = false;
};

class Run {
 public:
  Run(const ir::Function& function, const Evidence& evidence, const Certificate& certificate, bool binary);
  virtual ~Run() = default;

  void execute();

  std::vector<Access> accesses;
  std::vector<Fact> facts;
  std::vector<Event> events;
  std::vector<End> ends;
  std::vector<Arrival> arrivals;
  std::vector<Undeclared> undeclared;
  /// Joins of the binary where a register becomes one of two values.
  struct Choice {
    Term condition;
    bool of_constants = false;
  };
  std::map<ir::Graph::NodeId, Choice> choosing_joins;
  std::map<std::size_t, State> cut_states;  ///< the general state at each cut, after havoc
  std::map<std::size_t, State> first_states;  ///< the merged state at the first arrival

  const VariableTable& variables() const { return variables_; }
  bool is_cut(ir::Graph::NodeId node) const { return cut_of_.contains(node); }
  /// Do all paths that have not ended go through the node that is being executed?
  bool at_bottleneck() const { return waiting_ == 0; }
  const ir::Function& function() const { return function_; }
  Term read_private(State& state, PrivateByte first, unsigned bytes);
  /// A term over the graph's variables, in a state.
  Term value(const State& state, Term term) const;

 protected:
  virtual State entry_state() = 0;
  virtual std::optional<PrivateByte> private_place(Term address) const = 0;
  virtual bool mentions_private(Term address) const = 0;
  virtual void check_private_access(const State&, PrivateByte, unsigned bytes, bool writes) = 0;
  /// The value of bytes at base + offset when they can never change; base is null for an absolute address.
  virtual std::optional<std::uint64_t> constant_bytes(Term base, std::uint64_t offset, unsigned bytes) const;
  /// Called for each access that goes to visible memory.
  virtual void memory_access(const State&, Term, unsigned) {}
  virtual std::optional<Term> volatile_load(State&, const ir::Load&, Term address, ir::Graph::NodeId) = 0;
  virtual bool volatile_store(State&, const ir::Store&, Term address, Term value, ir::Graph::NodeId) = 0;
  /// Returns false when control does not come back.
  virtual bool call(State&, const ir::Call&, ir::Graph::NodeId) = 0;
  virtual bool effect(State&, const ir::Effect&, ir::Graph::NodeId) = 0;
  virtual void unreachable(State&, const ir::Unreachable&, ir::Graph::NodeId) = 0;
  virtual void returned(State, const ir::Return&, ir::Graph::NodeId) = 0;
  virtual void assigned(State&) {}
  /// All that comes to this node has come; `joins`: on more than one path.
  virtual void arrived(ir::Graph::NodeId, State&, bool joins) = 0;
  /// What the node has assigned, in its order.
  virtual void computed(ir::Graph::NodeId, const std::vector<Term>&) {}
  /// Replaces what the cut declares as changed.
  virtual void havoc(State&, std::size_t cut) = 0;
  virtual std::set<std::string> declared_variables(const Cut&) const = 0;
  virtual std::set<Place> declared_places(const Cut&) const = 0;
  virtual ir::Graph::NodeId header_of(const Cut&) const = 0;
  virtual std::string region_name(unsigned region) const = 0;

  void assign(State& state, Term variable, Term value);
  Term junk(unsigned bits);
  Term read(State& state, Term address, unsigned bytes, ir::Graph::NodeId node);
  void write(State& state, Term address, Term value, unsigned bytes, ir::Graph::NodeId node);

  const ir::Function& function_;
  const Evidence& evidence_;
  const Certificate& certificate_;
  VariableTable variables_;
  bool binary_;
  ir::Graph::NodeId current_ = 0;  ///< the node that is being executed

 private:
  State merge(std::vector<State> states, ir::Graph::NodeId node);
  void require_event(ir::Order order, bool is_volatile) const;
  void step(ir::Graph::NodeId node, State state);
  void continue_at(ir::Graph::NodeId from, ir::Graph::NodeId to, State state);
  void arrive(std::size_t cut, State state);
  void compare_with_general(std::size_t cut, State& arrived);
  std::optional<Term> constant_load(State& state, Term address, unsigned bytes, ir::Graph::NodeId node);
  bool points_at_constants(Term address) const;
  Term split_load(State& state, Term address, unsigned bytes, ir::Graph::NodeId node);

  std::map<ir::Graph::NodeId, std::size_t> cut_of_;
  std::vector<std::size_t> position_;
  std::vector<std::vector<State>> pending_;
  std::size_t waiting_ = 0;  ///< states in `pending_`
  unsigned junk_count_ = 0;
  mutable std::unordered_map<Term, Term> constants_;
};

/// Splits an address into (condition, address without ite) cases; at most `limit` cases, otherwise one case.
std::vector<std::pair<Term, Term>> address_cases(Term address, std::size_t limit);

}  // namespace validator::check
