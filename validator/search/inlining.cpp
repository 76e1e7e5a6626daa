// SPDX-License-Identifier: Apache-2.0
// See inlining.hpp.
#include "validator/search/inlining.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace validator::search {

using check::Unprovable;
using ir::Graph;
using ir::Term;

namespace {

constexpr std::size_t node_limit = 60'000;

template <typename Visit>
void for_each_call(const ir::Function& function, Visit&& visit) {
  for (Graph::NodeId node : ir::reverse_post_order(function.graph)) {
    if (auto* call = std::get_if<ir::Call>(&function.graph.at(node).node)) visit(node, *call);
  }
}

std::optional<std::uint64_t> target_of(const ir::Call& call) {
  if (!call.target || !call.target.is_constant()) return std::nullopt;
  return call.target.value64();
}

/// Does every store go to an address below the entry SP, by SP's distance from there at each node? At and above it are the
/// caller's frame and arguments.
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

/// Behind a call that by the source never returns, the machine code has whatever comes next, often an entry into the middle of a
/// loop. There the graph ends with a claim that the checker has to prove: that control does not come back.
void end_at_noreturn_calls(Pair& pair, const Names& names) {
  std::map<std::uint64_t, bool> returns;
  for_each_call(pair.source, [&](Graph::NodeId, const ir::Call& call) {
    const auto address = call.symbol.empty() ? std::nullopt : names.address_of("@" + call.symbol);
    if (address) returns[*address] = returns[*address] || call.returns;
  });
  std::vector<Graph::NodeId> last;
  for_each_call(pair.binary, [&](Graph::NodeId node, const ir::Call& call) {
    const auto target = target_of(call);
    const auto known = target ? returns.find(*target) : returns.end();
    const auto next = pair.binary.graph.successors(node);
    if (known == returns.end() || known->second || next.empty() || next[0] == Graph::none) return;
    if (!std::holds_alternative<ir::Return>(pair.binary.graph.at(next[0]).node)) last.push_back(node);
  });
  for (const Graph::NodeId node : last) {
    const Graph::NodeId end = pair.binary.graph.add(ir::Unreachable{"behind a call that does not return"}, {}, pair.binary.graph.at(node).address);
    pair.binary.graph.disconnect(node, 0);
    pair.binary.graph.connect(node, end);
  }
}

/// Bodies of clones, with the calls at their very end inlined as well: such a call returns to the clone's caller, which can
/// only be told apart from other calls while it stands before a Return.
class CloneBodies {
 public:
  CloneBodies(const Names& names, const ir::Function& caller, const std::set<std::uint64_t>& kept, std::vector<std::string>& inlined)
      : names_(names), caller_(caller), kept_(kept), inlined_(inlined) {}

  ir::Function with_tail_calls(const ir::Function& body, unsigned depth = 8) {
    ir::Function result = body;
    if (depth == 0) return result;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> tails;
    for_each_call(result, [&](Graph::NodeId node, const ir::Call& call) {
      const auto next = result.graph.successors(node);
      const bool tail = !next.empty() && next[0] != Graph::none && std::holds_alternative<ir::Return>(result.graph.at(next[0]).node);
      const auto target = target_of(call);
      if (!tail || !target || kept_.contains(*target) || *target == caller_.address || *target == body.address) return;
      if (const ir::Function* callee = names_.binary_at(*target)) tails.emplace_back(node, callee);
    });
    for (const auto& [node, callee] : tails) {
      ir::inline_binary_call(result, node, with_tail_calls(*callee, depth - 1));
      inlined_.push_back(callee->symbol);
    }
    return result;
  }

 private:
  const Names& names_;
  const ir::Function& caller_;
  const std::set<std::uint64_t>& kept_;
  std::vector<std::string>& inlined_;
};

}  // namespace

Names::Names(const Problem& problem) : problem_(problem) {
  for (const auto& [name, function] : problem.binary.functions) binaries_.emplace(function.address, &function);
  for (const auto& [name, function] : problem.source.functions) {
    if (auto address = address_of("@" + name)) sources_.emplace(*address, &function);
  }
}

std::optional<std::uint64_t> Names::address_of(const std::string& name) const {
  if (!name.starts_with("@")) return std::nullopt;
  if (auto known = literals_.find(name); known != literals_.end()) return known->second;
  std::optional<std::uint64_t> result;
  const std::string symbol = name.substr(1);
  if (const Symbol* found = problem_.image.find(symbol)) {
    result = found->address;
  } else if (auto function = problem_.binary.functions.find(symbol); function != problem_.binary.functions.end()) {
    result = function->second.address;
  } else if (auto global = problem_.source.globals.find(name); global != problem_.source.globals.end()) {
    result = place_constant(global->second);
  }
  literals_.emplace(name, result);
  return result;
}

