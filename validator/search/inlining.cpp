// SPDX-License-Identifier: Apache-2.0
// See inlining.hpp.
#include "validator/search/inlining.hpp"

#include <map>

namespace validator::search {

std::set<std::uint64_t> partly_inlined(const Pair& pair, const check::Evidence& evidence) {
  std::map<std::uint64_t, int> balance;
  check::for_each_call(pair.source, [&](ir::Graph::NodeId, const ir::Call& call) {
    const auto address = call.symbol.empty() ? std::nullopt : evidence.address_of("@" + call.symbol);
    if (address) ++balance[*address];
  });
  check::for_each_call(pair.binary, [&](ir::Graph::NodeId, const ir::Call& call) {
    if (auto target = check::target_of(call)) --balance[*target];
  });
  std::set<std::uint64_t> result;
  for (const auto& [address, difference] : balance) {
    if (difference != 0 && evidence.is_pair(address)) result.insert(address);
  }
  return result;
}

}  // namespace validator::search
