// SPDX-License-Identifier: Apache-2.0
// States in which guesses about a loop are tried before the solver is asked: most wrong guesses are wrong in one of a few random
// states. They are kept from round to round, since drawing new ones takes long, and a state in which the solver refuted one guess
// often refutes its neighbours.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "validator/search/session.hpp"
#include "validator/search/simulation.hpp"

namespace validator::search {

class RelationSamples {
 public:
  /// From now on it is asked about this session, which outlives the questions.
  void begin(const Session& session);
  /// Is the obligation false in one of the states?
  bool refute(const check::Obligation& obligation);
  /// Are two values equal in all states in which the path is taken?
  bool agree(ir::Term path, ir::Term one, ir::Term other);
  /// A state in which the solver found a guess to be wrong.
  void learn(ir::Valuation model);

 private:
  void prepare();

  const Session* session_ = nullptr;
  bool ready_ = false;  ///< restricted to the facts of the session
  std::optional<Simulation> simulation_;
  std::vector<std::uint32_t> drawn_for_;  ///< facts of the source that the simulation obeys, by id
  std::vector<ir::Valuation> models_;
};

}  // namespace validator::search
