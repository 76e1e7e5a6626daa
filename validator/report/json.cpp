// SPDX-License-Identifier: Apache-2.0
#include "validator/report/json.hpp"

#include <fmt/format.h>

#include "validator/report/findings.hpp"

namespace validator::report {
namespace {

std::string hex(std::uint64_t address) { return fmt::format("{:#x}", address); }

Json source_json(const ir::Location& where) {
  if (where.file.empty()) return nullptr;
  return {{"file", where.file}, {"line", where.line}};
}

Json assumptions_json(const std::vector<Assumption>& assumptions) {
  Json list = Json::array();
  for (const Assumption& a : assumptions) list.push_back({{"id", a.id}, {"scope", a.scope}});
  return list;
}

Json summary_json(const Summary& summary) {
  Json json;
  json["functions"] = summary.functions;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    json[std::string(verdict_name(static_cast<Verdict>(i)))] = summary.by_verdict[i];
  }
  json["baselined"] = summary.baselined;
  Json bytes;
  bytes["total"] = summary.bytes.text;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (static_cast<Verdict>(i) == Verdict::inlined) continue;
    bytes[std::string(verdict_name(static_cast<Verdict>(i)))] = summary.bytes.by_verdict[i];
  }
  bytes["literal"] = summary.bytes.literal;
  bytes["padding"] = summary.bytes.padding;
  bytes["veneer"] = summary.bytes.veneer;
  bytes["unaccounted"] = summary.bytes.unaccounted;
  json["text_bytes"] = std::move(bytes);
  json["data"] = {{"objects", summary.data_objects}, {"differs", summary.data_differs}};
  return json;
}

Json function_json(const FunctionRow& row) {
  const Outcome& outcome = row.outcome;
  Json json;
  json["symbol"] = row.symbol;
  json["display"] = row.display;
  json["unit"] = row.unit;
  json["source"] = source_json(row.source);
  json["address"] = row.bytes == 0 ? Json(nullptr) : Json(hex(row.address));
  json["size"] = row.bytes;
  json["verdict"] = verdict_name(outcome.verdict);
  json["reason"] = outcome.reason;
  json["text"] = outcome.text;
  json["details"] = outcome.details;
  json["assumptions"] = assumptions_json(outcome.assumptions);
  json["contract"] = outcome.contract;
  json["inlined_sources"] = outcome.inlined_sources;
  Json covers = Json::array();
  for (const Covered& c : row.covers) {
    covers.push_back({{"symbol", c.symbol}, {"address", hex(c.address)}, {"size", c.bytes}});
  }
  json["covers"] = std::move(covers);
  json["baselined"] = row.baselined;
  json["obligations"] = outcome.obligations;
  json["syntactic"] = outcome.syntactic;
  json["queries"] = outcome.queries;
  json["solver_units"] = outcome.solver_units;
  return json;
}

Json data_json(const DataRow& row) {
  return {{"symbol", row.symbol},  {"source", source_json(row.source)},
          {"address", row.address == 0 ? Json(nullptr) : Json(hex(row.address))},
          {"size", row.bytes},     {"result", data_result_name(row.result)},
          {"text", row.text}};
}

Json error_json(const ir::Error& error) {
  return {{"code", error.code},
          {"message", error.message},
          {"file", error.where.file},
          {"line", error.where.line},
          {"column", error.where.column}};
}

Json image_json(const ImageRow& image) {
  Json json;
  json["id"] = image.id;
  json["elf"] = image.elf;
  json["sha256"] = image.sha256;
  json["compiler"] = image.compiler;
  json["level"] = image.level;
  json["summary"] = summary_json(summarise(image));
  Json functions = Json::array();
  for (const FunctionRow& row : image.functions) functions.push_back(function_json(row));
  json["functions"] = std::move(functions);
  Json data = Json::array();
  for (const DataRow& row : image.data) data.push_back(data_json(row));
  json["data"] = std::move(data);
  Json errors = Json::array();
  for (const ir::Error& error : image.input_errors) errors.push_back(error_json(error));
  json["errors"] = std::move(errors);
  json["notes"] = image.notes;
  return json;
}

