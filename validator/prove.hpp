// SPDX-License-Identifier: Apache-2.0
// The prover's front door: one source function and one binary function in, one Outcome out. Never throws for bad
// proofs; a crash in here is caught by the worker's parent and becomes `error`.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "ir/engine.hpp"
#include "ir/function.hpp"
#include "validator/image.hpp"
#include "validator/verdict.hpp"

namespace validator {

struct Limits {
  std::uint64_t query_units = 10'000'000;      ///< Z3 rlimit for each query
  std::uint64_t function_units = 100'000'000;  ///< sum over one function
  unsigned wall_seconds = 120;                 ///< safety net for one function
  std::uint32_t seed = 0;
  ir::Engine engine = ir::Engine::arrays;      ///< how the solver decides obligations
};

/// Both modules stay alive and unchanged for the duration of the call. `symbol` names the pair in both.
struct Problem {
  const ir::Module& source;
  const ir::Module& binary;
  const Image& image;
  std::string symbol;
  Limits limits;
  /// Registers ("X0".."X18") that the function at an address certainly leaves alone although AAPCS64 lets it change
  /// them, computed from the words of it and of all its callees. May be empty: none.
  std::function<std::set<std::string>(std::uint64_t callee)> preserved = {};
  /// Callees (addresses) that are inlined on both sides wherever this function calls them: local functions whose
  /// interface the compiler rewrote, so that they have no proof of their own.
  std::set<std::uint64_t> inline_both = {};
  /// The image was compiled with -ffixed-x18: the platform register stays as it is.
  bool x18_reserved = false;
  /// Asked once, after two attempts that failed: true ends the search, because the pair is known to differ.
  std::function<bool()> is_refuted = {};
};

Outcome prove(const Problem& problem);

}  // namespace validator
