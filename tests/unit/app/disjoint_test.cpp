// SPDX-License-Identifier: Apache-2.0
// Objects and address-taken functions that lie on each other.
#include "validator/app/disjoint.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"

namespace validator::app {
namespace {

class Disjoint : public ::testing::Test {
 protected:
  void object(const std::string& name, std::uint64_t address, std::uint64_t bytes) {
    Symbol symbol;
    symbol.name = name;
    symbol.address = address;
    symbol.bytes = bytes;
    symbol.kind = SymbolKind::object;
    image_.symbols.push_back(symbol);
    ir::GlobalObject& global = source_.globals["@" + name];
    global.symbol = name;
    global.bytes = bytes;
    global.is_definition = true;
  }

  ir::Function& function(const std::string& name, std::uint64_t address) {
    facts_.functions[name].symbol = name;
    facts_.functions[name].address = address;
    ir::Function& function = source_.functions[name];
    function.symbol = name;
    return function;
  }

  std::size_t clashes() { return check_disjoint(source_, image_, facts_).size(); }

  ir::Module source_;
  Image image_;
  binary::BinaryFacts facts_;
};

TEST_F(Disjoint, neighbours_are_fine_one_shared_byte_is_not) {
  object("a", 0x1000, 8);
  object("b", 0x1008, 8);
  EXPECT_EQ(clashes(), 0U);
  object("c", 0x100f, 8);
  EXPECT_EQ(clashes(), 1U);
}

TEST_F(Disjoint, a_small_object_between_does_not_hide_a_long_one) {
  object("long", 0x1000, 64);
  object("small", 0x1000, 1);
  object("later", 0x1020, 4);
  EXPECT_EQ(clashes(), 2U);
}

TEST_F(Disjoint, an_internal_name_is_no_global_name_of_the_image) {
  object("counter", 0x1000, 4);
  source_.globals["@counter"].internal = true;
  image_.symbols.back().local = true;
  EXPECT_EQ(clashes(), 0U);
  Symbol other;
  other.name = "counter";
  other.address = 0x2000;
  image_.symbols.push_back(other);
  EXPECT_EQ(clashes(), 1U);
}

TEST_F(Disjoint, an_internal_function_is_no_global_one_of_the_image) {
  function("helper", 0x4000).internal = true;
  EXPECT_EQ(clashes(), 0U);
  Symbol other;
  other.name = "helper";
  other.address = 0x5000;
  other.kind = SymbolKind::function;
  image_.symbols.push_back(other);
  EXPECT_EQ(clashes(), 1U);
}

TEST_F(Disjoint, declarations_may_alias) {
  object("a", 0x1000, 8);
  object("b", 0x1000, 8);
  source_.globals["@b"].is_definition = false;
  EXPECT_EQ(clashes(), 0U);
}

TEST_F(Disjoint, folded_functions_matter_where_an_address_is_taken) {
  function("f", 0x2000).graph.set_entry(source_.functions["f"].graph.add(ir::Return{}));
  function("g", 0x2000).graph.set_entry(source_.functions["g"].graph.add(ir::Return{}));
  EXPECT_EQ(clashes(), 0U);
  ir::Function& user = function("user", 0x3000);
  user.graph.set_entry(user.graph.add(ir::Return{{ir::var("@g", ir::Sort::bitvec(64))}}));
  EXPECT_EQ(clashes(), 1U);
}

TEST_F(Disjoint, an_address_in_a_table_is_taken) {
  function("f", 0x2000).graph.set_entry(source_.functions["f"].graph.add(ir::Return{}));
  function("g", 0x2000).graph.set_entry(source_.functions["g"].graph.add(ir::Return{}));
  object("table", 0x1000, 8);
  source_.globals["@table"].relocations = {{0, "f"}};
  EXPECT_EQ(clashes(), 1U);
}

}  // namespace
}  // namespace validator::app