/// What depends on the machine, its load or the cache: kept apart so that the rest is reproducible.
Json timing_json(const Run& run) {
  Json json;
  json["seconds"] = run.seconds;
  json["jobs"] = run.jobs;
  Json images = Json::array();
  for (const ImageRow& image : run.images) {
    Json functions = Json::object();
    std::uint64_t cached = 0;
    for (const FunctionRow& row : image.functions) {
      cached += row.from_cache;
      if (!row.from_cache && row.outcome.seconds > 0) functions[row.symbol] = row.outcome.seconds;
    }
    images.push_back({{"id", image.id},
                      {"seconds", image.seconds},
                      {"lift_seconds", image.lift_seconds},
                      {"from_cache", cached},
                      {"functions", std::move(functions)}});
  }
  json["images"] = std::move(images);
  return json;
}

std::vector<std::string> strings(const Json& json, const char* key) {
  return json.at(key).get<std::vector<std::string>>();
}

}  // namespace

Json to_json(const Run& run) {
  Json json;
  json["schema"] = 1;
  json["tool"] = run.tool;
  json["complete"] = run.complete;
  json["selection"] = run.selection;
  json["left_out"] = run.left_out;
  json["passed"] = passes(run);
  json["summary"] = summary_json(summarise(run));
  Json images = Json::array();
  for (const ImageRow& image : run.images) images.push_back(image_json(image));
  json["images"] = std::move(images);
  json["stale_baseline"] = run.stale_baseline;
  json["timing"] = timing_json(run);
  return json;
}

std::string to_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json outcome_to_json(const Outcome& outcome) {
  Json json;
  json["verdict"] = verdict_name(outcome.verdict);
  json["reason"] = outcome.reason;
  json["text"] = outcome.text;
  json["details"] = outcome.details;
  json["assumptions"] = assumptions_json(outcome.assumptions);
  json["contract"] = outcome.contract;
  json["covers"] = outcome.covers;
  json["inlined_sources"] = outcome.inlined_sources;
  json["uses"] = outcome.uses;
  json["certificate"] = outcome.certificate;
  json["queries"] = outcome.queries;
  json["solver_units"] = outcome.solver_units;
  json["obligations"] = outcome.obligations;
  json["syntactic"] = outcome.syntactic;
  json["seconds"] = outcome.seconds;
  return json;
}

ir::Result<Outcome> outcome_from_json(const Json& json) {
  try {
    Outcome outcome;
    const auto name = json.at("verdict").get<std::string>();
    bool known = false;
    for (std::size_t i = 0; i < verdict_count && !known; ++i) {
      outcome.verdict = static_cast<Verdict>(i);
      known = verdict_name(outcome.verdict) == name;
    }
    if (!known) return ir::Error{"report-outcome", fmt::format("no verdict is called '{}'", name), {}};
    outcome.reason = json.at("reason").get<std::string>();
    outcome.text = json.at("text").get<std::string>();
    outcome.details = strings(json, "details");
    for (const Json& a : json.at("assumptions")) {
      outcome.assumptions.push_back({a.at("id").get<std::string>(), a.at("scope").get<std::string>()});
    }
    outcome.contract = json.at("contract").get<std::string>();
    outcome.covers = strings(json, "covers");
    outcome.inlined_sources = strings(json, "inlined_sources");
    outcome.uses = strings(json, "uses");
    outcome.certificate = json.at("certificate").get<std::string>();
    outcome.queries = json.at("queries").get<std::uint64_t>();
    outcome.solver_units = json.at("solver_units").get<std::uint64_t>();
    outcome.obligations = json.at("obligations").get<std::uint64_t>();
    outcome.syntactic = json.at("syntactic").get<std::uint64_t>();
    outcome.seconds = json.at("seconds").get<double>();
    return outcome;
  } catch (const nlohmann::json::exception& e) {
    return ir::Error{"report-outcome", e.what(), {}};
  }
}

}  // namespace validator::report
