// SPDX-License-Identifier: Apache-2.0
// See loop_shape.hpp.
#include "validator/search/loop_shape.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "validator/check/source_run.hpp"
#include "validator/search/trip_count.hpp"

namespace validator::search {

using check::Loop;
using ir::Graph;
using ir::Term;
using NodeId = Graph::NodeId;

namespace {

constexpr double event_weight = 4, exit_weight = 1, store_weight = 1.5, load_weight = 0.1, member_weight = 0.5;

bool is_private(Term address) {
  const auto variables = ir::variables_of(address);
  return std::any_of(variables.begin(), variables.end(),
                     [](Term variable) { return variable.name() == "SP" || variable.name().starts_with("%"); });
}

/// An access with its offset from whatever pointer: members keep theirs in most compilations.
Step access(const char* what, Term address, unsigned bytes, double weight) {
  const std::int64_t offset = ir::base_offset(address).offset;
  return offset == 0 ? Step{fmt::format("{} {}", what, bytes), weight}
                     : Step{fmt::format("{} {} at {}", what, bytes, offset), std::max(weight, member_weight)};
}

}  // namespace

LoopShapes::LoopShapes(const ir::Function& function, const check::Evidence& evidence)
    : function_(function),
      evidence_(evidence),
      loops_(live_loops(function.graph)),
      order_(ir::reverse_post_order(function.graph)) {
  std::vector<std::size_t> position(function.graph.size(), order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) position[order_[i]] = i;
  before_.assign(loops_.size(), std::vector<bool>(loops_.size()));
  for (std::size_t first = 0; first < loops_.size(); ++first) {
    std::vector<bool> reached(function.graph.size());
    reached[loops_[first].header] = true;
    for (NodeId node : order_) {
      if (!reached[node]) continue;
      for (NodeId next : function.graph.successors(node)) {
        if (next != Graph::none && position[next] > position[node]) reached[next] = true;
      }
    }
    for (std::size_t second = 0; second < loops_.size(); ++second) {
      before_[first][second] = first != second && reached[loops_[second].header] && !inside(second, first);
    }
  }
}

bool LoopShapes::inside(std::size_t inner, std::size_t outer) const {
  return inner != outer && loops_[outer].body.contains(loops_[inner].header);
}

bool LoopShapes::before(std::size_t first, std::size_t second) const { return before_[first][second]; }

std::vector<Step> LoopShapes::steps(std::size_t loop, NodeId start) const {
  const Loop& whole = loops_[loop];
  std::vector<NodeId> nodes;
  for (NodeId node : order_) {
    if (whole.body.contains(node)) nodes.push_back(node);
  }
  std::rotate(nodes.begin(), std::find(nodes.begin(), nodes.end(), start), nodes.end());
  std::vector<Step> result;
  for (NodeId node : nodes) {
    const ir::Node& content = function_.graph.at(node).node;
    if (auto* call = std::get_if<ir::Call>(&content)) {
      std::optional<std::uint64_t> address;
      if (!call->symbol.empty()) address = evidence_.address_of("@" + call->symbol);
      if (call->target && call->target.is_constant()) address = call->target.value64();
      result.push_back({address ? fmt::format("call {}", *address) : "call " + call->symbol, event_weight});
    } else if (auto* effect = std::get_if<ir::Effect>(&content)) {
      result.push_back({check::effect_key(*effect), event_weight});
    } else if (auto* store = std::get_if<ir::Store>(&content)) {
      if (!is_private(store->address)) result.push_back(access("store", store->address, store->bytes, store_weight));
    } else if (auto* load = std::get_if<ir::Load>(&content)) {
      if (!is_private(load->address)) result.push_back(access("load", load->address, load->bytes, load_weight));
    } else if (std::holds_alternative<ir::Cond>(content)) {
      const auto next = function_.graph.successors(node);
      if (whole.body.contains(next[0]) != whole.body.contains(next[1])) result.push_back({"exit", exit_weight});
    }
  }
  return result;
}

double distance(const std::vector<Step>& left, const std::vector<Step>& right) {
  std::vector<double> row(right.size() + 1);
  for (std::size_t j = 0; j < right.size(); ++j) row[j + 1] = row[j] + right[j].weight;
  for (const Step& step : left) {
    double diagonal = row[0];
    row[0] += step.weight;
    for (std::size_t j = 0; j < right.size(); ++j) {
      double best = std::min(row[j] + right[j].weight, row[j + 1] + step.weight);
      if (step.text == right[j].text) best = std::min(best, diagonal);
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row.back();
}

}  // namespace validator::search
