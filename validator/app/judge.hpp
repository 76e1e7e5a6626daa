// SPDX-License-Identifier: Apache-2.0
// One function's verdict inside a worker: proof and concrete testing, each checking the other. The prover alone says
// `proved`; a replayed counterexample that an independent emulator confirms alone says `refuted`; if both speak,
// one of our parts is wrong, and the verdict is `error`.
#pragma once

#include <optional>

#include "validator/app/pipeline.hpp"
#include "validator/prove.hpp"
#include "validator/replay/counterexample.hpp"

namespace validator::app {

/// The prover's question for a pair of the image.
Problem problem_of(const Loaded& loaded, const std::string& symbol, const Limits& limits, std::set<std::uint64_t> inline_both = {});

/// What concrete testing asks. The halves must both be lifted.
replay::SearchProblem search_problem_of(const Loaded& loaded, const std::string& symbol);

/// Local functions whose address nobody takes have an interface of the compiler's own: an entry state that no caller makes proves
/// nothing against them.
bool may_refute(const Loaded& loaded, const std::string& symbol);

Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits, const std::set<std::uint64_t>& inline_both);

}  // namespace validator::app
