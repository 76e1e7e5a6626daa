// SPDX-License-Identifier: Apache-2.0
#include "validator/app/data_check.hpp"

#include <gtest/gtest.h>

namespace validator::app {
namespace {

using report::DataResult;

class DataCheck : public ::testing::Test {
 protected:
  void SetUp() override {
    image_.segments.push_back({0x1000, std::vector<std::uint8_t>(64, 0), true, false});
    image_.symbols.resize(2);
    image_.symbols[0].name = "table";
    image_.symbols[0].address = 0x1000;
    image_.symbols[0].bytes = 16;
    image_.symbols[1].name = "target";
    image_.symbols[1].address = 0x1020;
    image_.symbols[1].bytes = 4;
    for (Symbol& symbol : image_.symbols) symbol.kind = SymbolKind::object;
    object_.symbol = "table";
    object_.bytes = 16;
    object_.is_definition = object_.has_initialiser = true;
    object_.initial = std::vector<std::uint8_t>(16, 0);
  }

  report::DataRow only_row() {
    ir::Module module;
    module.globals["@table"] = object_;
    const std::vector<report::DataRow> rows = check_data(module, image_);
    return rows.empty() ? report::DataRow{} : rows[0];
  }

  Image image_;
  ir::GlobalObject object_;
};

TEST_F(DataCheck, equal_and_one_bit_off) {
  object_.initial[3] = image_.segments[0].bytes[3] = 7;
  EXPECT_EQ(only_row().result, DataResult::equal);
  image_.segments[0].bytes[15] = 1;
  EXPECT_EQ(only_row().result, DataResult::differs);
  EXPECT_EQ(only_row().text, "offset 15: 01 in the image, 00 in the source");
}

TEST_F(DataCheck, relocations_are_addresses_plus_what_stands_there) {
  object_.relocations = {{8, "target"}};
  object_.initial[8] = 2;
  image_.segments[0].bytes[8] = 0x22;
  image_.segments[0].bytes[9] = 0x10;
  EXPECT_EQ(only_row().result, DataResult::equal);
  image_.segments[0].bytes[8] = 0x20;
  EXPECT_EQ(only_row().result, DataResult::differs);
  object_.relocations = {{8, "nowhere"}};
  EXPECT_EQ(only_row().result, DataResult::unsupported);
}

TEST_F(DataCheck, a_label_without_a_kind_is_not_passed_over) {
  image_.symbols[0].kind = SymbolKind::other;
  image_.symbols[0].bytes = 0;
  EXPECT_EQ(only_row().result, DataResult::unsupported);
}

TEST_F(DataCheck, other_size_is_no_match) {
  object_.bytes = 12;
  object_.initial.resize(12);
  EXPECT_EQ(only_row().result, DataResult::differs);
  object_.internal = true;
  EXPECT_EQ(only_row().result, DataResult::unsupported);
}

TEST_F(DataCheck, absent_and_unknown_initialisers_are_not_equal) {
  object_.has_initialiser = false;
  EXPECT_EQ(only_row().result, DataResult::unsupported);
  object_.symbol = "gone";
  EXPECT_EQ(only_row().result, DataResult::absent);
}

}  // namespace
}  // namespace validator::app
