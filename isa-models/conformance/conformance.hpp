// SPDX-License-Identifier: Apache-2.0
// Conformance: do the models say what other implementations of the architecture do? Each case is one word on one random state,
// run by the concrete interpreter of the .isa text, by Unicorn (QEMU lineage) and by VIXL's simulator (independent of it).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/isa.hpp"

namespace isa {

struct ConformanceReport {
  std::string group;
  unsigned cases = 0;      ///< words tried
  unsigned rejected = 0;   ///< UNDEFINED, CONSTRAINED UNPREDICTABLE or not modelled: nothing to compare
  unsigned effects = 0;    ///< effects that no executor can show at one instruction (system registers, exceptions)
  unsigned unicorn = 0;    ///< compared with Unicorn
  unsigned vixl = 0;       ///< compared with VIXL
  unsigned defects = 0;    ///< comparisons left out for a known defect of an executor
  std::vector<std::string> mismatches;  ///< one text each, at most 20
  bool agrees() const { return mismatches.empty(); }
};

/// Runs `cases` cases of a group (exact name). Errors: unknown group, or the sandbox memory cannot be mapped.
ir::Result<ConformanceReport> conformance(const Models& models, const std::string& group, unsigned cases, std::uint64_t seed);

}  // namespace isa
