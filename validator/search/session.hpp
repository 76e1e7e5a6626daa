// SPDX-License-Identifier: Apache-2.0
// One attempt: a pair of graphs, a certificate, and the two runs under it.
#pragma once

#include <memory>

#include "validator/check/binary_run.hpp"
#include "validator/check/discharge.hpp"
#include "validator/search/inlining.hpp"
#include "validator/search/meetings.hpp"

namespace validator::search {

struct Session {
  std::unique_ptr<check::Certificate> certificate;  ///< the runs refer to it
  std::unique_ptr<check::SourceRun> source;
  std::unique_ptr<check::BinaryRun> binary;

  /// Facts of both runs.
  std::vector<check::Fact> facts() const;
};

/// Runs both sides; declares in the certificate what loops turn out to change, and repeats until that is
/// complete. Relations and invariants of the certificate are kept.
/// Meetings are looked for when `meetings` is given, else they are the certificate's.
Session run_session(const Pair& pair, const check::Evidence& evidence, check::Certificate certificate, Meetings* meetings = nullptr);

}  // namespace validator::search
