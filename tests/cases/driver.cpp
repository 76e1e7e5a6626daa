// SPDX-License-Identifier: Apache-2.0
// Runs one case folder through the real tool: compiles the source with each compiler and level, links it, validates all
// images in one run, and compares verdicts with `expect`; one of the images has the wrong twin in place of the
// function. README.md shows the format by an example.
//
// usage: symbolon_case TOOL SELF CASE WORK
//        symbolon_case --readme CASES [--update]
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cases/case.hpp"

using namespace cases;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t function_units = 10'000'000;  ///< of the solver; a case is small, or it is no case
constexpr unsigned wall_seconds = 60;                ///< a safety net: verdicts must not depend on the machine's load

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
  for (const std::string& whose : {std::string(), compiler}) {
    if (const auto flags = test.flags.find(whose); flags != test.flags.end()) words.insert(words.end(), flags->second.begin(), flags->second.end());
  }
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
  fs::path compiled = test.source;
  if (twin && !twin_is_assembly) {  // under the source's name, which stands in the symbol table
    compiled = work / test.source.filename();
    fs::copy_file(*twin, compiled, fs::copy_options::overwrite_existing);
  }
  compile.insert(compile.end(), {compiled.string(), "-o", (work / "source.o").string()});
  must_run(compile);
  Json database = Json::array();
  database.push_back({{"directory", work.string()}, {"file", test.source.string()}, {"arguments", recorded}});
  std::ofstream(work / "compile_commands.json") << database.dump(1);

  write_environment(work, work / "source.o");
  Words objects = {(work / "source.o").string(), (work / "environment.o").string()};
  if (twin_is_assembly) {
    must_run({"aarch64-linux-gnu-as", twin->string(), "-o", (work / "twin.o").string()});
    must_run({"aarch64-linux-gnu-nm", "--defined-only", "-g", "-P", (work / "twin.o").string()}, (work / "defined").string());
    Words weaken = {"aarch64-linux-gnu-objcopy"};
    for (const std::string& line : lines_of(work / "defined")) weaken.push_back("--weaken-symbol=" + line.substr(0, line.find(' ')));
    weaken.push_back((work / "source.o").string());
    must_run(weaken);
    objects.push_back((work / "twin.o").string());
  }
  must_run({"aarch64-linux-gnu-as", (work / "environment.S").string(), "-o", (work / "environment.o").string()});
  Words link = {compiler == "gcc" ? "aarch64-linux-gnu-ld" : "ld.lld-19", "-static", "-nostdlib", "--build-id=none", "-e", "0",
                "-z", "separate-code", "-o", (work / "image.elf").string()};
  link.insert(link.end(), objects.begin(), objects.end());
  must_run(link);
  return work / "image.elf";
}

/// One of the images of a case.
struct Built {
  std::string id;
  std::string compiler, level;
  bool wrong = false;
  fs::path work;
};

/// Everything that one compilation of the case is about: an image for each compiler and level, and one with the twin.
std::vector<Built> build_all(const Case& test, const fs::path& work) {
  std::vector<Built> images;
  for (const std::string& compiler : test.compilers) {
    for (const std::string& level : test.levels) images.push_back({compiler + level, compiler, level, false, work / (compiler + level)});
  }
  if (test.wrong) images.push_back({"wrong", test.compilers.front(), test.levels.back(), true, work / "wrong"});
  for (const Built& image : images) {
    build(test, image.work, image.compiler, image.level, image.wrong ? test.wrong : std::nullopt);
  }
  return images;
}

/// One start of the tool for all images: reading the instruction models costs more than most proofs.
void write_configuration(const fs::path& file, const Case& test, const std::vector<Built>& images) {
  std::ofstream out(file);
  out << "[limits]\nquery_units = " << function_units << "\nfunction_units = " << function_units << "\nwall_seconds = " << wall_seconds << "\n";
  for (const Built& image : images) {
    out << fmt::format("\n[[image]]\nid = \"{}\"\nelf = \"{}\"\nsources = \"{}\"\nassembly = [\"{}\"]\n", image.id,
                       (image.work / "image.elf").string(), (image.work / "compile_commands.json").string(),
                       (image.work / "environment.S").string());
    if (!test.absent_features.empty()) out << fmt::format("absent_features = [\"{}\"]\n", fmt::join(test.absent_features, "\", \""));
  }
}

