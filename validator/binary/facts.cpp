// SPDX-License-Identifier: Apache-2.0
// Every set errs on the side of too much: a function that could not be lifted writes everything, calls anything, and an
// address counts as taken wherever its eight bytes stand or code could have made it.
#include "validator/binary/facts.hpp"

#include <algorithm>
#include <array>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

#include "validator/binary/frame.hpp"

namespace validator::binary {

namespace {

constexpr std::array<std::string_view, 5> other_names{"SP", "N", "Z", "C", "V"};
constexpr RegisterSet every_register{0xF'FFFF'FFFF};

int index_of(std::string_view name) {
  for (std::size_t i = 0; i < other_names.size(); ++i) {
    if (name == other_names[i]) return static_cast<int>(31 + i);
  }
  if (name.size() < 2 || name.size() > 3 || name[0] != 'X') return -1;
  int value = 0;
  for (const char digit : name.substr(1)) {
    if (digit < '0' || digit > '9') return -1;
    value = value * 10 + (digit - '0');
  }
  return value <= 30 && (name.size() == 2 || name[1] != '0') ? value : -1;
}

RegisterSet written_by(const ir::Graph& graph) {
  RegisterSet all;
  for (ir::Graph::NodeId node = 0; node < graph.size(); ++node) {
    const ir::Node& content = graph.at(node).node;
    if (const auto* basic = std::get_if<ir::Basic>(&content)) {
      for (const ir::Binding& binding : basic->assignments) all.insert(binding.variable.name());
    } else if (const auto* load = std::get_if<ir::Load>(&content)) {
      all.insert(load->result.name());
    } else if (const auto* effect = std::get_if<ir::Effect>(&content)) {
      if (effect->result) all.insert(effect->result.name());
    }
  }
  return all;
}

/// SVC, HVC and SMC that come back: what runs in between may change what its own convention allows.
bool calls_another_level(const ir::Graph& graph) {
  for (ir::Graph::NodeId node = 0; node < graph.size(); ++node) {
    const auto* effect = std::get_if<ir::Effect>(&graph.at(node).node);
    if (effect != nullptr && effect->kind == ir::EffectKind::exception) return true;
  }
  return false;
}

std::uint64_t sign_extend(std::uint64_t value, unsigned bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return (value ^ sign) - sign;
}

/// Target of a direct branch: B, BL, B.cond, CBZ, CBNZ, TBZ, TBNZ (Arm ARM C4.1, "Branches"), for words that have no model.
std::optional<std::uint64_t> branch_target(std::uint32_t word, std::uint64_t address) {
  if ((word & 0x7c000000) == 0x14000000) return address + (sign_extend(word & 0x3ffffff, 26) << 2);
  if ((word & 0xff000000) == 0x54000000 || (word & 0x7e000000) == 0x34000000) return address + (sign_extend(word >> 5 & 0x7ffff, 19) << 2);
  if ((word & 0x7e000000) == 0x36000000) return address + (sign_extend(word >> 5 & 0x3fff, 14) << 2);
  return std::nullopt;
}

/// Addresses that straight-line code makes by ADR, ADRP, and ADRP with a later ADD of an immediate (Arm ARM C6.2.11,
/// C6.2.12, C6.2.5), whatever else happens between: for functions that have no graph.
void made_addresses(const FunctionTable& functions, std::uint64_t begin, std::uint64_t end, std::set<std::uint64_t>& made) {
  std::array<std::set<std::uint64_t>, 32> pages;
  for (std::uint64_t address = begin; address < end; address += 4) {
    const auto word = functions.word(address);
    if (!word) return;
    const std::uint32_t rd = *word & 31, rn = *word >> 5 & 31;
    if ((*word & 0x1f000000) == 0x10000000) {
      const std::uint64_t raw = std::uint64_t{*word >> 5 & 0x7ffff} << 2 | (*word >> 29 & 3);
      const std::uint64_t offset = sign_extend(raw, 21);
      const bool page = (*word >> 31) != 0;
      const std::uint64_t value = page ? (address & ~std::uint64_t{0xfff}) + (offset << 12) : address + offset;
      made.insert(value);
      if (page) pages[rd].insert(value);
    } else if ((*word & 0xff800000) == 0x91000000) {
      const std::uint64_t immediate = std::uint64_t{*word >> 10 & 0xfff} << ((*word >> 22 & 1) != 0 ? 12 : 0);
      const std::set<std::uint64_t> bases = pages[rn];
      for (const std::uint64_t base : bases) {
        made.insert(base + immediate);
        if (pages[rd].size() < 64) pages[rd].insert(base + immediate);
      }
    }
  }
}

/// Functions whose address stands as eight bytes at a multiple of 4 anywhere in the image, or as four where there is no code.
void stored_addresses(const FunctionTable& functions, std::set<std::uint64_t>& stored) {
  if (functions.entries().empty()) return;
  const std::uint64_t low = functions.entries().front().address, high = functions.entries().back().address;
  for (const Segment& segment : functions.image().segments) {
    for (std::uint64_t at = (4 - segment.address % 4) % 4; at + 4 <= segment.bytes.size(); at += 4) {
      std::uint64_t value = 0;
      for (unsigned i = at + 8 <= segment.bytes.size() ? 8 : 4; i-- > 0;) value = value << 8 | segment.bytes[at + i];
      const bool half = !segment.executable || functions.is_marked_data(segment.address + at);
      for (const std::uint64_t address : {value, half ? value & 0xffff'ffff : value}) {
        if (address >= low && address <= high && functions.at(address) != nullptr) stored.insert(address);
      }
    }
  }
}

class FactMaker {
 public:
  FactMaker(const FunctionTable& functions, const ir::Module& module, const std::map<std::string, LiftRecord>& records,
            const std::set<std::uint64_t>& reached)
      : functions_(functions), module_(module), records_(records), reached_(reached) {}

  BinaryFacts make() {
    for (const FunctionEntry& entry : functions_.entries()) describe(entry);
    scan_unreached_code();
    link_callers();
    mark_taken();
    mark_fragments();
    find_components();
    close_clobbers();
    if (const FunctionEntry* entry = functions_.at(functions_.image().entry)) facts_.entry = entry->key;
    for (const FunctionEntry& entry : functions_.entries()) copy_to_aliases(entry);
    return std::move(facts_);
  }

 private:
  void describe(const FunctionEntry& entry) {
    FunctionFacts& facts = facts_.functions[entry.key];
    facts.symbol = entry.key;
    facts.name = entry.name;
    facts.file = entry.file;
    facts.address = entry.address;
    facts.bytes = entry.end - entry.address;
    facts.sized = entry.sized;
    facts.is_function_type = entry.is_function_type;
    facts.local = entry.local;
    facts.is_veneer = entry.is_veneer;
    facts.aliases = entry.aliases;
    facts_.at[entry.address] = entry.key;
    for (const std::string& alias : entry.aliases) facts_.alias_of[alias] = entry.key;

    const auto record = records_.find(entry.key);
    const auto lifted = module_.functions.find(entry.key);
    made_addresses(functions_, entry.address, entry.end, taken_);
    if (record == records_.end() || lifted == module_.functions.end()) {
      facts.writes = every_register;
      facts.unknown_calls = true;
      scan_branches(entry, facts);
      return;
    }
    facts.writes = written_by(lifted->second.graph);
    facts.unknown_calls = record->second.indirect_calls || calls_another_level(lifted->second.graph);
    facts.covers.assign(record->second.covers.begin(), record->second.covers.end());
    facts.bl_targets.assign(record->second.bl_targets.begin(), record->second.bl_targets.end());
    std::set<std::string> all, tails;
    for (const auto* targets : {&record->second.call_targets, &record->second.tail_call_targets}) {
      for (const std::uint64_t target : *targets) {
        const FunctionEntry* callee = functions_.at(target);
        if (callee == nullptr) {
          facts.unknown_calls = true;
          continue;
        }
        all.insert(callee->key);
        if (targets == &record->second.tail_call_targets) tails.insert(callee->key);
      }
    }
    facts.callees.assign(all.begin(), all.end());
    facts.tail_callees.assign(tails.begin(), tails.end());
    const ConstantFlow flow = propagate_constants(lifted->second.graph);
    facts.frame_bytes = flow.frame_bytes;
    taken_.insert(flow.constants.begin(), flow.constants.end());
  }

  /// A function without a graph still has callees: those that its words name.
  void scan_branches(const FunctionEntry& entry, FunctionFacts& facts) {
    std::set<std::string> callees;
    for (std::uint64_t address = entry.address; address < entry.end; address += 4) {
      const auto target = branch_target(*functions_.word(address), address);
      const FunctionEntry* callee = target ? functions_.at(*target) : nullptr;
      if (callee != nullptr && callee != &entry) callees.insert(callee->key);
    }
    facts.callees.assign(callees.begin(), callees.end());
  }

  /// Code that no symbol covers, or that no walk from a symbol reaches (the later entries of a vector table), may call and
  /// make addresses, too: its targets count as taken.
  void scan_unreached_code() {
    for (const Segment& segment : functions_.image().segments) {
      if (!segment.executable) continue;
      const std::uint64_t first = (segment.address + 3) & ~std::uint64_t{3}, end = segment.address + segment.bytes.size();
      for (std::uint64_t address = first; address + 4 <= end; address += 4) {
        if (reached_.contains(address) || !functions_.is_code(address)) continue;
        const FunctionEntry* owner = functions_.containing(address);
        if (owner != nullptr && !records_.contains(owner->key)) continue;  // it failed: scan_branches has its callees
        if (const auto target = branch_target(*functions_.word(address), address)) taken_.insert(*target);
        made_addresses(functions_, address, address + 4, taken_);
      }
    }
  }

  void link_callers() {
    for (const FunctionEntry& entry : functions_.entries()) {  // callers in order of address: sorted below
      for (const std::string& callee : facts_.functions.at(entry.key).callees) facts_.functions.at(callee).callers.push_back(entry.key);
    }
    for (auto& [key, facts] : facts_.functions) std::ranges::sort(facts.callers);
  }

  void mark_taken() {
    stored_addresses(functions_, taken_);
    taken_.insert(functions_.image().entry);
    for (const std::uint64_t address : taken_) {
      if (const FunctionEntry* entry = functions_.at(address)) facts_.functions.at(entry->key).address_taken = true;
    }
  }

  void mark_fragments() {
    for (const auto& [key, record] : records_) {
      for (const std::string& covered : record.covers) {
        FunctionFacts& facts = facts_.functions.at(covered);
        const FunctionEntry* entry = functions_.at(facts.address);
        if (entry->is_split_part && facts.callers.empty()) facts.is_fragment = true;
      }
    }
  }

  void find_components() {
    using CallGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    const auto& entries = functions_.entries();
    std::map<std::string, std::size_t> number;
    for (std::size_t i = 0; i < entries.size(); ++i) number[entries[i].key] = i;
    CallGraph calls(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (const std::string& callee : facts_.functions.at(entries[i].key).callees) add_edge(i, number.at(callee), calls);
    }
    std::vector<std::size_t> component(entries.size());
    // Tarjan's numbering: a component gets its number after all that it calls.
    const std::size_t count =
        entries.empty() ? 0 : boost::strong_components(calls, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, calls)));
    facts_.components.resize(count);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      facts_.components[component[i]].push_back(entries[i].key);
      facts_.functions.at(entries[i].key).component = component[i];
    }
  }

