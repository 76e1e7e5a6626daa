// SPDX-License-Identifier: Apache-2.0
// See stored_bytes.hpp.
#include "validator/check/stored_bytes.hpp"

#include <vector>

namespace validator::check {

namespace {

/// Larger values are copies of objects: their words are what code works on.
constexpr unsigned word_bytes = 8;

}  // namespace

void StoredBytes::put(PrivateByte first, Term value) {
  const unsigned bytes = value.width() / 8;
  for (unsigned from = 0; from < bytes; from += word_bytes) {
    const unsigned to = std::min(from + word_bytes, bytes);
    const Term word = ir::extract(8 * to - 1, 8 * from, value);
    for (unsigned i = from; i < to; ++i) insert_or_assign({first.region, first.offset + i}, StoredByte{word, i - from});
  }
}

Term StoredBytes::get(PrivateByte first, unsigned bytes) const {
  std::vector<Term> high_to_low;
  for (unsigned i = 0; i < bytes;) {
    const auto found = find({first.region, first.offset + i});
    if (found == end()) return Term();
    const StoredByte start = found->second;
    unsigned length = 1;
    for (auto next = std::next(found); next != end() && i + length < bytes; ++next, ++length) {
      const bool follows = next->first == PrivateByte{first.region, first.offset + i + length} &&
                           next->second.value == start.value && next->second.index == start.index + length;
      if (!follows) break;
    }
    high_to_low.insert(high_to_low.begin(), ir::extract(8 * (start.index + length) - 1, 8 * start.index, start.value));
    i += length;
  }
  return ir::concat(high_to_low);
}

void StoredBytes::choose(Term condition, const StoredBytes& other, const std::function<Term(unsigned bits)>& junk) {
  std::map<std::pair<PrivateByte, std::uint32_t>, Term> unknown;  // by where the partner begins
  const auto partner = [&](PrivateByte at, const StoredByte& known) {
    const PrivateByte begin{at.region, at.offset - known.index};
    auto [entry, added] = unknown.try_emplace({begin, known.value.id()});
    if (added) entry->second = junk(known.value.width());
    return StoredByte{entry->second, known.index};
  };
  const auto chosen = [&](const StoredByte& first, const StoredByte& second) {
    if (first.index == second.index && first.value.width() == second.value.width()) {
      return StoredByte{ir::ite(condition, first.value, second.value), first.index};
    }
    return StoredByte{ir::ite(condition, first.byte(), second.byte()), 0};
  };
  for (auto& [at, ours] : *this) {
    const auto theirs = other.find(at);
    ours = chosen(ours, theirs != other.end() ? theirs->second : partner(at, ours));
  }
  for (const auto& [at, theirs] : other) {
    if (!contains(at)) emplace(at, chosen(partner(at, theirs), theirs));
  }
}

}  // namespace validator::check