Json validate(const std::string& tool, const Case& test, const fs::path& work, const std::vector<Built>& images) {
  const fs::path report = work / "report.json", configuration = work / "images.toml";
  fs::remove(report);
  write_configuration(configuration, test, images);
  const int code = run({tool, "run", "--config", configuration.string(), "--json", report.string(), "--no-cache", "--output", "quiet",
                        "--jobs", "1"});
  std::ifstream stream(report);
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded()) fail(fmt::format("exit {} and no report in {}", code, work.string()));
  for (const Json& image : json["images"]) {
    for (const Json& error : image["errors"]) fmt::print("  input error: {}\n", error["message"].get<std::string>());
  }
  return json["images"];
}

bool fits(const std::string& verdicts, const std::string& verdict) {
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
    const bool closed = good && !wish.gap.empty() && wish.verdicts.starts_with(found) && wish.verdicts != found;
    fmt::print("{} {:<22} {}: {}{}{}\n", good ? "ok  " : "FAIL", label, wish.symbol, found,
               good ? "" : fmt::format(" (expected {}) {}", wish.verdicts, text), closed ? " (this gap seems closed)" : "");
  }
  return failures;
}

/// Before the halves are compared, each half of the first and of the last right image is proved equal to itself (tests/self).
unsigned against_themselves(const std::string& self, const Case& test, const std::vector<Built>& images) {
  unsigned failures = 0;
  const Built* last = &images.front();
  for (const Built& image : images) last = image.wrong ? last : &image;
  for (const Built* image : {&images.front(), last}) {
    const fs::path text = image->work / "self.txt";
    Words command = {self, (image->work / "image.elf").string(), (image->work / "compile_commands.json").string()};
    command.insert(command.end(), test.absent_features.begin(), test.absent_features.end());
    const int code = run(command, text.string());
    failures += code != 0;
    fmt::print("{} {:<22} each half against itself\n", code == 0 ? "ok  " : "FAIL", image->compiler + " " + image->level);
    for (const std::string& line : code == 0 ? Words() : lines_of(text)) fmt::print("  {}\n", line);
    if (image == last) break;
  }
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  const Words arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2 && arguments[0] == "--readme") {
    const bool current = readme_is_current(arguments[1], arguments.size() == 3 && arguments[2] == "--update");
    if (!current) fmt::print("README.md was not current: symbolon_case --readme {} --update\n", arguments[1]);
    return current ? 0 : 1;
  }
  if (argc != 5) fail("usage: symbolon_case TOOL SELF CASE WORK");
  const std::string tool = argv[1];
  const Case test = read_case(fs::absolute(argv[3]));
  const fs::path work = fs::absolute(argv[4]);
  const std::vector<Built> images = build_all(test, work);
  unsigned failures = against_themselves(argv[2], test, images);
  const Json reports = validate(tool, test, work, images);
  if (reports.size() != images.size()) fail("the report has not all images");
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Built& image = images[i];
    const std::string prefix = image.wrong ? "wrong-" : "", label = image.wrong ? "wrong twin" : image.compiler + " " + image.level;
    failures += check(wishes_here(test, image.wrong ? "wrong" : "expect", image.compiler, image.level), reports[i]["functions"],
                      "verdict", label);
    failures += check(wishes_here(test, prefix + "data", image.compiler, image.level), reports[i]["data"], "result", label);
  }
  fmt::print("{}\n", failures == 0 ? "case passed" : fmt::format("{} expectations failed", failures));
  return failures == 0 ? 0 : 1;
}
