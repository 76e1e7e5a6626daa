// SPDX-License-Identifier: Apache-2.0
// Control-flow graphs over terms: the common language of both halves. A node reads and writes named variables
// (terms with Op::variable); terms inside nodes never contain loads or stores, since each memory access
// is a node of its own, so that its address, width, order and path can be compared.
//
// Semantics (small-step, one state = variables, memory, position): each node reads the state before it and
// continues at its successor. Events (calls, effects, volatile accesses) are what the environment observes.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <boost/graph/adjacency_list.hpp>

#include "ir/result.hpp"
#include "ir/term.hpp"

namespace ir {

struct Binding {
  Term variable;
  Term value;
};

/// Parallel assignment: every value is read before any variable is written. No bindings: a plain jump.
struct Basic {
  std::vector<Binding> assignments;
};

/// Memory order of an access, as the Arm ARM names it (B2.3 "acquire", "release").
enum class Order : std::uint8_t { plain, acquire, release };

/// result := bytes at [address, address + bytes), little-endian; result is 8 * bytes wide.
struct Load {
  Term result;
  Term address;  ///< 64 bits
  unsigned bytes = 0;  ///< 1, 2, 4, 8, 16
  bool is_volatile = false;  ///< source: a volatile access, which is an event. Binary: always false.
  bool single_copy = true;   ///< binary: one single-register access without writeback; only such may match a volatile
  Order order = Order::plain;
};

struct Store {
  Term address;
  Term value;  ///< 8 * bytes wide
  unsigned bytes = 0;
  bool is_volatile = false;
  bool single_copy = true;
  Order order = Order::plain;
};

/// Two successors: the first when the condition is true, the second when it is false.
struct Cond {
  Term condition;
};

/// Where AAPCS64 (section 6.8) puts an argument or result: general register 0..8 or a stack offset in bytes.
struct AbiPlace {
  enum class Kind : std::uint8_t { x_register, stack } kind = Kind::x_register;
  unsigned index = 0;  ///< register number, or byte offset from SP at the call
  friend bool operator==(const AbiPlace&, const AbiPlace&) = default;
};

/// One ABI slot. The term's width is the number of significant bits: the other bits of the register are
/// unspecified. In a parameter or call result the term is the variable that receives the bits.
struct AbiSlot {
  AbiPlace place;
  Term term;
};

/// A call. Source: arguments and results are explicit slots. Binary: both lists are empty, the registers
/// of the state are the arguments, and control comes back to the next node.
struct Call {
  std::string symbol;  ///< linkage name; empty for an indirect call
  Term target;         ///< indirect: the callee's address; direct binary call: constant
  std::vector<AbiSlot> arguments;
  std::vector<AbiSlot> results;
  bool returns = true;  ///< false: declared noreturn; the node then has no successor
};

enum class EffectKind : std::uint8_t {
  barrier,           ///< detail "dsb sy", "dmb ish", "isb sy"
  sysreg_read,       ///< detail is the register's Arm ARM name or S<op0>_<op1>_C<n>_C<m>_<op2>
  sysreg_write,
  sysop,             ///< detail "dc civac", "tlbi vmalle1", "ic iallu", "at s1e1r"; operand if it takes one
  exception,         ///< detail "svc", "hvc", "smc", "brk", "hlt", "udf"; operand: the immediate, 16 bits
  exception_return,  ///< eret
  wait,              ///< detail "wfi", "wfe", "sev", "sevl", "yield"
  exclusive_load,    ///< operands: address; result; bytes
  exclusive_store,   ///< operands: address, value; result: status, 32 bits
  clear_exclusive,
  atomic,            ///< detail "cas", "swp", "ldadd", ...; operands: address, values; result: old value
};

/// An ordered, observable effect. Both halves use the same detail strings (isa-models makes them).
struct Effect {
  EffectKind kind = EffectKind::barrier;
  std::string detail;
  std::vector<Term> operands;
  Term result;         ///< null when there is none
  unsigned bytes = 0;  ///< exclusives and atomics: access width
  Order order = Order::plain;
  bool memory_clobber = false;  ///< source: the statement says "memory"; all visible memory is compared and havocked
};

/// Source only: if the condition is false here, the source has undefined behaviour. `kind` is the reason code
/// of the ledger's A-UB entries, e.g. "ub-signed-overflow", "ub-shift", "ub-align", "ub-unreachable".
struct Assert {
  Term condition;
  std::string kind;
};

/// Source only: variable := an unspecified value, chosen by the certificate from the past of the run.
struct Choice {
  Term variable;
  std::string kind;
};

/// Source only: the bytes [address, address + bytes) belong to a live object of Normal memory (a C++ reference was
/// bound to it), so a binary may read them without an access in the source. No effect on the state.
struct Touch {
  Term address;
  std::uint64_t bytes = 0;
};

/// Source only: a local object's lifetime begins (its bytes become indeterminate) or ends.
struct Lifetime {
  Term object;  ///< the LocalObject's base variable
  bool begins = true;
};

/// Source: the values are those of Function::results, in order. Binary: one value, the address jumped to.
struct Return {
  std::vector<Term> values;
};

/// Source: reaching this is undefined behaviour. Binary: the lifter found no code here (past the end, an
/// indirect branch outside its proposed targets); the checker must prove it unreachable.
struct Unreachable {
  std::string reason;
};

using Node = std::variant<Basic, Load, Store, Cond, Call, Effect, Assert, Choice, Touch, Lifetime, Return, Unreachable>;

struct NodeData {
  Node node;
  Location where;              ///< source: position; binary: file empty
  std::uint64_t address = 0;   ///< binary: address of the instruction
};

struct EdgeData {
  unsigned index = 0;  ///< Cond: 0 true, 1 false; otherwise 0
};

class Graph {
 public:
  using Base = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, NodeData, EdgeData>;
  using NodeId = Base::vertex_descriptor;
  static constexpr NodeId none = static_cast<NodeId>(-1);

