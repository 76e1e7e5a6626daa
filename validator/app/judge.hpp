// SPDX-License-Identifier: Apache-2.0
// One function's verdict inside a worker: proof and concrete testing, each checking the other. The prover alone says
// `proved`; a replayed counterexample that an independent emulator confirms alone says `refuted`; if both speak,
// one of our parts is wrong, and the verdict is `error`.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "validator/app/pipeline.hpp"
#include "validator/prove.hpp"

namespace validator::app {

Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits, const std::set<std::uint64_t>& inline_both);

}  // namespace validator::app
