// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "validator/app/inputs.hpp"
#include "validator/app/options.hpp"

namespace validator::app {
namespace {

struct Written {
  ~Written() {
    for (const std::string& path : paths) std::remove(path.c_str());
  }
  std::set<std::string> paths;
} written;

std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = ::testing::TempDir() + "symbolon_config_test_" + std::to_string(::getpid()) + name;
  std::ofstream(path) << text;
  written.paths.insert(path);
  return path;
}

ir::Result<Config> config(const std::string& text) { return read_config(file_with("config.toml", text)); }

TEST(Config, reads_images_limits_and_contracts) {
  const ir::Result<Config> read = config(
      "[limits]\nwall_seconds = 7\nquery_units = 9\n[[image]]\nid = 'a'\nelf = 'k.elf'\nsources = '/abs/cc.json'\nassembly = ['x']\nabsent_features = ['FEAT_PAuth']\n"
      "[[assumed]]\nsymbol = '__udivti3'\ncontract = 'divides'\n");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->limits.wall_seconds, 7U);
  EXPECT_EQ(read->limits.query_units, 9U);
  ASSERT_EQ(read->images.size(), 1U);
  EXPECT_EQ(read->images[0].elf, ::testing::TempDir() + "k.elf");
  EXPECT_EQ(read->images[0].compile_commands, "/abs/cc.json");
  EXPECT_EQ(read->images[0].absent_features, std::set<std::string>{"FEAT_PAuth"});
  EXPECT_EQ(read->assumed[0].contract, "divides");
}

TEST(Config, cache) {
  const std::string image = "[[image]]\nid = 'a'\nelf = 'k'\nsources = 'c'\n";
  const ir::Result<Config> read = config("[cache]\nfolder = 'kept'\nlimit_mib = 3\nundecided = true\n" + image);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->cache.folder, ::testing::TempDir() + "kept");
  EXPECT_EQ(read->cache.limit_mib, 3U);
  EXPECT_TRUE(read->cache.undecided);
  EXPECT_FALSE(config(image)->cache.undecided);
  EXPECT_FALSE(config("[cache]\nundecided = 1\n" + image));
  EXPECT_FALSE(config("[cache]\nsize = 1\n" + image));
  EXPECT_FALSE(config("cache = 'kept'\n" + image));
}

TEST(Config, limits_of_single_functions) {
  const std::string image = "[[image]]\nid = 'a'\nelf = 'k'\nsources = 'c'\n";
  const ir::Result<Config> read = config(
      "[limits]\nwall_seconds = 7\nquery_units = 9\n" + image +
      "[[function]]\nname = '^slow$'\nwall_seconds = 70\n[[function]]\nname = 'slow'\nquery_units = 90\nfunction_units = 900\n");
  ASSERT_TRUE(read) << read.error().to_string();
  const Limits slow = limits_of(*read, "_Z4slowv", "slow"), other = limits_of(*read, "slower", "slower"), none = limits_of(*read, "f", "f");
  EXPECT_EQ(slow.wall_seconds, 70U);
  EXPECT_EQ(slow.query_units, 90U);
  EXPECT_EQ(other.wall_seconds, 7U);
  EXPECT_EQ(other.function_units, 900U);
  EXPECT_EQ(none.query_units, 9U);
  EXPECT_FALSE(config(image + "[[function]]\nname = '('\n"));
  EXPECT_FALSE(config(image + "[[function]]\nwall_seconds = 1\n"));
  EXPECT_FALSE(config(image + "[[function]]\nname = 'f'\nwall = 1\n"));
}

TEST(Config, a_portfolio_of_solvers) {
  const std::string image = "[[image]]\nid = 'a'\nelf = 'k'\nsources = 'c'\n";
  const auto portfolio = [&](const std::string& list) { return config(image + "[solver]\nportfolio = " + list + "\n"); };
  const ir::Result<Config> read = portfolio("['core:7', 'arrays', 'eager']");
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_EQ(read->portfolio.size(), 3U);
  EXPECT_EQ(read->portfolio[0].engine, ir::Engine::core);
  EXPECT_EQ(read->portfolio[0].seed, 7U);
  EXPECT_EQ(read->portfolio[2].engine, ir::Engine::eager);
  EXPECT_EQ(limits_of(*read, "f", "f").engine, ir::Engine::core);
  EXPECT_EQ(limits_of(*read, "f", "f").seed, 7U);
  ASSERT_EQ(config(image)->portfolio.size(), 1U);
  EXPECT_EQ(config(image)->portfolio[0].engine, ir::Engine::arrays);
  EXPECT_EQ(config(image)->portfolio[0].seed, 0U);
  for (const char* wrong : {"[]", "'core'", "[1]", "['core:']", "['core:x']", "['core:-1']", "['core:1 ']", "['core:4294967296']", "['']"}) {
    EXPECT_FALSE(portfolio(wrong)) << wrong;
  }
  EXPECT_NE(portfolio("['array']").error().message.find("did you mean 'arrays'?"), std::string::npos);
}

