// SPDX-License-Identifier: Apache-2.0
// Which symbols a loop relation may mention. The induction over visits puts the arriving state in for the cut's own symbols and
// leaves all others as they are, so the others must have one value for as long as the loop runs. A symbol that each iteration
// makes anew (the answer of a call in the body, say) would stand for this iteration's value and the last one's at once.
#pragma once

#include <optional>
#include <string>

#include "validator/check/binary_run.hpp"

namespace validator::check {

/// The first relation or invariant with a symbol that is made in its own loop; nothing when all are sound.
std::optional<std::string> moving_symbol(const Certificate& certificate, const SourceRun& source, const BinaryRun& binary);

}  // namespace validator::check
