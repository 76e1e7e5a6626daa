// SPDX-License-Identifier: Apache-2.0
#include "validator/report/exit_code.hpp"

namespace validator::report {
namespace {

struct Findings {
  bool error = false;
  bool refuted = false;
  bool undecided = false;
};

void look_at(const FunctionRow& row, Findings& findings) {
  if (row.baselined) return;
  switch (row.outcome.verdict) {
    case Verdict::proved:
    case Verdict::assumed:
    case Verdict::inlined: return;
    case Verdict::refuted: findings.refuted = true; return;
    case Verdict::error: findings.error = true; return;
    case Verdict::unknown:
    case Verdict::unsupported:
    case Verdict::not_run: findings.undecided = true; return;
  }
  findings.error = true;
}

}  // namespace

int exit_code(const Run& run) {
  if (!run.complete) return exit_interrupted;
  std::size_t functions = 0;
  Findings findings;
  for (const ImageRow& image : run.images) {
    functions += image.functions.size();
    findings.error |= !image.input_errors.empty();
    for (const FunctionRow& row : image.functions) look_at(row, findings);
    for (const DataRow& row : image.data) {
      findings.refuted |= row.result == DataResult::differs;
      findings.undecided |= !run.selection && row.result == DataResult::unsupported;
    }
    // A selection leaves the rest of the image aside on purpose; a whole run must explain every byte.
    findings.undecided |= !run.selection && image.bytes.unaccounted != 0;
  }
  if (findings.error) return exit_error;
  if (functions == 0) return exit_usage;
  if (findings.refuted) return exit_refuted;
  if (!images_without_functions(run).empty()) return exit_usage;
  if (!run.stale_baseline.empty()) return exit_stale;
  return findings.undecided ? exit_undecided : exit_ok;
}

std::string_view gate_name(Gate gate) {
  switch (gate) {
    case Gate::undecided: return "undecided";
    case Gate::stale: return "stale";
    case Gate::refuted: return "refuted";
  }
  return "";
}

std::optional<Gate> gate_by_name(std::string_view name) {
  for (const Gate gate : {Gate::undecided, Gate::stale, Gate::refuted}) {
    if (gate_name(gate) == name) return gate;
  }
  return std::nullopt;
}

int gated(int code, Gate gate) {
  const bool undecided = code == exit_undecided && gate != Gate::undecided;
  const bool stale = code == exit_stale && gate == Gate::refuted;
  return undecided || stale ? exit_ok : code;
}

}  // namespace validator::report
