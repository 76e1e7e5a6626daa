// SPDX-License-Identifier: Apache-2.0
// The lifter against compilers: every `t_...` function of snippets/* is lifted and run in the graph on random inputs, and
// the same inputs run in code compiled by GCC and Clang under qemu-aarch64. Inputs that the graph calls undefined are left out;
// functions named *_ub must have some, all others none.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "runner.hpp"
#include "validator/source/source.hpp"

namespace {

namespace fs = std::filesystem;
using validator::source::lift_text;
using validator::source::Options;
using validator::source::UnitReport;

struct Input {
  std::string function;
  std::uint64_t a, b, c;
};

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<Input> inputs_for(const std::string& function) {
  std::mt19937_64 random(std::hash<std::string>()(function));
  const std::uint64_t special[] = {0, 1, 2, 3, 7, 8, 127, 128, 255, 0x7fffffff, 0x80000000, 0xffffffff, 1UL << 63, ~0UL, ~1UL};
  const auto next = [&] {
    const std::uint64_t raw = random();
    switch (random() % 4) {
      case 0:
        return special[raw % std::size(special)];
      case 1:
        return raw & 0xff;
      case 2:
        return raw & 0xffffffff;
      default:
        return raw;
    }
  };
  std::vector<Input> result;
  for (int i = 0; i < 60; ++i) {
    result.push_back({function, next(), next(), next()});
  }
  return result;
}

bool run(const std::string& command) { return std::system((command + " 2>/dev/null").c_str()) == 0; }

/// What the compiled snippet gives for the inputs; empty when a tool is missing.
std::vector<std::uint64_t> compiled(const fs::path& snippet, const std::string& compiler, const std::vector<Input>& inputs) {
  const fs::path folder = fs::temp_directory_path() / ("symbolon-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const fs::path main_file = folder / ("main" + snippet.extension().string());
  std::ofstream out(main_file);
  out << "#include \"" << snippet.string() << "\"\n#include <stdio.h>\nint main(void) {\n";
  for (const Input& input : inputs) {
    out << "  printf(\"%lu\\n\", (unsigned long)" << input.function << "(" << input.a << "ul, " << input.b << "ul, " << input.c << "ul));\n";
  }
  out << "  return 0;\n}\n";
  out.close();
  const fs::path binary = folder / "a.out";
  const fs::path result = folder / "out.txt";
  std::vector<std::uint64_t> values;
  if (run(compiler + " -w -fno-strict-aliasing -static -o " + binary.string() + " " + main_file.string()) &&
      run("qemu-aarch64 " + binary.string() + " > " + result.string())) {
    std::ifstream in(result);
    std::uint64_t value = 0;
    while (in >> value) {
      values.push_back(value);
    }
  }
  fs::remove_all(folder);
  return values;
}

class Snippet : public testing::TestWithParam<std::string> {};

TEST_P(Snippet, GraphAndCompiledCodeAgree) {
  const fs::path path = fs::path(SYMBOLON_SOURCE_DIR) / "tests/unit/source/snippets" / GetParam();
  const bool cplusplus = path.extension() == ".cpp";
  UnitReport report;
  const auto module = lift_text(text_of(path), path.string(), {cplusplus ? "-std=c++20" : "-std=gnu11"}, Options{}, &report);
  ASSERT_TRUE(module) << module.error().to_string();
  for (const auto& [name, error] : module->failed) {
    ADD_FAILURE() << name << ": " << error.to_string();
  }
  std::vector<Input> defined;
  std::vector<std::uint64_t> expected;
  std::size_t functions = 0;
  for (const auto& [name, function] : module->functions) {
    if (name.rfind("t_", 0) != 0) {
      continue;
    }
    ++functions;
    const bool may_be_undefined = name.size() > 3 && name.substr(name.size() - 3) == "_ub";
    std::string undefined;
    std::size_t good = 0;
    for (const Input& input : inputs_for(name)) {
      runner::Machine machine(*module);
      try {
        expected.push_back(machine.call(name, {input.a, input.b, input.c})[0]);
        defined.push_back(input);
        ++good;
      } catch (const runner::Stop& stop) {
        undefined = stop.what();
        EXPECT_EQ(undefined.rfind("ub-", 0), 0U) << name << ": " << undefined;
      }
    }
    EXPECT_GT(good, 0U) << name << ": every input is undefined: " << undefined;
    const bool signed_arithmetic = name.find("signed") != std::string::npos || name.find("divide") != std::string::npos ||
                                   name.find("negate") != std::string::npos || name.find("unreachable") != std::string::npos ||
                                   name.find("abs") != std::string::npos;
    if (may_be_undefined) {
      EXPECT_FALSE(undefined.empty()) << name;
    } else if (!signed_arithmetic) {
      EXPECT_EQ(undefined, "") << name;
    }
  }
  EXPECT_GT(functions, 10U);
  for (const std::string compiler : {cplusplus ? "aarch64-linux-gnu-g++ -std=c++20 -O2" : "aarch64-linux-gnu-gcc -std=gnu11 -O2",
                                     cplusplus ? "clang++-19 --target=aarch64-linux-gnu -std=c++20 -O1"
                                               : "clang-19 --target=aarch64-linux-gnu -std=gnu11 -O1"}) {
    const std::vector<std::uint64_t> actual = compiled(path, compiler, defined);
    if (actual.empty()) {
      GTEST_SKIP() << "no cross compiler or no qemu-aarch64";
    }
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      EXPECT_EQ(actual[i], expected[i]) << compiler << ": " << defined[i].function << "(" << defined[i].a << ", " << defined[i].b
                                        << ", " << defined[i].c << ")";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Snippet, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& entry : fs::directory_iterator(SYMBOLON_SOURCE_DIR "/tests/unit/source/snippets")) {
                             names.push_back(entry.path().filename().string());
                           }
                           std::sort(names.begin(), names.end());
                           return names;
                         }()));

}  // namespace