/// A literal or a constant object without a symbol may stand at any read-only place that holds its bytes.
std::optional<std::uint64_t> Names::place_constant(const ir::GlobalObject& object) const {
  if (!object.is_const || !object.has_initialiser || !object.relocations.empty() || object.initial.empty()) return std::nullopt;
  for (const Segment& segment : problem_.image.segments) {
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

std::optional<std::uint64_t> Names::constant_bytes(const std::string& name, std::uint64_t offset, unsigned bytes) const {
  const auto found = problem_.source.globals.find(name);
  if (found == problem_.source.globals.end() || bytes > 8) return std::nullopt;
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

bool Names::is_plain_object(std::uint64_t address, std::uint64_t bytes) const {
  const Symbol* symbol = problem_.image.containing(address);
  if (!symbol || symbol->kind != SymbolKind::object || symbol->absolute) return false;
  if (address + bytes > symbol->address + symbol->bytes || !problem_.image.initial(address, bytes)) return false;
  const auto object = problem_.source.globals.find("@" + symbol->name);
  return object != problem_.source.globals.end() && !object->second.has_volatile;
}

bool Names::writes_no_memory(std::uint64_t address) const {
  if (auto known = no_writes_.find(address); known != no_writes_.end()) return known->second;
  const ir::Function* function = binary_at(address);
  if (!function) return no_writes_[address] = false;
  no_writes_[address] = true;  // a cycle of calls writes nothing when nothing in it does
  bool result = stores_below_entry_sp(*function);
  for (Graph::NodeId node : ir::reverse_post_order(function->graph)) {
    const ir::Node& content = function->graph.at(node).node;
    if (std::holds_alternative<ir::Effect>(content)) result = false;
    if (auto* call = std::get_if<ir::Call>(&content)) {
      const auto target = target_of(*call);
      result = result && target && writes_no_memory(*target);
    }
    if (!result) break;
  }
  if (!result) no_writes_.clear();  // what was concluded under the supposition above
  return no_writes_[address] = result;
}

const ir::Function* Names::source_at(std::uint64_t address) const {
  const auto found = sources_.find(address);
  return found == sources_.end() ? nullptr : found->second;
}

const ir::Function* Names::binary_at(std::uint64_t address) const {
  const auto found = binaries_.find(address);
  return found == binaries_.end() ? nullptr : found->second;
}

Pair inline_calls(const Problem& problem, const Names& names, const std::set<std::uint64_t>& both) {
  Pair pair{problem.source.functions.at(problem.symbol), problem.binary.functions.at(problem.symbol), {}, {}};
  for (bool changed = true; changed;) {
    changed = false;
    std::set<std::uint64_t> called_by_binary;
    for_each_call(pair.binary, [&](Graph::NodeId, const ir::Call& call) {
      if (auto target = target_of(call); target && !both.contains(*target)) called_by_binary.insert(*target);
    });
    std::set<std::uint64_t> called_by_source;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> todo;
    for_each_call(pair.source, [&](Graph::NodeId node, const ir::Call& call) {
      if (call.symbol.empty()) return;
      const auto address = names.address_of("@" + call.symbol);
      const bool keep = address && called_by_binary.contains(*address);
      const auto body = problem.source.functions.find(call.symbol);
      if (keep || body == problem.source.functions.end()) {
        if (address) called_by_source.insert(*address);
        return;
      }
      todo.emplace_back(node, &body->second);
    });
    for (const auto& [node, callee] : todo) {
      if (callee->symbol == problem.symbol) throw Unprovable(Verdict::unsupported, "recursion", "the source recursion is not in the binary");
      ir::inline_source_call(pair.source, node, *callee);
      pair.inlined_sources.push_back(callee->symbol);
      changed = true;
      if (pair.source.graph.size() > node_limit) {
        throw Unprovable(Verdict::unsupported, "too-large", "the source graph exceeds its node limit after inlining");
      }
    }
    if (changed) continue;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> clones;
    for_each_call(pair.binary, [&](Graph::NodeId node, const ir::Call& call) {
      const auto target = target_of(call);
      if (!target || called_by_source.contains(*target)) return;
      if (const ir::Function* body = names.binary_at(*target); body && body->address != pair.binary.address) {
        clones.emplace_back(node, body);
      }
    });
    CloneBodies bodies(names, pair.binary, called_by_source, pair.inlined_binaries);
    for (const auto& [node, callee] : clones) {
      ir::inline_binary_call(pair.binary, node, bodies.with_tail_calls(*callee));
      pair.inlined_binaries.push_back(callee->symbol);
      changed = true;
      if (pair.binary.graph.size() > node_limit) {
        throw Unprovable(Verdict::unsupported, "too-large", "the binary graph exceeds its node limit after inlining");
      }
    }
  }
  end_at_noreturn_calls(pair, names);
  for (auto* list : {&pair.inlined_sources, &pair.inlined_binaries}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return pair;
}

std::set<std::uint64_t> partly_inlined(const Pair& pair, const Names& names) {
  std::map<std::uint64_t, int> balance;
  for_each_call(pair.source, [&](Graph::NodeId, const ir::Call& call) {
    const auto address = call.symbol.empty() ? std::nullopt : names.address_of("@" + call.symbol);
    if (address) ++balance[*address];
  });
  for_each_call(pair.binary, [&](Graph::NodeId, const ir::Call& call) {
    if (auto target = target_of(call)) --balance[*target];
  });
  std::set<std::uint64_t> result;
  for (const auto& [address, difference] : balance) {
    if (difference != 0 && names.binary_at(address) && names.source_at(address)) result.insert(address);
  }
  return result;
}

}  // namespace validator::search
