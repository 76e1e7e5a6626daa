// SPDX-License-Identifier: Apache-2.0
// The baseline: functions known not to be proved, so that a gate fails on new ones only. An entry allows exactly one
// verdict of one function of one image; once that is no longer what a run finds, the entry is stale and fails.
// README.md shows the file by an example.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ir/result.hpp"
#include "validator/report/report.hpp"

namespace validator::report {

struct BaselineEntry {
  std::string image;
  std::string symbol;
  Verdict verdict = Verdict::unknown;
  std::string note;            ///< why it is accepted, by a person
  bool allow_refuted = false;  ///< a refuted function is accepted only with this
  std::string date = {};       ///< since when, as 2026-11-26; empty: not said
  ir::Location where = {};     ///< in the file
};

using Baseline = std::vector<BaselineEntry>;

/// Error "config-invalid" with file and line: syntax, an unknown key, a verdict that needs no baseline, a refuted entry without
/// allow_refuted, an entry without a note, a date that is none, two entries for one function.
ir::Result<Baseline> read_baseline(const std::string& path);
/// Error "config-invalid": an entry is about an image that no configuration knows, so that no run could ever find it stale.
ir::Result<bool> check_images(const Baseline& baseline, const std::set<std::string_view>& known);

/// Marks the rows that an entry allows, and lists stale entries in the run. A row that was left out because of its entry
/// (`baseline-skipped`) is allowed. Entries of images or functions
/// that were not part of the run are neither.
void apply_baseline(const Baseline& baseline, Run& run);

/// The text of a baseline that allows what the run found, keeping notes and dates of the old one; new entries get `today`. New
/// refuted functions are left out: a person must write those. Entries of images that were not part of the run stay.
std::string updated_baseline(const Baseline& old, const Run& run, const std::string& today);
/// Of the clock, in UTC; SOURCE_DATE_EPOCH stands for it where it is set.
std::string today();

}  // namespace validator::report
