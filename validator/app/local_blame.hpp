// SPDX-License-Identifier: Apache-2.0
// Who is wrong, the caller or the local function that it calls? When a caller is proved as long as it calls the
// function, and a replayed run refutes it with the function inlined in both halves, then the function does not do what
// its source says in a state that its caller makes: it is `refuted`, and the caller's run is its counterexample.
#pragma once

#include <map>

#include "validator/app/pairing.hpp"
#include "validator/app/pipeline.hpp"
#include "validator/app/proof_pool.hpp"

namespace validator::app {

/// For local functions of the plan that are not proved. `alone`: verdicts of rows before anything was inlined in both
/// halves.
void blame_local_functions(const Loaded& loaded, const Session& session, const ProofPool& prover,
                           const std::map<std::size_t, Verdict>& alone, Plan& plan);

}  // namespace validator::app
