// SPDX-License-Identifier: Apache-2.0
// What executors say about instructions whose meaning is an effect. An exception, a hint or a cache operation is named by those that can tell;
// of a hint that a feature decides (pointer authentication) they show the laws that hold whatever the keys are.
#pragma once

#include <functional>
#include <string>

#include "isa-models/conformance/executors.hpp"
#include "isa-models/conformance/sandbox.hpp"
#include "isa-models/isa.hpp"
#include "isa-models/sampler.hpp"

namespace isa {

struct EffectVerdict {
  bool judged = false;
  std::string difference;  ///< what the model says and what the executor says; empty: they agree
};

/// `expected`: after the instruction; `overlay` has met its effect.
EffectVerdict judge_effect(Executor& executor, std::uint32_t word, const MachineState& start, const MachineState& expected, const Overlay& overlay);

/// A hint of a feature: nothing but its register changes, the answer depends on its operands alone, AUT gives back what PAC was given, XPAC
/// too. `next_slot`: an address that the executor has not run.
EffectVerdict judge_feature_hint(Executor& executor, const Models& models, const Decoded& decoded, const MachineState& start, Sampler& sampler,
                                 const std::function<std::uint64_t()>& next_slot);

}  // namespace isa
