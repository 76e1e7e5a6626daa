// SPDX-License-Identifier: Apache-2.0
// States close to one that a run has shown to be worth it: few parts are drawn anew or changed a little, the rest
// stays, so that what let the run come far mostly still does.
#include <algorithm>

#include "validator/replay/flat.hpp"
#include "validator/replay/generator.hpp"

namespace validator::replay {

namespace {

constexpr std::uint64_t region_limit = 0x10'0000'0000;
constexpr unsigned word_bytes = 8;

std::uint64_t word_at(const std::map<std::uint64_t, std::uint8_t>& memory, std::uint64_t address, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i)
    if (const auto byte = memory.find(address + i); byte != memory.end())
      value |= std::uint64_t{byte->second} << (8 * i);
  return value;
}

std::vector<std::uint64_t> words_of(const std::map<std::uint64_t, std::uint8_t>& memory) {
  std::vector<std::uint64_t> result;
  for (const auto& [address, byte] : memory)
    if (result.empty() || result.back() != address / word_bytes * word_bytes)
      result.push_back(address / word_bytes * word_bytes);
  return result;
}

}  // namespace

void Generator::note_pointers(const Guess& guess) {
  auto note = [&](std::uint64_t value) {
    if (value - object_regions >= region_limit) return;
    pointers_.push_back(value);
    regions_ = std::max(regions_, (value - object_regions) / region_bytes + 1);
  };
  for (const auto& [number, value] : guess.x) note(value);
  for (const std::uint64_t word : words_of(guess.memory)) {
    note(word);  // a place with content is one that pointers reach
    if (!pointers_.empty() && pointers_.back() == word) pointers_.pop_back();
    note(word_at(guess.memory, word, word_bytes));
  }
}

Guess Generator::neighbour(const Guess& guess, std::uint64_t seed) {
  Guess result = guess;
  dice_ = Dice(seed);
  pointers_.clear();
  scalars_.clear();
  regions_ = 0;
  avoids_zero_ = false;
  uses_shared_ = dice_.percent(25);
  reader_ = &hints(problem_.source);
  note_pointers(guess);
  const std::vector<std::uint64_t> words = words_of(guess.memory);
  std::vector<std::uint64_t> values;
  for (const std::uint64_t word : words) values.push_back(word_at(guess.memory, word, word_bytes));
  const auto& parameters = problem_.source.parameters;
  for (const ir::AbiSlot& slot : parameters)
    if (slot.place.kind == ir::AbiPlace::Kind::x_register) values.push_back(guess.x.at(slot.place.index));
  std::vector<std::size_t> answers;
  for (const auto& [event, answer] : guess.answers) answers.push_back(event);
  const std::size_t parts = parameters.size() + words.size() + answers.size();
  if (parts == 0) return result;
  for (std::uint64_t left = std::uint64_t{1} << dice_.below(4); left > 0; --left) {
    std::size_t part = dice_.below(parts);
    if (part < parameters.size()) {
      change_parameter(result, parameters[part], values);
      continue;
    }
    part -= parameters.size();
    if (part < words.size()) {
      change_word(result, words[part], values);
      continue;
    }
    const auto answer = result.answers.find(answers[part - words.size()]);
    if (answer == result.answers.end()) continue;
    if (dice_.percent(40))
      result.answers.erase(answer);
    else
      change_answer(answer->second, values);
  }
  return result;
}

std::uint64_t Generator::tweaked(std::uint64_t value, unsigned bits, const std::vector<std::uint64_t>& others) {
  const std::uint64_t roll = dice_.below(100);
  if (roll < 20) return value ^ (std::uint64_t{1} << dice_.below(bits));
  if (roll < 35) return value + (dice_.percent(50) ? 1 : ~std::uint64_t{0});
  if (roll < 60 && !reader_->fields().empty()) {
    const PointerField& field = reader_->fields()[dice_.below(reader_->fields().size())];
    const auto& constants = reader_->constants();
    const std::uint64_t drawn =
        !constants.empty() && dice_.percent(60) ? constants[dice_.below(constants.size())] : dice_.below(16);
    return field.pack(drawn, value);
  }
  if (roll < 75 && !others.empty()) return others[dice_.below(others.size())];
  return scalar(bits);
}

void Generator::change_parameter(Guess& guess, const ir::AbiSlot& slot, const std::vector<std::uint64_t>& others) {
  if (slot.place.kind != ir::AbiPlace::Kind::x_register) return;
  reader_ = &hints(problem_.source);
  std::uint64_t& value = guess.x[slot.place.index];
  const unsigned bits = std::min(bits_of(slot.term.sort()), 64U);
  const auto field = reader_->pointer(slot.term);
  value = field && dice_.percent(60) ? field->pack(pointer(), value) : tweaked(value, bits, others);
}

void Generator::change_word(Guess& guess, std::uint64_t word, const std::vector<std::uint64_t>& others) {
  const auto inside_kept =
      std::any_of(kept_.begin(), kept_.end(), [&](const auto& range) { return word - range.first < range.second; });
  if (inside_kept) return;
  std::vector<std::uint64_t> reads;
  for (auto at = readers_.lower_bound(word); at != readers_.end() && at->first - word < word_bytes; ++at)
    reads.push_back(at->first);
  const std::uint64_t address = reads.empty() ? word : reads[dice_.below(reads.size())];
  const Reader reader =
      reads.empty() ? Reader{&hints(problem_.source), ir::Graph::none, word_bytes} : readers_.at(address);
  const unsigned bytes = std::min(reader.bytes, word_bytes);
  if (dice_.percent(35)) {
    for (unsigned i = 0; i < bytes; ++i) guess.memory.erase(address + i);
    return;
  }
  reader_ = reader.hints;
  std::uint64_t value = word_at(guess.memory, address, bytes);
  const auto field =
      bytes == word_bytes && reader.node != ir::Graph::none ? reader_->loaded(reader.node) : std::nullopt;
  value = field && dice_.percent(60) ? field->pack(pointer(), value) : tweaked(value, 8 * bytes, others);
  for (unsigned i = 0; i < bytes; ++i) guess.memory[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void Generator::change_answer(Answer& answer, const std::vector<std::uint64_t>& others) {
  reader_ = &hints(problem_.source);
  if (answer.has_value) answer.value = tweaked(static_cast<std::uint64_t>(answer.value), 64, others);
  for (auto& [number, value] : answer.x)
    if (dice_.percent(50)) value = tweaked(value, 64, others);
  if (!answer.writes.empty() && dice_.percent(30)) answer.writes.clear();
}

}  // namespace validator::replay
