// SPDX-License-Identifier: Apache-2.0
// A case in which an executor is wrong, kept as a file that can be run again: word, state and memory before, what the model and the
// executor make of them, and the Arm ARM text that decides. It also excuses that part of the executor's results for the words named.
//
//   executor  vixl
//   part      upper-half
//   words     72800000 ff800000          value and mask
//   citation  MOVK Wd keeps the upper 32 bits ...; Arm ARM C6.2 MOVK: X[d, 32] clears them
//   word      72800020
//   before    x0=ffffffff80000000        what is not named is zero
//   memory    10100000=00112233          bytes in the order of their addresses
//   model     x0=80000001
//   got       x0=ffffffff80000001
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/conformance/known.hpp"
#include "isa-models/interpreter.hpp"

namespace isa {

struct KeptCase {
  Disagreement row;        ///< row.example is the case's word
  MachineState before;     ///< without pc: an executor runs it where it likes
  std::map<std::uint64_t, std::vector<std::uint8_t>> memory;
  std::string model;       ///< what differs from before; "undefined" or "exception" when it does not run
  std::string got;         ///< the executor's, in the same form
};

/// Error isa-conformance, file:line: an unknown key, a missing one, a bad number.
ir::Result<KeptCase> read_kept_case(const std::string& path);
std::string print(const KeptCase& kept);

/// Runs a case on the model and on every executor; by name, the model's is "model". Error: the sandbox memory cannot be mapped.
ir::Result<std::map<std::string, std::string>> replay(const Models& models, const KeptCase& kept);

}  // namespace isa
