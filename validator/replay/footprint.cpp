// SPDX-License-Identifier: Apache-2.0
// Footprints are sets of aligned 8-byte words. A write is looked up in the stretch between the same two
// memory-comparing events; a read anywhere on the source's whole path (B5 says both so). Other bytes of
// such a word do not count here: they may be padding or the rest of a bit-field's unit, and a
// wrong value in them is found by the comparison of memory.
#include "validator/replay/footprint.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

#include "ir/build.hpp"
#include "validator/replay/program.hpp"

namespace validator::replay {

namespace {

class WordSet {
 public:
  void insert(std::uint64_t address, unsigned bytes) {
    words_.insert(address >> 3);
    words_.insert((address + bytes - 1) >> 3);
    if (bytes > 8) words_.insert((address + 8) >> 3);
  }
  bool has_neighbour(std::uint64_t address) const { return words_.contains(address >> 3); }

 private:
  std::unordered_set<std::uint64_t> words_;
};

/// Stretch number by event index: how many memory-comparing events came before.
std::vector<std::size_t> stretches(const RunResult& source) {
  std::vector<std::size_t> result{0};
  for (const Event& event : source.events) result.push_back(result.back() + (compares_memory(event) ? 1 : 0));
  return result;
}

bool in_known_object(const EntryState& entry, std::uint64_t address) {
  if (entry.image != nullptr) {
    if (const Symbol* symbol = entry.image->containing(address);
        symbol != nullptr && symbol->kind == SymbolKind::object)
      return true;
  }
  return std::any_of(entry.globals.begin(), entry.globals.end(),
                     [&](const auto& global) { return address - global.second.address < global.second.bytes; });
}

bool is_touched(const RunResult& source, std::uint64_t address) {
  return std::any_of(source.touched.begin(), source.touched.end(),
                     [&](const auto& range) { return address - range.first < range.second; });
}

}  // namespace

bool compares_memory(const Event& event) {
  if (event.kind == EventKind::call) return true;
  if (event.kind != EventKind::effect) return event.order != ir::Order::plain;
  if (event.memory_clobber) return true;
  const bool on_memory = event.effect == ir::EffectKind::exclusive_store || event.effect == ir::EffectKind::atomic;
  return on_memory && event.order == ir::Order::release;
}

std::optional<Difference> footprint_violation(const EntryState& entry, const PrivateRanges& ranges,
                                              const RunResult& source, const RunResult& binary) {
  const bool complete = source.ending == Ending::returned || source.ending == Ending::no_return_call ||
                        source.ending == Ending::exception_return || source.ending == Ending::diverged;
  const std::size_t events = source.events.size();
  const std::vector<std::size_t> stretch = stretches(source);
  WordSet accessed;
  std::vector<WordSet> written(stretch.back() + 1);
  for (const Access& access : source.accesses) {
    if (access.by_environment) continue;
    accessed.insert(access.address, access.bytes);
    if (access.is_write)
      written[stretch[std::min<std::size_t>(access.event, events)]].insert(access.address, access.bytes);
  }
  // A stretch is complete when its closing event was reached.
  const std::size_t complete_stretches = complete ? stretch.back() + 1 : stretch.back();
  for (const Access& access : binary.accesses) {
    if (access.by_environment || access.is_event || access.event > events) continue;
    const std::size_t here = stretch[access.event];
    if (here >= complete_stretches) continue;
    Difference difference{DifferenceKind::extra_read, access.event, {}, access.address, 0, access.value,
                          8U * access.bytes};
    const std::string what =
        fmt::format("{} of {} bytes at {:#x}", access.is_write ? "write" : "read", access.bytes, access.address);
    if (access.below_stack) {
      difference.kind = DifferenceKind::below_stack;
      difference.text = what + " touches bytes below SP";
      return difference;
    }
    for (unsigned i = 0; i < access.bytes; ++i) {
      const std::uint64_t address = access.address + i;
      if (ranges.in_frame(address)) continue;
      if (access.is_write) {
        if (written[here].has_neighbour(address)) continue;
        difference.kind = DifferenceKind::extra_write;
        difference.text = what + ", which the source does not write there";
      } else {
        if (!complete || accessed.has_neighbour(address) || entry.is_read_only(address) ||
            is_touched(source, address) || in_known_object(entry, address))
          continue;
        difference.text = what + ", which the source does not access on this path";
      }
      difference.address = address;
      return difference;
    }
  }
  return std::nullopt;
}

namespace {

const Placement* object_at(const EntryState& entry, std::uint64_t address) {
  for (const auto& [name, object] : entry.globals)
    if (address - object.address < object.bytes) return &object;
  return nullptr;
}

/// No pointer to another object reaches into a global, and none leads out of one (C11 6.5.6p8): compilers keep a
/// global's value in a register over a store through a pointer that starts in front of it.
bool leaves_object(const Program& program, const EntryState& entry, const Access& access) {
  // Where the search puts other objects there are no globals.
  if (access.address - object_regions < unplaced_objects - object_regions) return false;
  const std::uint64_t distance = program.code().nodes[access.node].distance;
  if (distance == 0) return false;
  const std::uint64_t pointer = access.address - distance;
  const Placement* const here = object_at(entry, access.address);
  const Placement* const there = object_at(entry, pointer);
  if (here == there) return false;
  return here == nullptr || pointer != here->address + here->bytes;
}

/// An object that the source says is alive, partly inside a global.
bool straddles_object(const EntryState& entry, std::uint64_t address, std::uint64_t bytes) {
  if (address - object_regions < unplaced_objects - object_regions) return false;
  return std::any_of(entry.globals.begin(), entry.globals.end(), [&](const auto& named) {
    const Placement& object = named.second;
    const bool overlaps = object.address - address < bytes || address - object.address < object.bytes;
    const bool inside = address - object.address < object.bytes && bytes <= object.bytes - (address - object.address);
    return object.bytes != 0 && overlaps && !inside;
  });
}

}  // namespace

namespace {

/// Overlapping accesses through different addresses, one of them a write, where the language may not allow for it:
/// C11 6.7.3.1 (restrict), 6.5p7 (effective types). Too many runs are excused, since the graph does not say which
/// accesses are meant.
bool may_break_aliasing(const Program& program, const RunResult& source) {
  const ir::Graph& graph = program.function().graph;
  auto address_of = [&](ir::Graph::NodeId node) {
    const ir::Node& content = graph.at(node).node;
    const auto* load = std::get_if<ir::Load>(&content);
    const auto* store = std::get_if<ir::Store>(&content);
    return load != nullptr ? load->address : store != nullptr ? store->address : ir::Term();
  };
  struct User {
    ir::Term address;
    bool writes = false;
  };
  std::map<std::uint64_t, User> users;
  for (const Access& access : source.accesses) {
    if (access.by_environment || access.node >= graph.size()) continue;
    const ir::Term address = address_of(access.node);
    for (unsigned i = 0; i < access.bytes; ++i) {
      const auto [at, is_new] = users.try_emplace(access.address + i, User{address, access.is_write});
      if (is_new) continue;
      if (at->second.address != address && (at->second.writes || access.is_write) &&
          std::none_of(source.locals.begin(), source.locals.end(),
                       [&](const LocalSpan& local) { return at->first - local.address < local.bytes; }))
        return true;
      at->second.writes |= access.is_write;
    }
  }
  return false;
}

}  // namespace

std::string broken_assumption(const Program& program, const EntryState& entry, const PrivateRanges& ranges,
                              const RunResult& source, const ModuleFacts* facts) {
  const auto& nodes = program.code().nodes;
  if (program.function().assumes_no_alias && may_break_aliasing(program, source))
    return "A4: accesses overlap that a compiler may take for disjoint";
  std::vector<const std::pair<const std::string, Placement>*> guarded;
  if (facts != nullptr) {
    for (const auto& global : entry.globals)
      if (facts->protected_globals.contains(global.first)) guarded.push_back(&global);
  }
  for (const auto& [address, bytes] : source.touched)
    if (straddles_object(entry, address, bytes))
      return fmt::format("A2: an object at {:#x} lies partly inside another", address);
  for (const Access& access : source.accesses) {
    if (access.by_environment) continue;
    if (leaves_object(program, entry, access))
      return fmt::format("A2: a pointer to something else reaches {:#x}", access.address);
    auto overlaps = [&](std::uint64_t address, std::uint64_t bytes) {
      return access.address - address < bytes || address - access.address < access.bytes;
    };
    const std::uint64_t last = access.address + access.bytes - 1;
    const bool in_local = std::any_of(source.locals.begin(), source.locals.end(), [&](const LocalSpan& local) {
      return access.address - local.address < local.bytes && last - local.address < local.bytes;
    });
    if (!in_local && (ranges.in_frame(access.address) || ranges.in_frame(last)))
      return fmt::format("A3: the source accesses the frame at {:#x}", access.address);
    if (!in_local && std::any_of(source.locals.begin(), source.locals.end(),
                                 [&](const LocalSpan& local) { return overlaps(local.address, local.bytes); }))
      return fmt::format("A3: the source leaves a local object at {:#x}", access.address);
    if (access.is_write && (entry.is_read_only(access.address) || entry.is_read_only(last)))
      return fmt::format("A2: the source writes constant bytes at {:#x}", access.address);
    if (nodes[access.node].object != no_slot) continue;
    for (const auto* global : guarded) {
      if (overlaps(global->second.address, global->second.bytes))
        return fmt::format("a pointer reaches {}, whose address is never taken", global->first);
    }
  }
  if (facts != nullptr) {
    for (const auto& named : program.code().globals)
      if (facts->unreliable_globals.contains(named.name))
        return "the image represents " + named.name + " in another way";
  }
  return {};
}

}  // namespace validator::replay
