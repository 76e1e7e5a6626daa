// SPDX-License-Identifier: Apache-2.0
// How many wrong functions does the tool *refute*? Takes an image, changes one instruction in each of some functions that do not
// call each other (edits.hpp), runs the tool once on all of them, and counts the verdicts. A `refuted` was replayed and confirmed
// by an emulator, so it needs no judge. A `proved` mutant has the same meaning as before, or is a false proof: each is
// listed for a person to look at, and --all-refuted makes anything but `refuted` a failure.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/edits.hpp"
#include "validator/binary/binary.hpp"

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

struct Options {
  std::string tool, elf, sources, assembly, function = ".", work = "refuted";
  unsigned mutants = 100;
  unsigned together = 40;  ///< mutants in one image
  unsigned jobs = 2;
  unsigned replays = 0;  ///< refuted mutants that are replayed from the command line as well
  std::uint32_t seed = 1;
  bool all_refuted = false;
};

struct Mutant {
  std::string symbol, edit, before, after, verdict, reason;
  std::uint64_t address = 0;
  std::uint32_t word = 0;
};

[[noreturn]] void stop(const std::string& message) {
  fmt::print(stderr, "symbolon-refuted: {}\n", message);
  std::exit(2);
}

Options read_options(int argc, char** argv) {
  Options options;
  const std::map<std::string, std::string*> texts = {{"--tool", &options.tool}, {"--elf", &options.elf}, {"--sources", &options.sources},
                                                     {"--assembly", &options.assembly},
                                                     {"--function", &options.function}, {"--work", &options.work}};
  const std::map<std::string, unsigned*> numbers = {{"--mutants", &options.mutants}, {"--together", &options.together}, {"--jobs", &options.jobs},
                                                    {"--replays", &options.replays}, {"--seed", &options.seed}};
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--all-refuted") {
      options.all_refuted = true;
    } else if (i + 1 == argc) {
      stop("no value for " + name);
    } else if (const auto text = texts.find(name); text != texts.end()) {
      *text->second = argv[++i];
    } else if (const auto number = numbers.find(name); number != numbers.end()) {
      *number->second = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
    } else {
      stop("unknown option " + name);
    }
  }
  if (options.tool.empty() || options.elf.empty() || options.sources.empty() || options.together == 0) {
    stop("usage: --tool VALIDATE_KERNEL --elf F --sources compile_commands.json [--assembly DIR] [--function RE] [--mutants N] [--together N] [--seed S] "
         "[--jobs N] [--replays N] [--all-refuted] [--work DIR]");
  }
  return options;
}

Bytes read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop("cannot read " + path);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::uint64_t field(const Bytes& file, std::size_t offset, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{file.at(offset + i)} << (8 * i);
  return value;
}

/// File offset of an address, by the program headers (System V ABI, Elf64_Ehdr and Elf64_Phdr).
std::size_t file_offset(const Bytes& file, std::uint64_t address) {
  const std::uint64_t table = field(file, 32, 8);
  for (unsigned i = 0; i < field(file, 56, 2); ++i) {
    const std::size_t header = table + i * field(file, 54, 2);
    const std::uint64_t start = field(file, header + 16, 8);
    if (field(file, header, 4) == 1 && address >= start && address - start < field(file, header + 32, 8)) {
      return field(file, header + 8, 8) + (address - start);
    }
  }
  stop(fmt::format("no load segment holds {:#x}", address));
}

/// "a\.b|c" anchored.
std::string exactly(const std::set<std::string>& symbols) {
  std::string pattern;
  for (const std::string& symbol : symbols) {
    if (!pattern.empty()) pattern += '|';
    pattern += '^';
    for (char letter : symbol) {
      if (std::string_view(".$()[]|*+?^").find(letter) != std::string_view::npos) pattern += '\\';
      pattern += letter;
    }
    pattern += '$';
  }
  return pattern;
}

