// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/effects.hpp"

#include <cstring>

#include "isa-models/conformance/difference.hpp"

namespace isa {
namespace {

/// HINT #number (Arm ARM C6.2 HINT).
constexpr std::uint32_t hint(unsigned number) { return 0xd503201fU | number << 5; }

/// The hints of one operand register: which signs it, and which authenticates.
struct Pair {
  unsigned pac = 0, aut = 0;
  unsigned value = 30;  ///< the register
};

Pair pair_of(unsigned number) {
  // 8, 10: PACIx1716, 12, 14: AUTIx1716; 24..27: PACIxZ and SP, 28..31: AUTIxZ and SP.
  if (number == 7) return {25, 29, 30};
  return {number & ~4U, number | 4U, number < 16 ? 17U : 30U};
}

class Hints {
 public:
  Hints(Executor& executor, const std::function<std::uint64_t()>& next_slot) : executor_(executor), next_slot_(next_slot) {}

  /// False: the executor does not run it.
  bool run(std::uint32_t word, MachineState& state) {
    state.pc = next_slot_();
    std::memcpy(reinterpret_cast<void*>(state.pc), &word, sizeof word);
    return executor_.run(state) == Executor::Outcome::ran;
  }

 private:
  Executor& executor_;
  const std::function<std::uint64_t()>& next_slot_;
};

}  // namespace

EffectVerdict judge_effect(Executor& executor, std::uint32_t word, const MachineState& start, const MachineState& expected, const Overlay& overlay) {
  std::memcpy(reinterpret_cast<void*>(start.pc), &word, sizeof word);
  MachineState got = start;
  const auto shown = executor.effect(overlay.effect_kind, got);
  if (!shown) return {};
  const std::string& text = overlay.effect_text;
  if (*shown != text && !text.starts_with(*shown + " ")) return {true, "the model's effect is \"" + text + "\", got \"" + *shown + "\""};
  // Where an exception goes is not the instruction's matter.
  got.pc = expected.pc;
  return {true, compare_registers(expected, got, false).text};
}

EffectVerdict judge_feature_hint(Executor& executor, const Models& models, const Decoded& decoded, const MachineState& start, Sampler& sampler,
                                 const std::function<std::uint64_t()>& next_slot) {
  const auto lifted = models.lift(decoded, start.pc);
  if (!lifted) return {true, lifted.error().to_string()};
  const AccessSets sets = access_sets(*lifted);
  if (sets.writes.size() != 1 || sets.writes[0][0] != 'X') return {true, "the hint does not write one register"};
  const auto target = static_cast<unsigned>(std::stoul(sets.writes[0].substr(1)));
  const unsigned number = decoded.word() >> 5 & 127;
  const bool authenticates = lifted->feature == "FEAT_PAuth";
  const Pair pair = authenticates ? pair_of(number) : Pair{number, 0, target};
  if (pair.value != target) return {true, "the hint writes another register than its page says"};

  Hints hints(executor, next_slot);
  MachineState before = start;
  // An address as a pointer has it: its upper bits are copies of one bit.
  const auto address = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(start.x[target])));
  before.x[target] = address;
  MachineState is_signed = before;
  // An executor without the feature, where the hint does nothing, is no judge of it; nor is one whose signature happens to be zero.
  if (!hints.run(hint(pair.pac), is_signed) || is_signed.x[target] == address) return {};
  if (authenticates && (number == 7 || number == pair.aut)) before.x[target] = is_signed.x[target];

  MachineState after = before;
  if (!hints.run(decoded.word(), after)) return {};
  MachineState rest = after;
  rest.x[target] = before.x[target];
  rest.pc = before.pc;
  if (rest != before) return {true, "another register than X" + std::to_string(target) + " changes: " + describe(after) + " from " + describe(before)};

  MachineState other = sampler.state();
  for (const std::string& name : sets.reads) {
    if (name == "SP") other.sp = before.sp;
    else other.x[std::stoul(name.substr(1))] = before.x[std::stoul(name.substr(1))];
  }
  if (!hints.run(decoded.word(), other)) return {};
  if (other.x[target] != after.x[target]) return {true, "the answer depends on something outside the read set"};

  MachineState back = after;
  if (number == pair.pac && authenticates && !hints.run(hint(pair.aut), back)) return {};
  if (back.x[target] != address && authenticates) return {true, "what was signed does not come back"};
  return {true, {}};
}

}  // namespace isa