  NodeId add(Node node, Location where = {}, std::uint64_t address = 0);
  /// Adds the edge `index` (Cond: 0 true, 1 false) from -> to. At most one edge per index.
  void connect(NodeId from, NodeId to, unsigned index = 0);
  /// Removes the edge `index` of a node, if there is one.
  void disconnect(NodeId from, unsigned index = 0);

  NodeId entry() const { return entry_; }
  void set_entry(NodeId node) { entry_ = node; }
  std::size_t size() const { return boost::num_vertices(base_); }
  NodeData& at(NodeId node) { return base_[node]; }
  const NodeData& at(NodeId node) const { return base_[node]; }
  /// Successors by edge index; Graph::none where an edge is missing.
  std::vector<NodeId> successors(NodeId node) const;
  std::vector<NodeId> predecessors(NodeId node) const;
  const Base& base() const { return base_; }

 private:
  Base base_;
  NodeId entry_ = none;
};

/// How many successors a node of this kind has: 2 for Cond; 0 for Return, Unreachable, a Call that does not
/// return and exception_return; 1 otherwise.
unsigned successor_count(const Node& node);

/// The nodes reachable from the entry, in reverse post-order of a depth-first search that follows edge
/// indices in order: deterministic.
std::vector<Graph::NodeId> reverse_post_order(const Graph& graph);

/// Loop headers (targets of back edges). When the graph is irreducible (a back edge whose target does not dominate
/// its source), `irreducible` is set.
struct LoopHeaders {
  std::vector<Graph::NodeId> headers;  ///< in reverse post-order
  bool irreducible = false;
};
LoopHeaders loop_headers(const Graph& graph);

/// Structural check of one graph: an entry, right number of edges per node, sorts and widths of every
/// term, variables used with one sort only. Returns true or a located error.
Result<bool> check_graph(const Graph& graph);

}  // namespace ir
