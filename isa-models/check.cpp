// SPDX-License-Identifier: Apache-2.0
#include "isa-models/check.hpp"

#include "isa-models/evaluator.hpp"

namespace isa {
namespace {

/// The n-th word to check: small fields count through their values, wide ones and registers take a few corner values.
std::uint32_t sample(const Encoding& encoding, std::uint32_t n) {
  std::uint32_t word = encoding.match | encoding.should_match;
  std::uint64_t hash = n * 0x9e3779b97f4a7c15ULL + 1;
  std::uint32_t counter = n;
  for (const Field& field : encoding.fields) {
    const std::uint32_t mask = (field.width() >= 32 ? 0 : (1U << field.width())) - 1U;
    std::uint32_t value = 0;
    if (field.width() <= 3) {
      value = counter & mask;
      counter >>= field.width();
    } else {
      hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9ULL;
      const std::uint32_t corner = (hash >> 60) & 3;
      value = corner == 0 ? 0 : corner == 1 ? mask : static_cast<std::uint32_t>(hash >> 20) & mask;
    }
    word |= value << field.lo;
  }
  return word;
}

}  // namespace

std::optional<ir::Error> check_widths(const ModelData& data, std::uint32_t words_per_group) {
  for (const GroupData& group : data.groups)
    for (const Encoding& encoding : group.encodings) {
      unsigned small_bits = 0;
      for (const Field& field : encoding.fields)
        if (field.width() <= 3) small_bits += field.width();
      const std::uint64_t combinations = std::uint64_t{1} << small_bits;
      const std::uint64_t count = std::min<std::uint64_t>(words_per_group, combinations * 8);
      const std::uint64_t step = combinations > words_per_group ? combinations / words_per_group | 1 : 1;
      for (std::uint64_t i = 0; i < count; ++i) {
        try {
          Evaluator evaluator(data, group, encoding, sample(encoding, static_cast<std::uint32_t>(i * step)),
                              Evaluator::Mode::check);
          evaluator.set_address(0x40000000);
          evaluator.decode();
          for (const ExprPtr& test : group.tests) evaluator.holds(*test);
          evaluator.text();
          evaluator.execute();
        } catch (const ir::Error& error) {
          if (error.code == bad_model) return error;
        }
      }
    }
  return std::nullopt;
}

namespace {

bool refines(const ModelData& data, int group, int general) {
  for (std::size_t steps = 0; group >= 0 && steps <= data.groups.size(); ++steps) {
    group = data.groups[static_cast<std::size_t>(group)].refines;
    if (group == general) return true;
  }
  return false;
}

}  // namespace

std::optional<ir::Error> check_overlaps(const ModelData& data) {
  const int count = static_cast<int>(data.groups.size());
  for (int a = 0; a < count; ++a) {
    if (refines(data, a, a)) return model_error(data, data.groups[static_cast<std::size_t>(a)].where, "`refines` goes in a circle");
    for (int b = a; b < count; ++b) {
      const GroupData& left = data.groups[static_cast<std::size_t>(a)];
      const GroupData& right = data.groups[static_cast<std::size_t>(b)];
      if (a != b && (refines(data, a, b) || refines(data, b, a))) continue;
      for (const Encoding& x : left.encodings)
        for (const Encoding& y : right.encodings) {
          if (&x == &y || ((x.match ^ y.match) & x.mask & y.mask) != 0) continue;
          const Position other = x.where;
          return model_error(data, y.where,
                             "this encoding overlaps that of \"" + left.group.name + "\" (" + data.files[other.file] + ":" +
                                 std::to_string(other.line) + "); one of them must say `refines`");
        }
    }
  }
  return std::nullopt;
}

}  // namespace isa
