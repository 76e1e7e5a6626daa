// SPDX-License-Identifier: Apache-2.0
#include "isa-models/sampler.hpp"

#include "isa-models/evaluator.hpp"

namespace isa {
namespace {

constexpr unsigned search_limit = 2000;
/// Once for a constraint that the first search never meets, such as one system register among 2^15.
constexpr unsigned long_search_bits = 16;
constexpr std::uint32_t long_search_limit = 1U << long_search_bits;

}  // namespace

Sampler::Sampler(const ModelData& data, const GroupData& group, std::uint64_t seed)
    : data_(data), group_(group), random_(seed) {}

std::uint32_t Sampler::free_word(const Encoding& encoding) {
  std::uint32_t word = encoding.match | encoding.should_match;
  for (const Field& field : encoding.fields) {
    const std::uint32_t mask = (1U << field.width()) - 1;
    auto value = static_cast<std::uint32_t>(random_()) & mask;
    if (field.width() > 3) {
      const std::uint64_t corner = random_() % 8;
      if (corner == 0) value = 0;
      if (corner == 1) value = mask;
    }
    word |= value << field.lo;
  }
  return word;
}

bool Sampler::obeys(const Encoding& encoding, std::uint32_t word, std::size_t constraint) const {
  try {
    Evaluator evaluator(data_, group_, encoding, word, Evaluator::Mode::check);
    evaluator.decode();
    return evaluator.holds(*group_.tests[constraint]);
  } catch (const ir::Error&) {
    return false;
  }
}

std::uint32_t Sampler::word() {
  const std::size_t turn = turn_++;
  const std::size_t index = turn % group_.encodings.size();
  const Encoding& encoding = group_.encodings[index];
  const std::size_t constraint = (turn / group_.encodings.size()) % (group_.tests.size() + 1);
  std::uint32_t word = free_word(encoding);
  if (constraint == group_.tests.size()) return word;
  const auto found = rare_.find({index, constraint});
  if (found != rare_.end()) return vary(encoding, found->second, constraint);
  for (unsigned i = 0; i < search_limit; ++i, word = free_word(encoding))
    if (obeys(encoding, word, constraint)) return word;
  for (std::uint32_t i = 0; i < long_search_limit && !obeys(encoding, word, constraint); ++i) word = counted(encoding, i);
  rare_[{index, constraint}] = word;
  return word;
}

/// A word whose fields, but for registers, are the bits of `number`; what does not fit stays free.
std::uint32_t Sampler::counted(const Encoding& encoding, std::uint32_t number) {
  std::uint32_t word = free_word(encoding);
  unsigned used = 0;
  for (const Field& field : encoding.fields) {
    if (data_.symbols.name(field.symbol).starts_with('R') || used + field.width() > long_search_bits) continue;
    const std::uint32_t mask = (1U << field.width()) - 1;
    word = (word & ~(mask << field.lo)) | (number >> used & mask) << field.lo;
    used += field.width();
  }
  return word;
}

/// Another word of a rare constraint: one field after the other is changed where the constraint allows it.
std::uint32_t Sampler::vary(const Encoding& encoding, std::uint32_t word, std::size_t constraint) {
  const std::uint32_t other = free_word(encoding);
  for (const Field& field : encoding.fields) {
    const std::uint32_t mask = ((1U << field.width()) - 1) << field.lo;
    const std::uint32_t changed = (word & ~mask) | (other & mask);
    if (obeys(encoding, changed, constraint)) word = changed;
  }
  return word;
}

std::uint64_t Sampler::value() {
  const std::uint64_t bits = random_();
  switch (random_() % 12) {
    case 0: return 0;
    case 1: return 1;
    case 2: return ~std::uint64_t{0};
    case 3: return std::uint64_t{1} << 63;
    case 4: return (std::uint64_t{1} << 63) - 1;
    case 5: return bits & 0xff;
    case 6: return (bits & 1) != 0 ? 0x80000000U : 0x7fffffffU;
    case 7: return std::uint64_t{1} << (bits & 63);
    case 8: return 0 - (bits & 0xff);
    case 9: return bits & 0xffffffffU;
    default: return bits;
  }
}

MachineState Sampler::state() {
  MachineState state;
  for (std::uint64_t& x : state.x) x = value();
  if (random_() % 4 == 0) state.x[random_() % 31] = state.x[random_() % 31];
  for (ir::u128& v : state.v) {
    v = static_cast<ir::u128>(random_()) << 64;
    v |= random_();
  }
  state.sp = value() & ~std::uint64_t{15};
  for (bool& flag : state.nzcv) flag = (random_() & 1) != 0;
  return state;
}

}  // namespace isa
