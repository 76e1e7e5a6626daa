// SPDX-License-Identifier: Apache-2.0
// Would a wrong model be found? One-token mutants of the decode and execute sections: each must fail to load or disagree with an
// executor. A few in every run; all of them with ISA_MUTANTS=all (minutes).
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "isa-models/conformance/conformance.hpp"
#include "isa-models/lexer.hpp"
#include "isa-models/model_data.hpp"
#include "models_fixture.hpp"

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

Files shipped_files() {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(shipped_directory())) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().filename().string()] = text.str();
  }
  return {files.begin(), files.end()};
}

/// The one replacement of a token, or nothing.
std::string mutated(const isa::Token& token) {
  static const std::map<std::string, std::string> words = {
      {"==", "!="}, {"!=", "=="}, {"+", "-"}, {"-", "+"}, {"&&", "||"}, {"||", "&&"}, {"<", ">="}, {">", "<="}, {">=", "<"}, {"*", "+"},
      {"AND", "OR"}, {"OR", "AND"}, {"EOR", "OR"}, {"SignExtend", "ZeroExtend"}, {"ZeroExtend", "SignExtend"}, {"UInt", "SInt"},
      {"SInt", "UInt"}, {"LSL", "LSR"}, {"LSR", "ASR"}, {"ASR", "LSR"}, {"ROR", "LSR"}, {"XSP", "X"}, {"UDIV", "SDIV"}, {"SDIV", "UDIV"},
      {"n", "m"}, {"t2", "t"}, {"moved", "base"}, {"address2", "address"}, {"C", "Z"}, {"Z", "N"}, {"N", "C"}, {"TRUE", "FALSE"}};
  if (token.kind == isa::TokenKind::number) return std::to_string(std::strtoull(token.text.c_str(), nullptr, 0) + 1);
  if (token.kind == isa::TokenKind::bits && !token.text.empty()) {
    std::string bits = token.text;
    for (char& c : bits)
      if (c == '0' || c == '1') {
        c = c == '0' ? '1' : '0';
        break;
      }
    return "'" + bits + "'";
  }
  const auto word = words.find(token.text);
  return word == words.end() || token.kind == isa::TokenKind::text ? std::string() : word->second;
}

struct Mutant {
  std::string file;
  std::string group;
  std::string text;
  std::string what;
};

std::vector<Mutant> mutants_of(const std::string& file, const std::string& text) {
  std::vector<Mutant> result;
  const auto tokens = isa::tokenize(text, {0, 1, 1}, file);
  EXPECT_TRUE(tokens);
  std::vector<std::size_t> lines = {0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') lines.push_back(i + 1);
  std::string group;
  bool inside = false;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    const isa::Token& token = (*tokens)[i];
    const bool is_name = token.kind == isa::TokenKind::name;
    if (is_name && token.text == "instruction") group = (*tokens)[i + 1].text;
    if (is_name && (token.text == "decode" || token.text == "execute")) inside = true;
    if (is_name && (token.text == "asm" || token.text == "instruction")) inside = false;
    const std::string replacement = inside ? mutated(token) : std::string();
    if (replacement.empty()) continue;
    const std::size_t at = lines[token.where.line - 1] + token.where.column - 1;
    const std::size_t length = token.text.size() + (token.kind == isa::TokenKind::bits ? 2 : 0);
    Mutant mutant{file, group, text, {}};
    mutant.text.replace(at, length, replacement);
    mutant.what = file + ":" + std::to_string(token.where.line) + ":" + std::to_string(token.where.column) + " " + token.text + " -> " + replacement;
    result.push_back(std::move(mutant));
  }
  return result;
}

bool judge(const Files& files, const Mutant& mutant) {
  Files changed = files;
  for (auto& [name, text] : changed)
    if (name == mutant.file) text = mutant.text;
  const auto models = isa::Models::from_files(changed);
  if (!models) return true;
  const auto report = isa::conformance(*models, mutant.group, 200, 17);
  // A mutant whose accesses cannot be brought into the sandbox compares next to nothing: that is found as well.
  return !report || !report->agrees() || report->unicorn * 4 < report->cases;
}

/// An executor may abort the process on a word that only the mutant accepts; so each mutant has a process of its own.
bool dies(const Files& files, const Mutant& mutant) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::freopen("/dev/null", "w", stdout);
    std::freopen("/dev/null", "w", stderr);
    _exit(judge(files, mutant) ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

TEST(Mutation, wrong_models_are_found) {
  const Files files = shipped_files();
  std::vector<Mutant> mutants;
  for (const auto& [name, text] : files)
    if (name == "data-processing-immediate.isa" || name == "data-processing-register.isa" || name == "branches.isa" ||
        name == "loads-and-stores.isa" || name == "load-store-pairs.isa")
      for (Mutant& mutant : mutants_of(name, text)) mutants.push_back(std::move(mutant));
  ASSERT_GT(mutants.size(), 300U);
  const char* wanted = std::getenv("ISA_MUTANTS");
  const bool all = wanted != nullptr && std::string(wanted) == "all";
  const std::size_t step = all ? 1 : mutants.size() / 12;
  unsigned tried = 0;
  unsigned dead = 0;
  for (std::size_t i = step / 2; i < mutants.size(); i += step) {
    ++tried;
    if (dies(files, mutants[i]))
      ++dead;
    else
      std::printf("survivor: %s (%s)\n", mutants[i].what.c_str(), mutants[i].group.c_str());
  }
  std::printf("%u of %u mutants died\n", dead, tried);
  // Survivors are equivalent models, or conditions of UNPREDICTABLE words, which no executor can judge.
  EXPECT_GE(dead * 100, tried * 80);
}

TEST(Mutation, the_shipped_models_live) {
  Mutant unchanged;
  unchanged.group = "ADD, ADDS, SUB, SUBS (immediate)";
  EXPECT_FALSE(dies(shipped_files(), unchanged));
}

}  // namespace
