// SPDX-License-Identifier: Apache-2.0
// See pairing.hpp. Best first: a proposal is a variant of the pair (which loops of constant length are copied out), an
// assignment of source loops to binary loops, and a shape for each; its cost adds up what looks different.
#include "validator/search/pairing.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "validator/search/loop_shape.hpp"
#include "validator/search/variants.hpp"

namespace validator::search {

using Kind = check::Reshape::Kind;
using check::Unprovable;
using ir::Graph;
using NodeId = Graph::NodeId;

namespace {

constexpr std::size_t beam_width = 64;
constexpr double unpaired_cost = 40, peel_cost = 0.7, unroll_cost = 0.3, order_cost = 0.01, doubt_cost = 1.5;
/// Proposals that look that much worse than the best one are not worth their time.
constexpr double cost_slack = 6;
/// How often a source loop without a partner and without a known length is copied out.
constexpr unsigned unknown_copies[] = {8, 64};
constexpr unsigned peel_limit = 2, unroll_limit = 8;

/// How a source loop is brought into the shape of its partner.
struct Shape {
  NodeId start = 0;       ///< where an iteration begins
  unsigned peeled = 0;    ///< iterations that run before the loop proper
  unsigned unrolled = 1;  ///< iterations for one of the partner's
  double cost = 0;
};

std::vector<Step> without_offsets(std::vector<Step> steps) {
  for (Step& step : steps) step.text = step.text.substr(0, step.text.find(" at "));
  return steps;
}

std::vector<Shape> shapes_of(const Graph& graph, const LoopShapes& sources, std::size_t source,
                             const std::vector<Step>& wanted) {
  std::vector<Shape> shapes;
  for (NodeId start : check::rotation_points(graph, sources.loops()[source])) {
    const std::vector<Step> once = sources.steps(source, start);
    const double alike = distance(once, wanted), roughly = distance(without_offsets(once), without_offsets(wanted));
    std::vector<Step> steps;
    for (unsigned times = 1; times <= unroll_limit && (times - 1) * once.size() <= wanted.size(); ++times) {
      steps.insert(steps.end(), once.begin(), once.end());
      // Offsets of the iterations differ.
      const double cost =
          times == 1 ? alike : distance(without_offsets(steps), without_offsets(wanted)) + unroll_cost * (times - 1);
      if (times > 1 && cost >= roughly) continue;
      for (unsigned peeled = 0; peeled <= peel_limit; ++peeled)
        shapes.push_back({start, peeled, times, cost + peel_cost * peeled * peeled});
    }
  }
  std::stable_sort(shapes.begin(), shapes.end(), [](const Shape& a, const Shape& b) { return a.cost < b.cost; });
  return shapes;
}

/// For each binary loop a source loop.
struct Assignment {
  std::vector<std::size_t> chosen;
  double cost = 0;
};

struct Loops {
  Loops(const Variant& variant, const check::Evidence& evidence)
      : source(variant.pair.source, evidence), binary(variant.pair.binary, evidence) {
    for (std::size_t b = 0; b < binary.loops().size(); ++b) {
      const std::vector<Step> wanted = binary.steps(b, binary.loops()[b].header);
      shapes.emplace_back();
      for (std::size_t s = 0; s < source.loops().size(); ++s) {
        shapes.back().push_back(shapes_of(variant.pair.source.graph, source, s, wanted));
      }
    }
  }

  bool compatible(std::size_t b, std::size_t s, const std::vector<std::size_t>& chosen) const {
    for (std::size_t other = 0; other < chosen.size(); ++other) {
      const std::size_t theirs = chosen[other];
      if (theirs == s || binary.inside(b, other) != source.inside(s, theirs) ||
          binary.inside(other, b) != source.inside(theirs, s))
        return false;
      if (binary.before(other, b) && source.before(s, theirs) && !source.before(theirs, s)) return false;
      if (binary.before(b, other) && source.before(theirs, s) && !source.before(s, theirs)) return false;
    }
    return true;
  }

