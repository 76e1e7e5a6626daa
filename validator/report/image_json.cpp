// SPDX-License-Identifier: Apache-2.0
#include "validator/report/image_json.hpp"

namespace validator::report {
namespace {

Json location_json(const ir::Location& where) { return {where.file, where.line, where.column}; }

ir::Location location_from(const Json& json) {
  return {json.at(0).get<std::string>(), json.at(1).get<std::uint32_t>(), json.at(2).get<std::uint32_t>()};
}

Json function_to_json(const FunctionRow& row) {
  Json covers = Json::array();
  for (const Covered& c : row.covers) covers.push_back({c.symbol, c.address, c.bytes});
  return {{"symbol", row.symbol},
          {"display", row.display},
          {"unit", row.unit},
          {"source", location_json(row.source)},
          {"address", row.address},
          {"bytes", row.bytes},
          {"outcome", outcome_to_json(row.outcome)},
          {"covers", std::move(covers)}};
}

/// Throws what nlohmann throws; an Outcome that cannot be read is reported the same way.
FunctionRow function_from(const Json& json) {
  FunctionRow row;
  row.symbol = json.at("symbol").get<std::string>();
  row.display = json.at("display").get<std::string>();
  row.unit = json.at("unit").get<std::string>();
  row.source = location_from(json.at("source"));
  row.address = json.at("address").get<std::uint64_t>();
  row.bytes = json.at("bytes").get<std::uint64_t>();
  ir::Result<Outcome> outcome = outcome_from_json(json.at("outcome"));
  if (!outcome) throw std::runtime_error(outcome.error().message);
  row.outcome = std::move(*outcome);
  for (const Json& c : json.at("covers")) {
    row.covers.push_back({c.at(0).get<std::string>(), c.at(1).get<std::uint64_t>(), c.at(2).get<std::uint64_t>()});
  }
  return row;
}

Json data_to_json(const DataRow& row) {
  return {{"symbol", row.symbol}, {"source", location_json(row.source)},         {"address", row.address},
          {"bytes", row.bytes},   {"result", static_cast<unsigned>(row.result)}, {"text", row.text}};
}

DataRow data_from(const Json& json) {
  const auto result = json.at("result").get<unsigned>();
  if (result > static_cast<unsigned>(DataResult::unsupported)) throw std::runtime_error("no such data result");
  return {json.at("symbol").get<std::string>(),    location_from(json.at("source")),
          json.at("address").get<std::uint64_t>(), json.at("bytes").get<std::uint64_t>(),
          static_cast<DataResult>(result),         json.at("text").get<std::string>()};
}

Json bytes_to_json(const ByteCounts& bytes) {
  return {{"text", bytes.text},       {"by_verdict", bytes.by_verdict}, {"literal", bytes.literal},
          {"padding", bytes.padding}, {"veneer", bytes.veneer},         {"unaccounted", bytes.unaccounted}};
}

ByteCounts bytes_from(const Json& json) {
  ByteCounts bytes;
  bytes.text = json.at("text").get<std::uint64_t>();
  bytes.by_verdict = json.at("by_verdict").get<decltype(bytes.by_verdict)>();
  bytes.literal = json.at("literal").get<std::uint64_t>();
  bytes.padding = json.at("padding").get<std::uint64_t>();
  bytes.veneer = json.at("veneer").get<std::uint64_t>();
  bytes.unaccounted = json.at("unaccounted").get<std::uint64_t>();
  return bytes;
}

}  // namespace

Json image_to_json(const ImageRow& image) {
  Json functions = Json::array(), data = Json::array(), errors = Json::array();
  for (const FunctionRow& row : image.functions) functions.push_back(function_to_json(row));
  for (const DataRow& row : image.data) data.push_back(data_to_json(row));
  for (const ir::Error& error : image.input_errors)
    errors.push_back({error.code, error.message, location_json(error.where)});
  return {{"id", image.id},          {"elf", image.elf},
          {"sha256", image.sha256},  {"compiler", image.compiler},
          {"level", image.level},    {"functions", std::move(functions)},
          {"data", std::move(data)}, {"errors", std::move(errors)},
          {"notes", image.notes},    {"bytes", bytes_to_json(image.bytes)}};
}

ir::Result<ImageRow> image_from_json(const Json& json) {
  try {
    ImageRow image;
    image.id = json.at("id").get<std::string>();
    image.elf = json.at("elf").get<std::string>();
    image.sha256 = json.at("sha256").get<std::string>();
    image.compiler = json.at("compiler").get<std::string>();
    image.level = json.at("level").get<std::string>();
    for (const Json& row : json.at("functions")) image.functions.push_back(function_from(row));
    for (const Json& row : json.at("data")) image.data.push_back(data_from(row));
    for (const Json& error : json.at("errors")) {
      image.input_errors.push_back(
          {error.at(0).get<std::string>(), error.at(1).get<std::string>(), location_from(error.at(2))});
    }
    image.notes = json.at("notes").get<std::vector<std::string>>();
    image.bytes = bytes_from(json.at("bytes"));
    return image;
  } catch (const std::exception& e) {
    return ir::Error{"report-outcome", e.what(), {}};
  }
}

}  // namespace validator::report
