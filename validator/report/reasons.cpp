// SPDX-License-Identifier: Apache-2.0
#include "validator/report/reasons.hpp"

#include <algorithm>
#include <array>

#include "ir/assert.hpp"

namespace validator::report {
namespace {

constexpr Reason rows[] = {
#define REASON(code, kind, meaning, action) {code, ReasonKind::kind, meaning, action},
#include "validator/report/reasons.def"
#undef REASON
};

constexpr std::array<std::string_view, 10> kind_names = {"refuted", "unknown", "unsupported", "error", "not_run",
                                                         "assumed", "inlined", "input",       "ub",    "note"};
static_assert(static_cast<std::size_t>(ReasonKind::note) + 1 == kind_names.size());

constexpr bool sorted_and_unique() {
  for (std::size_t i = 1; i < std::size(rows); ++i) {
    if (!(rows[i - 1].code < rows[i].code)) return false;
  }
  return true;
}
static_assert(sorted_and_unique(), "reasons.def: keep the rows sorted by code, each code once");

}  // namespace

std::string_view reason_kind_name(ReasonKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  IR_ASSERT(index < kind_names.size());
  return kind_names[index];
}

std::span<const Reason> all_reasons() { return rows; }

const Reason* find_reason(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto* found = std::lower_bound(std::begin(rows), std::end(rows), code,
                                       [](const Reason& row, std::string_view wanted) { return row.code < wanted; });
  return found != std::end(rows) && found->code == code ? found : nullptr;
}

Verdict verdict_of_failure(std::string_view code) {
  const Reason* reason = find_reason(code);
  return reason != nullptr && reason->kind == ReasonKind::unsupported ? Verdict::unsupported : Verdict::error;
}

}  // namespace validator::report