class Campaign {
 public:
  Campaign(Options options, const isa::Models& models)
      : options_(std::move(options)), models_(models), original_(read_bytes(options_.elf)), random_(options_.seed) {
    const ir::Result<validator::Image> image = validator::binary::parse_image(original_, options_.elf);
    if (!image) stop(image.error().to_string());
    lifted_ = validator::binary::lift_image(*image, models, {false});
    const std::regex wanted(options_.function);
    for (const auto& [symbol, facts] : lifted_.facts.functions) {
      const bool usable = lifted_.module.functions.contains(symbol) && facts.is_function_type && !facts.is_fragment && !facts.is_veneer &&
                          facts.aliases.empty() && symbol == facts.name;
      if (usable && std::regex_search(symbol, wanted)) functions_.push_back(symbol);
    }
    if (functions_.empty()) stop("no function to change");
  }

  int run() {
    while (mutants_.size() < options_.mutants) {
      std::vector<Mutant> batch = draw();
      if (batch.empty()) stop("no instruction can be changed");
      judge(batch);
      for (Mutant& mutant : batch) {
        if (!mutant.verdict.empty()) mutants_.push_back(std::move(mutant));
      }
      if (++rounds_ > 2 * options_.mutants + 4) stop("the tool judges none of these functions");
    }
    return report();
  }

 private:
  /// Functions that a call of this one may run, itself included.
  std::set<std::string> reached(const std::string& symbol) const {
    std::set<std::string> seen{symbol};
    std::vector<std::string> work{symbol};
    while (!work.empty()) {
      const auto facts = lifted_.facts.functions.find(work.back());
      work.pop_back();
      if (facts == lifted_.facts.functions.end()) continue;
      for (const std::string& callee : facts->second.callees) {
        if (seen.insert(callee).second) work.push_back(callee);
      }
    }
    return seen;
  }

