// SPDX-License-Identifier: Apache-2.0
// Blocks that belong together because of what they do. The proof matches events by how many happened before them; here
// it is enough that both call one callee, or have one effect, and that the line table does not speak against it.
#include <map>
#include <set>

#include "validator/report/html/page.hpp"

namespace validator::report::html {
namespace {

struct Place {
  std::size_t block = 0;
  int line = -1;
};

std::string key_of(const ir::Node& node) {
  if (const auto* call = std::get_if<ir::Call>(&node)) return call->symbol.empty() ? "" : "call " + call->symbol;
  if (const auto* effect = std::get_if<ir::Effect>(&node)) return "effect " + effect->detail;
  return {};
}

std::map<std::string, std::vector<Place>> events_of(const Half& half, bool binary, const Listing& listing) {
  std::map<std::string, std::vector<Place>> events;
  for (std::size_t block = 0; block < half.blocks.nodes.size(); ++block) {
    for (const ir::Graph::NodeId node : half.blocks.nodes[block]) {
      const ir::NodeData& data = half.function->graph.at(node);
      const std::string key = key_of(data.node);
      if (key.empty()) continue;
      const int code = binary ? listing.code_index(data.address) : -1;
      const int line = binary ? (code < 0 ? -1 : listing.line_of_code(code)) : listing.line_index(data.where);
      events[key].push_back({block, line});
    }
  }
  return events;
}

}  // namespace

Json pairs_json(const PageInput& input, const Listing& listing) {
  Json list = Json::array();
  if (input.source.blocks.nodes.empty() || input.binary.blocks.nodes.empty()) return list;
  std::set<std::pair<std::size_t, std::size_t>> known;
  const auto add = [&](std::size_t source, std::size_t binary, const char* why) {
    if (known.emplace(source, binary).second) list.push_back({source, binary, why});
  };
  add(0, 0, "entry");
  const auto source = events_of(input.source, false, listing), binary = events_of(input.binary, true, listing);
  for (const auto& [key, ours] : binary) {
    const auto theirs = source.find(key);
    if (theirs == source.end()) continue;
    for (const Place& place : ours) {
      bool by_line = false;
      for (const Place& other : theirs->second) {
        if (place.line < 0 || place.line != other.line) continue;
        by_line = true;
        add(other.block, place.block, "event");
      }
      if (!by_line && theirs->second.size() == 1) add(theirs->second.front().block, place.block, "event");
    }
  }
  return list;
}

}  // namespace validator::report::html
