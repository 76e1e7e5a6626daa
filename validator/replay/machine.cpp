// SPDX-License-Identifier: Apache-2.0
// Binding of the entry state, the main loop, silent divergence and the nodes that do not touch memory.
//
// A run that repeats a state without an event between is infinite: the interpreter is deterministic. States are
// compared exactly (all variables, all bytes written since), at marks that double their distance (Brent 1980).
#include "validator/replay/machine.hpp"

#include <algorithm>

namespace validator::replay {

std::string_view ending_name(Ending ending) {
  static constexpr std::string_view names[] = {"returned",   "no-return-call", "exception-return",
                                               "undefined",  "unreachable",    "diverged",
                                               "step-limit", "unspecified",    "bad-graph"};
  return names[static_cast<std::size_t>(ending)];
}

RunResult Program::run(EntryState& entry, Environment& environment, const RunOptions& options) const {
  return Machine(*code_, entry, environment, options).run();
}

Machine::Machine(const Program::Code& code, EntryState& entry, Environment& environment, const RunOptions& options)
    : code_(code),
      entry_(entry),
      environment_(environment),
      options_(options),
      own_memory_(std::make_unique<RunMemory>(entry)),
      memory_(*own_memory_) {
  prepare();
}

Machine::Machine(const Program::Code& code, EntryState& entry, Environment& environment, const RunOptions& options,
                 RunMemory& memory, std::vector<Cell> arguments, unsigned depth)
    : code_(code),
      entry_(entry),
      environment_(environment),
      options_(options),
      memory_(memory),
      arguments_(std::move(arguments)),
      depth_(depth) {
  prepare();
}

void Machine::prepare() {
  cells_.resize(code_.flat.slots());
  code_.flat.load_constants(cells_.data());
  extents_.resize(code_.flat.variables());
  result_.side = code_.side;
  if (options_.coverage != nullptr) coverage_ = &options_.coverage->of(*code_.function);
}

void Machine::bind_binary() {
  for (unsigned i = 0; i < 31; ++i) cells_[code_.x[i]].value = entry_.x[i];
  cells_[code_.sp].value = entry_.sp;
  const bool flags[] = {entry_.n, entry_.z, entry_.c, entry_.v};
  for (unsigned i = 0; i < 4; ++i) cells_[code_.flags[i]].value = flags[i];
  result_.lowest_sp = entry_.sp;
  if (options_.guide != nullptr) collect_volatile_spans();
}

void Machine::bind_source() {
  const ir::Function& function = *code_.function;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    Cell& parameter = cells_[code_.parameters[i]];
    if (depth_ == 0)
      parameter.value = entry_.parameter(function.parameters[i]);
    else if (i < arguments_.size())
      parameter = arguments_[i];
  }
  std::uint64_t next = private_locals + depth_ * 0x1000'0000;
  for (std::size_t i = 0; i < function.locals.size(); ++i) {
    const ir::LocalObject& local = function.locals[i];
    const std::uint64_t alignment = std::max<std::uint64_t>(local.alignment, 16);
    next = (next + alignment - 1) / alignment * alignment;
    std::uint64_t address = next;
    if (depth_ == 0 && options_.private_placements != nullptr) {
      auto moved = options_.private_placements->find(local.base.name());
      if (moved != options_.private_placements->end()) address = moved->second;
    }
    auto placed = entry_.locals.find(local.base.name());
    if (depth_ == 0 && placed != entry_.locals.end()) address = placed->second;
    next += local.bytes + 4096;
    cells_[code_.locals[i]].value = address;
    extents_[code_.locals[i]] = local.bytes;
    result_.locals.push_back({local.base.name(), address, local.bytes});
    make_indeterminate(i);
  }
}

