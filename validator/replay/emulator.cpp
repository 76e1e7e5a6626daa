// SPDX-License-Identifier: Apache-2.0
// One instruction at a time: all state is checked or injected between steps, so no hook has to change control flow.
//
// Unicorn 2.0.1: rewriting an executed address runs stale code (so code is written once, before the first step), and
// the default CPU rejects LSE (so the model is "max"). A load over the end of a page is reported as what it is, and
// then as the two aligned loads that it is made of. The only includer of Unicorn.
#include "validator/replay/emulator.hpp"

#include <unicorn/unicorn.h>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace validator::replay {

namespace {

constexpr std::uint64_t page_bytes = 4096;
/// The least page of the architecture, by which the emulator looks addresses up.
constexpr std::uint64_t lookup_bytes = 1024;
/// Unicorn has a little more room than this, and ends the process when there is none.
constexpr std::size_t most_pages = 900;
/// Registers that one instruction with an effect may set.
constexpr unsigned most_results = 2;

int register_id(unsigned number) {
  if (number == 29) return UC_ARM64_REG_X29;
  if (number == 30) return UC_ARM64_REG_X30;
  return UC_ARM64_REG_X0 + static_cast<int>(number);
}

class Emulator {
 public:
  Emulator(const Image& image, const EntryState& entry, const RunResult& run, std::size_t last_event)
      : image_(image), entry_(entry), run_(run), last_event_(last_event) {}
  ~Emulator() {
    if (engine_ != nullptr) uc_close(engine_);
  }
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  EmulatorReport follow();

 private:
  /// Bytes touched by one instruction: address -> (read, written value or -1).
  struct Touched {
    std::set<std::uint64_t> read;
    std::map<std::uint64_t, std::uint8_t> written;
    std::set<std::uint64_t> halves;  ///< aligned loads that stand for one over a page's end
  };

  bool set_up();
  void map_page(std::uint64_t address);
  bool step(std::size_t index);
  bool step_call(std::size_t index, const Snapshot& snapshot);
  bool step_stubbed(std::size_t index, const Snapshot& snapshot);
  bool same_arguments(const Event& call, std::uint64_t address);
  bool skip_to(std::uint64_t address, std::uint64_t or_callee = 0);
  bool execute(std::size_t index);
  bool compare_accesses(std::size_t index);
  bool finish();
  void apply(const Snapshot& snapshot, bool keep_callee_saved);
  void write_bytes(std::uint64_t address, unsigned bytes, u128 value);
  std::size_t instruction_of(std::size_t event) const;
  bool fail(std::string text);
  std::uint64_t get(int id) const;
  void set(int id, std::uint64_t value);
  std::uint64_t pc() const { return get(UC_ARM64_REG_PC); }

  static void on_access(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value, void* self);
  static bool on_unmapped(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t, void* self);

