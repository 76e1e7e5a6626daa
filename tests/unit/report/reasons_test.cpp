// SPDX-License-Identifier: Apache-2.0
// Every reason code in the tree has a row, and every ledger id too: codes are found in the sources by their shape.
#include "validator/report/reasons.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "validator/report/ledger.hpp"

namespace validator::report {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Sources of our own that can put a code into an Error, an Outcome or an Assert.
std::vector<fs::path> sources() {
  std::vector<fs::path> files;
  for (const char* folder : {"ir", "isa-models", "rewrite-rules", "validator"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SYMBOLON_SOURCE_DIR) / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp") files.push_back(entry.path());
    }
  }
  return files;
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

TEST(Reasons, every_code_in_the_tree_has_a_row) {
  // Families of codes, by prefix: what a family begins is a code wherever it stands in a literal of its own.
  const std::regex families(
      "\"((?:elf|isa|ub|lift|witness|asm|fragment|source|config|cli|rules)-[a-z0-9]+(?:-[a-z0-9]+)*)\"");
  // Fields that hold a code whatever its prefix.
  const std::regex fields("(?:reason = |code = |Error\\{|unsupported\\()\"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\"");
  unsigned seen = 0;
  for (const fs::path& file : sources()) {
    const std::string text = text_of(file);
    for (const std::regex& pattern : {families, fields}) {
      for (const std::string& code : matches(text, pattern)) {
        ++seen;
        EXPECT_NE(find_reason(code), nullptr) << code << " in " << file;
      }
    }
  }
  EXPECT_GT(seen, 20U);
}

TEST(Reasons, an_unlisted_code_is_found_and_has_no_row) {
  const std::regex fields("(?:reason = |code = |Error\\{)\"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\"");
  EXPECT_EQ(matches("outcome.reason = \"no-such-code\";", fields), std::set<std::string>{"no-such-code"});
  EXPECT_EQ(find_reason("no-such-code"), nullptr);
  EXPECT_EQ(verdict_of_failure("no-such-code"), Verdict::error);
}

TEST(Reasons, rows_say_what_to_do) {
  for (const Reason& row : all_reasons()) {
    EXPECT_FALSE(row.meaning.empty()) << row.code;
    EXPECT_FALSE(row.action.empty()) << row.code;
    EXPECT_EQ(find_reason(row.code), &row);
  }
  EXPECT_EQ(verdict_of_failure("isa-no-model"), Verdict::unsupported);
  EXPECT_EQ(verdict_of_failure("witness-disagrees"), Verdict::error);
}

TEST(Ledger, every_id_in_the_tree_has_a_row) {
  const std::regex ids("\"(A-[A-Z]+)\"");
  unsigned seen = 0;
  for (const fs::path& file : sources()) {
    for (const std::string& id : matches(text_of(file), ids)) {
      ++seen;
      EXPECT_NE(find_ledger_row(id), nullptr) << id << " in " << file;
    }
  }
  EXPECT_GT(seen, 0U);
  EXPECT_EQ(find_ledger_row("A-NONE"), nullptr);
}

}  // namespace
}  // namespace validator::report
