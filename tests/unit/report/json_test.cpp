// SPDX-License-Identifier: Apache-2.0
#include "validator/report/json.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace validator::report {
namespace {

Outcome sample() {
  Outcome outcome;
  outcome.verdict = Verdict::unknown;
  outcome.reason = "time";
  outcome.text = "line \"one\"\n";
  outcome.details = {"x0 = 1", "x1 = 2"};
  outcome.assumptions = {{"A-UB", "ub-align x3"}};
  outcome.contract = "x2 dead";
  outcome.covers = {"f.cold"};
  outcome.inlined_sources = {"g"};
  outcome.certificate = "(certificate)";
  outcome.queries = 7;
  outcome.solver_units = 1'000'000'000'000;
  outcome.obligations = 9;
  outcome.syntactic = 8;
  outcome.seconds = 0.5;
  return outcome;
}

TEST(OutcomeJson, reads_back_what_it_wrote) {
  const Json json = outcome_to_json(sample());
  const ir::Result<Outcome> read = outcome_from_json(Json::parse(to_text(json)));
  ASSERT_TRUE(read);
  EXPECT_EQ(outcome_to_json(*read), json);
  EXPECT_EQ(read->verdict, Verdict::unknown);
  EXPECT_EQ(read->assumptions, sample().assumptions);
}

TEST(OutcomeJson, refuses_missing_fields_and_unknown_verdicts) {
  const Json whole = outcome_to_json(sample());
  for (const auto& [key, value] : whole.items()) {
    Json json = whole;
    json.erase(key);
    EXPECT_FALSE(outcome_from_json(json)) << key;
  }
  Json json = outcome_to_json(sample());
  json["verdict"] = "probably";
  EXPECT_FALSE(outcome_from_json(json));
  EXPECT_FALSE(outcome_from_json(Json::array()));
}

report::Run sample_run() {
  report::Run run;
  run.tool = {"symbolon"};
  run.seconds = 12.5;
  run.images.resize(2);
  for (ImageRow& image : run.images) {
    image.id = "gcc";
    image.sha256 = "00";
    image.functions.resize(2);
    image.functions[0].symbol = "f";
    image.functions[0].bytes = 8;
    image.functions[0].outcome = sample();
    image.functions[1].symbol = "g";
    image.functions[1].outcome.verdict = Verdict::proved;
    image.bytes.text = 8;
    image.bytes.by_verdict[static_cast<std::size_t>(Verdict::unknown)] = 8;
  }
  return run;
}

TEST(RunJson, is_the_same_without_timing) {
  report::Run a = sample_run(), b = sample_run();
  b.seconds = 99;
  b.images[0].seconds = 3;
  b.images[1].functions[1].from_cache = true;
  b.images[0].functions[0].outcome.seconds = 77;
  Json left = to_json(a), right = to_json(b);
  EXPECT_NE(to_text(left), to_text(right));
  left.erase("timing");
  right.erase("timing");
  EXPECT_EQ(to_text(left), to_text(right));
}

TEST(RunJson, verdicts_sum_to_functions_and_bytes_to_text) {
  const Json json = to_json(sample_run());
  const Json& summary = json["summary"];
  std::uint64_t functions = 0, bytes = 0;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    functions += summary[std::string(verdict_name(static_cast<Verdict>(i)))].get<std::uint64_t>();
  }
  for (const auto& [key, value] : summary["text_bytes"].items()) bytes += key == "total" ? 0 : value.get<std::uint64_t>();
  EXPECT_EQ(functions, 4U);
  EXPECT_EQ(summary["functions"], 4U);
  EXPECT_EQ(bytes, 16U);
  EXPECT_EQ(summary["text_bytes"]["total"], 16U);
}

/// The part of JSON Schema that report.schema.json uses: type, required, properties, items, enum, additionalProperties.
void expect_valid(const Json& value, const Json& schema, const std::string& path) {
  if (schema.contains("enum")) {
    EXPECT_NE(std::find(schema["enum"].begin(), schema["enum"].end(), value), schema["enum"].end()) << path;
  }
  const auto is_type = [&](const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) || (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number()) ||
           (type == "boolean" && value.is_boolean()) || (type == "null" && value.is_null());
  };
  if (schema.contains("type")) {
    const Json& type = schema["type"];
    bool fits = type.is_string() && is_type(type.get<std::string>());
    if (type.is_array()) fits = std::any_of(type.begin(), type.end(), [&](const Json& t) { return is_type(t.get<std::string>()); });
    EXPECT_TRUE(fits) << path << " is " << value.dump();
  }
  if (value.is_object() && schema.contains("properties")) {
    for (const Json& key : schema["required"]) EXPECT_TRUE(value.contains(key.get<std::string>())) << path << "/" << key;
    for (const auto& [key, member] : value.items()) {
      ASSERT_TRUE(schema["properties"].contains(key)) << path << "/" << key << " is not in the schema";
      expect_valid(member, schema["properties"][key], path + "/" + key);
    }
  }
  if (value.is_array() && schema.contains("items")) {
    for (const Json& item : value) expect_valid(item, schema["items"], path + "[]");
  }
}

TEST(RunJson, fits_the_schema_file) {
  std::ifstream stream(SYMBOLON_SOURCE_DIR "/validator/report/report.schema.json");
  Json schema = Json::parse(stream);
  // The schema's $defs are resolved by hand: the test needs no schema library.
  const Json definitions = schema["$defs"];
  const auto resolve = [&](auto& self, Json& node) -> void {
    if (node.is_object() && node.contains("$ref")) {
      const std::string name = node["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
      node = definitions.at(name);
    }
    if (node.is_structured()) {
      for (Json& child : node) self(self, child);
    }
  };
  schema.erase("$defs");
  resolve(resolve, schema);
  report::Run run = sample_run();
  run.images[0].functions[0].source = {"f.c", 3, 1};
  run.images[0].functions[0].covers.push_back({"f.cold", 16, 4});
  run.images[0].data.resize(1);
  run.images[0].input_errors.push_back({"elf-not-elf", "no", {"f", 1, 1}});
  expect_valid(to_json(run), schema, "");
}

}  // namespace
}  // namespace validator::report
