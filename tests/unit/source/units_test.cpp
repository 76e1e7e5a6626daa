// SPDX-License-Identifier: Apache-2.0
// Several units and their recorded commands.
#include "lift.hpp"

#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using validator::source::lift_sources;
using validator::source::Options;
using validator::source::Report;

class Units : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("symbolon-units-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void file(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  void command(const std::string& name, const std::string& command) {
    entries_ += std::string(entries_.empty() ? "" : ",\n") + "{\"directory\": \"" + folder_.string() + "\", \"file\": \"" + name +
                "\", \"command\": \"" + command + " -c " + name + " -o " + name + ".o\"}";
  }
  ir::Module lift(Report& report) {
    file("compile_commands.json", "[" + entries_ + "]\n");
    Options options;
    options.compile_commands = (folder_ / "compile_commands.json").string();
    auto module = lift_sources(options, &report);
    EXPECT_TRUE(module) << module.error().to_string();
    return module ? std::move(*module) : ir::Module();
  }

  fs::path folder_;
  std::string entries_;
};

const std::string gcc = "aarch64-linux-gnu-gcc -std=gnu11 -O2 -fno-strict-aliasing -ffreestanding -mgeneral-regs-only -fno-pic -mno-outline-atomics -Wno-frobnicate --param x=1";

TEST_F(Units, InternalNamesAreToldApartAndInlineFunctionsAreOne) {
  file("h.h", "inline static int same(int x) { return x + 1; }\n");
  file("a.c", "#include \"h.h\"\nstatic int count = 1;\nstatic int step(int x) { return x + count; }\nint from_a(int x) { return step(x) + same(x); }\nstatic int only_a(int x) { return x; }\nint use_a(int x) { return only_a(x); }\n");
  file("b.c", "static int count = 2;\nstatic int step(int x) { return x - count; }\nint (*table[])(int) = {step};\nint from_b(int x) { return step(x); }\n");
  command("a.c", gcc);
  command("b.c", gcc);
  Report report;
  const ir::Module module = lift(report);
  const std::string a = (folder_ / "a.c").string();
  const std::string b = (folder_ / "b.c").string();
  EXPECT_EQ(module.functions.count("step@" + a), 1U);
  EXPECT_EQ(module.functions.count("step@" + b), 1U);
  EXPECT_EQ(module.functions.count("step"), 0U);
  EXPECT_EQ(module.functions.count("only_a"), 1U);
  EXPECT_EQ(module.functions.count("same"), 1U);
  EXPECT_EQ(lifting::nodes<ir::Call>(module, "from_b")[0].symbol, "step@" + b);
  EXPECT_EQ(module.globals.at("@count@" + b).initial[0], 2U);
  EXPECT_EQ(module.globals.at("@table").relocations[0].second, "step@" + b);
  const auto loads = lifting::nodes<ir::Load>(module, "step@" + a);
  ASSERT_EQ(loads.size(), 1U);
  EXPECT_EQ(loads[0].address.name(), "@count@" + a);
}

TEST_F(Units, CallsIntoOtherUnitsAreOrderedOnlyIfTheyAreQuiet) {
  file("a.c", "int quiet(int *p, int i); int loud(int *p, int i);\nint good(int *p) { return quiet(p, 1) + quiet(p, 2); }\nint bad(int *p) { return loud(p, 1) + quiet(p, 2); }\n");
  file("b.c", "int quiet(int *p, int i) { int v[2] = {1, 2}; v[i & 1] = 3; return v[0] ^ p[i]; }\nint loud(int *p, int i) { return p[i]++; }\n");
  command("a.c", gcc);
  command("b.c", gcc);
  Report report;
  const ir::Module module = lift(report);
  EXPECT_EQ(module.functions.count("good"), 1U);
  EXPECT_EQ(module.functions.count("bad"), 1U);
  ASSERT_EQ(report.unordered.size(), 1U);
  EXPECT_EQ(report.unordered.at("bad").line, 3U);
}

TEST_F(Units, FlagsCompilersAndLanguagesAreReported) {
  file("a.c", "#include <stdint.h>\nint f(uint32_t x) { return (int)x; }\n");
  file("b.cpp", "#include <cstdint>\nextern \"C\" int g(std::uint32_t x) { return static_cast<int>(x); }\n");
  file("c.S", "nop\n");
  command("a.c", gcc);
  command("b.cpp", "clang++-19 --target=aarch64-linux-gnu -std=c++20 -O2 -fPIC");
  command("c.S", gcc);
  Report report;
  const ir::Module module = lift(report);
  EXPECT_EQ(module.functions.size(), 2U);
  ASSERT_EQ(report.units.size(), 3U);
  EXPECT_TRUE(report.units[0].parsed);
  EXPECT_EQ(report.units[0].language, "c");
  EXPECT_EQ(report.units[0].standard, "gnu11");
  EXPECT_NE(report.units[0].compiler_version.find("12"), std::string::npos) << report.units[0].compiler_version;
  for (const auto& flag : report.units[0].flags) {
    EXPECT_TRUE(flag.found) << flag.flag;
  }
  EXPECT_EQ(report.units[1].language, "c++");
  for (const auto& flag : report.units[1].flags) {
    EXPECT_FALSE(flag.found) << flag.flag;
  }
  EXPECT_TRUE(report.units[2].assembly);
  EXPECT_FALSE(report.units[2].parsed);
}

TEST_F(Units, BrokenFilesAreReportedAndTheOthersLifted) {
  file("a.c", "#include \"nowhere.h\"\n");
  file("b.c", "int g(int x) { return x; }\n");
  command("a.c", gcc);
  command("b.c", gcc);
  Report report;
  const ir::Module module = lift(report);
  EXPECT_EQ(module.functions.count("g"), 1U);
  EXPECT_FALSE(report.units[0].parsed);
  ASSERT_FALSE(report.units[0].diagnostics.empty());
  EXPECT_EQ(report.units[0].diagnostics[0].where.line, 1U);
}

TEST_F(Units, AMissingDatabaseIsAnError) {
  Options options;
  options.compile_commands = (folder_ / "none.json").string();
  const auto module = lift_sources(options);
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().code, "compile-commands");
}

}  // namespace