  const Image& image_;
  const EntryState& entry_;
  const RunResult& run_;
  const std::size_t last_event_;
  uc_engine* engine_ = nullptr;
  std::set<std::uint64_t> pages_;
  std::set<std::uint64_t> code_;  ///< words written; never written again
  Touched touched_;
  std::size_t next_access_ = 0;  ///< first access of the graph's run not yet consumed
  std::size_t next_snapshot_ = 0;
  std::size_t next_event_ = 0;
  std::map<std::uint64_t, std::uint32_t> stubbed_;
  EmulatorReport report_;
};

bool Emulator::fail(std::string text) {
  report_.status = EmulatorReport::Status::disagrees;
  report_.text = std::move(text);
  return false;
}

std::uint64_t Emulator::get(int id) const {
  std::uint64_t value = 0;
  uc_reg_read(engine_, id, &value);
  return value;
}

void Emulator::set(int id, std::uint64_t value) { uc_reg_write(engine_, id, &value); }

void Emulator::map_page(std::uint64_t address) {
  const std::uint64_t page = address & ~(page_bytes - 1);
  if (!pages_.insert(page).second || pages_.size() > most_pages) return;
  uc_mem_map(engine_, page, page_bytes, UC_PROT_ALL);
  std::uint8_t bytes[page_bytes];
  for (std::uint64_t i = 0; i < page_bytes; ++i) bytes[i] = entry_.byte(page + i);
  uc_mem_write(engine_, page, bytes, page_bytes);
}

void Emulator::write_bytes(std::uint64_t address, unsigned bytes, u128 value) {
  for (unsigned i = 0; i < bytes; ++i) {
    map_page(address + i);
    const auto byte = static_cast<std::uint8_t>(value >> (8 * i));
    uc_mem_write(engine_, address + i, &byte, 1);
  }
}

void Emulator::on_access(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value,
                         void* self) {
  Touched& touched = static_cast<Emulator*>(self)->touched_;
  if (type != UC_MEM_WRITE && touched.halves.erase(address) != 0) return;
  const auto bytes = static_cast<std::uint64_t>(size);
  if (type != UC_MEM_WRITE && address / lookup_bytes != (address + bytes - 1) / lookup_bytes)
    touched.halves = {address & ~(bytes - 1), (address + bytes - 1) & ~(bytes - 1)};
  for (int i = 0; i < size; ++i) {
    const std::uint64_t at = address + static_cast<std::uint64_t>(i);
    if (type == UC_MEM_WRITE)
      touched.written[at] = static_cast<std::uint8_t>(i < 8 ? value >> (8 * i) : 0);
    else
      touched.read.insert(at);
  }
}

bool Emulator::on_unmapped(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t, void* self) {
  auto* const emulator = static_cast<Emulator*>(self);
  emulator->map_page(address);
  emulator->map_page(address + static_cast<std::uint64_t>(std::max(size, 1)) - 1);
  return true;
}

bool Emulator::set_up() {
  auto unavailable = [&](std::string text) {
    report_.status = EmulatorReport::Status::unavailable;
    report_.text = std::move(text);
    return false;
  };
  if (run_.instructions.empty() || run_.instructions.front() == 0)
    return unavailable("the run has no instruction addresses");
  if (uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &engine_) != UC_ERR_OK) {
    engine_ = nullptr;
    return unavailable("Unicorn cannot be opened");
  }
  uc_ctl_set_cpu_model(engine_, UC_CPU_ARM64_MAX);
  code_.insert(run_.instructions.begin(), run_.instructions.end());
  for (std::uint64_t address : code_) {
    const auto word = image_.initial(address, 4);
    if (!word) return unavailable(fmt::format("the image has no code at {:#x}", address));
    map_page(address);
    uc_mem_write(engine_, address, word->data(), 4);
  }
  uc_hook access = 0, unmapped = 0;
  uc_hook_add(engine_, &access, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, reinterpret_cast<void*>(&on_access), this, 1, 0);
  uc_hook_add(engine_, &unmapped, UC_HOOK_MEM_UNMAPPED, reinterpret_cast<void*>(&on_unmapped), this, 1, 0);
  for (unsigned i = 0; i < 31; ++i) set(register_id(i), entry_.x[i]);
  set(UC_ARM64_REG_SP, entry_.sp);
  set(UC_ARM64_REG_NZCV, std::uint64_t{entry_.n} << 31 | std::uint64_t{entry_.z} << 30 | std::uint64_t{entry_.c} << 29 |
                             std::uint64_t{entry_.v} << 28);
  set(UC_ARM64_REG_PC, run_.instructions.front());
  return true;
}

void Emulator::apply(const Snapshot& snapshot, bool keep_callee_saved) {
  for (unsigned i = 0; i < 31; ++i)
    if (!keep_callee_saved || i <= 18 || i == 30) set(register_id(i), snapshot.x[i]);
  if (!keep_callee_saved) set(UC_ARM64_REG_SP, snapshot.sp);
  std::uint64_t nzcv = 0;
  for (unsigned i = 0; i < 4; ++i) nzcv |= std::uint64_t{snapshot.flags[i]} << (31 - i);
  set(UC_ARM64_REG_NZCV, nzcv);
}

bool Emulator::compare_accesses(std::size_t index) {
  Touched expected;
  for (; next_access_ < run_.accesses.size() && run_.accesses[next_access_].instruction <= index; ++next_access_) {
    const Access& access = run_.accesses[next_access_];
    if (access.by_environment) continue;
    for (unsigned i = 0; i < access.bytes; ++i) {
      const std::uint64_t at = access.address + i;
      if (access.is_write)
        expected.written[at] = static_cast<std::uint8_t>(access.value >> (8 * i));
      else
        expected.read.insert(at);
    }
  }
  // Constants of the image may have been folded when lifting.
  auto without_constants = [&](const std::set<std::uint64_t>& reads) {
    std::set<std::uint64_t> result;
    for (std::uint64_t address : reads)
      if (!entry_.is_read_only(address)) result.insert(address);
    return result;
  };
  const std::uint64_t address = run_.instructions[index];
  if (without_constants(expected.read) != without_constants(touched_.read))
    return fail(fmt::format("at {:#x} the emulator reads other bytes than the graph", address));
  for (const auto& [at, byte] : touched_.written) {
    std::uint8_t now = 0;
    uc_mem_read(engine_, at, &now, 1);
    auto graph = expected.written.find(at);
    if (graph == expected.written.end() || graph->second != now)
      return fail(fmt::format("at {:#x} the emulator writes {:#04x} at {:#x}, the graph {}", address, now, at,
                              graph == expected.written.end() ? "nothing" : fmt::format("{:#04x}", graph->second)));
    static_cast<void>(byte);
  }
  if (expected.written.size() != touched_.written.size())
    return fail(fmt::format("at {:#x} the graph writes bytes that the emulator does not", address));
  return true;
}

