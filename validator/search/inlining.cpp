// SPDX-License-Identifier: Apache-2.0
// See inlining.hpp.
#include "validator/search/inlining.hpp"

#include <map>

namespace validator::search {

namespace {

struct Calls {
  unsigned source = 0, binary = 0;
};

std::map<std::uint64_t, Calls> calls_of(const Pair& pair, const check::Evidence& evidence) {
  std::map<std::uint64_t, Calls> result;
  check::for_each_call(pair.source, [&](ir::Graph::NodeId, const ir::Call& call) {
    const auto address = call.symbol.empty() ? std::nullopt : evidence.address_of("@" + call.symbol);
    if (address) ++result[*address].source;
  });
  check::for_each_call(pair.binary, [&](ir::Graph::NodeId, const ir::Call& call) {
    if (auto target = check::target_of(call)) ++result[*target].binary;
  });
  return result;
}

}  // namespace

std::set<std::uint64_t> partly_inlined(const Pair& pair, const check::Evidence& evidence) {
  std::set<std::uint64_t> result;
  for (const auto& [address, calls] : calls_of(pair, evidence)) {
    if (calls.source != calls.binary && evidence.is_pair(address)) result.insert(address);
  }
  return result;
}

std::set<std::uint64_t> wholly_inlined(const Pair& pair, const check::Evidence& evidence) {
  std::set<std::uint64_t> result;
  for (const auto& [address, calls] : calls_of(pair, evidence)) {
    if (calls.source != 0 && calls.binary == 0 && evidence.is_pair(address)) result.insert(address);
  }
  return result;
}

}  // namespace validator::search
