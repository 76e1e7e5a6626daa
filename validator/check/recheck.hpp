// SPDX-License-Identifier: Apache-2.0
// The second way to `proved`: what the search chose is read instead of looked for. The same runs and obligations
// decide.
#pragma once

#include <string>

#include "validator/prove.hpp"

namespace validator::check {

/// Proves the pair as the certificate says, or says why not: `unknown` with "certificate-invalid" (it cannot be read,
/// does not fit the pair, or does not inline what the problem asks for), or the obligation that stays open. Never
/// `refuted`.
Outcome recheck(const Problem& problem, const std::string& certificate);

}  // namespace validator::check