  /// The cheapest ways to assign, found with a beam.
  std::vector<Assignment> assignments() const {
    std::vector<Assignment> partial{{}};
    const std::size_t sources = source.loops().size();
    for (std::size_t b = 0; b < binary.loops().size(); ++b) {
      std::vector<Assignment> longer;
      for (const Assignment& assignment : partial) {
        for (std::size_t s = 0; s < sources; ++s) {
          if (!compatible(b, s, assignment.chosen)) continue;
          Assignment next = assignment;
          next.chosen.push_back(s);
          next.cost += shapes[b][s].front().cost + order_cost * static_cast<double>(s > b ? s - b : b - s);
          longer.push_back(std::move(next));
        }
      }
      std::stable_sort(longer.begin(), longer.end(),
                       [](const Assignment& a, const Assignment& b) { return a.cost < b.cost; });
      if (longer.size() > beam_width) longer.resize(beam_width);
      partial = std::move(longer);
    }
    for (Assignment& assignment : partial)
      assignment.cost += unpaired_cost * static_cast<double>(sources - assignment.chosen.size());
    return partial;
  }

  LoopShapes source, binary;
  std::vector<std::vector<std::vector<Shape>>> shapes;  ///< by binary and source loop, cheapest first
};

/// One point of the search; `pick` chooses among the shapes of each pair.
struct Proposal {
  double cost = 0;
  std::size_t variant = 0, assignment = 0;
  std::vector<std::size_t> pick;
  std::size_t moved = 0;      ///< picks before this one stay as they are, so that each combination is met once
  unsigned copies_index = 0;  ///< of unknown_copies
  double doubted = 0;         ///< part of the cost: what earlier failures say against its pairs
};

struct Costlier {
  bool operator()(const Proposal& a, const Proposal& b) const { return a.cost > b.cost; }
};

}  // namespace

struct Alignments::State {
  std::vector<Variant> variants;
  std::vector<std::unique_ptr<Loops>> loops;
  std::vector<std::vector<Assignment>> assignments;
  std::priority_queue<Proposal, std::vector<Proposal>, Costlier> queue;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, double> doubts;  ///< by variant, binary and source loop
  Proposal last;
  std::optional<double> cheapest;

  double doubt(const Proposal& proposal) const {
    const auto& chosen = assignments[proposal.variant][proposal.assignment].chosen;
    double result = 0;
    for (std::size_t b = 0; b < chosen.size(); ++b) {
      if (auto found = doubts.find({proposal.variant, b, chosen[b]}); found != doubts.end()) result += found->second;
    }
    return result;
  }

  /// The cheapest proposal, doubts included.
  Proposal pop() {
    for (;;) {
      Proposal proposal = queue.top();
      queue.pop();
      const double known = doubt(proposal);
      if (known <= proposal.doubted) return proposal;
      proposal.cost += known - proposal.doubted;
      proposal.doubted = known;
      queue.push(std::move(proposal));
    }
  }

  void push(std::size_t variant, std::size_t assignment, std::vector<std::size_t> pick, std::size_t moved,
            unsigned copies_index) {
    const Assignment& chosen = assignments[variant][assignment];
    double cost = variants[variant].cost + chosen.cost + copies_index;
    for (std::size_t b = 0; b < pick.size(); ++b) {
      const auto& shapes = loops[variant]->shapes[b][chosen.chosen[b]];
      cost += shapes[pick[b]].cost - shapes.front().cost;
    }
    queue.push({cost, variant, assignment, std::move(pick), moved, copies_index});
  }

  void push_successors(const Proposal& from) {
    const Assignment& chosen = assignments[from.variant][from.assignment];
    for (std::size_t b = from.moved; b < from.pick.size(); ++b) {
      if (from.pick[b] + 1 >= loops[from.variant]->shapes[b][chosen.chosen[b]].size()) continue;
      std::vector<std::size_t> pick = from.pick;
      ++pick[b];
      push(from.variant, from.assignment, std::move(pick), b, from.copies_index);
    }
    const bool all_paired = chosen.chosen.size() == loops[from.variant]->source.loops().size();
    if (!all_paired && from.copies_index + 1 < std::size(unknown_copies)) {
      push(from.variant, from.assignment, from.pick, from.pick.size(), from.copies_index + 1);
    }
  }

