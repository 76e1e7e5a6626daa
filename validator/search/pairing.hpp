// SPDX-License-Identifier: Apache-2.0
// Which source loop is which binary loop, and in which shape. Proposals come in order of plausibility; each one is
// tried until the proof succeeds or the list ends.
#pragma once

#include <memory>
#include <optional>

#include "validator/check/certificate.hpp"
#include "validator/check/reshape.hpp"
#include "validator/search/inlining.hpp"

namespace validator::search {

/// A pair whose graphs were rotated, with one cut for each pair of loops (relations still empty).
struct Alignment {
  Pair pair;
  std::vector<check::Reshape> reshapes;  ///< what made it of the inlined pair
  check::Certificate certificate;
  std::string text;  ///< for reports: which source line goes with which address
};

class Alignments {
 public:
  /// Throws Unprovable for irreducible graphs and when no source loops can be found for the binary ones.
  Alignments(const Pair& pair, const check::Evidence& evidence);
  ~Alignments();
  /// The next proposal; none when there are no more.
  std::optional<Alignment> next();
  /// The source loop of this cut is not there when the binary's is: the pairs of the last proposal become less
  /// plausible.
  void entry_failed(std::size_t cut);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace validator::search
