// SPDX-License-Identifier: Apache-2.0
// Runs for the tests of reports: one that passes, and one for each way not to.
#pragma once

#include <string>
#include <vector>

#include "validator/report/report.hpp"

namespace validator::report {

inline FunctionRow row_with(Verdict verdict, const std::string& symbol, const std::string& reason = "") {
  FunctionRow row;
  row.symbol = symbol;
  row.display = symbol;
  row.unit = "/src/k/main.c";
  row.source = {"/src/k/main.c", 7, 1};
  row.bytes = 8;
  row.outcome.verdict = verdict;
  row.outcome.reason = reason;
  row.outcome.text = reason.empty() ? "" : "text of <" + reason + "> & \"more\"\n| `x`";
  return row;
}

/// Everything proved, or accepted for one of the reasons there are.
inline Run passing_run() {
  Run run;
  run.tool = {"symbolon 0.1.0", "Z3 4.8.12"};
  run.images.resize(1);
  ImageRow& image = run.images[0];
  image.id = "gcc";
  image.elf = "/src/k/build/k.elf";
  image.sha256 = "00";
  image.functions = {row_with(Verdict::proved, "good"), row_with(Verdict::assumed, "entry", "assembly"),
                     row_with(Verdict::inlined, "helper", "inlined"), row_with(Verdict::unknown, "slow", "time")};
  image.functions.back().baselined = true;
  image.functions.back().baseline_note = "nested loop";
  image.data.push_back({"table", {"/src/k/main.c", 3, 1}, 64, 8, DataResult::equal, ""});
  image.data.push_back({"unused", {"/src/k/main.c", 4, 1}, 0, 8, DataResult::absent, "no symbol"});
  return run;
}

struct NamedRun {
  std::string name;
  Run run;
};

/// None of these may read as a pass, in any format.
inline std::vector<NamedRun> runs_that_fail() {
  std::vector<NamedRun> list;
  const auto add = [&](const std::string& name, const auto& change) {
    list.push_back({name, passing_run()});
    change(list.back().run);
  };
  for (const Verdict verdict : {Verdict::refuted, Verdict::unknown, Verdict::unsupported, Verdict::error, Verdict::not_run}) {
    add(std::string(verdict_name(verdict)), [&](Run& r) { r.images[0].functions[0] = row_with(verdict, "bad", "effect:x"); });
    add("only " + std::string(verdict_name(verdict)),
        [&](Run& r) { r.images[0].functions = {row_with(verdict, "bad", verdict == Verdict::not_run ? "interrupted" : "")}; });
  }
  add("data differs", [](Run& r) { r.images[0].data[0].result = DataResult::differs; });
  add("data not compared", [](Run& r) { r.images[0].data[0].result = DataResult::unsupported; });
  add("unaccounted bytes", [](Run& r) { r.images[0].bytes.unaccounted = 4; });
  add("input error", [](Run& r) { r.images[0].input_errors.push_back({"elf-not-elf", "no ELF", {"k.elf", 0, 0}}); });
  add("input error alone", [](Run& r) {
    r.images[0] = {};
    r.images[0].input_errors.push_back({"elf-not-elf", "no ELF", {"k.elf", 0, 0}});
  });
  add("stale baseline", [](Run& r) { r.stale_baseline = {"slow of gcc is proved, not unknown"}; });
  add("interrupted", [](Run& r) { r.complete = false; });
  add("interrupted before the first image", [](Run& r) {
    r.complete = false;
    r.images.clear();
  });
  add("no image", [](Run& r) { r.images.clear(); });
  add("no function", [](Run& r) { r.images[0].functions.clear(); });
  add("no function selected", [](Run& r) {
    r.selection = true;
    r.images[0].functions.clear();
  });
  add("a selection", [](Run& r) { r.selection = true; });
  add("an image left out", [](Run& r) { r.left_out = {"clang"}; });
  add("a selection and an image left out", [](Run& r) {
    r.selection = true;
    r.left_out = {"clang"};
  });
  add("a second image without functions", [](Run& r) {
    r.images.emplace_back();
    r.images[1].id = "clang";
    r.images[1].sha256 = "00";
  });
  return list;
}

}  // namespace validator::report
