// SPDX-License-Identifier: Apache-2.0
// Runs one case folder through the real tool: compiles the source with each compiler and level, links it, validates it,
// and compares verdicts with `expect`; then puts the wrong twin in place of the function and demands that it is not
// proved. README.md shows the format by an example.
//
// usage: symbolon_case TOOL CASE WORK
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

/// One line that wants something: who, which verdicts are right, and where it holds (empty: everywhere).
struct Wish {
  std::string keyword;  ///< expect, wrong, data, wrong-data
  std::string symbol;
  std::string verdicts;  ///< alternatives, separated by '|'; "not-proved" is refuted or unknown
  Words where;           ///< compilers and levels
};

struct Case {
  fs::path folder;
  fs::path source;
  std::optional<fs::path> wrong;
  Words compilers, levels, flags;
  std::vector<Wish> wishes;
};

[[noreturn]] void fail(const std::string& message) {
  fmt::print(stderr, "case: {}\n", message);
  std::exit(1);
}

fs::path existing(const fs::path& folder, const std::string& stem, const Words& extensions) {
  for (const std::string& extension : extensions) {
    if (fs::exists(folder / (stem + extension))) return folder / (stem + extension);
  }
  return {};
}

Case read_case(const fs::path& folder) {
  Case result;
  result.folder = folder;
  result.source = existing(folder, "source", {".c", ".cpp"});
  if (result.source.empty()) fail(fmt::format("{}: neither source.c nor source.cpp", folder.string()));
  if (const fs::path wrong = existing(folder, "wrong", {".S", ".c", ".cpp"}); !wrong.empty()) result.wrong = wrong;
  std::ifstream stream(folder / "expect");
  unsigned number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string keyword;
    if (!(words >> keyword)) continue;
    Words rest;
    for (std::string word; words >> word;) rest.push_back(word);
    if (keyword == "compile") {
      for (const std::string& word : rest) (word.starts_with("-O") ? result.levels : result.compilers).push_back(word);
    } else if (keyword == "flags") {
      result.flags.insert(result.flags.end(), rest.begin(), rest.end());
    } else if ((keyword == "expect" || keyword == "wrong" || keyword == "data" || keyword == "wrong-data") && rest.size() >= 2) {
      result.wishes.push_back({keyword, rest[0], rest[1], Words(rest.begin() + 2, rest.end())});
    } else {
      fail(fmt::format("{}/expect:{}: not understood: '{}'", folder.string(), number, line));
    }
  }
  if (result.compilers.empty() || result.levels.empty()) fail(fmt::format("{}: no 'compile' line", folder.string()));
  const bool asks = std::any_of(result.wishes.begin(), result.wishes.end(), [](const Wish& w) { return w.keyword == "expect"; });
  const bool asks_wrong = std::any_of(result.wishes.begin(), result.wishes.end(),
                                      [](const Wish& w) { return w.keyword.starts_with("wrong"); });
  if (!asks) fail(fmt::format("{}: no 'expect' line: the case would test nothing", folder.string()));
  if (result.wrong.has_value() != asks_wrong) fail(fmt::format("{}: a wrong twin and a 'wrong' line go together", folder.string()));
  return result;
}

