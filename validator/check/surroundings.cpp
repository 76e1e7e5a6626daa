// SPDX-License-Identifier: Apache-2.0
#include "validator/check/surroundings.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace validator::check {

using ir::Graph;
using ir::Term;

namespace {

std::optional<std::uint64_t> target_of(const ir::Call& call) {
  if (!call.target || !call.target.is_constant()) return std::nullopt;
  return call.target.value64();
}

/// Does every store go to an address below the entry SP, by SP's distance from there at each node? At and above it are
/// the caller's frame and arguments.
bool stores_below_entry_sp(const ir::Function& function) {
  const Term sp = ir::var("SP", ir::Sort::bitvec(64));
  using Distance = std::optional<std::int64_t>;  // none: not constant
  std::map<Graph::NodeId, Distance> before{{function.graph.entry(), 0}};
  std::vector<Graph::NodeId> work{function.graph.entry()};
  while (!work.empty()) {
    const Graph::NodeId node = work.back();
    work.pop_back();
    Distance distance = before.at(node);
    const ir::Node& content = function.graph.at(node).node;
    if (auto* store = std::get_if<ir::Store>(&content)) {
      const ir::BaseOffset at = ir::base_offset(store->address);
      if (at.base != sp || !distance || *distance + at.offset + store->bytes > 0) return false;
    }
    if (auto* basic = std::get_if<ir::Basic>(&content)) {
      for (const ir::Binding& binding : basic->assignments) {
        if (binding.variable != sp) continue;
        const ir::BaseOffset to = ir::base_offset(binding.value);
        distance = to.base == sp && distance ? Distance(*distance + to.offset) : std::nullopt;
      }
    }
    for (Graph::NodeId next : function.graph.successors(node)) {
      if (next == Graph::none) continue;
      const auto [known, added] = before.emplace(next, distance);
      if (!added && (known->second == distance || !known->second)) continue;
      if (!added) known->second = std::nullopt;
      work.push_back(next);
    }
  }
  return true;
}

}  // namespace

Surroundings::Surroundings(const Problem& problem)
    : source_(problem.source),
      binary_(problem.binary),
      image_(problem.image),
      preserved_(problem.preserved),
      x18_reserved_(problem.x18_reserved) {
  for (const auto& [name, function] : binary_.functions) binaries_.emplace(function.address, &function);
  for (const auto& [name, function] : source_.functions) {
    if (auto address = address_of("@" + name)) sources_.emplace(*address, &function);
  }
}

const ir::Function* Surroundings::source_body(const std::string& symbol) const {
  const auto found = source_.functions.find(symbol);
  return found == source_.functions.end() ? nullptr : &found->second;
}

const ir::Function* Surroundings::binary_body(std::uint64_t address) const {
  const auto found = binaries_.find(address);
  return found == binaries_.end() ? nullptr : found->second;
}

const ir::Function* Surroundings::source_at(std::uint64_t address) const {
  const auto found = sources_.find(address);
  return found == sources_.end() ? nullptr : found->second;
}

const ir::Function* Surroundings::binary_named(const std::string& symbol) const {
  const auto found = binary_.functions.find(symbol);
  return found == binary_.functions.end() ? nullptr : &found->second;
}

bool Surroundings::is_pair(std::uint64_t address) const {
  return binaries_.contains(address) && sources_.contains(address);
}

std::optional<std::uint64_t> Surroundings::address_of(const std::string& name) const {
  if (!name.starts_with("@")) return std::nullopt;
  if (auto known = addresses_.find(name); known != addresses_.end()) return known->second;
  return addresses_[name] = find_address(name);
}

std::optional<std::uint64_t> Surroundings::find_address(const std::string& name) const {
  const std::string symbol = name.substr(1);
  if (const Symbol* found = image_.find(symbol)) return found->address;
  if (auto function = binary_.functions.find(symbol); function != binary_.functions.end())
    return function->second.address;
  if (auto global = source_.globals.find(name); global != source_.globals.end()) {
    const auto address = place_constant(global->second);
    if (address && !shares_bytes(global->second, *address)) return address;
  }
  return std::nullopt;
}

