// SPDX-License-Identifier: Apache-2.0
// Reason codes: why a function is not proved, or an input is not accepted. One row each in reasons.def; a code that
// stands anywhere in the tree without a row there fails a test.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "validator/verdict.hpp"

namespace validator::report {

/// Where a code may appear.
enum class ReasonKind : std::uint8_t {
  refuted,
  unknown,
  unsupported,
  error,
  not_run,
  assumed,
  inlined,
  input,   ///< an input file or option is wrong: no function has this reason
  ub,      ///< kind of an Assert: undefined behaviour that the source must not have (ledger A-UB)
  note,    ///< neither good nor bad by itself; printed beside a verdict
};
std::string_view reason_kind_name(ReasonKind kind);

struct Reason {
  std::string_view code;
  ReasonKind kind;
  std::string_view meaning;  ///< one line
  std::string_view action;   ///< what to do about it
};

std::span<const Reason> all_reasons();
/// Null when there is no such code. A code with a suffix after ':' is looked up without it.
const Reason* find_reason(std::string_view code);

/// The verdict of a function that a lifter gave up on with this code: `unsupported` when the row says so, else
/// `error`. A code without a row is an error too: nobody has said that it is harmless.
Verdict verdict_of_failure(std::string_view code);

}  // namespace validator::report
