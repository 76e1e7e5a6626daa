// SPDX-License-Identifier: Apache-2.0
// Names of verdicts and data results, as they stand in every report.
#include "validator/verdict.hpp"

#include <array>

#include "ir/assert.hpp"
#include "validator/report/report.hpp"

namespace validator {
namespace {

constexpr std::array<std::string_view, report::verdict_count> verdict_names = {
    "proved", "refuted", "unknown", "unsupported", "error", "not_run", "assumed", "inlined"};
constexpr std::array<std::string_view, 4> data_names = {"equal", "differs", "absent", "unsupported"};
static_assert(static_cast<std::size_t>(Verdict::inlined) + 1 == verdict_names.size());
static_assert(static_cast<std::size_t>(report::DataResult::unsupported) + 1 == data_names.size());

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  const auto index = static_cast<std::size_t>(verdict);
  IR_ASSERT(index < verdict_names.size());
  return verdict_names[index];
}

std::string_view report::data_result_name(DataResult result) {
  const auto index = static_cast<std::size_t>(result);
  IR_ASSERT(index < data_names.size());
  return data_names[index];
}

}  // namespace validator
