// SPDX-License-Identifier: Apache-2.0
// The ELF reader: good images, each named error beside the nearest good file, and hostile files.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <random>

#include "tests/unit/binary/compiled.hpp"
#include "validator/binary/binary.hpp"

using namespace validator;
using namespace validator::binary;
using binary_test::Compiler;

namespace {

constexpr const char* small_program = R"(
static const int table[3] = {11, 22, 33};
int counter = 5;
int pick(int i) { return table[i & 1] + counter; }
)";

const std::vector<std::uint8_t>& small_elf() {
  static const std::vector<std::uint8_t> bytes = binary_test::read_file(binary_test::compile(Compiler::gcc, "-O1", small_program));
  return bytes;
}

std::string code_of(const std::vector<std::uint8_t>& file) {
  const auto image = parse_image(file, "f.elf");
  return image ? "" : image.error().code;
}

std::string code_after(const std::function<void(std::vector<std::uint8_t>&)>& change) {
  std::vector<std::uint8_t> file = small_elf();
  change(file);
  return code_of(file);
}

void put(std::vector<std::uint8_t>& file, std::size_t at, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) file.at(at + i) = static_cast<std::uint8_t>(value >> 8 * i);
}

std::uint64_t get(const std::vector<std::uint8_t>& file, std::size_t at, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = bytes; i-- > 0;) value = value << 8 | file.at(at + i);
  return value;
}

}  // namespace

TEST(Elf, reads_what_both_compilers_and_linkers_write) {
  for (const Compiler compiler : {Compiler::gcc, Compiler::clang}) {
    SCOPED_TRACE(binary_test::compiler_name(compiler));
    const Image image = binary_test::compile_image(compiler, "-O1", small_program);
    EXPECT_EQ(image.sha256.size(), 64U);
    EXPECT_FALSE(image.compilers.empty());
    const Symbol* pick = image.find("pick");
    ASSERT_NE(pick, nullptr);
    EXPECT_EQ(pick->address, 0x40000000U);
    EXPECT_EQ(pick->kind, SymbolKind::function);
    EXPECT_GT(pick->bytes, 8U);
    EXPECT_EQ(image.containing(pick->address + 4), pick);
    EXPECT_EQ(image.find("no_such_symbol"), nullptr);
    const Symbol* table = image.find("table");
    ASSERT_NE(table, nullptr);
    EXPECT_TRUE(table->local);
    EXPECT_EQ(image.read_only(table->address, 4), 11U);
    EXPECT_EQ(image.read_only(table->address + 4, 8), std::uint64_t{33} << 32 | 22);
    const Symbol* counter = image.find("counter");
    ASSERT_NE(counter, nullptr);
    EXPECT_EQ(image.read_only(counter->address, 4), std::nullopt) << "writable bytes are no constants";
    EXPECT_EQ(image.initial(counter->address, 4), (std::vector<std::uint8_t>{5, 0, 0, 0}));
    EXPECT_EQ(image.initial(0x10, 1), std::nullopt);
    EXPECT_EQ(image.initial(~std::uint64_t{0}, 2), std::nullopt);
  }
}

TEST(Elf, digest_is_of_the_whole_file) {
  const auto image = parse_image(small_elf(), "f.elf");
  ASSERT_TRUE(image);
  std::vector<std::uint8_t> other = small_elf();
  other.push_back(0);
  const auto longer = parse_image(other, "f.elf");
  ASSERT_TRUE(longer);
  EXPECT_NE(image->sha256, longer->sha256);
}

