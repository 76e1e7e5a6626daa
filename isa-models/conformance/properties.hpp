// SPDX-License-Identifier: Apache-2.0
// What must hold of every instruction, whatever it does: the two readings of its model agree, it changes only what it says it
// changes, and its meaning uses the registers, sizes, orders and effect names that its disassembly text names. Text and
// meaning are written apart in a model and the text is judged by disassemblers, so the last is a check of the meaning, too.
#pragma once

#include <string>

#include "isa-models/interpreter.hpp"
#include "isa-models/isa.hpp"
#include "isa-models/sampler.hpp"

namespace isa {

/// The first property that this word violates in this state, or "". `state.pc` is the word's address.
std::string violated_property(const Models& models, const Decoded& decoded, const MachineState& state, Sampler& sampler);

}  // namespace isa
