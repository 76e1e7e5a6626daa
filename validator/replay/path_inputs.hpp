// SPDX-License-Identifier: Apache-2.0
// The inputs of one run as variables: registers and memory words at entry, answers of the environment. Each has the
// value that it had in the run; a solver's other values for some of them make a new state to run. Private to this
// folder.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "validator/replay/search.hpp"

namespace validator::replay {

class PathInputs {
 public:
  /// The state is complete: it has been run. Both must outlive this.
  PathInputs(const EntryState& entry, const Environment& environment);

  ir::Term x(unsigned number);
  /// One byte of memory at entry; a constant where the image says what it is.
  ir::Term byte(std::uint64_t address);
  /// Event numbers as in the run, at the outermost level.
  ir::Term answer_x(std::size_t event, unsigned number);
  ir::Term answer_value(std::size_t event, unsigned bits);
  /// The value in the run of a term over these variables.
  ir::u128 value(ir::Term term) { return evaluator_.scalar(term); }

  const EntryState& entry() const { return entry_; }
  const Environment& environment() const { return environment_; }

  /// The run's state with the model's values for those of these variables that stand in `asked`.
  Guess with(const ir::Valuation& model, const std::unordered_set<ir::Term>& asked) const;

 private:
  struct Place {
    enum class Kind : std::uint8_t { x, word, answer_x, answer_value } kind = Kind::x;
    std::uint64_t at = 0;  ///< register, address or event
    unsigned number = 0;
  };
  ir::Term input(const std::string& name, const Place& place, unsigned bits, ir::u128 value);

  const EntryState& entry_;
  const Environment& environment_;
  ir::Valuation valuation_;
  ir::Evaluator evaluator_{valuation_};
  std::unordered_map<ir::Term, Place> places_;
};

/// A state that has been run, to start from.
Guess guess_of(const EntryState& entry, const Environment& environment);

}  // namespace validator::replay
