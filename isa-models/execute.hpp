// SPDX-License-Identifier: Apache-2.0
// Runs a lifted instruction on concrete numbers, through ir's evaluator: the other side of the comparison with
// interpreter.hpp, and the step function of replay.
#pragma once

#include "isa-models/interpreter.hpp"
#include "isa-models/isa.hpp"

namespace isa {

/// Performs ops in order, then the assignments, then moves pc.
void execute(const Lifted& lifted, MachineState& state, Environment& environment);

}  // namespace isa