TEST(Config, reports_and_gate) {
  const std::string image = "[[image]]\nid = 'a'\nelf = 'k'\nsources = 'c'\n";
  const ir::Result<Config> read = config("[reports]\nsarif = 'out/k.sarif'\n[gate]\nfail_on = 'refuted'\n" + image);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->reports.at("sarif"), ::testing::TempDir() + "out/k.sarif");
  EXPECT_EQ(read->gate, report::Gate::refuted);
  EXPECT_EQ(config(image)->gate, report::Gate::undecided);
  EXPECT_FALSE(config("[gate]\nfail_on = 'never'\n" + image));
  EXPECT_FALSE(config("[reports]\npdf = 'k.pdf'\n" + image));
}

TEST(Config, an_unknown_key_names_the_one_that_was_meant) {
  const auto message = [](const std::string& text) { return config(text).error().message; };
  EXPECT_NE(message("[limits]\nwall_second = 1\n").find("did you mean 'wall_seconds'?"), std::string::npos);
  EXPECT_NE(message("[[images]]\nid = 'a'\n").find("did you mean 'image'?"), std::string::npos);
  EXPECT_NE(message("[reports]\nmarkdwon = 'x'\n").find("did you mean 'markdown'?"), std::string::npos);
}

TEST(Config, its_text_reads_back_as_the_same) {
  const std::string image = "[[image]]\nid = 'a\"b'\nelf = '/x/k'\nsources = '/x/c'\nassembly = ['/x/s', '/x/t']\nabsent_features = ['FEAT_CHK', 'FEAT_PAuth']\n";
  const ir::Result<Config> read = config(
      "baseline = '/x/b'\n[limits]\nwall_seconds = 7\nquery_units = 9\nfunction_units = 8\nmemory_mib = 6\n[solver]\nportfolio = ['core:5', 'arrays']\n"
      "[cache]\nfolder = '/x/kept'\nlimit_mib = 3\nundecided = true\n[gate]\nfail_on = 'stale'\n[reports]\njunit = '/x/j.xml'\n" +
      image + "[[assumed]]\nsymbol = 's'\ncontract = 'c'\n[[function]]\nname = 'f'\nwall_seconds = 70\n");
  ASSERT_TRUE(read) << read.error().to_string();
  const std::string text = config_text(*read);
  const ir::Result<Config> again = config(text);
  ASSERT_TRUE(again) << again.error().to_string() << text;
  EXPECT_EQ(config_text(*again), text);
  for (const char* key : {"baseline", "query_units", "function_units", "wall_seconds", "memory_mib", "portfolio", "folder",
                          "limit_mib", "undecided", "fail_on", "junit", "elf", "sources", "assembly", "absent_features", "symbol", "contract", "name"}) {
    EXPECT_NE(text.find(std::string(key) + " = "), std::string::npos) << key;
  }
  EXPECT_TRUE(config(config_text(Config{})));
}

TEST(Config, refuses_what_it_does_not_know) {
  const std::string image = "[[image]]\nid = 'a'\nelf = 'k'\nsources = 'c'\n";
  EXPECT_TRUE(config(image));
  EXPECT_FALSE(config(image + image));
  EXPECT_FALSE(config(image + "level = '-O2'\n"));
  EXPECT_FALSE(config("[[image]]\nid = 'a'\nelf = 'k'\n"));
  EXPECT_FALSE(config("[image]\nid = 'a'\n"));
  EXPECT_FALSE(config("[limits]\nwall_seconds = -1\n"));
  EXPECT_FALSE(config("[limits]\nwall_seconds = 'long'\n"));
  EXPECT_FALSE(config("colour = 1\n"));
  EXPECT_FALSE(config("[[image"));
  EXPECT_EQ(config("a = 1\nb =").error().where.line, 2U);
  EXPECT_FALSE(read_config("/nonexistent/validate-kernel.toml"));
}

TEST(AssemblySymbols, labels_at_the_start_of_a_line_and_nothing_else) {
  const std::string path = file_with("labels.S", "  .text\nfirst:\n  bl called\n  second: ret\n// comment: no\n  .global declared\n");
  const auto symbols = assembly_symbols({path});
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->size(), 2U);
  EXPECT_TRUE(symbols->contains("first"));
  EXPECT_TRUE(symbols->contains("second"));
  EXPECT_FALSE(assembly_symbols({"/nonexistent/file.S"}));
}

TEST(CommandFacts, one_level_or_none) {
  const auto level = [](const std::string& a, const std::string& b) {
    return read_command_facts(file_with("commands.json", "[{\"directory\":\"/d\",\"file\":\"a.c\",\"command\":\"cc " + a +
                                                             " a.c\"},{\"directory\":\"/d\",\"file\":\"b.c\",\"arguments\":[\"cc\",\"" + b +
                                                             "\"]},{\"directory\":\"/d\",\"file\":\"s.S\",\"command\":\"as\"}]"));
  };
  EXPECT_EQ(level("-O0 -O2", "-O2")->level, "-O2");
  EXPECT_EQ(level("-O2", "-O1")->level, "");
  EXPECT_EQ(level("-O2", "-O2")->assembly_files, std::vector<std::string>{"/d/s.S"});
  EXPECT_FALSE(read_command_facts("/nonexistent/compile_commands.json"));
  EXPECT_FALSE(read_command_facts(file_with("commands.json", "{}}")));
  EXPECT_FALSE(read_command_facts(file_with("commands.json", "[1]")));
}

}  // namespace
}  // namespace validator::app