int run(const Words& words, const std::string& output = "/dev/null") {
  std::string command;
  for (const std::string& word : words) command += "'" + word + "' ";
  const int status = std::system((command + "> '" + output + "'").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void must_run(const Words& words, const std::string& output = "/dev/null") {
  if (const int code = run(words, output); code != 0) fail(fmt::format("exit {}: {}", code, fmt::join(words, " ")));
}

/// The flags under which the proofs hold (DESIGN.md section 6); none of them suppresses clones.
Words compiler_words(const Case& test, const std::string& compiler, const std::string& level, bool is_cpp) {
  Words words;
  if (compiler == "gcc") words = {is_cpp ? "aarch64-linux-gnu-g++" : "aarch64-linux-gnu-gcc", "-fno-tree-vectorize"};
  else if (compiler == "clang") words = {is_cpp ? "clang++-19" : "clang-19", "--target=aarch64-linux-gnu", "-fno-vectorize", "-fno-slp-vectorize"};
  else fail(fmt::format("unknown compiler '{}'", compiler));
  for (const char* flag : {"-ffreestanding", "-mgeneral-regs-only", "-fno-pic", "-fno-strict-aliasing", "-mno-outline-atomics",
                           "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-g"}) {
    words.emplace_back(flag);
  }
  words.push_back(is_cpp ? "-std=c++20" : "-std=gnu11");
  if (is_cpp) words.insert(words.end(), {"-fno-exceptions", "-fno-rtti"});
  words.push_back(level);
  words.insert(words.end(), test.flags.begin(), test.flags.end());
  return words;
}

Words lines_of(const fs::path& file) {
  Words lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Callees that the case only declares become assembly functions of which nothing can be told: they call any address, so that no
/// contract follows from their words.
void write_environment(const fs::path& work, const fs::path& object) {
  must_run({"aarch64-linux-gnu-nm", "-u", "-P", object.string()}, (work / "undefined").string());
  std::ofstream out(work / "environment.S");
  out << "  .text\n";
  for (const std::string& line : lines_of(work / "undefined")) {
    const std::string name = line.substr(0, line.find(' '));
    out << "  .global " << name << "\n  .type " << name << ", %function\n" << name << ":\n  blr x16\n  ret\n  .size " << name << ", 8\n";
  }
}

/// Builds the image in `work`. `twin` (assembly) overrides functions of the object, or is compiled in place of the source.
fs::path build(const Case& test, const fs::path& work, const std::string& compiler, const std::string& level,
               const std::optional<fs::path>& twin) {
  fs::create_directories(work);
  const bool is_cpp = test.source.extension() == ".cpp";
  const bool twin_is_assembly = twin && twin->extension() == ".S";
  Words compile = compiler_words(test, compiler, level, is_cpp);
  compile.push_back("-c");
  Words recorded = compile;
  recorded.push_back(test.source.string());
  compile.insert(compile.end(), {(twin && !twin_is_assembly ? *twin : test.source).string(), "-o", (work / "source.o").string()});
  must_run(compile);
  Json database = Json::array();
  database.push_back({{"directory", work.string()}, {"file", test.source.string()}, {"arguments", recorded}});
  std::ofstream(work / "compile_commands.json") << database.dump(1);

  write_environment(work, work / "source.o");
  Words objects = {(work / "source.o").string(), (work / "environment.o").string()};
  if (twin_is_assembly) {
    must_run({"aarch64-linux-gnu-gcc", "-c", twin->string(), "-o", (work / "twin.o").string()});
    must_run({"aarch64-linux-gnu-nm", "--defined-only", "-g", "-P", (work / "twin.o").string()}, (work / "defined").string());
    Words weaken = {"aarch64-linux-gnu-objcopy"};
    for (const std::string& line : lines_of(work / "defined")) weaken.push_back("--weaken-symbol=" + line.substr(0, line.find(' ')));
    weaken.push_back((work / "source.o").string());
    must_run(weaken);
    objects.push_back((work / "twin.o").string());
  }
  must_run({"aarch64-linux-gnu-gcc", "-c", (work / "environment.S").string(), "-o", (work / "environment.o").string()});
  Words link = {compiler == "gcc" ? "aarch64-linux-gnu-ld" : "ld.lld-19", "-static", "-nostdlib", "--build-id=none", "-e", "0",
                "-z", "separate-code", "-o", (work / "image.elf").string()};
  link.insert(link.end(), objects.begin(), objects.end());
  must_run(link);
  return work / "image.elf";
}

Json validate(const std::string& tool, const fs::path& work) {
  const fs::path report = work / "report.json";
  fs::remove(report);
  const int code = run({tool, "run", "--elf", (work / "image.elf").string(), "--sources", (work / "compile_commands.json").string(),
                        "--assembly", (work / "environment.S").string(), "--json", report.string(), "--no-cache", "--output", "quiet",
                        "--jobs", "1"});
  std::ifstream stream(report);
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded()) fail(fmt::format("exit {} and no report in {}", code, work.string()));
  for (const Json& error : json["images"][0]["errors"]) fmt::print("  input error: {}\n", error["message"].get<std::string>());
  return json["images"][0];
}

bool fits(const std::string& verdicts, const std::string& verdict) {
  // A twin that could not be judged at all (unsupported, error) would make the test worth nothing.
  if (verdicts == "not-proved") return verdict == "refuted" || verdict == "unknown";
  std::istringstream alternatives(verdicts);
  for (std::string word; std::getline(alternatives, word, '|');) {
    if (word == verdict) return true;
  }
  return false;
}

/// The last wish for each symbol that holds here.
std::vector<Wish> wishes_here(const Case& test, const std::string& keyword, const std::string& compiler, const std::string& level) {
  std::vector<Wish> result;
  for (const Wish& wish : test.wishes) {
    if (wish.keyword != keyword) continue;
    bool here = true;
    for (const std::string& word : wish.where) here &= word == compiler || word == level;
    if (!here) continue;
    std::erase_if(result, [&](const Wish& other) { return other.symbol == wish.symbol; });
    result.push_back(wish);
  }
  return result;
}

unsigned check(const std::vector<Wish>& wishes, const Json& rows, const char* field, const std::string& label) {
  unsigned failures = 0;
  for (const Wish& wish : wishes) {
    std::string found = "missing", text;
    for (const Json& row : rows) {
      if (row["symbol"] != wish.symbol) continue;
      found = row[field].get<std::string>();
      text = row.value("reason", "") + ": " + row.value("text", "");
    }
    const bool good = fits(wish.verdicts, found);
    failures += !good;
    fmt::print("{} {:<22} {}: {}{}\n", good ? "ok  " : "FAIL", label, wish.symbol, found,
               good ? "" : fmt::format(" (expected {}) {}", wish.verdicts, text));
  }
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: symbolon_case TOOL CASE WORK");
  const std::string tool = argv[1];
  const Case test = read_case(fs::absolute(argv[2]));
  const fs::path work = fs::absolute(argv[3]);
  unsigned failures = 0;
  for (const std::string& compiler : test.compilers) {
    for (const std::string& level : test.levels) {
      const fs::path right = work / (compiler + level);
      build(test, right, compiler, level, std::nullopt);
      const Json image = validate(tool, right);
      failures += check(wishes_here(test, "expect", compiler, level), image["functions"], "verdict", compiler + " " + level);
      failures += check(wishes_here(test, "data", compiler, level), image["data"], "result", compiler + " " + level);
    }
  }
  if (test.wrong) {
    const std::string compiler = test.compilers.front(), level = test.levels.back();
    const fs::path twin = work / "wrong";
    build(test, twin, compiler, level, test.wrong);
    const Json image = validate(tool, twin);
    failures += check(wishes_here(test, "wrong", compiler, level), image["functions"], "verdict", "wrong twin");
    failures += check(wishes_here(test, "wrong-data", compiler, level), image["data"], "result", "wrong twin");
  }
  fmt::print("{}\n", failures == 0 ? "case passed" : fmt::format("{} expectations failed", failures));
  return failures == 0 ? 0 : 1;
}