void Machine::make_indeterminate(std::size_t local) {
  const LocalSpan& span = result_.locals[local];
  const bool is_placed = depth_ == 0 && entry_.locals.contains(span.name);
  for (std::uint64_t at = 0; at < span.bytes; at += 8) {
    const auto bytes = static_cast<unsigned>(std::min<std::uint64_t>(8, span.bytes - at));
    const Cell junk{mix(span.address + at, result_.steps, environment_.seed) & low_bits(8 * bytes),
                    low_bits(8 * bytes)};
    if (is_placed)
      environment_store(span.address + at, bytes, junk, 0);
    else
      memory_.store(span.address + at, bytes, junk);
  }
}

void Machine::collect_volatile_spans() {
  for (const Event& event : options_.guide->events) {
    if (event.kind != EventKind::volatile_load && event.kind != EventKind::volatile_store) continue;
    const bool known = std::any_of(volatile_spans_.begin(), volatile_spans_.end(), [&](const VolatileSpan& span) {
      return span.address == event.address && span.bytes == event.bytes;
    });
    if (known) continue;
    VolatileSpan span{event.address, event.bytes, false};
    for (const Access& access : options_.guide->accesses) {
      if (access.is_event || access.by_environment) continue;
      span.ambiguous |= access.address - span.address < span.bytes || span.address - access.address < access.bytes;
    }
    volatile_spans_.push_back(span);
  }
}

