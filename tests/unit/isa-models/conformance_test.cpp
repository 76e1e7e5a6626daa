// SPDX-License-Identifier: Apache-2.0
// Every group against Unicorn and VIXL: a smoke count with a fixed seed; `isa test` runs more.
#include "isa-models/conformance/conformance.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "models_fixture.hpp"

namespace {

unsigned case_count() {
  const char* text = std::getenv("ISA_CASES");
  return text == nullptr ? 300 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

TEST(Conformance, every_group_agrees_with_both_executors) {
  unsigned compared = 0;
  shipped_models().for_each_group([&](const isa::Group& group) {
    const auto report = isa::conformance(shipped_models(), group.name, case_count(), 1);
    ASSERT_TRUE(report) << report.error().to_string();
    for (const std::string& mismatch : report->mismatches) ADD_FAILURE() << group.name << ": " << mismatch;
    compared += report->unicorn + report->vixl;
    // Every group was really executed, except those that consist of system effects.
    EXPECT_TRUE(report->unicorn != 0 || report->effects != 0) << group.name;
    if (std::getenv("ISA_VERBOSE") != nullptr)
      std::printf("%-70s rejected %5u effects %5u unicorn %5u vixl %5u defects %u\n", group.name.c_str(), report->rejected,
                  report->effects, report->unicorn, report->vixl, report->defects);
  });
  EXPECT_GT(compared, case_count() * 30);
}

TEST(Conformance, an_unknown_group_is_an_error) {
  EXPECT_FALSE(isa::conformance(shipped_models(), "no such group", 1, 1));
}

}  // namespace
