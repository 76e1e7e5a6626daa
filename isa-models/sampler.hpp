// SPDX-License-Identifier: Apache-2.0
// Random and corner cases of one group: words that obey its `test` constraints in turn, and register values where bugs live.
// The same seed gives the same cases on every machine (mt19937_64 without library distributions).
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <utility>

#include "isa-models/interpreter.hpp"
#include "isa-models/model_data.hpp"

namespace isa {

class Sampler {
 public:
  Sampler(const ModelData& data, const GroupData& group, std::uint64_t seed);

  /// The next word of the group: of every (number of constraints + 1) words one is free, the others obey one
  /// constraint each, as far as a limited search finds such words. The word may be UNDEFINED.
  std::uint32_t word();
  /// Registers and flags; sp is a multiple of 16, pc is 0.
  MachineState state();
  std::uint64_t value();
  std::uint64_t raw() { return random_(); }

 private:
  std::uint32_t free_word(const Encoding& encoding);
  std::uint32_t counted(const Encoding& encoding, std::uint32_t number);
  bool obeys(const Encoding& encoding, std::uint32_t word, std::size_t constraint) const;
  std::uint32_t vary(const Encoding& encoding, std::uint32_t word, std::size_t constraint);

  const ModelData& data_;
  const GroupData& group_;
  std::mt19937_64 random_;
  std::size_t turn_ = 0;
  /// Words of constraints that are hard to meet, by encoding and constraint; a word that does not obey when none was found.
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> rare_;
};

}  // namespace isa