/// Literals may share bytes. An object that the program names has an address of its own (A-DISJ): where its bytes are also
/// those of another named one, it is not known which place is whose.
bool Surroundings::shares_bytes(const ir::GlobalObject& object, std::uint64_t address) const {
  if (object.symbol.empty()) return false;
  const auto overlaps = [&](std::uint64_t start, std::uint64_t bytes) { return start < address + object.bytes && address < start + bytes; };
  for (const auto& [name, other] : source_.globals) {
    if (other.symbol.empty() || other.symbol == object.symbol) continue;
    const Symbol* symbol = image_.find(other.symbol);
    const auto start = symbol != nullptr ? std::optional(symbol->address) : place_constant(other);
    if (start && overlaps(*start, other.bytes)) return true;
  }
  return false;
}

/// A literal or a constant object without a symbol may stand at any read-only place that holds its bytes.
std::optional<std::uint64_t> Surroundings::place_constant(const ir::GlobalObject& object) const {
  if (!object.is_const || !object.has_initialiser || !object.relocations.empty() || object.initial.empty())
    return std::nullopt;
  for (const Segment& segment : image_.segments) {
    if (segment.writable) continue;
    auto from = segment.bytes.begin();
    for (;;) {
      from = std::search(from, segment.bytes.end(), object.initial.begin(), object.initial.end());
      if (from == segment.bytes.end()) break;
      const std::uint64_t address = segment.address + static_cast<std::uint64_t>(from - segment.bytes.begin());
      if (address % std::max<std::uint64_t>(object.alignment, 1) == 0) return address;
      ++from;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Surroundings::constant_bytes(const std::string& name, std::uint64_t offset,
                                                          unsigned bytes) const {
  const auto found = source_.globals.find(name);
  if (found == source_.globals.end() || bytes > 8) return std::nullopt;
  const ir::GlobalObject& object = found->second;
  if (!object.is_const || !object.has_initialiser || offset > object.initial.size() ||
      bytes > object.initial.size() - offset) {
    return std::nullopt;
  }
  for (const auto& [at, symbol] : object.relocations) {
    if (at < offset + bytes && offset < at + 8) return std::nullopt;
  }
  std::uint64_t value = 0;
  for (unsigned i = bytes; i-- > 0;) value = value << 8 | object.initial[offset + i];
  return value;
}

bool Surroundings::is_plain_object(std::uint64_t address, std::uint64_t bytes) const {
  const Symbol* symbol = image_.containing(address);
  if (!symbol || symbol->kind != SymbolKind::object || symbol->absolute) return false;
  if (address + bytes > symbol->address + symbol->bytes || !image_.initial(address, bytes)) return false;
  const auto object = source_.globals.find("@" + symbol->name);
  return object != source_.globals.end() && !object->second.has_volatile;
}

bool Surroundings::writes_no_memory(std::uint64_t address) const {
  if (auto known = no_writes_.find(address); known != no_writes_.end()) return known->second;
  const ir::Function* function = binary_body(address);
  if (!function) return no_writes_[address] = false;
  no_writes_[address] = true;  // a cycle of calls writes nothing when nothing in it does
  bool result = stores_below_entry_sp(*function);
  for (Graph::NodeId node : ir::reverse_post_order(function->graph)) {
    const ir::Node& content = function->graph.at(node).node;
    if (std::holds_alternative<ir::Effect>(content)) result = false;
    // Behind an acquire, what others have written shows.
    if (const auto* load = std::get_if<ir::Load>(&content); load != nullptr && load->order != ir::Order::plain) result = false;
    if (auto* call = std::get_if<ir::Call>(&content)) {
      const auto target = target_of(*call);
      result = result && target && writes_no_memory(*target);
    }
    if (!result) break;
  }
  if (!result) no_writes_.clear();  // what was concluded under the supposition above
  return no_writes_[address] = result;
}

std::set<std::string> Surroundings::preserved(std::uint64_t callee) const {
  return preserved_ ? preserved_(callee) : std::set<std::string>{};
}

std::optional<std::uint64_t> Surroundings::read_only(std::uint64_t address, unsigned bytes) const {
  return image_.read_only(address, bytes);
}

std::optional<Symbol> Surroundings::containing(std::uint64_t address) const {
  const Symbol* found = image_.containing(address);
  return found == nullptr ? std::nullopt : std::optional<Symbol>(*found);
}

}  // namespace validator::check
