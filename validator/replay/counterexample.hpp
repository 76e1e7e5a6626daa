// SPDX-License-Identifier: Apache-2.0
// A counterexample as text: JSON that `validate-kernel replay` reads back, and a side-by-side account for people.
#pragma once

#include <string>
#include <string_view>

#include "ir/result.hpp"
#include "validator/replay/emulator.hpp"
#include "validator/replay/search.hpp"

namespace validator::replay {

/// read_counterexample(to_json(c)) gives the same run as c; addresses and values are hexadecimal strings.
std::string to_json(const Counterexample& counterexample);
/// Error code "counterexample-syntax"; `file` is only for messages. The image is not part of the text.
ir::Result<Counterexample> read_counterexample(std::string_view text, const std::string& file);

/// The account of one replay: first divergence, entry values in both vocabularies, events in two columns, the witness.
/// `emulator` may be null.
std::string describe(const SearchProblem& problem, const Counterexample& counterexample, const Comparison& comparison,
                     const EmulatorReport* emulator = nullptr);

/// What stands behind one `refuted`: replayed in the graphs, then in the emulator when the image holds the code.
struct Confirmation {
  enum class Status : std::uint8_t {
    confirmed,            ///< the graphs differ and the emulator agrees with the binary graph
    not_reproduced,       ///< the graphs do not differ (again)
    model_disagrees,      ///< the emulator and the binary graph part: `error`
    emulator_unavailable  ///< the graphs differ, nothing independent was run
  };
  Status status = Status::not_reproduced;
  Comparison comparison;
  EmulatorReport emulator;
  std::string text;  ///< describe()
};
Confirmation confirm(const SearchProblem& problem, const Counterexample& counterexample);

}  // namespace validator::replay
