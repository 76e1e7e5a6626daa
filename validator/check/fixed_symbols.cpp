// SPDX-License-Identifier: Apache-2.0
#include "validator/check/fixed_symbols.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "validator/check/loops.hpp"

namespace validator::check {
namespace {

using NodeId = ir::Graph::NodeId;

std::set<NodeId> body_of(const ir::Graph& graph, NodeId header) {
  for (const Loop& loop : find_loops(graph)) {
    if (loop.header == header) return loop.body;
  }
  return {};
}

/// The number that `text` begins with.
std::optional<std::size_t> leading_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

class Symbols {
 public:
  Symbols(const Certificate& certificate, const SourceRun& source, const BinaryRun& binary, std::size_t cut)
      : certificate_(certificate), source_(source), order_(ir::reverse_post_order(source.function().graph)), cut_(cut),
        source_body_(body_of(source.function().graph, certificate.cuts[cut].source_header)),
        binary_body_(body_of(binary.function().graph, certificate.cuts[cut].binary_header)) {
    // Only the left sides matter, which do not depend on who arrives.
    if (const auto first = source.first_arrivals.find(cut); first != source.first_arrivals.end()) {
      for (const auto& [symbol, value] : source.cut_substitution(cut, first->second)) own_.insert(symbol.name());
    }
  }

  bool is_fixed(const std::string& name) const {
    if (name.starts_with("at@")) return is_visited_before(std::string_view(name).substr(3));
    if (own_.contains(name)) return true;
    if (name.starts_with("result:")) return is_event_outside(std::string_view(name).substr(7));
    if (name.starts_with("memory:")) return is_event_outside(std::string_view(name).substr(7));
    if (name.starts_with("stack_argument@") || name.starts_with("indeterminate") || name.starts_with("unplaced:")) return true;
    if (const auto at = name.rfind('@'); at != std::string::npos) return is_cut_outside(std::string_view(name).substr(at + 1));
    return name.find(':') == std::string::npos;  // entry registers, flags, SP, memory, bases of locals
  }

 private:
  bool is_event_outside(std::string_view rest) const {
    const auto event = leading_number(rest);
    return event && *event < source_.events.size() && !source_body_.contains(source_.events[*event].node);
  }

  bool is_cut_outside(std::string_view rest) const {
    const auto cut = leading_number(rest);
    return cut && *cut < certificate_.cuts.size() && !source_body_.contains(certificate_.cuts[*cut].source_header) &&
           !binary_body_.contains(certificate_.cuts[*cut].binary_header);
  }

  /// Whether a cut is visited changes when it is: `this cut, or one behind it, is never visited` would be a fact of this cut's visits
  /// alone, and by that prove itself on arrival.
  bool is_visited_before(std::string_view rest) const {
    const auto cut = leading_number(rest);
    if (!cut || !is_cut_outside(rest)) return false;
    const auto position = [&](std::size_t of) { return std::find(order_.begin(), order_.end(), certificate_.cuts[of].source_header); };
    return position(*cut) < position(cut_);
  }

  const Certificate& certificate_;
  const SourceRun& source_;
  const std::vector<NodeId> order_;
  const std::size_t cut_;
  std::set<std::string> own_;
  std::set<NodeId> source_body_;
  std::set<NodeId> binary_body_;
};

}  // namespace

std::optional<std::string> moving_symbol(const Certificate& certificate, const SourceRun& source, const BinaryRun& binary) {
  for (std::size_t cut = 0; cut < certificate.cuts.size(); ++cut) {
    const Symbols symbols(certificate, source, binary, cut);
    std::vector<Term> terms = certificate.cuts[cut].invariants;
    for (const auto& [place, relation] : certificate.cuts[cut].relations) terms.push_back(relation);
    for (Term term : terms) {
      for (Term variable : ir::variables_of(term)) {
        if (!symbols.is_fixed(variable.name())) return fmt::format("loop {} relates to {}", cut, variable.name());
      }
    }
  }
  return std::nullopt;
}

}  // namespace validator::check
