// SPDX-License-Identifier: Apache-2.0
// Private storage next to the plainest thing that does the same: one byte for each place. Random stores, overwrites, losses and
// joins; whatever terms the bytes are parts of, their values must be those of the bytes.
#include "validator/check/stored_bytes.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ir/eval.hpp"
#include "ir/text.hpp"

namespace {

using ir::Term;
using validator::check::PrivateByte;
using validator::check::StoredBytes;

constexpr unsigned places = 24;

struct Both {
  StoredBytes stored;
  std::map<std::int64_t, unsigned> plain;  ///< a place without an entry was never stored, or lost
};

class StoredBytesTest : public ::testing::Test {
 protected:
  Term variable(unsigned bits) {
    const Term made = ir::var("v" + std::to_string(made_++), bits == 0 ? ir::Sort::boolean() : ir::Sort::bitvec(bits));
    values_.scalars[made] = bits == 0 ? ir::u128{random_() & 1} : ((ir::u128{random_()} << 96) ^ (ir::u128{random_()} << 64) ^ (ir::u128{random_()} << 32) ^ random_()) & ir::mask(bits);
    return made;
  }
  unsigned byte_of(Term value, unsigned index) { return static_cast<unsigned>((ir::evaluate(value, values_) >> (8 * index)) & 255); }

  void change(Both& state) {
    constexpr unsigned sizes[] = {1, 2, 3, 4, 8, 12, 16};
    const unsigned bytes = sizes[random_() % 7];
    const std::int64_t at = random_() % (places - 16);
    if (random_() % 4 == 0) {
      std::erase_if(state.stored, [&](const auto& entry) { return entry.first.offset < at; });
      std::erase_if(state.plain, [&](const auto& entry) { return entry.first < at; });
      return;
    }
    const Term copied = random_() % 3 == 0 ? state.stored.get({0, static_cast<std::int64_t>(random_() % (places - 16))}, bytes) : Term();
    const Term value = copied ? copied : variable(8 * bytes);
    state.stored.put({0, at}, value);
    for (unsigned i = 0; i < bytes; ++i) state.plain[at + i] = byte_of(value, i);
  }

  /// Every known range reads as its bytes; nothing else is known.
  void compare(const Both& state) {
    for (std::int64_t at = 0; at < places; ++at) {
      ASSERT_EQ(state.stored.contains({0, at}), state.plain.contains(at));
      for (const unsigned bytes : {1U, 2U, 4U, 8U}) {
        bool known = true;
        for (unsigned i = 0; i < bytes; ++i) known = known && state.plain.contains(at + i);
        const Term read = state.stored.get({0, at}, bytes);
        ASSERT_EQ(static_cast<bool>(read), known);
        for (unsigned i = 0; known && i < bytes; ++i) ASSERT_EQ(byte_of(read, i), state.plain.at(at + i)) << ir::print(read);
      }
    }
  }

  std::mt19937 random_{1};
  ir::Valuation values_;
  unsigned made_ = 0;
};

TEST_F(StoredBytesTest, bytes_are_what_was_stored_last) {
  for (int round = 0; round < 300; ++round) {
    Both common;
    for (int i = 0; i < 3; ++i) change(common);
    Both first = common, second = common;
    for (int i = 0; i < 4; ++i) change(first), change(second);
    const Term condition = variable(0);
    const bool holds = ir::evaluate(condition, values_) != 0;
    std::vector<Term> unknown;
    Both joined{first.stored, {}};
    joined.stored.choose(condition, second.stored, [&](unsigned bits) {
      unknown.push_back(variable(bits));
      return unknown.back();
    });
    const Both& chosen = holds ? first : second;
    joined.plain = chosen.plain;
    for (const auto* side : {&first, &second}) {
      for (const auto& [at, value] : side->plain) {
        if (chosen.plain.contains(at)) continue;
        // Only the other one has it: what comes out is anything, and must not speak of the other's value.
        const unsigned before = byte_of(joined.stored.get({0, at}, 1), 0);
        joined.plain[at] = before;
        for (const Term variable : unknown) values_.scalars[variable] ^= ir::mask(variable.width());
        ASSERT_EQ(byte_of(joined.stored.get({0, at}, 1), 0), before ^ 255);
        for (const Term variable : unknown) values_.scalars[variable] ^= ir::mask(variable.width());
      }
    }
    compare(joined);
    for (int i = 0; i < 3; ++i) change(joined);
    compare(joined);
  }
}

/// A place that only one side has is unknown on the other, each byte for itself.
TEST_F(StoredBytesTest, what_one_side_lost_is_not_one_value_at_two_places) {
  StoredBytes first, second;
  const Term value = variable(64), condition = variable(0);
  first.put({0, 0}, value);
  first.put({0, 8}, value);
  first.choose(condition, second, [&](unsigned bits) { return variable(bits); });
  values_.scalars[condition] = 0;
  EXPECT_NE(first.get({0, 0}, 8), first.get({0, 8}, 8));
  EXPECT_NE(byte_of(first.get({0, 0}, 8), 0) << 8 | byte_of(first.get({0, 0}, 8), 1), byte_of(first.get({0, 8}, 8), 0) << 8 | byte_of(first.get({0, 8}, 8), 1));
}

}  // namespace
