// SPDX-License-Identifier: Apache-2.0
// doctor: does the installation work? Each part is made to do something small, with a right and a wrong answer; at the end a
// function is compiled and proved, and its wrong twin refuted.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "ir/build.hpp"
#include "ir/smt.hpp"
#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/isa_readers.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

namespace fs = std::filesystem;

enum class Health : std::uint8_t { ok, note, bad };

struct Finding {
  Health health = Health::ok;
  std::string text;
};

Finding models() {
  const ir::Result<isa::Models> read = isa::Models::load(isa::Models::default_directory());
  if (!read) return {Health::bad, read.error().to_string()};
  return {Health::ok, fmt::format("{} (identity {})", isa::Models::default_directory(), read->identity())};
}

Finding witnesses() {
  const ir::Result<isa::Readers> readers = isa_readers(false);
  if (!readers) return {Health::bad, readers.error().to_string()};
  const std::vector<std::string> texts = readers->all.front().texts({0xd503201fU});
  if (texts.empty() || texts.front() != "nop") return {Health::bad, "0xd503201f is not disassembled as nop"};
  return {Health::ok, "disassemblers that can contradict the models answer"};
}

Finding solver() {
  ir::Solver solver;
  const ir::Term x = ir::var("x", ir::Sort::bitvec(64)), y = ir::var("y", ir::Sort::bitvec(64));
  const bool right = solver.prove(ir::ule(ir::bit_and(x, y), x)) == ir::Answer::valid;
  const bool wrong = solver.prove(ir::ule(ir::bit_or(x, y), x)) == ir::Answer::invalid;
  if (!right || !wrong) return {Health::bad, fmt::format("{} answers wrongly", ir::solver_version())};
  return {Health::ok, fmt::format("{} proves what is true and refutes what is not", ir::solver_version())};
}

Finding cache(const Config& config) {
  const std::string folder = config.cache.folder.empty() ? default_cache_dir() : config.cache.folder;
  std::error_code error;
  fs::create_directories(folder, error);
  if (::access(folder.c_str(), W_OK) != 0) return {Health::note, fmt::format("{} cannot be written: every run proves anew", folder)};
  return {Health::ok, folder};
}

std::vector<Finding> images(const Config& config) {
  std::vector<Finding> list;
  for (const ImageInput& image : config.images) {
    std::string missing;
    for (const std::string& file : {image.elf, image.compile_commands}) {
      if (::access(file.c_str(), R_OK) != 0) missing += " " + file;
    }
    list.push_back(missing.empty() ? Finding{Health::ok, fmt::format("image '{}': {}", image.id, image.elf)}
                                   : Finding{Health::note, fmt::format("image '{}' is not built yet: no{}", image.id, missing)});
  }
  return list;
}

/// A folder that goes away with the object.
class Scratch {
 public:
  Scratch() : path_((fs::temp_directory_path() / "symbolon-doctor-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Verdict verdict_on(const std::string& folder) {
  RunOptions options;
  ImageInput& image = options.config.images.emplace_back();
  image.id = "doctor";
  image.elf = folder + "/k.elf";
  image.compile_commands = folder + "/compile_commands.json";
  options.output = OutputMode::quiet;
  const ir::Result<report::Run> run = perform(options);
  if (!run || run->images.size() != 1 || run->images[0].functions.size() != 1) return Verdict::error;
  return run->images[0].functions[0].outcome.verdict;
}

/// From source text to verdict, twice: the image stays, the source becomes a wrong one.
Finding whole_way() {
  constexpr const char* compiler = "aarch64-linux-gnu-gcc";
  const Scratch scratch;
  const std::string& folder = scratch.path();
  if (folder.empty()) return {Health::bad, "no temporary folder can be made"};
  if (folder.find('\'') != std::string::npos) return {Health::note, "not tried: the temporary folder has a quote in its name"};
  if (std::system(fmt::format("command -v {} > /dev/null 2>&1", compiler).c_str()) != 0) {
    return {Health::note, fmt::format("not tried: no {} (only kernels need it)", compiler)};
  }
  const std::string command = fmt::format("{} -O2 -ffreestanding -mgeneral-regs-only -fno-strict-aliasing -c k.c -o k.o", compiler);
  std::ofstream(folder + "/k.c") << "unsigned f(unsigned *p, int c) { return c ? *p : 0; }\n";
  std::ofstream(folder + "/compile_commands.json")
      << fmt::format("[{{\"directory\": \"{}\", \"file\": \"k.c\", \"command\": \"{}\"}}]\n", folder, command);
  const std::string build = fmt::format("cd '{}' && {} && aarch64-linux-gnu-ld -e 0 -z separate-code k.o -o k.elf", folder, command);
  if (std::system(build.c_str()) != 0) return {Health::bad, fmt::format("{} cannot build an image of one function", compiler)};
  const Verdict right = verdict_on(folder);
  std::ofstream(folder + "/k.c") << "unsigned f(unsigned *p, int c) { return c ? *p : 1; }\n";
  const Verdict wrong = verdict_on(folder);
  if (right != Verdict::proved || wrong != Verdict::refuted) {
    return {Health::bad, fmt::format("a right function is {}, a wrong one is {}", verdict_name(right), verdict_name(wrong))};
  }
  return {Health::ok, "a function compiled just now is proved, its wrong twin is refuted"};
}

int doctor(const ImageArguments& arguments) {
  bool sane = true;
  const auto say = [&](const char* part, const Finding& finding) {
    constexpr const char* words[] = {"ok  ", "note", "BAD "};
    fmt::print("{} {:<14} {}\n", words[static_cast<std::size_t>(finding.health)], part, finding.text);
    sane = sane && finding.health != Health::bad;
  };
  say("models", models());
  say("witnesses", witnesses());
  say("solver", solver());
  const ir::Result<Config> config = merge(arguments);
  if (!config) {
    say("configuration", {Health::bad, config.error().to_string()});
  } else {
    say("cache", cache(*config));
    for (const Finding& finding : images(*config)) say("configuration", finding);
  }
  say("whole way", whole_way());
  return sane ? report::exit_ok : report::exit_error;
}

}  // namespace

void add_doctor(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("doctor", "Checks the installation: models, witnesses, solver, cache, configuration, and a whole proof");
  auto arguments = std::make_shared<ImageArguments>();
  command->add_option("--config", arguments->config, "Configuration instead of the repository's validate-kernel.toml");
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return doctor(*arguments); }; });
}

}  // namespace validator::app
