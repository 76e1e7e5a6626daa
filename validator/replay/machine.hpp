// SPDX-License-Identifier: Apache-2.0
// The interpreter proper: one object per run. Private to this folder.
#pragma once

#include <memory>
#include <vector>

#include "validator/replay/coverage.hpp"
#include "validator/replay/memory.hpp"
#include "validator/replay/program.hpp"

namespace validator::replay {

class Machine {
 public:
  Machine(const Program::Code& code, EntryState& entry, Environment& environment, const RunOptions& options);
  RunResult run();
  /// The run of a callee inside another run: on the caller's memory, with these arguments.
  Machine(const Program::Code& code, EntryState& entry, Environment& environment, const RunOptions& options,
          RunMemory& memory, std::vector<Cell> arguments, unsigned depth);

 private:
  using NodeId = ir::Graph::NodeId;

  struct VolatileSpan {
    std::uint64_t address = 0;
    unsigned bytes = 0;
    bool ambiguous = false;  ///< the source also has plain accesses there
  };

  void prepare();
  void bind_binary();
  void bind_source();
  void collect_volatile_spans();
  void make_indeterminate(std::size_t local);
  void step();
  void visit(const ir::Basic& node);
  void visit(const ir::Load& node);
  void visit(const ir::Store& node);
  void visit(const ir::Cond& node);
  void visit(const ir::Call& node);
  void visit(const ir::Effect& node);
  void visit(const ir::Assert& node);
  void visit(const ir::Choice& node);
  void visit(const ir::Touch& node);
  void visit(const ir::Lifetime& node);
  void visit(const ir::Return& node);
  void visit(const ir::Unreachable& node);

  bool source() const { return code_.side == Side::source; }
  const CodeNode& current() const { return code_.nodes[node_]; }
  const Cell& input(std::size_t index) const { return cells_[current().inputs[index]]; }
  void assign(std::size_t output, Cell cell);
  void stop(Ending ending, std::string text = {});
  void undefined(std::string kind);

  bool usable_address(const Cell& cell, unsigned bytes);
  void offer_first_read(std::uint64_t address, unsigned bytes);
  bool inside_local(std::uint64_t address) const;
  Access& log(std::uint64_t address, unsigned bytes, bool is_write, Cell cell);
  void environment_store(std::uint64_t address, unsigned bytes, Cell cell, std::uint32_t instruction);
  void volatile_load(std::uint64_t address, const ir::Load& node);
  void volatile_store(std::uint64_t address, const ir::Store& node, Cell cell);
  /// `stored`: by a store.
  bool is_volatile_event(std::uint64_t address, unsigned bytes, ir::Order order, std::optional<u128> stored) const;

  Event& begin_event(EventKind kind);
  Answer& answer_event();
  void end_event(const Answer& answer, bool memory_may_change);
  void exclusive_or_atomic(const ir::Effect& node, Event& event, Answer& answer);
  bool run_callee(const ir::Call& node, Answer& answer);
  void clobber_registers(const Answer& answer, std::uint64_t preserved);
  void make_arbitrary(std::uint64_t from, std::uint64_t to);
  void begin_instruction(std::uint64_t address);
  void end_instruction();
  bool repeated_state();

  const Program::Code& code_;
  EntryState& entry_;
  Environment& environment_;
  const RunOptions& options_;
  std::unique_ptr<RunMemory> own_memory_;
  RunMemory& memory_;
  std::vector<Cell> arguments_;  ///< of a nested run
  unsigned depth_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::uint64_t> extents_;  ///< by variable slot: bytes of the object whose address it holds; 0 unknown
  std::vector<VolatileSpan> volatile_spans_;
  RunResult result_;
  Coverage::Counts* coverage_ = nullptr;
  NodeId node_ = ir::Graph::none;
  unsigned successor_ = 0;
  bool running_ = true;

  std::uint64_t instruction_address_ = 0;
  std::uint32_t instruction_ = 0;       ///< index of the current one
  std::uint64_t instruction_sp_ = 0;    ///< SP when it began
  std::size_t instruction_access_ = 0;  ///< first access of it
  bool started_ = false;
  bool snapshot_due_ = false;
  bool snapshot_is_call_ = false;

  std::uint64_t silent_steps_ = 0;  ///< since the last event
  std::uint64_t next_mark_ = 64;
  NodeId marked_node_ = ir::Graph::none;
  std::vector<Cell> marked_variables_;
};

}  // namespace validator::replay