bool Emulator::execute(std::size_t index) {
  const std::uint64_t address = run_.instructions[index];
  touched_ = {};
  const uc_err error = uc_emu_start(engine_, address, ~std::uint64_t{0}, 0, 1);
  ++report_.instructions;
  // A jump to a callee or to the caller leaves the mapped code; the next step checks where it went.
  if (error != UC_ERR_OK && error != UC_ERR_FETCH_UNMAPPED && error != UC_ERR_FETCH_PROT)
    return fail(fmt::format("at {:#x} the emulator stops: {}", address, uc_strerror(error)));
  return compare_accesses(index);
}

/// Words without any effect (nop, "add x1, x1, #0", branches) may have no node in the graph. Ends at the callee, too,
/// when that returns behind the call at the address.
bool Emulator::skip_to(std::uint64_t address, std::uint64_t or_callee) {
  constexpr int most = 256;
  const auto in_callee = [&] { return or_callee != 0 && pc() == or_callee && get(register_id(30)) == address + 4; };
  const auto arrived = [&] { return pc() == address || in_callee(); };
  for (int i = 0; i < most && !arrived(); ++i) {
    const std::uint64_t here = pc();
    const auto word = image_.initial(here, 4);
    if (!word) break;
    if (code_.insert(here).second) {
      map_page(here);
      uc_mem_write(engine_, here, word->data(), 4);
    }
    touched_ = {};
    if (uc_emu_start(engine_, here, ~std::uint64_t{0}, 0, 1) != UC_ERR_OK) break;
    ++report_.instructions;
    if (!touched_.read.empty() || !touched_.written.empty())
      return fail(fmt::format("at {:#x} the emulator accesses memory, the graph has no such instruction", here));
  }
  if (arrived()) return true;
  return fail(fmt::format("the emulator is at {:#x}, the graph at {:#x}", pc(), address));
}

bool Emulator::same_arguments(const Event& call, std::uint64_t address) {
  for (unsigned i = 0; i < call.x.size(); ++i)
    if (get(register_id(i)) != call.x[i])
      return fail(fmt::format("at the call at {:#x} x{} is {:#x} in the emulator, {:#x} in the graph", address, i,
                              get(register_id(i)), call.x[i]));
  if (get(UC_ARM64_REG_SP) != call.sp) return fail(fmt::format("at the call at {:#x} sp is another one", address));
  return true;
}

/// In the graph a branch to a function at the end of inlined code is a call from where that code was called. The
/// emulator goes there by the branch itself: it comes to the same callee, with the same return address.
bool Emulator::step_call(std::size_t index, const Snapshot& snapshot) {
  const std::uint64_t address = run_.instructions[index];
  while (next_event_ < run_.events.size() &&
         (run_.events[next_event_].kind != EventKind::call || run_.events[next_event_].code_address != address))
    ++next_event_;
  if (next_event_ == run_.events.size()) return fail(fmt::format("the graph has no call at {:#x}", address));
  const Event& call = run_.events[next_event_++];
  ++report_.calls;
  if (!skip_to(address, call.target)) return false;
  const bool by_branch = pc() != address;
  touched_ = {};
  if (by_branch ? !compare_accesses(index) : !execute(index)) return false;
  if (call.target != 0 && pc() != call.target) {
    if (get(register_id(30)) != address + 4)
      return fail(fmt::format("at {:#x} the emulator calls {:#x}, the graph {:#x}", address, pc(), call.target));
    if (!skip_to(call.target)) return false;
  }
  if (!same_arguments(call, address)) return false;
  apply(snapshot, true);
  set(UC_ARM64_REG_PC, index + 1 < run_.instructions.size() ? run_.instructions[index + 1] : run_.return_target);
  return true;
}

bool Emulator::step_stubbed(std::size_t index, const Snapshot& snapshot) {
  const std::uint64_t address = run_.instructions[index];
  const auto word = image_.initial(address, 4).value_or(std::vector<std::uint8_t>(4));
  stubbed_[address] =
      static_cast<std::uint32_t>(word[0] | word[1] << 8 | word[2] << 16) | static_cast<std::uint32_t>(word[3]) << 24;
  for (; next_access_ < run_.accesses.size() && run_.accesses[next_access_].instruction <= index; ++next_access_) {
    const Access& access = run_.accesses[next_access_];
    if (access.is_write) write_bytes(access.address, access.bytes, access.value);
  }
  unsigned results = 0;
  for (unsigned i = 0; i < 31; ++i) results += get(register_id(i)) != snapshot.x[i] ? 1 : 0;
  if (results > most_results || get(UC_ARM64_REG_SP) != snapshot.sp)
    return fail(fmt::format("at {:#x} the emulator's registers are not the graph's", address));
  apply(snapshot, false);
  if (index + 1 < run_.instructions.size()) set(UC_ARM64_REG_PC, run_.instructions[index + 1]);
  return true;
}

