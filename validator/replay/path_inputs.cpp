// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/path_inputs.hpp"

#include <fmt/format.h>

#include "validator/replay/flat.hpp"

namespace validator::replay {

namespace {

constexpr unsigned word_bytes = 8;

}  // namespace

Guess guess_of(const EntryState& entry, const Environment& environment) {
  Guess guess;
  for (unsigned i = 0; i < 30; ++i) guess.x[i] = entry.x[i];
  guess.memory = entry.memory.bytes;
  for (std::size_t event = 0; event < environment.answers.size(); ++event) {
    Answer& answer = guess.answers[event] = environment.answers[event];
    // Each byte once, as the last write leaves it: what is decided again for this state would come on top.
    const std::map<std::uint64_t, std::uint8_t> last = [&] {
      std::map<std::uint64_t, std::uint8_t> bytes;
      for (const auto& [address, byte] : answer.writes) bytes[address] = byte;
      return bytes;
    }();
    answer.writes.assign(last.begin(), last.end());
  }
  guess.background = {entry.memory.seed, environment.seed, environment.invents_opaque};
  return guess;
}

PathInputs::PathInputs(const EntryState& entry, const Environment& environment)
    : entry_(entry), environment_(environment) {}

ir::Term PathInputs::input(const std::string& name, const Place& place, unsigned bits, ir::u128 value) {
  const ir::Term term = ir::var(name, ir::Sort::bitvec(bits));
  if (places_.emplace(term, place).second) valuation_.scalars[term] = value & low_bits(bits);
  return term;
}

ir::Term PathInputs::x(unsigned number) {
  return input(fmt::format("entry.X{}", number), {Place::Kind::x, number, number}, 64, entry_.x[number]);
}

ir::Term PathInputs::byte(std::uint64_t address) {
  if (entry_.is_read_only(address)) return ir::bv(entry_.byte(address), 8);
  const std::uint64_t word = address / word_bytes * word_bytes;
  std::uint64_t value = 0;
  for (unsigned i = 0; i < word_bytes; ++i) value |= std::uint64_t{entry_.byte(word + i)} << (8 * i);
  const auto at = static_cast<unsigned>(address - word);
  return ir::extract(8 * at + 7, 8 * at,
                     input(fmt::format("entry.M{:x}", word), {Place::Kind::word, word, 0}, 64, value));
}

ir::Term PathInputs::answer_x(std::size_t event, unsigned number) {
  const bool known = event < environment_.answers.size();
  const std::uint64_t value = known ? environment_.answers[event].register_after(number) : 0;
  return input(fmt::format("answer{}.X{}", event, number), {Place::Kind::answer_x, event, number}, 64, value);
}

ir::Term PathInputs::answer_value(std::size_t event, unsigned bits) {
  const ir::u128 value = event < environment_.answers.size() ? environment_.answers[event].value : 0;
  return input(fmt::format("answer{}.value{}", event, bits), {Place::Kind::answer_value, event, bits}, bits, value);
}

Guess PathInputs::with(const ir::Valuation& model, const std::unordered_set<ir::Term>& asked) const {
  Guess guess = guess_of(entry_, environment_);
  for (const ir::Term variable : asked) {
    const auto place = places_.find(variable);
    const auto known = model.scalars.find(variable);
    if (place == places_.end() || known == model.scalars.end()) continue;
    const auto value = static_cast<std::uint64_t>(known->second);
    const std::uint64_t at = place->second.at;
    switch (place->second.kind) {
      case Place::Kind::x:
        guess.x[static_cast<unsigned>(at)] = value;
        break;
      case Place::Kind::word:
        for (unsigned i = 0; i < word_bytes; ++i) guess.memory[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
        break;
      case Place::Kind::answer_x:
        guess.answers[at].x[place->second.number] = value;
        break;
      case Place::Kind::answer_value:
        guess.answers[at].has_value = true;
        guess.answers[at].value = known->second;
        break;
    }
  }
  return guess;
}

}  // namespace validator::replay
