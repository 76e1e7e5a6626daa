// SPDX-License-Identifier: Apache-2.0
// Are the judges good enough? Every mutant is given to each judge alone; what no judge tells from the model must stand in
// survivors.tsv with its reason.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "isa-models/conformance/conformance.hpp"
#include "isa-models/conformance/mutants.hpp"

namespace isa {

struct MutationOptions {
  std::string group;         ///< a group's or shared function's name; "": all
  unsigned sample = 0;       ///< so many mutants, evenly spread; 0: all
  unsigned jobs = 1;         ///< processes at once
  const Known* known = nullptr;
  const Readers* readers = nullptr;
  std::function<void(std::size_t done, std::size_t all)> progress;
};

struct MutantVerdict {
  Mutant mutant;
  bool refused = false;     ///< does not load
  bool unicorn = false;     ///< found by this judge alone, and so on
  bool vixl = false;
  bool properties = false;  ///< properties of the instruction, and pins.tsv
  bool text = false;        ///< disassemblers
  const Survivor* row = nullptr;  ///< of a survivor: its explanation
  bool dies() const { return refused || unicorn || vixl || properties || text; }
};

struct MutationReport {
  std::vector<MutantVerdict> verdicts;
  std::vector<const Survivor*> stale;  ///< rows that match no survivor; only known when nothing was left out
  std::uint64_t cases = 0;  ///< words that judges were asked about, over all mutants
  double seconds = 0;
};

/// Errors: the models do not load, or no group and no function has the name.
ir::Result<MutationReport> mutate(const ModelFiles& files, const MutationOptions& options);

}  // namespace isa
