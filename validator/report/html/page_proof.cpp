// SPDX-License-Identifier: Apache-2.0
// What a certificate says, and which obligations it led to. The runs of check/ write them down again. That those of a
// proved function hold is the verdict's word; of an attempt that failed each is tried once more, with few solver units.
#include <algorithm>
#include <map>
#include <tuple>
#include <type_traits>

#include <fmt/format.h>

#include "validator/check/binary_run.hpp"
#include "validator/check/discharge.hpp"
#include "validator/check/kinds.hpp"
#include "validator/check/memory_order.hpp"
#include "validator/check/node_terms.hpp"
#include "validator/report/html/page.hpp"

namespace validator::report::html {
namespace {

using ir::Graph;

/// For each node of a reshaped graph the node that it is a copy of: shapes only add copies, which do what their
/// original does.
std::vector<Graph::NodeId> originals(const Graph& before, const Graph& after) {
  using Key =
      std::tuple<std::size_t, std::uint64_t, std::string, std::uint32_t, std::uint32_t, std::vector<std::uint32_t>>;
  const auto key_of = [](const ir::NodeData& data) {
    std::vector<std::uint32_t> terms;
    check::for_each_read(data.node, [&](ir::Term term) { terms.push_back(term ? term.id() : 0); });
    return Key{data.node.index(), data.address, data.where.file, data.where.line, data.where.column, std::move(terms)};
  };
  std::map<Key, Graph::NodeId> first;
  for (Graph::NodeId node = 0; node < before.size(); ++node) first.try_emplace(key_of(before.at(node)), node);
  std::vector<Graph::NodeId> result(after.size());
  for (Graph::NodeId node = 0; node < after.size(); ++node) {
    if (node < before.size()) {
      result[node] = node;
      continue;
    }
    const auto found = first.find(key_of(after.at(node)));
    result[node] = found == first.end() ? Graph::none : found->second;
  }
  return result;
}

std::string place_text(const check::Place& place) {
  if (place.bytes == 0) return name_text(place.variable);
  const std::string offset =
      place.offset == 0 ? "" : fmt::format("{}{:#x}", place.offset < 0 ? "-" : "+", std::abs(place.offset));
  return fmt::format("u{}[{}{}]", 8 * place.bytes, place.variable.empty() ? "entry sp" : name_text(place.variable),
                     offset);
}

/// What a node computes, under the name that it gives it.
std::string value_text(const Graph& graph, const check::SourceValue& value) {
  if (value.node >= graph.size()) return "?";
  const ir::Node& node = graph.at(value.node).node;
  if (const auto* load = std::get_if<ir::Load>(&node))
    return fmt::format("u{}[{}]", 8 * load->bytes, term_text(load->address));
  if (const auto* basic = std::get_if<ir::Basic>(&node); basic != nullptr && value.index < basic->assignments.size()) {
    const ir::Binding& binding = basic->assignments[value.index];
    return fmt::format("{} = {}", name_text(binding.variable.name()), term_text(binding.value));
  }
  return "?";
}

template <typename Set>
Json names_json(const Set& names) {
  Json list = Json::array();
  for (const auto& name : names) {
    if constexpr (std::is_same_v<std::decay_t<decltype(name)>, check::Place>)
      list.push_back(place_text(name));
    else
      list.push_back(name_text(name));
  }
  return list;
}

class Parts {
 public:
  Parts(const Attempt& attempt, const PageInput& input) : attempt_(attempt), input_(input), shaped_(attempt.pair) {
    for (const check::Reshape& how : attempt.saved.reshapes) {
      Graph& graph = how.binary ? shaped_.binary.graph : shaped_.source.graph;
      complete_ = check::reshape(graph, how) && complete_;
    }
    source_ = originals(attempt.pair.source.graph, shaped_.source.graph);
    binary_ = originals(attempt.pair.binary.graph, shaped_.binary.graph);
  }

  Json shapes() const {
    Json list = Json::array();
    for (const check::Reshape& how : attempt_.saved.reshapes) {
      using Kind = check::Reshape::Kind;
      const std::string what = how.kind == Kind::rotate   ? "its iterations begin at another place"
                               : how.kind == Kind::unroll ? fmt::format("{} iterations count as one", how.number)
                                                          : fmt::format("the first {} run in front of it", how.number);
      list.push_back(
          {{"half", how.binary ? "binary" : "source"}, {"block", block(how.binary, how.header)}, {"text", what}});
    }
    return list;
  }

  Json cuts() const {
    Json list = Json::array();
    for (const check::Cut& cut : attempt_.saved.certificate.cuts) {
      Json relations = Json::array(), invariants = Json::array();
      for (const auto& [place, term] : cut.relations) relations.push_back({place_text(place), term_text(term)});
      for (const ir::Term invariant : cut.invariants) invariants.push_back(term_text(invariant));
      list.push_back({{"source", block(false, cut.source_header)},
                      {"binary", block(true, cut.binary_header)},
                      {"memory", cut.memory},
                      {"events", cut.count},
                      {"relations", std::move(relations)},
                      {"invariants", std::move(invariants)},
                      {"source_changes", names_json(cut.source_variables)},
                      {"source_places", names_json(cut.source_places)},
                      {"binary_changes", names_json(cut.binary_variables)},
                      {"binary_places", names_json(cut.binary_places)}});
    }
    return list;
  }

  Json meetings() const {
    Json list = Json::array();
    for (const auto& [node, meeting] : attempt_.saved.certificate.meetings) {
      Json values = Json::array();
      for (const auto& [variable, value] : meeting.values) {
        values.push_back({name_text(variable), value_text(shaped_.source.graph, value), block(false, value.node)});
      }
      list.push_back({{"binary", block(true, node)},
                      {"path", meeting.path ? block(false, *meeting.path) : -1},
                      {"memory", meeting.memory ? block(false, *meeting.memory) : -1},
                      {"values", std::move(values)}});
    }
    return list;
  }

