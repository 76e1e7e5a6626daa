// SPDX-License-Identifier: Apache-2.0
// Lifted graphs against Unicorn on the same bytes, whole functions at a time, for both compilers at each level.
#include <gtest/gtest.h>

#include <random>

#include <fmt/format.h>

#include "tests/unit/binary/compiled.hpp"
#include "tests/unit/binary/corpus.hpp"
#include "tests/unit/binary/machine.hpp"

using namespace validator;
using namespace validator::binary;
using binary_test::Compiler;
using binary_test::Machine;

namespace {

constexpr std::uint64_t buffer = 0x60000000, stack_low = 0x70000000, stack_bytes = 0x20000, return_to = 0x7ffff000;

const isa::Models& models() {
  static const isa::Models loaded = [] {
    auto result = isa::Models::load(isa::Models::default_directory());
    if (!result) throw std::runtime_error(result.error().to_string());
    return std::move(*result);
  }();
  return loaded;
}

Machine entry_state(const Image& image, std::mt19937_64& random) {
  static constexpr std::uint64_t corners[] = {0, 1, 2, 7, 64, 100, 107, 255, 0x7fffffff, 0x80000000, ~std::uint64_t{0}, std::uint64_t{1} << 63};
  Machine machine;
  for (std::uint64_t& value : machine.x) {
    value = random();
    if (random() % 4 == 0) value = corners[random() % std::size(corners)];
    if (random() % 4 == 0) value &= 0x1f;
  }
  machine.x[0] = buffer;
  machine.x[30] = return_to;
  machine.x[31] = stack_low + stack_bytes - 0x400;
  for (bool& flag : machine.flags) flag = random() % 2 != 0;
  for (const Segment& segment : image.segments) machine.memory[segment.address] = segment.bytes;
  const auto fill = [&](std::uint64_t address, std::size_t bytes) {
    auto& region = machine.memory[address];
    for (std::size_t i = 0; i < bytes; ++i) region.push_back(static_cast<std::uint8_t>(random()));
  };
  fill(buffer, 8192);
  fill(stack_low, stack_bytes);
  return machine;
}

struct Level {
  Compiler compiler;
  const char* flags;
};

void PrintTo(const Level& level, std::ostream* out) { *out << binary_test::compiler_name(level.compiler) << level.flags; }

class LiftedCorpus : public testing::TestWithParam<Level> {};

std::string level_name(const testing::TestParamInfo<Level>& info) {
  return binary_test::compiler_name(info.param.compiler) + (info.param.flags + 1);
}

}  // namespace

TEST_P(LiftedCorpus, behaves_like_the_bytes) {
  const Image image = binary_test::compile_image(GetParam().compiler, GetParam().flags, binary_test::corpus);
  ASSERT_FALSE(image.segments.empty());
  const LiftedImage lifted = lift_image(image, models());
  for (const auto& [key, error] : lifted.module.failed) ADD_FAILURE() << key << ": " << error.to_string();
  EXPECT_EQ(lifted.text.bytes(ExtentKind::unaccounted), 0U);
  std::mt19937_64 random(11);
  unsigned functions = 0;
  for (const auto& [key, function] : lifted.module.functions) {
    if (!key.starts_with("f_") || key.find('.') != std::string::npos) continue;
    ++functions;
    for (int round = 0; round < 8; ++round) {
      Machine graph = entry_state(image, random);
      Machine unicorn = graph;
      binary_test::run_graph(lifted, key, graph);
      binary_test::run_unicorn(function.address, unicorn);
      EXPECT_EQ(graph.stopped, "") << key;
      ASSERT_EQ(binary_test::difference(graph, unicorn), "") << key << " round " << round;
    }
  }
  EXPECT_EQ(functions, 34U);
}

INSTANTIATE_TEST_SUITE_P(Levels, LiftedCorpus,
                         testing::Values(Level{Compiler::gcc, "-O0"}, Level{Compiler::gcc, "-O1"}, Level{Compiler::gcc, "-O2"},
                                         Level{Compiler::gcc, "-O3"}, Level{Compiler::gcc, "-Os"}, Level{Compiler::gcc, "-Og"},
                                         Level{Compiler::clang, "-O0"}, Level{Compiler::clang, "-O1"}, Level{Compiler::clang, "-O2"},
                                         Level{Compiler::clang, "-O3"}, Level{Compiler::clang, "-Os"}, Level{Compiler::clang, "-Oz"}),
                         level_name);

// The nearest no: a graph from other bytes must not pass for these.
TEST(Lift, notices_one_changed_instruction) {
  Image image = binary_test::compile_image(Compiler::gcc, "-O2", binary_test::corpus);
  const LiftedImage lifted = lift_image(image, models());
  const ir::Function& function = lifted.module.functions.at("f_arith");
  std::mt19937_64 random(5);
  unsigned changed = 0, noticed = 0;
  for (Segment& segment : image.segments) {
    if (!segment.executable) continue;
    for (std::uint64_t at = function.address - segment.address; at + 4 < function.address - segment.address + function.bytes; at += 4) {
      segment.bytes[at] ^= 1;  // another destination register
      Machine graph = entry_state(image, random);
      Machine unicorn = graph;
      binary_test::run_graph(lifted, "f_arith", graph);
      binary_test::run_unicorn(function.address, unicorn);
      segment.bytes[at] ^= 1;
      ++changed;
      if (!binary_test::difference(graph, unicorn).empty()) ++noticed;
    }
  }
  EXPECT_GT(changed, 5U);
  EXPECT_EQ(noticed, changed);
}
