// SPDX-License-Identifier: Apache-2.0
#include "validator/report/unknown_key.hpp"

#include <gtest/gtest.h>

namespace validator::report {
namespace {

const std::set<std::string_view> known = {"wall_seconds", "query_units", "function_units", "memory_mib", "seed", "elf"};

TEST(UnknownKey, names_the_one_that_was_meant) {
  EXPECT_EQ(nearest_name("wal_seconds", known), "wall_seconds");
  EXPECT_EQ(nearest_name("wall_secnods", known), "wall_seconds");
  EXPECT_EQ(nearest_name("wall-seconds", known), "wall_seconds");
  EXPECT_EQ(nearest_name("wall", known), "wall_seconds");
  EXPECT_EQ(nearest_name("seeds", known), "seed");
  EXPECT_EQ(nearest_name("fle", known), "elf");
  EXPECT_NE(unknown_key("memory_mb", known).find("did you mean 'memory_mib'?"), std::string::npos);
}

TEST(UnknownKey, and_none_that_was_not) {
  EXPECT_EQ(nearest_name("colour", known), "");
  EXPECT_EQ(nearest_name("x", known), "");
  EXPECT_EQ(nearest_name("anything", {}), "");
  EXPECT_EQ(unknown_key("colour", known).find("did you mean"), std::string::npos);
}

}  // namespace
}  // namespace validator::report