  std::vector<Mutant> draw() {
    std::vector<std::string> order = functions_;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_() % i]);
    std::vector<Mutant> batch;
    std::set<std::string> changed, reached_by_changed;
    for (const std::string& symbol : order) {
      if (batch.size() == options_.together || mutants_.size() + batch.size() == options_.mutants) break;
      const std::set<std::string> below = reached(symbol);
      const bool calls_changed = std::any_of(below.begin(), below.end(), [&](const std::string& each) { return changed.contains(each); });
      if (calls_changed || reached_by_changed.contains(symbol)) continue;
      std::optional<Mutant> mutant = change(symbol);
      if (!mutant) continue;
      batch.push_back(std::move(*mutant));
      changed.insert(symbol);
      reached_by_changed.insert(below.begin(), below.end());
    }
    return batch;
  }

  std::optional<Mutant> change(const std::string& symbol) {
    constexpr int attempts = 40;
    const validator::binary::FunctionFacts& facts = lifted_.facts.functions.at(symbol);
    for (int i = 0; i < attempts && facts.bytes >= 4; ++i) {
      Mutant mutant;
      mutant.symbol = symbol;
      mutant.address = facts.address + random_() % (facts.bytes / 4) * 4;
      const auto before = static_cast<std::uint32_t>(field(original_, file_offset(original_, mutant.address), 4));
      const std::vector<mutation::Edit> edits = mutation::edits_of(before);
      if (edits.empty()) continue;
      const mutation::Edit edit = edits[random_() % edits.size()];
      const auto old = models_.decode(before), now = models_.decode(edit.after);
      if (!old || !now || old->text(mutant.address) == now->text(mutant.address)) continue;
      mutant.edit = edit.name;
      mutant.word = edit.after;
      mutant.before = old->text(mutant.address);
      mutant.after = now->text(mutant.address);
      return mutant;
    }
    return std::nullopt;
  }

  void judge(std::vector<Mutant>& batch) {
    Bytes image = original_;
    std::set<std::string> symbols;
    for (const Mutant& mutant : batch) {
      const std::size_t offset = file_offset(image, mutant.address);
      for (unsigned i = 0; i < 4; ++i) image[offset + i] = static_cast<std::uint8_t>(mutant.word >> (8 * i));
      symbols.insert(mutant.symbol);
    }
    const fs::path elf = fs::path(options_.work) / fmt::format("round-{}.elf", rounds_);
    const fs::path json = fs::path(options_.work) / fmt::format("round-{}.json", rounds_);
    std::ofstream(elf, std::ios::binary).write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
    fs::remove(json);
    std::string on = fmt::format("--elf '{}' --sources '{}'", elf.string(), options_.sources);
    if (!options_.assembly.empty()) on += fmt::format(" --assembly '{}'", options_.assembly);
    const std::string command = fmt::format("'{}' run {} --function '{}' --jobs {} --no-cache --output quiet --json '{}' >/dev/null 2>&1",
                                            options_.tool, on, exactly(symbols), options_.jobs, json.string());
    const int code = std::system(command.c_str());
    std::ifstream in(json);
    const nlohmann::json report = nlohmann::json::parse(in, nullptr, false);
    if (report.is_discarded()) stop(fmt::format("no report from: {} (wait status {})", command, code));
    bool refuted = false;
    for (const auto& each : report["images"]) {
      for (const auto& function : each["functions"]) {
        for (Mutant& mutant : batch) {
          if (mutant.symbol != function["symbol"].get<std::string>()) continue;
          mutant.verdict = function["verdict"].get<std::string>();
          mutant.reason = function.value("reason", "");
          if (mutant.verdict == "assumed") mutant.verdict.clear();
          refuted = refuted || mutant.verdict == "refuted";
        }
      }
    }
    constexpr int has_refuted = 1, has_errors = 4;  // an error beside it goes first
    const int exit = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
    if (refuted && exit != has_refuted && exit != has_errors) stop(fmt::format("refuted, but wait status {} of: {}", code, command));
    for (const Mutant& mutant : batch) {
      if (mutant.verdict != "refuted" || replayed_ >= options_.replays) continue;
      ++replayed_;
      const std::string again = fmt::format("'{}' replay '{}' {} >'{}' 2>&1", options_.tool, mutant.symbol, on,
                                            (fs::path(options_.work) / "replay.txt").string());
      const int status = std::system(again.c_str());
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 1) stop(fmt::format("wait status {} of: {}", status, again));
    }
  }

  int report() const {
    std::map<std::string, unsigned> counts;
    nlohmann::json rows = nlohmann::json::array();
    for (const Mutant& mutant : mutants_) {
      ++counts[mutant.verdict];
      if (mutant.verdict != "refuted") {
        fmt::print("{:<9} {} {:#x}: {} -> {}  [{}] {}\n", mutant.verdict, mutant.symbol, mutant.address, mutant.before, mutant.after,
                   mutant.reason, mutant.edit);
      }
      rows.push_back({{"symbol", mutant.symbol}, {"address", fmt::format("{:#x}", mutant.address)}, {"edit", mutant.edit},
                      {"before", mutant.before}, {"after", mutant.after}, {"verdict", mutant.verdict}, {"reason", mutant.reason}});
    }
    std::ofstream(fs::path(options_.work) / "mutants.json")
        << nlohmann::json{{"schema", 1}, {"seed", options_.seed}, {"mutants", rows}}.dump(2) << '\n';
    fmt::print("{} mutants, seed {}:", mutants_.size(), options_.seed);
    for (const auto& [verdict, count] : counts) fmt::print(" {} {};", count, verdict);
    fmt::print(" {} replayed\n", replayed_);
    const bool all = counts["refuted"] == mutants_.size() && replayed_ >= std::min<std::size_t>(options_.replays, mutants_.size());
    return options_.all_refuted && !all ? 1 : 0;
  }

  const Options options_;
  const isa::Models& models_;
  const Bytes original_;
  validator::binary::LiftedImage lifted_;
  std::vector<std::string> functions_;
  std::mt19937 random_;
  std::vector<Mutant> mutants_;
  unsigned rounds_ = 0;
  unsigned replayed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  fs::create_directories(options.work);
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) stop(models.error().to_string());
  return Campaign(options, *models).run();
}
