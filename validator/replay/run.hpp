// SPDX-License-Identifier: Apache-2.0
// A concrete interpreter of graphs. It records everything that the theorem talks about: events, memory accesses with
// the event that they precede, undefined behaviour met, and how the run ended. It judges nothing:
// compare.hpp does.
//
// The binary run has a guide, the source's run, because some of its steps have no meaning of their own: a plain
// access at the bytes of a source's volatile access is an event, and a callee owns its stack arguments.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "validator/replay/state.hpp"

namespace validator::replay {

enum class Side : std::uint8_t { source, binary };

struct RunLimits {
  std::uint64_t steps = 200'000;  ///< graph nodes
  std::uint64_t events = 4096;
  std::uint64_t accesses = 100'000;
};

enum class EventKind : std::uint8_t { call, effect, volatile_load, volatile_store };

struct SlotValue {
  ir::AbiPlace place;
  unsigned bits = 64;  ///< significant bits
  u128 value = 0;
  u128 unspecified = 0;  ///< bits that depend on a Choice or on indeterminate bytes
};

struct Event {
  EventKind kind = EventKind::call;
  ir::Graph::NodeId node = ir::Graph::none;
  std::uint64_t code_address = 0;  ///< binary
  std::uint32_t line = 0;          ///< source
  // call
  std::string symbol;
  std::uint64_t target = 0;          ///< indirect: the callee; direct binary call: its address
  std::vector<SlotValue> arguments;  ///< source only
  std::vector<std::uint64_t> x;      ///< binary: X0..X8 at the call
  std::uint64_t sp = 0;              ///< binary: SP at the event
  bool returns = true;
  // effect
  ir::EffectKind effect = ir::EffectKind::barrier;
  std::string detail;
  std::vector<SlotValue> operands;
  ir::Order order = ir::Order::plain;
  bool memory_clobber = false;
  // volatile access; effect on memory
  std::uint64_t address = 0;
  unsigned bytes = 0;
  bool single_copy = true;
  bool has_result = false;
  u128 value = 0;                ///< loaded, stored, or result
  u128 unspecified = 0;          ///< bits of a stored value that depend on a Choice
  std::size_t first_access = 0;  ///< accesses made before this event: accesses[0 .. first_access)
};

struct Access {
  std::uint64_t address = 0;
  std::uint8_t bytes = 0;
  bool is_write = false;
  bool by_environment = false;    ///< written by a callee, a device, or havocked below SP
  bool is_event = false;          ///< volatile access, atomic, exclusive
  bool below_stack = false;       ///< binary: touches bytes below SP (before and after the instruction)
  std::uint32_t event = 0;        ///< events completed before this access (a volatile access: its own index)
  std::uint32_t instruction = 0;  ///< binary: index of the instruction; by_environment: of the first that sees it
  ir::Graph::NodeId node = ir::Graph::none;
  u128 value = 0;
  u128 unspecified = 0;
};

/// Where the source met undefined behaviour; the run stops there.
struct Undefined {
  std::string kind;       ///< the Assert's kind, or "ub-null", "ub-bounds", "ub-unreachable", "ub-finite-loop"
  std::size_t event = 0;  ///< events completed before it
  ir::Graph::NodeId node = ir::Graph::none;
  ir::Location where;
};

enum class Ending : std::uint8_t {
  returned,
  no_return_call,    ///< the last event is a call that does not return
  exception_return,  ///< the last event is eret
  undefined,         ///< source only: see RunResult::undefined
  unreachable,       ///< binary only: left the known code
  diverged,          ///< a state repeated with no event between: runs for ever, silently
  step_limit,
  unspecified,  ///< source: control or an address depends on a Choice: nothing can be said from here on
  bad_graph,    ///< missing edge, unknown operator: a lifter's or our bug; see `text`
};
std::string_view ending_name(Ending ending);

/// Binary: registers after an instruction that calls or has an effect. The emulator takes them over, because neither
/// callees nor system instructions run there.
struct Snapshot {
  std::uint32_t instruction = 0;
  bool is_call = false;
  std::array<std::uint64_t, 31> x{};
  std::uint64_t sp = 0;
  bool flags[4] = {};
};

struct LocalSpan {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
};

struct RunResult {
  Side side = Side::source;
  Ending ending = Ending::step_limit;
  std::string text;             ///< detail of the ending, for people
  std::deque<Event> events;     ///< may be millions, which a vector would have twice when it grows
  std::deque<Access> accesses;  ///< in program order
  std::vector<std::pair<std::uint64_t, std::uint64_t>> touched;  ///< source: Touch nodes passed, [address, bytes)
  std::vector<LocalSpan> locals;                                 ///< source: where each local lay
  struct LifetimeStep {
    std::size_t local = 0;  ///< index into locals
    bool begins = true;
    std::size_t event = 0;   ///< events completed before it
    std::size_t access = 0;  ///< accesses made before it
  };
  std::vector<LifetimeStep> lifetimes;  ///< source
  Undefined undefined;
  std::vector<SlotValue> results;     ///< source: at Return
  std::array<std::uint64_t, 31> x{};  ///< binary: registers at the end
  std::uint64_t sp = 0;
  std::uint64_t lowest_sp = 0;  ///< binary
  bool flags[4] = {};
  std::uint64_t return_target = 0;  ///< binary: value of the Return
  std::uint64_t steps = 0;
  std::vector<ir::Graph::NodeId> path;      ///< nodes passed, when RunOptions::record_path
  std::vector<std::uint64_t> instructions;  ///< binary: their addresses, when RunOptions::record_path
  std::vector<Snapshot> snapshots;          ///< binary, when RunOptions::record_path
};

/// Called for the first read of visible bytes that neither the run nor the entry state has given a value; may put
/// bytes into the entry's memory. Source runs only.
class LazyMemory {
 public:
  virtual ~LazyMemory() = default;
  virtual void first_read(const ir::Function& function, ir::Graph::NodeId node, std::uint64_t address, unsigned bytes,
                          EntryMemory& memory) = 0;
  /// Called when the source reaches an event; may set answers (results that are pointers, memory effects).
  virtual void at_event(const RunResult& so_far, ir::Graph::NodeId node, Answer& answer) = 0;
};

class Program;
class Coverage;

/// Bodies of callees. A call of a function that the same module defines is answered by running it: compilers know that
/// body too, so an invented answer could be one that never comes.
class Callees {
 public:
  virtual ~Callees() = default;
  enum class Kind : std::uint8_t { external, defined, opaque };  ///< opaque: defined, but could not be lifted
  virtual Kind find(const std::string& symbol, const Program** program) = 0;
};

struct RunOptions {
  RunLimits limits;
  const RunResult* guide = nullptr;  ///< binary: the source's run
  LazyMemory* lazy = nullptr;        ///< source
  Callees* callees = nullptr;        ///< source
  Coverage* coverage = nullptr;      ///< of both sides, callees included
  bool record_path = false;
  /// Source: addresses of locals that are private, instead of the default area; EntryState::locals goes first.
  const std::map<std::string, std::uint64_t>* private_placements = nullptr;
};

/// A function compiled to flat code: build once, run often. The function must outlive it.
class Program {
 public:
  Program(const ir::Function& function, Side side);
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  /// The entry state is only changed through options.lazy.
  RunResult run(EntryState& entry, Environment& environment, const RunOptions& options = {}) const;

  const ir::Function& function() const;
  Side side() const;

  struct Code;
  const Code& code() const { return *code_; }  ///< for this folder only (program.hpp)

 private:
  std::unique_ptr<Code> code_;
};

/// One run without keeping the compiled form. Binary runs without a guide treat every access as plain.
RunResult run(const ir::Function& function, Side side, const EntryState& entry, Environment& environment,
              const RunLimits& limits = {});

}  // namespace validator::replay