TEST(Elf, names_each_error) {
  EXPECT_EQ(code_of(small_elf()), "");
  EXPECT_EQ(read_image("/no/such/file").error().code, "elf-unreadable");
  EXPECT_EQ(read_image("/").error().code, "elf-unreadable");
  EXPECT_EQ(code_of({}), "elf-not-elf");
  EXPECT_EQ(code_of({'#', '!', '/', 'b'}), "elf-not-elf");
  EXPECT_EQ(code_of({0x7f, 'E', 'L', 'F'}), "elf-truncated");
  EXPECT_EQ(code_after([](auto& f) { f[4] = 1; }), "elf-not-64bit");
  EXPECT_EQ(code_after([](auto& f) { f[5] = 2; }), "elf-big-endian");
  EXPECT_EQ(code_after([](auto& f) { f[18] = 62; }), "elf-not-aarch64");
  EXPECT_EQ(code_after([](auto& f) { f[16] = 1; }), "elf-not-executable");
  EXPECT_EQ(code_after([](auto& f) { put(f, 32, f.size(), 8); }), "elf-truncated") << "program headers outside";
  EXPECT_EQ(code_after([](auto& f) { put(f, 40, f.size(), 8); }), "elf-truncated") << "section headers outside";
  EXPECT_EQ(code_after([](auto& f) { put(f, 40, 0, 8); }), "elf-stripped") << "no section headers, so no .symtab";
  EXPECT_EQ(code_after([](auto& f) { put(f, 56, 0, 2); }), "elf-no-code");
}

TEST(Elf, names_errors_of_segments) {
  const std::uint64_t headers = get(small_elf(), 32, 8);
  const auto first_load = [&] {
    for (std::uint64_t at = headers;; at += 56) {
      if (get(small_elf(), at, 4) == 1) return at;
    }
  }();
  EXPECT_EQ(code_after([&](auto& f) { put(f, first_load + 8, f.size(), 8); }), "elf-truncated");
  EXPECT_EQ(code_after([&](auto& f) { put(f, first_load + 40, 1, 8); }), "elf-malformed") << "file size over memory size";
  EXPECT_EQ(code_after([&](auto& f) { put(f, first_load + 40, std::uint64_t{1} << 60, 8); }), "elf-too-large");
  EXPECT_EQ(code_after([&](auto& f) { put(f, first_load + 16, ~std::uint64_t{0} - 8, 8); }), "elf-malformed") << "wraps around";
}

TEST(Elf, a_stripped_image_says_so) {
  const std::string path = binary_test::compile(Compiler::gcc, "-O1 -s", small_program);
  EXPECT_EQ(read_image(path).error().code, "elf-stripped");
}

TEST(Elf, a_position_independent_image_says_so) {
  const std::string path = binary_test::compile(Compiler::gcc, "-O1", small_program, ".c", "-Wl,-pie -Wl,--no-dynamic-linker");
  EXPECT_EQ(read_image(path).error().code, "elf-not-executable");
}

TEST(Elf, an_error_is_one_clear_line) {
  const auto image = parse_image(std::vector<std::uint8_t>{1, 2, 3}, "dir/kernel.elf");
  ASSERT_FALSE(image);
  const std::string text = image.error().to_string();
  EXPECT_NE(text.find("dir/kernel.elf"), std::string::npos);
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST(Elf, survives_every_truncation) {
  std::size_t accepted = 0;
  for (std::size_t length = 0; length < small_elf().size(); length += 16) {
    const std::vector<std::uint8_t> part(small_elf().begin(), small_elf().begin() + static_cast<std::ptrdiff_t>(length));
    if (parse_image(part, "cut.elf")) ++accepted;
  }
  EXPECT_EQ(accepted, 0U) << "section headers stand at the end of the file, so every truncation must be noticed";
}

TEST(Elf, survives_flipped_bytes) {
  std::vector<std::uint8_t> file = small_elf();
  const std::uint64_t sections = get(file, 40, 8);
  std::size_t refused = 0;
  const auto flip = [&](std::size_t at) {
    for (const std::uint8_t pattern : {0x01, 0x80, 0xff}) {
      file[at] ^= pattern;
      if (!parse_image(file, "flip.elf")) ++refused;
      file[at] ^= pattern;
    }
  };
  for (std::size_t at = 0; at < 64 + 56 * 4; ++at) flip(at);
  for (std::size_t at = sections; at < file.size(); ++at) flip(at);
  EXPECT_GT(refused, 100U);
}

TEST(Elf, survives_random_bytes_behind_a_good_start) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::uint8_t> file = small_elf();
    const std::size_t keep = round % 2 == 0 ? 20 : 64;
    for (std::size_t at = keep; at < file.size(); ++at) {
      if (at < 400 || random() % 8 == 0) file[at] = static_cast<std::uint8_t>(random());
    }
    (void)parse_image(file, "random.elf");
  }
}
