// SPDX-License-Identifier: Apache-2.0
// For each kind of undefined behaviour that the source lifter asserts, a function whose right code relies on it, as compilers
// do: without the facts of that kind it cannot be proved, and without the assertion in the lifter neither.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/unit/ablation/trial.hpp"
#include "tests/unit/source/lift.hpp"

namespace {

using ablation::Trial;
using namespace testing_pairs;

const Term x0 = bits64("X0"), x1 = bits64("X1");

struct Sample {
  const char* source;
  std::vector<ir::Node> code;  ///< before the return
  bool is_cpp = false;
};

ir::Node answer(std::uint64_t value) { return set(x0, number(value)); }

const std::map<std::string, Sample>& samples() {
  static const Term byte = bits("t1", 8);
  static const std::map<std::string, Sample> all{
      {"ub-align", {"unsigned f(unsigned *p) { return (*p & 0) | ((unsigned long)p & 3); }", {answer(0)}}},
      {"ub-assume", {"unsigned f(unsigned x) { __builtin_assume(x < 5); return x < 5; }", {answer(1)}}},
      {"ub-bool", {"_Bool f(_Bool *p) { return *p; }", {load(byte, x0), set(x0, ir::zext(byte, 64))}}},
      {"ub-bounds", {"unsigned t[4]; unsigned f(unsigned long i) { return (i < 4) + (t[i] & 0); }", {answer(1)}}},
      {"ub-builtin-zero", {"unsigned f(unsigned x) { return (x != 0) + ((unsigned)__builtin_clz(x) & 0); }", {answer(1)}}},
      {"ub-div-zero", {"unsigned f(unsigned x) { return (x != 0) + ((10 / x) & 0); }", {answer(1)}}},
      {"ub-missing-return", {"extern \"C\" unsigned f(unsigned x) { if (x) return 1; }", {answer(1)}, true}},
      {"ub-noreturn-returns", {"__attribute__((noreturn)) void g(void); __attribute__((noreturn)) void f(int c) { if (c) g(); }",
                               {ir::Call{{}, number(0x9000), {}, {}, true}}}},
      {"ub-null", {"unsigned f(char *p) { return (p != 0) + (*p & 0); }", {answer(1)}}},
      {"ub-overlap", {"struct s { long a, b; }; void f(struct s *d, const struct s *s) { *d = *s; }",
                      {load(bits64("t2"), x1), store(x0, bits64("t2")), load(bits64("t3"), ir::add(x1, number(8))),
                       store(ir::add(x0, number(8)), bits64("t3"))}}},
      {"ub-pointer-difference", {"unsigned f(int *p, int *q) { return (p - q) * 4 == (char *)p - (char *)q; }", {answer(1)}}},
      {"ub-pointer-overflow", {"unsigned f(char *p, unsigned long n) { return p + n >= p; }", {answer(1)}}},
      {"ub-shift", {"unsigned f(unsigned x) { return (x < 32) + ((1u << x) & 0); }", {answer(1)}}},
      {"ub-signed-overflow", {"unsigned f(int x) { return x + 1 > x; }", {answer(1)}}},
      {"ub-unreachable", {"unsigned f(unsigned x) { if (!x) __builtin_unreachable(); return x != 0; }", {answer(1)}}},
  };
  return all;
}

/// The kinds that stand in the lifter's and the checker's sources.
std::vector<std::string> kinds() {
  std::set<std::string> found;
  const std::regex literal("\"(ub-[a-z-]+)");
  for (const char* folder : {"validator/source", "validator/check"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SYMBOLON_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cpp") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string content = text.str();
      for (std::sregex_iterator at(content.begin(), content.end(), literal), end; at != end; ++at) found.insert((*at)[1]);
    }
  }
  std::erase_if(found, [](const std::string& kind) { return kind == "ub-"; });
  return {found.begin(), found.end()};
}

class Undefined : public ::testing::TestWithParam<std::string> {};

TEST_P(Undefined, IsNeeded) {
  const auto sample = samples().find(GetParam());
  ASSERT_NE(sample, samples().end()) << "a kind of undefined behaviour without a function that needs it";
  const ir::Module module = lifting::lift(sample->second.source, sample->second.is_cpp ? "/t.cpp" : "/t.c");
  ASSERT_TRUE(module.functions.contains("f"));
  Trial trial;
  trial.pair.others_source = module;
  trial.pair.source.function = module.functions.at("f");
  trial.pair.callee("g", 0x9000);
  for (const ir::Node& node : sample->second.code) trial.pair.binary.add(node);
  trial.pair.binary.add(return_to_caller());
  EXPECT_TRUE(ablation::holds(trial, "")) << "the right pair is not proved";
  EXPECT_FALSE(ablation::holds(trial, GetParam())) << "the right pair is proved without it";
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Undefined, ::testing::ValuesIn(kinds()), test_name);

}  // namespace
