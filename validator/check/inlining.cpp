// SPDX-License-Identifier: Apache-2.0
// See inlining.hpp.
#include "validator/check/inlining.hpp"

#include <algorithm>
#include <map>

namespace validator::check {

using ir::Graph;

namespace {

constexpr std::size_t node_limit = 60'000;

/// Behind a call that by the source never returns, the machine code has whatever comes next, often an entry into the
/// middle of a loop. There the graph ends with a claim that the checker has to prove: that control does not come back.
void end_at_noreturn_calls(Pair& pair, const Evidence& evidence) {
  std::map<std::uint64_t, bool> returns;
  for_each_call(pair.source, [&](Graph::NodeId, const ir::Call& call) {
    const auto address = call.symbol.empty() ? std::nullopt : evidence.address_of("@" + call.symbol);
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
    const Graph::NodeId end = pair.binary.graph.add(ir::Unreachable{"behind a call that does not return"}, {},
                                                    pair.binary.graph.at(node).address);
    pair.binary.graph.disconnect(node, 0);
    pair.binary.graph.connect(node, end);
  }
}

void limit_binary(const Pair& pair) {
  if (pair.binary.graph.size() > node_limit) {
    throw Unprovable(Verdict::unsupported, "too-large", "the binary graph exceeds its node limit after inlining");
  }
}

/// Callees to be inlined in both halves go first in the machine code: a source callee is kept when it is called there.
bool inline_both(const Evidence& evidence, const std::set<std::uint64_t>& both, Pair& pair) {
  std::vector<std::pair<Graph::NodeId, const ir::Function*>> todo;
  for_each_call(pair.binary, [&](Graph::NodeId node, const ir::Call& call) {
    const auto target = target_of(call);
    if (!target || !both.contains(*target) || *target == pair.binary.address) return;
    if (const ir::Function* body = evidence.binary_body(*target)) todo.emplace_back(node, body);
  });
  for (const auto& [node, callee] : todo) {
    ir::inline_binary_call(pair.binary, node, *callee);
    pair.inlined_binaries.push_back(callee->symbol);
    limit_binary(pair);
  }
  return !todo.empty();
}

/// Bodies of clones, with the calls at their very end inlined as well: such a call returns to the clone's caller, which
/// can only be told apart from other calls while it stands before a Return.
class CloneBodies {
 public:
  CloneBodies(const Evidence& evidence, const ir::Function& caller, const std::set<std::uint64_t>& kept,
              std::vector<std::string>& inlined)
      : evidence_(evidence), caller_(caller), kept_(kept), inlined_(inlined) {}

  ir::Function with_tail_calls(const ir::Function& body, unsigned depth = 8) {
    ir::Function result = body;
    if (depth == 0) return result;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> tails;
    for_each_call(result, [&](Graph::NodeId node, const ir::Call& call) {
      const auto next = result.graph.successors(node);
      const bool tail =
          !next.empty() && next[0] != Graph::none && std::holds_alternative<ir::Return>(result.graph.at(next[0]).node);
      const auto target = target_of(call);
      if (!tail || !target || kept_.contains(*target) || *target == caller_.address || *target == body.address) return;
      if (const ir::Function* callee = evidence_.binary_body(*target)) tails.emplace_back(node, callee);
    });
    for (const auto& [node, callee] : tails) {
      ir::inline_binary_call(result, node, with_tail_calls(*callee, depth - 1));
      inlined_.push_back(callee->symbol);
    }
    return result;
  }

 private:
  const Evidence& evidence_;
  const ir::Function& caller_;
  const std::set<std::uint64_t>& kept_;
  std::vector<std::string>& inlined_;
};

}  // namespace

std::optional<std::uint64_t> target_of(const ir::Call& call) {
  if (!call.target || !call.target.is_constant()) return std::nullopt;
  return call.target.value64();
}

Pair inline_calls(const Evidence& evidence, const std::string& symbol, const std::set<std::uint64_t>& both) {
  const ir::Function* source = evidence.source_body(symbol);
  const ir::Function* binary = evidence.binary_named(symbol);
  if (source == nullptr || binary == nullptr)
    throw Unprovable(Verdict::error, "no-pair", "one half has no function of this name");
  Pair pair{*source, *binary, {}, {}};
  for (bool changed = true; changed;) {
    changed = inline_both(evidence, both, pair);
    if (changed) continue;
    std::set<std::uint64_t> called_by_binary;
    for_each_call(pair.binary, [&](Graph::NodeId, const ir::Call& call) {
      if (auto target = target_of(call); target && !both.contains(*target)) called_by_binary.insert(*target);
    });
    std::set<std::uint64_t> called_by_source;
    std::vector<std::pair<Graph::NodeId, const ir::Function*>> todo;
    for_each_call(pair.source, [&](Graph::NodeId node, const ir::Call& call) {
      if (call.symbol.empty()) return;
      const auto address = evidence.address_of("@" + call.symbol);
      const bool keep = address && called_by_binary.contains(*address);
      const ir::Function* body = keep ? nullptr : evidence.source_body(call.symbol);
      if (body == nullptr) {
        if (address) called_by_source.insert(*address);
        return;
      }
      todo.emplace_back(node, body);
    });
    for (const auto& [node, callee] : todo) {
      if (callee->symbol == symbol)
        throw Unprovable(Verdict::unsupported, "recursion", "the source recursion is not in the binary");
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
      if (const ir::Function* body = evidence.binary_body(*target); body && body->address != pair.binary.address) {
        clones.emplace_back(node, body);
      }
    });
    CloneBodies bodies(evidence, pair.binary, called_by_source, pair.inlined_binaries);
    for (const auto& [node, callee] : clones) {
      ir::inline_binary_call(pair.binary, node, bodies.with_tail_calls(*callee));
      pair.inlined_binaries.push_back(callee->symbol);
      changed = true;
      limit_binary(pair);
    }
  }
  end_at_noreturn_calls(pair, evidence);
  for (auto* list : {&pair.inlined_sources, &pair.inlined_binaries}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return pair;
}

}  // namespace validator::check
