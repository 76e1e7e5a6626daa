// SPDX-License-Identifier: Apache-2.0
// The second way to `proved`: the search's choices are read instead of made. The same runs and the same obligations decide.
#pragma once

#include <string>

#include "validator/prove.hpp"

namespace validator::search {

/// Proves the pair as the certificate says, or says why not: `unknown` with "certificate-invalid" (it cannot be read, or does not
/// fit the pair) or the obligation that stays open. Never `refuted`. The problem's own `inline_both` is not used.
Outcome recheck(const Problem& problem, const std::string& certificate);

}  // namespace validator::search
