// SPDX-License-Identifier: Apache-2.0
#include "validator/app/test_pair.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace validator::app {
namespace {

constexpr unsigned last_temporary = 17;  // X18 is the platform register

/// General registers that a call of the function certainly leaves alone although AAPCS64 6.1.1 lets it change
/// them, as bits: over-approximated from the words of the function and of all its callees.
std::uint32_t preserved_registers(const binary::LiftedImage& image, const std::string& key) {
  const auto facts = image.facts.functions.find(key);
  if (facts == image.facts.functions.end() || facts->second.unknown_calls || image.module.failed.contains(key))
    return 0;
  std::uint32_t bits = 0;
  for (unsigned i = 0; i <= last_temporary; ++i) {
    if (!facts->second.clobbers.contains(i)) bits |= 1U << i;
  }
  return bits;
}

}  // namespace

Problem problem_of(const Loaded& loaded, const std::string& symbol, const Limits& limits,
                   std::set<std::uint64_t> inline_both) {
  const auto preserved = [&loaded](std::uint64_t callee) {
    std::set<std::string> registers;
    const auto key = loaded.binary.facts.at.find(callee);
    if (key == loaded.binary.facts.at.end()) return registers;
    const std::uint32_t bits = preserved_registers(loaded.binary, key->second);
    for (unsigned i = 0; i <= last_temporary; ++i) {
      if ((bits >> i & 1) != 0) registers.insert(fmt::format("X{}", i));
    }
    return registers;
  };
  return {loaded.source, loaded.binary.module,   loaded.image,       symbol, limits,
          preserved,     std::move(inline_both), loaded.x18_reserved};
}

namespace {

using Chooser = std::set<std::uint64_t> (*)(const search::Pair&, const check::Evidence&);

/// Inlined until there is nothing left to choose. Nothing: that grows too large, or is not possible.
std::optional<search::Pair> inlined_until_done(const Problem& proof, const check::Evidence& evidence, Chooser choose) {
  try {
    std::set<std::uint64_t> both = proof.inline_both;
    search::Pair pair = check::inline_calls(evidence, proof.symbol, both);
    for (std::set<std::uint64_t> more = choose(pair, evidence); !std::ranges::includes(both, more);
         more = choose(pair, evidence)) {
      both.merge(more);
      pair = check::inline_calls(evidence, proof.symbol, both);
    }
    return pair;
  } catch (const check::Unprovable&) {
    return std::nullopt;
  }
}

}  // namespace

/// What is inlined at some places in one half only would be a call there and none in the other. Where inlining all of
/// that grows too large, at least what the binary calls nowhere is inlined: runs show nothing behind such a call.
search::Pair TestPair::inlined(const Problem& proof, const check::Evidence& evidence, bool& complete) {
  for (const Chooser choose : {search::partly_inlined, search::wholly_inlined}) {
    if (auto pair = inlined_until_done(proof, evidence, choose)) return *pair;
  }
  complete = false;
  return {proof.source.functions.at(proof.symbol), proof.binary.functions.at(proof.symbol), {}, {}};
}

TestPair::TestPair(const Loaded& loaded, const std::string& symbol, const std::set<std::uint64_t>& inline_both)
    : loaded_(loaded),
      proof_(problem_of(loaded, symbol, {}, inline_both)),
      around_(proof_),
      evidence_(around_),
      pair_(inlined(proof_, evidence_, complete_)),
      test_{pair_.source, pair_.binary, &loaded.source, &loaded.image} {
  test_.facts = &loaded.facts;
  test_.x18_reserved = loaded.x18_reserved;
  add_contracts();
  add_bodies();
  test_.bodies = &bodies_;
}

namespace {

/// Inlines what has no code of its own, as far as the graph stays small.
void inline_helpers(ir::Function& function, const ir::Module& source, const check::Surroundings& around) {
  constexpr std::size_t node_limit = 3000;
  for (bool changed = true; changed;) {
    changed = false;
    for (ir::Graph::NodeId node : ir::reverse_post_order(function.graph)) {
      const auto* call = std::get_if<ir::Call>(&function.graph.at(node).node);
      if (call == nullptr || call->symbol.empty() || call->symbol == function.symbol) continue;
      const auto callee = source.functions.find(call->symbol);
      if (callee == source.functions.end() || around.address_of("@" + call->symbol)) continue;
      if (function.graph.size() + callee->second.graph.size() > node_limit) return;
      ir::inline_source_call(function, node, callee->second);
      changed = true;
    }
  }
}

}  // namespace

/// What runs call is run with its helpers inlined: quicker, and it shows which words are pointers.
void TestPair::add_bodies() {
  std::vector<const ir::Function*> work{&pair_.source};
  while (!work.empty()) {
    const ir::Function& caller = *work.back();
    work.pop_back();
    for (ir::Graph::NodeId node = 0; node < caller.graph.size(); ++node) {
      const auto* call = std::get_if<ir::Call>(&caller.graph.at(node).node);
      if (call == nullptr) continue;
      const auto callee = loaded_.source.functions.find(call->symbol);
      if (callee == loaded_.source.functions.end()) continue;
      const auto [body, is_new] = bodies_.emplace(call->symbol, callee->second);
      if (!is_new) continue;
      inline_helpers(body->second, loaded_.source, around_);
      work.push_back(&body->second);
    }
  }
}

/// The contracts that the prover relies on: a run that breaks one refutes nothing.
void TestPair::add_contracts() {
  for (ir::Graph::NodeId node = 0; node < pair_.binary.graph.size(); ++node) {
    const auto* call = std::get_if<ir::Call>(&pair_.binary.graph.at(node).node);
    if (call == nullptr || !call->target || !call->target.is_constant()) continue;
    const std::uint64_t address = call->target.value64();
    const auto key = loaded_.binary.facts.at.find(address);
    if (key == loaded_.binary.facts.at.end() || test_.callees.contains(call->symbol)) continue;
    replay::CalleeContract& contract = test_.callees[call->symbol];
    contract.preserved = preserved_registers(loaded_.binary, key->second);
    contract.writes_memory = !around_.writes_no_memory(address);
    const ir::Function* body = around_.source_at(address);
    contract.opaque = body != nullptr && is_opaque(*body);
  }
}

bool TestPair::calls_what_was_not_lifted() const {
  const ir::Graph& graph = pair_.source.graph;
  return std::ranges::any_of(ir::reverse_post_order(graph), [&](ir::Graph::NodeId node) {
    const auto* call = std::get_if<ir::Call>(&graph.at(node).node);
    return call != nullptr && loaded_.source.failed.contains(call->symbol);
  });
}

std::set<std::uint64_t> TestPair::transparent_callees(const replay::Event* source, const replay::Event* binary) const {
  std::set<std::uint64_t> result;
  for (const replay::Event* event : {source, binary}) {
    if (event == nullptr || event->kind != replay::EventKind::call || event->target == 0) continue;
    const ir::Function* body = around_.source_at(event->target);
    if (body == nullptr || around_.binary_body(event->target) == nullptr) continue;
    if (!is_opaque(*body)) result.insert(event->target);
  }
  return result;
}

}  // namespace validator::app
