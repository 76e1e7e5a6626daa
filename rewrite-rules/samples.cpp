// SPDX-License-Identifier: Apache-2.0
#include "rewrite-rules/samples.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace rules {
namespace {

/// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// 0, 1, -1, the extreme signed values and their neighbours, small numbers, single bits, low masks, anything.
ir::u128 interesting(unsigned width, std::uint64_t& state) {
  const std::uint64_t choice = next_random(state) % 8;
  const unsigned at = static_cast<unsigned>(next_random(state) % width);
  const ir::u128 one = static_cast<ir::u128>(1);
  ir::u128 value = 0;
  switch (choice) {
    case 0: value = next_random(state) % 4; break;
    case 1: value = ~(static_cast<ir::u128>(next_random(state) % 4)); break;
    case 2: value = (one << (width - 1)) - 1 + next_random(state) % 3; break;
    case 3: value = one << at; break;
    case 4: value = (one << at) - 1; break;
    case 5: value = ~((one << at) - 1); break;
    default: value = (static_cast<ir::u128>(next_random(state)) << 64) | next_random(state);
  }
  return value & ir::mask(width);
}

unsigned bits_of(const RawVariable& variable) { return variable.sort.is_bool() ? 1 : variable.sort.width; }

bool admitted(const Instance& instance, const Vector& values) {
  return std::all_of(instance.conditions.begin(), instance.conditions.end(),
                     [&](const Raw& condition) { return evaluate(condition, values) != 0; });
}

}  // namespace

bool for_each_input(const Instance& instance, std::uint64_t limit, const std::function<bool(const Vector&)>& visit) {
  unsigned bits = 0;
  for (const RawVariable& variable : instance.variables) bits += bits_of(variable);
  const bool exhaustive = bits < 63 && (std::uint64_t{1} << bits) <= limit;
  const std::uint64_t count = exhaustive ? std::uint64_t{1} << bits : limit;
  std::uint64_t state = 1;
  Vector values(instance.variables.size());
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t rest = i;
    for (std::size_t v = 0; v < values.size(); ++v) {
      const unsigned width = bits_of(instance.variables[v]);
      const bool repeat = !exhaustive && v > 0 && width == bits_of(instance.variables[v - 1]) && next_random(state) % 4 == 0;
      values[v] = exhaustive ? rest & ((std::uint64_t{1} << width) - 1)
                  : repeat   ? (values[v - 1] + next_random(state) % 2) & ir::mask(width)
                             : interesting(width, state);
      if (exhaustive) rest >>= width;
    }
    if (admitted(instance, values) && !visit(values)) break;
  }
  return exhaustive;
}

std::string hex(ir::u128 value) {
  std::string digits;
  do {
    digits += "0123456789abcdef"[static_cast<unsigned>(value & 15)];
    value >>= 4;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return "0x" + digits;
}

std::string describe(const Instance& instance, const Vector& values) {
  std::string out = instance.describe();
  const char* separator = ": ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    out += separator + instance.variables[i].name + "=" + hex(values[i]);
    separator = ", ";
  }
  return out;
}

}  // namespace rules
