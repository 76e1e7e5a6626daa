// SPDX-License-Identifier: Apache-2.0
// Where constants without a symbol stand: literals anywhere that has their bytes, named objects only where no other named
// object stands, because their addresses differ.
#include "validator/check/surroundings.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"

namespace {

class PlacedConstants : public testing::Test {
 protected:
  PlacedConstants() { image_.segments.push_back({0x1000, {0, 0, 0, 0, 1, 2, 3, 4, 9, 9, 9, 9}, false, false}); }

  void add(const std::string& name, bool named, std::vector<std::uint8_t> bytes) {
    ir::GlobalObject object;
    object.base = ir::var("@" + name, ir::Sort::bitvec(64));
    object.symbol = named ? name : "";
    object.bytes = bytes.size();
    object.alignment = 4;
    object.is_const = object.has_initialiser = object.is_definition = true;
    object.initial = std::move(bytes);
    source_.globals.emplace("@" + name, object);
  }
  std::optional<std::uint64_t> place(const std::string& name) const {
    return validator::check::Surroundings({source_, binary_, image_, "f", {}}).address_of("@" + name);
  }

  ir::Module source_, binary_;
  validator::Image image_;
};

TEST_F(PlacedConstants, AloneItStandsWhereItsBytesAre) {
  add("a", true, {1, 2, 3, 4});
  add("b", true, {9, 9, 9, 9});
  EXPECT_EQ(place("a"), 0x1004U);
  EXPECT_EQ(place("b"), 0x1008U);
}

TEST_F(PlacedConstants, TwoNamedOnesNeverStandAtOneAddress) {
  add("a", true, {1, 2, 3, 4});
  add("b", true, {1, 2, 3, 4});
  EXPECT_EQ(place("a"), std::nullopt);
  EXPECT_EQ(place("b"), std::nullopt);
}

TEST_F(PlacedConstants, LiteralsMayShareBytes) {
  add("literal.0", false, {1, 2, 3, 4});
  add("literal.1", false, {1, 2, 3, 4});
  add("a", true, {1, 2, 3, 4});
  EXPECT_EQ(place("literal.0"), 0x1004U);
  EXPECT_EQ(place("literal.1"), 0x1004U);
  EXPECT_EQ(place("a"), 0x1004U);
}

}  // namespace
