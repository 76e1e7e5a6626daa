// SPDX-License-Identifier: Apache-2.0
#include "validator/app/image_cache.hpp"

#include <algorithm>

#include "validator/report/image_json.hpp"

namespace validator::app {
namespace {

using report::FunctionRow;
using report::Json;
using source::FileQuestion;

/// Rows that no proof made (`assumed`, `inlined`, those left out on request) follow from the others and from the key.
bool may_store(const FunctionRow& row, bool undecided) {
  const Verdict verdict = row.outcome.verdict;
  const bool left_out = verdict == Verdict::not_run && row.outcome.reason == "baseline-skipped";
  return verdict == Verdict::assumed || verdict == Verdict::inlined || left_out || is_reusable(row.outcome, undecided);
}

bool is_from_proof(const FunctionRow& row) {
  return row.outcome.verdict == Verdict::refuted || !row.outcome.uses.empty();
}

Json trace_to_json(const source::FileTrace& trace) {
  Json json = Json::array();
  for (const FileQuestion& q : trace.questions) json.push_back({static_cast<unsigned>(q.kind), q.path, q.answer});
  return json;
}

/// Throws what nlohmann throws.
source::FileTrace trace_from_json(const Json& json) {
  source::FileTrace trace;
  for (const Json& q : json) {
    trace.questions.push_back({static_cast<FileQuestion::Kind>(q.at(0).get<unsigned>()), q.at(1).get<std::string>(),
                               q.at(2).get<std::string>()});
  }
  return trace;
}

}  // namespace

ImageCache::ImageCache(const CacheOptions& options)
    : store_(options.folder, "symbolon-image-1"), undecided_(options.undecided) {}

std::optional<report::ImageRow> ImageCache::find(const std::string& key) const {
  const std::optional<std::string> text = store_.find(key);
  if (!text) return std::nullopt;
  try {
    const Json json = Json::parse(*text);
    if (!still_holds(trace_from_json(json.at("files")))) return std::nullopt;
    ir::Result<report::ImageRow> row = report::image_from_json(json.at("image"));
    if (!row) return std::nullopt;
    for (FunctionRow& function : row->functions) {
      if (!may_store(function, undecided_)) return std::nullopt;
      function.from_cache = is_from_proof(function);
    }
    return *row;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void ImageCache::store(const std::string& key, const report::ImageRow& row, const source::FileTrace& files) const {
  if (!store_.enabled() || !files.steady || !row.input_errors.empty()) return;
  if (!std::all_of(row.functions.begin(), row.functions.end(),
                   [&](const FunctionRow& f) { return may_store(f, undecided_); }))
    return;
  const Json json = {{"files", trace_to_json(files)}, {"image", report::image_to_json(row)}};
  store_.store(key, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace validator::app
