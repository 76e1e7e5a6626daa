// SPDX-License-Identifier: Apache-2.0
// The one place where a pair becomes `proved`: for the search, which made the certificate, and for recheck, which read
// it.
#pragma once

#include <optional>

#include "validator/check/binary_run.hpp"
#include "validator/check/discharge.hpp"
#include "validator/check/inlining.hpp"

namespace validator::check {

/// The verdict on runs all of whose obligations were tried under the facts of both. `open`: the first that does not
/// hold, with the reason; none: all hold. A proof about nothing is `error(vacuous)`.
Outcome conclude(const Pair& pair, const Certificate& certificate, const SourceRun& source, const BinaryRun& binary,
                 const std::optional<Obligation>& open, const Discharged& why, const Evidence& evidence,
                 Discharger& discharger);

}  // namespace validator::check
