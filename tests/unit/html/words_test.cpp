// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/words.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"

namespace validator::report::html {
namespace {

const ir::Term x0 = ir::var("X0", ir::Sort::bitvec(64));
const ir::Term count = ir::var("count.3.32~17", ir::Sort::bitvec(32));

TEST(Words, NamesAreThoseOfTheSourceAndTheMachine) {
  EXPECT_EQ(name_text("kernel.0"), "kernel");
  EXPECT_EQ(name_text("count.3.32~17"), "count");
  EXPECT_EQ(name_text("i.3@0"), "i");
  EXPECT_EQ(name_text("%slot.2"), "&slot");
  EXPECT_EQ(name_text("@kernel_state"), "&kernel_state");
  EXPECT_EQ(name_text("X19"), "x19");
  EXPECT_EQ(name_text("SP"), "sp");
}

TEST(Words, TermsAreInfix) {
  EXPECT_EQ(term_text(ir::add(x0, ir::bv(0x10, 64))), "x0 + 0x10");
  EXPECT_EQ(term_text(ir::sub(x0, ir::bv(0x20, 64))), "x0 - 0x20");
  EXPECT_EQ(term_text(ir::eq(count, ir::bv(1, 32))), "count == 1");
  EXPECT_EQ(term_text(ir::logical_not(ir::eq(count, ir::bv(1, 32)))), "count != 1");
}

TEST(Words, LongTermsAreCut) {
  ir::Term term = x0;
  for (unsigned i = 1; i < 400; ++i) term = ir::ite(ir::eq(x0, ir::bv(i, 64)), ir::bv(1000 + i, 64), term);
  EXPECT_LT(term_text(term).size(), 4000U);
  EXPECT_NE(term_text(term).find("…"), std::string::npos);
}

TEST(Words, NodesSayWhatTheyDo) {
  const auto display = [](const std::string& symbol) { return symbol == "_Z1fv" ? std::string("f") : symbol; };
  EXPECT_EQ(node_text(ir::Load{x0, ir::add(x0, ir::bv(8, 64)), 8}, display), "x0 = u64[x0 + 8]");
  EXPECT_EQ(node_text(ir::Call{"_Z1fv", {}, {}, {}, true}, display), "f()");
  EXPECT_EQ(node_text(ir::Basic{}, display), "");
}

}  // namespace
}  // namespace validator::report::html
