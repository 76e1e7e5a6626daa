// SPDX-License-Identifier: Apache-2.0
// Two JSON reports, one beside the other: what is new, fixed, changed, or slower. Only reports of whole images can be compared;
// a partial one would make its gaps look fixed.
#pragma once

#include <string>
#include <vector>

#include "validator/report/json.hpp"

namespace validator::report {

struct Change {
  std::string image;
  std::string symbol;
  std::string display;  ///< for people
  std::string before;  ///< "unknown [time]", "proved", "no such function", "12 units"
  std::string after;
  int code = 0;  ///< of `worse`: what it alone would make the exit code
};

struct Comparison {
  std::vector<Change> worse;    ///< open and not accepted now; before: absent, settled, accepted, or less bad
  std::vector<Change> fixed;    ///< open before; now settled or gone
  std::vector<Change> changed;  ///< open before and now, with another verdict or reason that is no worse
  std::vector<Change> slower;   ///< proved both times, with more solver units
  std::size_t unchanged = 0;
};

struct Slowness {
  double factor = 1.5;                  ///< more than so many times the units ...
  std::uint64_t least_units = 1'000'000;  ///< ... and at least so many more
};

/// Error "report-partial": one of them was interrupted, is about selected functions, has input errors or no function, or the new one
/// leaves out an image of the old one; "report-schema": it is no report.
ir::Result<Comparison> compare(const Json& before, const Json& after, const Slowness& slowness = {});

/// For a person: counts first, then a line for each.
std::string to_text(const Comparison& comparison);
Json to_json(const Comparison& comparison);
/// 0 when nothing is worse; else what is worst among `worse`.
int exit_code(const Comparison& comparison);

}  // namespace validator::report
