// SPDX-License-Identifier: Apache-2.0
#include "validator/app/callers.hpp"

#include <algorithm>

namespace validator::app {
namespace {

constexpr std::size_t most_ways = 4;

const binary::FunctionFacts* facts_of(const Loaded& loaded, const std::string& symbol) {
  const auto found = loaded.binary.facts.functions.find(symbol);
  return found == loaded.binary.facts.functions.end() ? nullptr : &found->second;
}

bool has_both_halves(const Loaded& loaded, const std::string& symbol) {
  return loaded.source.functions.contains(symbol) && loaded.binary.module.functions.contains(symbol);
}

bool is_recursive(const Loaded& loaded, const binary::FunctionFacts& facts) {
  return loaded.binary.facts.components.at(facts.component).size() > 1 ||
         std::ranges::binary_search(facts.callees, facts.symbol);
}

/// Members of `locals` that a call of the root may run before it comes to another function.
std::set<std::string> reached(const Loaded& loaded, const std::string& root, const std::set<std::string>& locals) {
  std::set<std::string> result;
  std::vector<std::string> work{root};
  while (!work.empty()) {
    const binary::FunctionFacts* facts = facts_of(loaded, work.back());
    work.pop_back();
    for (const std::string& callee : facts->callees) {
      if (locals.contains(callee) && result.insert(callee).second) work.push_back(callee);
    }
  }
  return result;
}

}  // namespace

bool may_refute(const Loaded& loaded, const std::string& symbol) {
  const binary::FunctionFacts* facts = facts_of(loaded, symbol);
  return facts != nullptr && (!facts->local || facts->address_taken);
}

std::vector<Way> ways_into(const Loaded& loaded, const std::string& symbol) {
  const binary::FunctionFacts* own = facts_of(loaded, symbol);
  if (own == nullptr || may_refute(loaded, symbol) || !has_both_halves(loaded, symbol)) return {};
  std::set<std::string> locals{symbol}, roots;
  for (std::vector<std::string> work{symbol}; !work.empty();) {
    const binary::FunctionFacts* facts = facts_of(loaded, work.back());
    work.pop_back();
    if (facts == nullptr || is_recursive(loaded, *facts)) return {};
    for (const std::string& caller : facts->callers) {
      if (!has_both_halves(loaded, caller)) continue;
      if (may_refute(loaded, caller))
        roots.insert(caller);
      else if (locals.insert(caller).second)
        work.push_back(caller);
    }
  }
  std::vector<Way> ways;
  for (const std::string& root : roots) {
    Way way{root, {}};
    for (const std::string& local : reached(loaded, root, locals)) way.inlined.insert(facts_of(loaded, local)->address);
    ways.push_back(std::move(way));
  }
  std::stable_sort(ways.begin(), ways.end(), [&](const Way& a, const Way& b) {
    return std::pair(a.inlined.size(), facts_of(loaded, a.root)->bytes) <
           std::pair(b.inlined.size(), facts_of(loaded, b.root)->bytes);
  });
  if (ways.size() > most_ways) ways.resize(most_ways);
  return ways;
}

}  // namespace validator::app