  Alignment build(const Proposal& proposal) const {
    const Variant& variant = variants[proposal.variant];
    const Loops& all = *loops[proposal.variant];
    const auto& chosen = assignments[proposal.variant][proposal.assignment].chosen;
    Alignment alignment{variant.pair, variant.reshapes, {}, variant.text};
    Graph& graph = alignment.pair.source.graph;
    const auto reshape = [&](check::Reshape::Kind kind, NodeId header, NodeId number) {
      if (check::reshape(graph, {kind, false, header, number})) alignment.reshapes.push_back({kind, false, header, number});
    };
    // Inner loops first, so that what an outer loop copies has its final shape.
    for (std::size_t s = all.source.loops().size(); s-- > 0;) {
      const NodeId header = all.source.loops()[s].header;
      const auto partner = std::find(chosen.begin(), chosen.end(), s);
      if (partner == chosen.end()) {
        reshape(Kind::peel, header, unknown_copies[proposal.copies_index]);
        continue;
      }
      const auto b = static_cast<std::size_t>(partner - chosen.begin());
      const Shape& shape = all.shapes[b][s][proposal.pick[b]];
      if (shape.peeled != 0) reshape(Kind::peel, header, shape.peeled);
      if (shape.start != header) reshape(Kind::rotate, header, shape.start);
      if (shape.unrolled > 1) reshape(Kind::unroll, shape.start, shape.unrolled);
    }
    for (std::size_t b = 0; b < chosen.size(); ++b) {
      const Shape& shape = all.shapes[b][chosen[b]][proposal.pick[b]];
      check::Cut cut;
      cut.source_header = shape.start;
      cut.binary_header = all.binary.loops()[b].header;
      alignment.certificate.cuts.push_back(cut);
      if (!alignment.text.empty()) alignment.text += ", ";
      alignment.text += fmt::format("line {} = 0x{:x}", graph.at(cut.source_header).where.line,
                                    alignment.pair.binary.graph.at(cut.binary_header).address);
      if (shape.peeled != 0) alignment.text += fmt::format(" after {}", shape.peeled);
      if (shape.unrolled > 1) alignment.text += fmt::format(" x{}", shape.unrolled);
    }
    return alignment;
  }
};

Alignments::Alignments(const Pair& pair, const check::Evidence& evidence) : state_(std::make_unique<State>()) {
  for (const ir::Function* function : {&pair.source, &pair.binary}) {
    if (!ir::loop_headers(function->graph).irreducible) continue;
    const char* side = function == &pair.source ? "source" : "binary";
    throw Unprovable(Verdict::unsupported, "irreducible", fmt::format("the {} graph is irreducible", side));
  }
  state_->variants = variants_of(pair);
  for (std::size_t variant = 0; variant < state_->variants.size(); ++variant) {
    state_->loops.push_back(std::make_unique<Loops>(state_->variants[variant], evidence));
    state_->assignments.push_back(state_->loops.back()->assignments());
    for (std::size_t assignment = 0; assignment < state_->assignments.back().size(); ++assignment) {
      const std::size_t cuts = state_->assignments.back()[assignment].chosen.size();
      state_->push(variant, assignment, std::vector<std::size_t>(cuts, 0), 0, 0);
    }
  }
  if (state_->queue.empty()) {
    const Loops& plain = *state_->loops.front();
    throw Unprovable(
        Verdict::unknown, "loop-pairing",
        fmt::format("{} source loops for {} binary loops", plain.source.loops().size(), plain.binary.loops().size()));
  }
}

Alignments::~Alignments() = default;

std::optional<Alignment> Alignments::next() {
  if (state_->queue.empty()) return std::nullopt;
  state_->last = state_->pop();
  const double own = state_->last.cost - state_->last.doubted;
  if (!state_->cheapest) state_->cheapest = own;
  if (own > *state_->cheapest + cost_slack) return std::nullopt;
  state_->push_successors(state_->last);
  return state_->build(state_->last);
}

void Alignments::entry_failed(std::size_t cut) {
  const Proposal& last = state_->last;
  state_->doubts[{last.variant, cut, state_->assignments[last.variant][last.assignment].chosen[cut]}] += doubt_cost;
}

}  // namespace validator::search
