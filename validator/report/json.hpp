// SPDX-License-Identifier: Apache-2.0
// The JSON form of a run (report.schema.json), and the JSON form of one Outcome, which workers and the cache use too.
// Two runs over the same input give the same bytes once the `timing` object is removed.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "ir/result.hpp"
#include "validator/report/report.hpp"

namespace validator::report {

using Json = nlohmann::ordered_json;

Json to_json(const Run& run);
/// The file text: indented, with a final newline; bytes that are not UTF-8 are replaced.
std::string to_text(const Json& json);

/// All of an Outcome, lossless: what travels from a worker to its parent and into the cache.
Json outcome_to_json(const Outcome& outcome);
/// The inverse. Error "report-outcome": a field is missing, has another type, or names no verdict.
ir::Result<Outcome> outcome_from_json(const Json& json);

}  // namespace validator::report
