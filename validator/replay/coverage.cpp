// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/coverage.hpp"

#include <algorithm>
#include <bit>

namespace validator::replay {

Coverage::Counts& Coverage::of(const ir::Function& function) {
  const auto [at, is_new] = counts_.try_emplace(&function);
  if (is_new) {
    const std::size_t nodes = function.graph.size();
    at->second.now_.resize(nodes);
    for (auto& seen : at->second.seen_) seen.resize(nodes);
  }
  return at->second;
}

bool Coverage::is_new(bool agreed) {
  bool result = false;
  for (auto& [function, counts] : counts_) {
    for (const ir::Graph::NodeId node : counts.passed_) {
      const auto magnitude =
          static_cast<std::uint8_t>(1U << std::min<unsigned>(std::bit_width(counts.now_[node] - 1U), 7));
      const auto known =
          static_cast<std::uint8_t>(counts.seen_[0][node] | (agreed ? std::uint8_t{0} : counts.seen_[1][node]));
      result |= (known & magnitude) == 0;
      counts.seen_[agreed ? 0 : 1][node] |= magnitude;
      counts.now_[node] = 0;
    }
    counts.passed_.clear();
  }
  return result;
}

}  // namespace validator::replay
