// SPDX-License-Identifier: Apache-2.0
// Lifting never crashes and always ends, whatever the bytes and symbols say.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ir/text.hpp"
#include "tests/unit/binary/compiled.hpp"
#include "tests/unit/binary/corpus.hpp"
#include "validator/binary/binary.hpp"

using namespace validator;
using namespace validator::binary;
using binary_test::Compiler;

namespace {

const isa::Models& models() {
  static const isa::Models loaded = [] {
    auto result = isa::Models::load(isa::Models::default_directory());
    if (!result) throw std::runtime_error(result.error().to_string());
    return std::move(*result);
  }();
  return loaded;
}

/// What must hold for any image at all.
void expect_sane(const Image& image, const LiftedImage& lifted) {
  std::uint64_t executable = 0, mapped = 0;
  for (const Segment& segment : image.segments) executable += segment.executable ? segment.bytes.size() : 0;
  for (const Extent& extent : lifted.text.extents) mapped += extent.bytes;
  EXPECT_EQ(mapped, executable);
  for (const auto& [key, function] : lifted.module.functions) {
    EXPECT_FALSE(lifted.module.failed.contains(key)) << key;
    EXPECT_TRUE(ir::check_graph(function.graph)) << key;
  }
}

const std::vector<std::uint8_t>& corpus_elf() {
  static const std::vector<std::uint8_t> file = binary_test::read_file(binary_test::compile(Compiler::gcc, "-O2", binary_test::corpus));
  return file;
}

}  // namespace

TEST(Hostile, any_bytes_of_the_file) {
  std::mt19937_64 random(3);
  int read = 0;
  for (int round = 0; round < 120; ++round) {
    std::vector<std::uint8_t> file = corpus_elf();
    for (int flips = 0; flips < 40; ++flips) file[64 + random() % (file.size() - 64)] ^= static_cast<std::uint8_t>(1 + random() % 255);
    const auto image = parse_image(file, "hostile.elf");
    if (!image) continue;
    ++read;
    expect_sane(*image, lift_image(*image, models()));
  }
  EXPECT_GT(read, 20);
}

TEST(Hostile, any_words) {
  auto image = parse_image(corpus_elf(), "hostile.elf");
  ASSERT_TRUE(image);
  std::mt19937_64 random(4);
  std::size_t lifted_functions = 0;
  for (int round = 0; round < 20; ++round) {
    Image changed = *image;
    for (Segment& segment : changed.segments) {
      if (!segment.executable) continue;
      for (std::size_t at = 0; at + 4 <= segment.bytes.size(); at += 4) {
        if (random() % 16 != 0) continue;
        const std::size_t from = random() % (segment.bytes.size() / 4) * 4;  // a good instruction, out of place
        for (unsigned i = 0; i < 4; ++i) segment.bytes[at + i] = segment.bytes[from + i];
      }
    }
    const LiftedImage lifted = lift_image(changed, models());
    expect_sane(changed, lifted);
    lifted_functions += lifted.module.functions.size();
  }
  EXPECT_GT(lifted_functions, 100U);
}

TEST(Hostile, any_symbols) {
  auto image = parse_image(corpus_elf(), "hostile.elf");
  ASSERT_TRUE(image);
  std::mt19937_64 random(5);
  for (int round = 0; round < 30; ++round) {
    Image changed = *image;
    for (Symbol& symbol : changed.symbols) {
      if (random() % 3 == 0) symbol.address += random() % 64;
      if (random() % 3 == 0) symbol.bytes = random() % 2 == 0 ? 0 : random() % 4096;
      if (random() % 20 == 0) symbol.bytes = ~std::uint64_t{0} - random() % 16;
      if (random() % 20 == 0) symbol.name = "__x_veneer";
      if (random() % 20 == 0) symbol.name += ".cold";
      if (random() % 20 == 0) symbol.kind = static_cast<SymbolKind>(random() % 3);
    }
    std::ranges::stable_sort(changed.symbols, {}, &Symbol::address);
    expect_sane(changed, lift_image(changed, models()));
  }
}

TEST(Hostile, the_same_file_gives_the_same_result) {
  const auto image = parse_image(corpus_elf(), "hostile.elf");
  ASSERT_TRUE(image);
  const LiftedImage first = lift_image(*image, models()), second = lift_image(*image, models());
  EXPECT_EQ(first.module.functions.size(), second.module.functions.size());
  for (const auto& [key, function] : first.module.functions) EXPECT_EQ(ir::print(function), ir::print(second.module.functions.at(key))) << key;
}
