// SPDX-License-Identifier: Apache-2.0
// One alignment, as far as it goes: its relations, then its obligations, with meetings and paths kept apart where they are needed.
#pragma once

#include "validator/search/pairing.hpp"
#include "validator/search/session.hpp"

namespace validator::search {

struct Proof {
  std::optional<check::Obligation> open;  ///< none: everything holds
  check::Discharged why;                  ///< about `open`
};

/// Runs the alignment, finds relations, and discharges all obligations. The session that was reached last is
/// left in `session`.
Proof prove_alignment(const Alignment& alignment, const check::Evidence& evidence, check::Discharger& discharger, Session& session);

}  // namespace validator::search