RunResult Machine::run() {
  if (!code_.bad.empty()) {
    stop(Ending::bad_graph, code_.bad);
    return std::move(result_);
  }
  for (const auto& [slot, name] : code_.others) {
    if (auto found = entry_.extra.find(name); found != entry_.extra.end())
      cells_[slot].value = found->second;
    else if (source())
      cells_[slot].unspecified = low_bits(bits_of(code_.flat.variable_at(slot).sort()));
  }
  for (const auto& [slot, name] : code_.globals) {
    auto found = entry_.globals.find(name);
    if (found == entry_.globals.end()) {
      // A symbol that the image does not have: any fixed address of its own will do.
      std::uint64_t hash = 0;
      for (char letter : name) hash = mix(hash, static_cast<unsigned char>(letter));
      found = entry_.globals.emplace(name, Placement{0x50'0000'0000 + (hash & 0xf'ffff) * 0x1000, 0}).first;
    }
    cells_[slot].value = found->second.address;
    extents_[slot] = found->second.bytes;
  }
  source() ? bind_source() : bind_binary();
  node_ = code_.function->graph.entry();
  while (running_) step();
  if (!source()) {
    for (unsigned i = 0; i < 31; ++i) result_.x[i] = static_cast<std::uint64_t>(cells_[code_.x[i]].value);
    result_.sp = static_cast<std::uint64_t>(cells_[code_.sp].value);
    for (unsigned i = 0; i < 4; ++i) result_.flags[i] = cells_[code_.flags[i]].value != 0;
  }
  return std::move(result_);
}

void Machine::step() {
  const CodeNode& node = current();
  if (!source() && (!started_ || !code_.has_addresses || node.data->address != instruction_address_))
    begin_instruction(node.data->address);
  if (++result_.steps > options_.limits.steps || result_.accesses.size() > options_.limits.accesses)
    return stop(Ending::step_limit);
  if (repeated_state()) return stop(Ending::diverged);
  if (options_.record_path) result_.path.push_back(node_);
  if (coverage_ != nullptr) coverage_->pass(node_);
  code_.flat.run(node.code, cells_.data(), code_.may_be_unspecified);
  successor_ = 0;
  std::visit([&](const auto& content) { visit(content); }, node.data->node);
  if (!running_) return end_instruction();
  if (result_.events.size() > options_.limits.events) return stop(Ending::step_limit, "event limit");
  node_ = node.next[successor_];
  if (node_ == ir::Graph::none) stop(Ending::bad_graph, "a node lacks the successor that the run needs");
}

bool Machine::repeated_state() {
  ++silent_steps_;
  if (silent_steps_ < next_mark_ && marked_node_ == ir::Graph::none) return false;
  const std::size_t variables = code_.flat.variables();
  if (node_ == marked_node_) {
    const bool same =
        std::equal(marked_variables_.begin(), marked_variables_.end(), cells_.begin(),
                   [](const Cell& a, const Cell& b) { return a.value == b.value && a.unspecified == b.unspecified; });
    if (same && memory_.unchanged()) return true;
  }
  if (silent_steps_ == next_mark_) {
    next_mark_ *= 2;
    marked_node_ = node_;
    marked_variables_.assign(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(variables));
    memory_.mark();
  }
  return false;
}

void Machine::assign(std::size_t output, Cell cell) {
  const u128 mask = low_bits(current().output_bits[output]);
  cells_[current().outputs[output]] = {cell.value & mask, cell.unspecified & mask};
}

void Machine::stop(Ending ending, std::string text) {
  running_ = false;
  result_.ending = ending;
  result_.text = std::move(text);
}

void Machine::undefined(std::string kind) {
  result_.undefined = {std::move(kind), result_.events.size(), node_, current().data->where};
  stop(Ending::undefined, result_.undefined.kind);
}

void Machine::visit(const ir::Basic&) {
  // Parallel: an input may be a variable that another binding of this node writes.
  const CodeNode& node = current();
  if (node.inputs.size() == 1) return assign(0, input(0));
  Cell values[64];
  std::vector<Cell> many;
  Cell* copy = values;
  if (node.inputs.size() > 64) {
    many.resize(node.inputs.size());
    copy = many.data();
  }
  for (std::size_t i = 0; i < node.inputs.size(); ++i) copy[i] = input(i);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) assign(i, copy[i]);
}

void Machine::visit(const ir::Cond&) {
  if (input(0).unspecified != 0) return stop(Ending::unspecified, "a branch depends on an unspecified value");
  successor_ = input(0).value != 0 ? 0 : 1;
}

void Machine::visit(const ir::Assert& node) {
  if (input(0).unspecified != 0) return stop(Ending::unspecified, "an assertion depends on an unspecified value");
  if (input(0).value == 0) undefined(node.kind);
}

void Machine::visit(const ir::Choice&) { assign(0, {mix(environment_.seed, result_.steps, 0xc401ce), ~u128{0}}); }

void Machine::visit(const ir::Touch& node) {
  if (input(0).unspecified != 0) return stop(Ending::unspecified, "an address depends on an unspecified value");
  result_.touched.emplace_back(static_cast<std::uint64_t>(input(0).value), node.bytes);
}

void Machine::visit(const ir::Lifetime& node) {
  const auto slot = std::find(code_.locals.begin(), code_.locals.end(), current().inputs[0]);
  if (slot == code_.locals.end()) return stop(Ending::bad_graph, "a lifetime of what is no local object");
  const auto local = static_cast<std::size_t>(slot - code_.locals.begin());
  result_.lifetimes.push_back({local, node.begins, result_.events.size(), result_.accesses.size()});
  if (node.begins) make_indeterminate(local);
}

void Machine::visit(const ir::Return& node) {
  if (source()) {
    const ir::Function& function = *code_.function;
    if (node.values.size() != function.results.size() || function.result_bits.size() != function.results.size())
      return stop(Ending::bad_graph, "Return has other values than the function has results");
    for (std::size_t i = 0; i < node.values.size(); ++i) {
      const u128 mask = low_bits(function.result_bits[i]);
      result_.results.push_back(
          {function.results[i].place, function.result_bits[i], input(i).value & mask, input(i).unspecified & mask});
    }
  } else {
    if (node.values.size() != 1) return stop(Ending::bad_graph, "a binary Return has one value");
    result_.return_target = static_cast<std::uint64_t>(input(0).value);
  }
  stop(Ending::returned);
}

void Machine::visit(const ir::Unreachable& node) {
  if (source()) return undefined("ub-unreachable");
  stop(Ending::unreachable, node.reason);
}

}  // namespace validator::replay
