// SPDX-License-Identifier: Apache-2.0
// Loads, stores, volatile accesses, and the stack's rule that bytes below SP are arbitrary at every instruction
// boundary (an interrupt may have used them): when SP rises, what it leaves behind gets new values.
#include <algorithm>

#include "validator/replay/machine.hpp"

namespace validator::replay {

namespace {

/// Conservative: no C object lies in the first page, so a source access there counts as undefined, not as a difference.
constexpr std::uint64_t null_page = 4096;

bool overlap(std::uint64_t a, std::uint64_t a_bytes, std::uint64_t b, std::uint64_t b_bytes) {
  return a - b < b_bytes || b - a < a_bytes;
}

}  // namespace

bool Machine::usable_address(const Cell& cell, unsigned bytes) {
  if (cell.unspecified != 0) {
    stop(Ending::unspecified, "an address depends on an unspecified value");
    return false;
  }
  if (!source()) return true;
  const auto address = static_cast<std::uint64_t>(cell.value);
  const Slot object = current().object;
  if (object != no_slot && extents_[object] != 0) {
    const std::uint64_t offset = address - static_cast<std::uint64_t>(cells_[object].value);
    if (offset > extents_[object] || bytes > extents_[object] - offset) {
      undefined("ub-bounds");
      return false;
    }
  }
  if (address < null_page || address + bytes < address) {
    undefined("ub-null");
    return false;
  }
  return true;
}

bool Machine::inside_local(std::uint64_t address) const {
  return std::any_of(result_.locals.begin(), result_.locals.end(),
                     [&](const LocalSpan& local) { return address - local.address < local.bytes; });
}

void Machine::offer_first_read(std::uint64_t address, unsigned bytes) {
  if (options_.lazy == nullptr) return;
  const std::uint32_t unknown = memory_.unknown(address, bytes);
  if (unknown == 0 || inside_local(address) || entry_.is_read_only(address)) return;
  auto& explicit_bytes = entry_.memory.bytes;
  std::uint32_t free = 0;
  for (unsigned i = 0; i < bytes; ++i)
    if ((unknown >> i & 1) != 0 && !explicit_bytes.contains(address + i)) free |= 1U << i;
  if (free == 0) return;
  std::vector<std::pair<std::uint64_t, std::uint8_t>> fixed;
  for (unsigned i = 0; i < bytes; ++i)
    if ((free >> i & 1) == 0) fixed.emplace_back(address + i, entry_.byte(address + i));
  options_.lazy->first_read(*code_.function, node_, address, bytes, entry_.memory);
  for (const auto& [at, byte] : fixed) explicit_bytes[at] = byte;
}

Access& Machine::log(std::uint64_t address, unsigned bytes, bool is_write, Cell cell) {
  Access& access = result_.accesses.emplace_back();
  access.address = address;
  access.bytes = static_cast<std::uint8_t>(bytes);
  access.is_write = is_write;
  access.event = static_cast<std::uint32_t>(result_.events.size());
  access.instruction = instruction_;
  access.node = node_;
  access.value = cell.value;
  access.unspecified = cell.unspecified;
  return access;
}

void Machine::environment_store(std::uint64_t address, unsigned bytes, Cell cell, std::uint32_t instruction) {
  memory_.store(address, bytes, cell);
  Access& access = log(address, bytes, true, cell);
  access.by_environment = true;
  access.instruction = instruction;
}

void Machine::visit(const ir::Load& node) {
  if (!usable_address(input(0), node.bytes)) return;
  const auto address = static_cast<std::uint64_t>(input(0).value);
  if (source() ? node.is_volatile : is_volatile_event(address, node.bytes, node.order, std::nullopt))
    return volatile_load(address, node);
  offer_first_read(address, node.bytes);
  const Cell loaded = memory_.load(address, node.bytes);
  log(address, node.bytes, false, loaded);
  assign(0, loaded);
}

void Machine::visit(const ir::Store& node) {
  if (!usable_address(input(0), node.bytes)) return;
  const auto address = static_cast<std::uint64_t>(input(0).value);
  const Cell stored = input(1);
  if (source() ? node.is_volatile : is_volatile_event(address, node.bytes, node.order, stored.value))
    return volatile_store(address, node, stored);
  memory_.store(address, node.bytes, stored);
  log(address, node.bytes, true, stored);
}

bool Machine::is_volatile_event(std::uint64_t address, unsigned bytes, ir::Order order,
                                std::optional<u128> stored) const {
  for (const VolatileSpan& span : volatile_spans_) {
    if (!overlap(address, bytes, span.address, span.bytes)) continue;
    if (!span.ambiguous) return true;
    const std::size_t next = result_.events.size();
    if (next >= options_.guide->events.size()) continue;
    const Event& expected = options_.guide->events[next];
    const EventKind kind = stored ? EventKind::volatile_store : EventKind::volatile_load;
    if (expected.kind == kind && expected.address == address && expected.bytes == bytes &&
        (expected.order == ir::Order::plain || expected.order == order) &&
        (!stored || ((expected.value ^ *stored) & ~expected.unspecified) == 0))
      return true;
  }
  return false;
}

void Machine::volatile_load(std::uint64_t address, const ir::Load& node) {
  const unsigned bytes = node.bytes;
  Event& event = begin_event(EventKind::volatile_load);
  event.address = address;
  event.bytes = bytes;
  event.single_copy = node.single_copy;
  event.order = node.order;
  Answer& answer = answer_event();
  const Cell stored = memory_.load(address, bytes);
  if (!answer.has_value) {
    // Half of the locations behave as memory, half as a device; constants do not change (A2).
    const bool as_memory = entry_.is_read_only(address) || (stored.unspecified == 0 && (answer.seed & 1) != 0);
    answer.has_value = true;
    answer.value =
        (as_memory ? stored.value : u128{mix(answer.seed, 1)} << 64 | mix(answer.seed, 2)) & low_bits(8 * bytes);
  }
  if (((stored.value ^ answer.value) | stored.unspecified) != 0 && !entry_.is_read_only(address))
    environment_store(address, bytes, {answer.value, 0}, instruction_);
  log(address, bytes, false, {answer.value, 0}).is_event = true;
  event.value = answer.value;
  event.has_result = true;
  assign(0, {answer.value, 0});
  end_event(answer, node.order == ir::Order::acquire || !source());
}

void Machine::volatile_store(std::uint64_t address, const ir::Store& node, Cell cell) {
  const unsigned bytes = node.bytes;
  Event& event = begin_event(EventKind::volatile_store);
  event.address = address;
  event.bytes = bytes;
  event.single_copy = node.single_copy;
  event.order = node.order;
  event.value = cell.value;
  event.unspecified = cell.unspecified;
  const Answer& answer = answer_event();
  memory_.store(address, bytes, cell);
  log(address, bytes, true, cell).is_event = true;
  end_event(answer, false);
}

void Machine::make_arbitrary(std::uint64_t from, std::uint64_t to) {
  for (const std::uint64_t at : memory_.words(from, to)) {
    const std::uint64_t begin = std::max(at, from), end = std::min(at + 8, to);
    environment_store(begin, static_cast<unsigned>(end - begin), {mix(begin, result_.steps, 0xbe10), 0},
                      instruction_ + 1);
  }
}

void Machine::begin_instruction(std::uint64_t address) {
  if (started_) {
    end_instruction();
    ++instruction_;
  }
  started_ = true;
  instruction_address_ = address;
  instruction_sp_ = static_cast<std::uint64_t>(cells_[code_.sp].value);
  instruction_access_ = result_.accesses.size();
  if (options_.record_path) result_.instructions.push_back(address);
}

void Machine::end_instruction() {
  if (source() || !started_) return;
  const auto sp = static_cast<std::uint64_t>(cells_[code_.sp].value);
  const std::uint64_t floor = entry_.sp - frame_window;
  const std::uint64_t lowest = std::min(sp, instruction_sp_);
  for (std::size_t i = instruction_access_; i < result_.accesses.size(); ++i) {
    Access& access = result_.accesses[i];
    access.below_stack = !access.by_environment && access.address < lowest && access.address >= floor;
  }
  if (snapshot_due_ && options_.record_path) {
    Snapshot& snapshot = result_.snapshots.emplace_back();
    snapshot.instruction = instruction_;
    snapshot.is_call = snapshot_is_call_;
    for (unsigned i = 0; i < 31; ++i) snapshot.x[i] = static_cast<std::uint64_t>(cells_[code_.x[i]].value);
    snapshot.sp = sp;
    for (unsigned i = 0; i < 4; ++i) snapshot.flags[i] = cells_[code_.flags[i]].value != 0;
  }
  snapshot_due_ = false;
  if (running_ && sp > instruction_sp_ && sp - instruction_sp_ <= frame_window) make_arbitrary(instruction_sp_, sp);
  result_.lowest_sp = std::min(result_.lowest_sp, sp);
}

}  // namespace validator::replay
