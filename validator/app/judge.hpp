// SPDX-License-Identifier: Apache-2.0
// One function's verdict inside a worker: proof and concrete testing, each checking the other. The prover alone says
// `proved`; a replayed counterexample that an independent emulator confirms alone says `refuted`; if both speak,
// one of our parts is wrong, and the verdict is `error`.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "validator/app/pipeline.hpp"
#include "validator/prove.hpp"

namespace validator::app {

/// What a verdict is asked for: anything, or only whether a run refutes; then a pair without such a run is `unknown`
/// without a proof.
enum class Aim : std::uint8_t { verdict, difference };

/// `found` gets a counterexample as soon as there is one, before it is tried whether the prover proves the contrary:
/// that may meet a limit.
Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits,
              const std::set<std::uint64_t>& inline_both, Aim aim, const std::function<void(const Outcome&)>& found);

}  // namespace validator::app
