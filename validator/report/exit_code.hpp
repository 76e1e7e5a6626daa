// SPDX-License-Identifier: Apache-2.0
// The exit code of a run, which is what gates a build. Precedence: 130 (interrupted), then 4 > 1 > 5 > 3 > 0.
#pragma once

#include <optional>
#include <string_view>

#include "validator/report/report.hpp"

namespace validator::report {

inline constexpr int exit_ok = 0;           ///< everything proved, assumed, inlined or baselined
inline constexpr int exit_refuted = 1;      ///< something refuted, or data differs
inline constexpr int exit_usage = 2;        ///< usage or configuration, before any work, or nothing selected
inline constexpr int exit_undecided = 3;    ///< only unknown, unsupported, not_run, or unaccounted bytes
inline constexpr int exit_error = 4;        ///< tool, solver or input error
inline constexpr int exit_stale = 5;        ///< a stale entry of the baseline
inline constexpr int exit_interrupted = 130;

/// What makes a run fail: this and everything that outweighs it. Errors, interruption and a run over nothing always do.
enum class Gate : std::uint8_t { undecided, stale, refuted };
std::string_view gate_name(Gate gate);
std::optional<Gate> gate_by_name(std::string_view name);

int exit_code(const Run& run);
/// 0 for an exit code that the gate lets pass.
int gated(int code, Gate gate);

}  // namespace validator::report
