// SPDX-License-Identifier: Apache-2.0
// The families of obligations and facts (kinds.def). A kind names registers, loops and places besides: "callee-saved X19",
// "back-edge 0 relation X5".
#pragma once

#include <string>

namespace validator::check {

/// "callee-saved", "back-edge relation".
std::string family_of(const std::string& kind);
bool is_obligation(const std::string& family);
/// One of kinds.def, or a kind of undefined behaviour ("ub-...").
bool is_fact(const std::string& family);

}  // namespace validator::check
