// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/page.hpp"

#include <fmt/format.h>

namespace validator::report::html {
namespace {

Json facts_of(const FunctionRow& row) {
  const Outcome& outcome = row.outcome;
  Json json;
  json["details"] = outcome.details;
  Json assumptions = Json::array();
  for (const Assumption& a : outcome.assumptions) assumptions.push_back({a.id, a.scope});
  json["assumptions"] = std::move(assumptions);
  json["contract"] = outcome.contract;
  json["inlined"] = outcome.inlined_sources;
  Json covers = Json::array();
  for (const Covered& c : row.covers) covers.push_back({c.symbol, hex(c.address), c.bytes});
  json["covers"] = std::move(covers);
  json["obligations"] = outcome.obligations;
  json["syntactic"] = outcome.syntactic;
  json["queries"] = outcome.queries;
  return json;
}

void add_half(Listing& listing, const Half& half, bool binary) {
  if (half.function == nullptr) {
    listing.add_line(half.why_not.where);
    return;
  }
  for (const auto& block : half.blocks.nodes) {
    for (const ir::Graph::NodeId node : block) {
      const ir::NodeData& data = half.function->graph.at(node);
      if (binary && data.address != 0) listing.add_code(data.address, 4);
      if (!binary) listing.add_line(data.where);
    }
  }
}

std::string error_text(const ir::Error& error) {
  if (error.code.empty()) return {};
  return error.message.empty() ? error.code : fmt::format("{}: {}", error.code, error.message);
}

}  // namespace

Json bare_page(const FunctionRow& row, const std::string& note) {
  Json page = facts_of(row);
  page["note"] = note;
  return page;
}

Json page_of(PageInput input) {
  if (input.source.function != nullptr) input.source.blocks = blocks_of(input.source.function->graph);
  if (input.binary.function != nullptr) input.binary.blocks = blocks_of(input.binary.function->graph);
  Json page = bare_page(input.row, input.note);
  Listing listing(input.image, input.table, input.texts, input.disassemble);
  add_half(listing, input.source, false);
  add_half(listing, input.binary, true);
  listing.add_code(input.row.address, input.row.bytes);
  for (const Covered& c : input.row.covers) listing.add_code(c.address, c.bytes);
  listing.finish(input.row.source);
  listing.to_json(page);
  page["source"] = half_json(input.source, false, listing, input.display);
  page["binary"] = half_json(input.binary, true, listing, input.display);
  page["source_error"] = error_text(input.source.why_not);
  page["binary_error"] = error_text(input.binary.why_not);
  page["error_line"] = listing.line_index(input.source.why_not.where);
  page["pairs"] = pairs_json(input, listing);
  if (input.attempt != nullptr) page["proof"] = attempt_json(*input.attempt, input.row, input);
  if (input.failure != nullptr) page["trace"] = trace_json(*input.failure, input, listing);
  return page;
}

}  // namespace validator::report::html