  Json placements() const {
    Json list = Json::array();
    for (const auto& [local, offset] : attempt_.saved.certificate.placements)
      list.push_back({name_text(local), offset});
    return list;
  }

  /// Rows [kind, meaning, place, block, how many, status], in the order in which the run meets them. Status: "terms",
  /// "solver" (it holds), "open" (the verdict's reason), "not decided", "not tried".
  Json obligations() const;

 private:
  /// Of the drawn graph; -1: none.
  int block(bool binary, Graph::NodeId node) const {
    const std::vector<Graph::NodeId>& map = binary ? binary_ : source_;
    const Blocks& blocks = (binary ? input_.binary : input_.source).blocks;
    if (node >= map.size() || map[node] == Graph::none || map[node] >= blocks.block_of.size()) return -1;
    const std::size_t at = blocks.block_of[map[node]];
    return at == Blocks::none ? -1 : static_cast<int>(at);
  }

  int block_at(std::uint64_t address) const {
    const Graph& graph = attempt_.pair.binary.graph;
    for (Graph::NodeId node = 0; node < graph.size(); ++node) {
      if (graph.at(node).address == address && input_.binary.blocks.block_of[node] != Blocks::none)
        return block(true, node);
    }
    return -1;
  }

  const Attempt& attempt_;
  const PageInput& input_;
  check::Pair shaped_;
  bool complete_ = true;
  std::vector<Graph::NodeId> source_, binary_;
};

std::string_view meaning_of(const std::string& kind) {
  const std::string family = check::family_of(kind);
#define OBLIGATION(name, text) \
  if (family == name) return text;
#define FACT(name, text)
#include "validator/check/kinds.def"
#undef OBLIGATION
#undef FACT
  return "";
}

/// What became of each obligation.
class Statuses {
 public:
  Statuses(const Outcome& outcome, const check::SourceRun& source, const check::BinaryRun& binary)
      : proved_(outcome.verdict == Verdict::proved), discharger_(Limits{.query_units = question_units}) {
    if (!proved_ && !outcome.details.empty()) open_ = outcome.details.front();
    std::vector<check::Fact> facts = source.facts;
    facts.insert(facts.end(), binary.facts.begin(), binary.facts.end());
    discharger_.set_facts(std::move(facts));
    discharger_.allow(page_units);
    for (const check::Obligation& obligation : binary.obligations)
      open_ones_ += is_open_by_name(obligation) && !holds_as_terms(obligation);
  }

  std::string_view of(const check::Obligation& obligation) {
    if (holds_as_terms(obligation)) return "terms";
    if (proved_) return "solver";
    if (is_open_by_name(obligation) && (--open_ones_ == 0 || !is_shown(obligation))) {
      open_.clear();
      return "open";
    }
    if (discharger_.is_spent()) return "not tried";
    return is_shown(obligation) ? "solver" : "not decided";
  }

 private:
  bool is_open_by_name(const check::Obligation& obligation) const {
    return !open_.empty() && open_ == fmt::format("open: {} at {}", obligation.kind, obligation.text);
  }
  /// As the checker closes it, before any solver is asked.
  bool holds_as_terms(const check::Obligation& obligation) {
    ir::Term goal = obligation.goal;
    if (!goal) goal = ir::eq(order_.normal(obligation.left), order_.normal(obligation.right));
    return ir::implies(obligation.guard, goal).is_true();
  }
  bool is_shown(const check::Obligation& obligation) {
    return discharger_.ask_cheaply(obligation) == ir::Answer::valid;
  }

  /// A page must not cost what a proof costs.
  static constexpr std::uint64_t question_units = 1'000'000, page_units = 10'000'000;

  const bool proved_;
  std::string open_;           ///< as the outcome names the one that failed, until it is met
  std::size_t open_ones_ = 0;  ///< that have this name, until it is met
  check::MemoryOrder order_;
  check::Discharger discharger_;
};

Json Parts::obligations() const {
  Json list = Json::array();
  if (!complete_) return list;
  check::SourceRun source(shaped_.source, attempt_.evidence, attempt_.saved.certificate);
  source.execute();
  source.finish();
  check::BinaryRun binary(shaped_.binary, attempt_.evidence, attempt_.saved.certificate, source);
  binary.execute();
  binary.finish();

  Statuses statuses(input_.row.outcome, source, binary);
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> known;
  for (const check::Obligation& obligation : binary.obligations) {
    const std::string status(statuses.of(obligation));
    const auto [at, is_new] = known.try_emplace({obligation.kind, obligation.text, status}, list.size());
    if (!is_new) {
      list[at->second][4] = list[at->second][4].get<int>() + 1;
      continue;
    }
    const bool has_address = obligation.text.starts_with("0x");
    const int at_block = has_address ? block_at(std::stoull(obligation.text, nullptr, 16)) : -1;
    list.push_back({obligation.kind, meaning_of(obligation.kind), obligation.text, at_block, 1, status});
  }
  return list;
}

}  // namespace

Json attempt_json(const Attempt& attempt, const FunctionRow& row, const PageInput& input) {
  const Parts parts(attempt, input);
  Json json;
  json["found"] = row.outcome.verdict == Verdict::proved;
  json["shapes"] = parts.shapes();
  json["cuts"] = parts.cuts();
  json["meetings"] = parts.meetings();
  json["placements"] = parts.placements();
  try {
    json["obligations"] = parts.obligations();
  } catch (const check::Unprovable& failure) {
    json["obligations"] = Json::array();
    json["problem"] = failure.what();
  }
  return json;
}

}  // namespace validator::report::html
