// SPDX-License-Identifier: Apache-2.0
// The same images validated with several seeds of the solver: which verdicts depend on its luck, and how much its work varies.
// A proof that only some seeds find is a proof; one may not be found tomorrow.
#pragma once

#include <string>
#include <vector>

#include "validator/report/json.hpp"

namespace validator::report {

struct Stability {
  std::string image;
  std::string symbol;
  std::string display;
  std::vector<Verdict> verdicts;      ///< one for each run, in their order
  std::vector<std::uint64_t> units;  ///< solver units, likewise

  bool same_verdict() const;
  std::uint64_t least() const;
  std::uint64_t most() const;
};

/// Functions that any of the runs has, by image and symbol; one that a run lacks is `not_run` there.
std::vector<Stability> stability(const std::vector<Run>& runs);
/// Counts, every function whose verdict varies, and the `rows` functions whose units vary most.
std::string stability_text(const std::vector<Stability>& list, std::size_t rows = 20);
Json stability_json(const std::vector<Stability>& list);

}  // namespace validator::report