  void close_clobbers() {
    for (const auto& component : facts_.components) {
      RegisterSet clobbers;
      bool unknown = false;
      for (const std::string& key : component) {
        const FunctionFacts& facts = facts_.functions.at(key);
        clobbers = clobbers | facts.writes;
        unknown = unknown || facts.unknown_calls;
        for (const std::string& callee : facts.callees) {
          clobbers = clobbers | facts_.functions.at(callee).clobbers;
          unknown = unknown || facts_.functions.at(callee).unknown_calls;
        }
      }
      clobbers = unknown ? RegisterSet::caller_saved() : clobbers & RegisterSet::caller_saved();
      for (const std::string& key : component) {
        facts_.functions.at(key).clobbers = clobbers;
        facts_.functions.at(key).unknown_calls = unknown;
      }
    }
  }

  void copy_to_aliases(const FunctionEntry& entry) {
    for (const std::string& alias : entry.aliases) {
      FunctionFacts copy = facts_.functions.at(entry.key);
      copy.symbol = copy.name = alias;
      std::erase(copy.aliases, alias);
      copy.aliases.push_back(entry.key);
      std::ranges::sort(copy.aliases);
      facts_.functions[alias] = std::move(copy);
    }
  }

  const FunctionTable& functions_;
  const ir::Module& module_;
  const std::map<std::string, LiftRecord>& records_;
  const std::set<std::uint64_t>& reached_;
  std::set<std::uint64_t> taken_;
  BinaryFacts facts_;
};

}  // namespace

bool RegisterSet::contains(std::string_view name) const {
  const int index = index_of(name);
  return index >= 0 && contains(static_cast<unsigned>(index));
}

void RegisterSet::insert(std::string_view name) {
  const int index = index_of(name);
  if (index >= 0) bits_ |= std::uint64_t{1} << index;
}

BinaryFacts make_facts(const FunctionTable& functions, const ir::Module& module, const std::map<std::string, LiftRecord>& records,
                       const std::set<std::uint64_t>& reached) {
  return FactMaker(functions, module, records, reached).make();
}

}  // namespace validator::binary
