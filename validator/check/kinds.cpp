// SPDX-License-Identifier: Apache-2.0
#include "validator/check/kinds.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace validator::check {

namespace {

#define OBLIGATION(family, text) std::string_view(family),
#define FACT(family, text)
constexpr std::array obligations{
#include "validator/check/kinds.def"
};
#undef OBLIGATION
#undef FACT
#define OBLIGATION(family, text)
#define FACT(family, text) std::string_view(family),
constexpr std::array facts{
#include "validator/check/kinds.def"
};
#undef OBLIGATION
#undef FACT

}  // namespace

std::string family_of(const std::string& kind) {
  std::istringstream words(kind);
  std::string family, number, part;
  words >> family >> number >> part;
  const bool of_loop = family == "loop-entry" || family == "back-edge";
  return of_loop && !part.empty() ? family + " " + part : family.substr(0, family.find(':'));
}

bool is_obligation(const std::string& family) { return std::ranges::find(obligations, family) != obligations.end(); }

bool is_fact(const std::string& family) { return family.starts_with("ub-") || std::ranges::find(facts, family) != facts.end(); }

}  // namespace validator::check