bool Emulator::step(std::size_t index) {
  const bool special = next_snapshot_ < run_.snapshots.size() && run_.snapshots[next_snapshot_].instruction == index;
  const bool is_call = special && run_.snapshots[next_snapshot_].is_call;
  if (!is_call) {
    // Where inlined code branches to other inlined code, the graph has a step without a word of its own.
    const std::uint64_t next = !special && index + 1 < run_.instructions.size() ? run_.instructions[index + 1] : 0;
    if (!skip_to(run_.instructions[index], next)) return false;
    touched_ = {};
    if (pc() != run_.instructions[index]) return compare_accesses(index);
  }
  // What callees, devices and interrupts have written becomes visible here; a pair of volatile loads asks twice.
  for (std::size_t i = next_access_; i < run_.accesses.size() && run_.accesses[i].instruction <= index; ++i) {
    const Access& access = run_.accesses[i];
    if (access.by_environment) write_bytes(access.address, access.bytes, access.value);
  }
  if (!special) return execute(index);
  const Snapshot& snapshot = run_.snapshots[next_snapshot_++];
  return is_call ? step_call(index, snapshot) : step_stubbed(index, snapshot);
}

bool Emulator::finish() {
  if (run_.ending == Ending::returned && pc() != run_.return_target)
    return fail(fmt::format("the emulator returns to {:#x}, the graph to {:#x}", pc(), run_.return_target));
  for (unsigned i = 0; i < 31; ++i)
    if (get(register_id(i)) != run_.x[i])
      return fail(fmt::format("at the end x{} is {:#x} in the emulator, {:#x} in the graph", i, get(register_id(i)),
                              run_.x[i]));
  if (get(UC_ARM64_REG_SP) != run_.sp)
    return fail(
        fmt::format("at the end sp is {:#x} in the emulator, {:#x} in the graph", get(UC_ARM64_REG_SP), run_.sp));
  const std::uint64_t nzcv = get(UC_ARM64_REG_NZCV);
  for (unsigned i = 0; i < 4; ++i)
    if ((nzcv >> (31 - i) & 1) != (run_.flags[i] ? 1U : 0U))
      return fail(fmt::format("at the end flag {} differs between emulator and graph", "NZCV"[i]));
  return true;
}

/// The instruction that makes an event; beyond the last one when there is none.
std::size_t Emulator::instruction_of(std::size_t event) const {
  if (event >= run_.events.size()) return run_.instructions.size();
  const auto is_volatile = [](const Event& each) {
    return each.kind == EventKind::volatile_load || each.kind == EventKind::volatile_store;
  };
  if (is_volatile(run_.events[event])) {
    for (const Access& access : run_.accesses)
      if (access.is_event && access.event == event) return access.instruction;
    return run_.instructions.size();
  }
  const auto before = run_.events.begin() + static_cast<std::ptrdiff_t>(event);
  const auto stepped_over = static_cast<std::size_t>(
      event - static_cast<std::size_t>(std::count_if(run_.events.begin(), before, is_volatile)));
  return stepped_over < run_.snapshots.size() ? run_.snapshots[stepped_over].instruction : run_.instructions.size();
}

EmulatorReport Emulator::follow() {
  if (!set_up()) return report_;
  report_.status = EmulatorReport::Status::agrees;
  // A run that ended inside an instruction (limit, undefined code) is followed up to the instruction before.
  const bool whole = run_.ending == Ending::returned || run_.ending == Ending::no_return_call;
  const std::size_t count = run_.instructions.size() - (whole || run_.ending == Ending::exception_return ? 0 : 1);
  const std::size_t last = instruction_of(last_event_);
  for (std::size_t i = 0; i < std::min(count, last + 1); ++i) {
    const bool stepped = step(i);
    if (pages_.size() > most_pages) {
      report_.status = EmulatorReport::Status::unavailable;
      report_.text = "the run uses more pages than the emulator has";
      break;
    }
    if (!stepped) break;
  }
  if (report_.status == EmulatorReport::Status::agrees && whole && last >= count) finish();
  for (const auto& [address, word] : stubbed_) report_.stubbed.push_back(fmt::format("{:#x} {:08x}", address, word));
  return report_;
}

}  // namespace

EmulatorReport emulate(const Image& image, const EntryState& entry, const RunResult& graph_run,
                       std::size_t last_event) {
  return Emulator(image, entry, graph_run, last_event).follow();
}

}  // namespace validator::replay
