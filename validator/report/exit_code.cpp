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
  if (!run.stale_baseline.empty()) return exit_stale;
  return findings.undecided ? exit_undecided : exit_ok;
}

}  // namespace validator::report
