// SPDX-License-Identifier: Apache-2.0
// How many wrong functions does the tool *refute*? Takes an image, changes one instruction in each of some functions that do not
// call each other (edits.hpp), runs the tool once on all of them, and counts the verdicts. A `refuted` was replayed and confirmed
// by an emulator, so it needs no judge. A `proved` mutant has the same meaning as before, or is a false proof: each is
// listed for a person to look at, and --all-refuted makes anything but `refuted` a failure.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/edits.hpp"
#include "tests/mutation/image_file.hpp"
#include "tests/mutation/options.hpp"
#include "tests/mutation/tool_run.hpp"
#include "validator/binary/binary.hpp"

namespace {

namespace fs = std::filesystem;
using mutation::ImageFile;
using mutation::stop;

struct Options {
  std::string tool, elf, sources, assembly, function = ".", work = "refuted";
  std::uint32_t mutants = 100;
  std::uint32_t together = 40;  ///< mutants in one image
  std::uint32_t jobs = 2;
  std::uint32_t replays = 0;  ///< refuted mutants that are replayed from the command line as well
  std::uint32_t seed = 1;
  bool all_refuted = false;
};

struct Mutant {
  std::string symbol, edit, before, after, verdict, reason;
  std::uint64_t address = 0;
  std::uint32_t word = 0;
};

Options read_options(int argc, char** argv) {
  Options options;
  mutation::read_options(argc, argv,
                         {{{"--tool", &options.tool},
                           {"--elf", &options.elf},
                           {"--sources", &options.sources},
                           {"--assembly", &options.assembly},
                           {"--function", &options.function},
                           {"--work", &options.work}},
                          {{"--mutants", &options.mutants},
                           {"--together", &options.together},
                           {"--jobs", &options.jobs},
                           {"--replays", &options.replays},
                           {"--seed", &options.seed}},
                          {{"--all-refuted", &options.all_refuted}},
                          {"--tool", "--elf", "--sources"}});
  if (options.together == 0) stop("--together 0");
  return options;
}

class Campaign {
 public:
  Campaign(Options options, const isa::Models& models)
      : options_(std::move(options)), models_(models), original_(ImageFile::read(options_.elf)), random_(options_.seed) {
    const ir::Result<validator::Image> image = validator::binary::parse_image(original_.bytes(), options_.elf);
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
      const std::uint32_t before = original_.word(mutant.address);
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
    ImageFile image = original_;
    std::set<std::string> symbols;
    for (const Mutant& mutant : batch) {
      image.set_word(mutant.address, mutant.word);
      symbols.insert(mutant.symbol);
    }
    mutation::ToolRun run{options_.tool, in_work(fmt::format("round-{}.elf", rounds_)), options_.sources, options_.assembly,
                          mutation::exactly(symbols), in_work(fmt::format("round-{}.json", rounds_)), options_.jobs};
    image.write(run.elf);
    const mutation::Ran ran = mutation::run_tool(run);
    mutation::check_exit(ran);
    for (Mutant& mutant : batch) {
      const auto row = ran.rows.find(mutant.symbol);
      if (row == ran.rows.end() || row->second.verdict == "assumed") continue;
      mutant.verdict = row->second.verdict;
      mutant.reason = row->second.reason;
    }
    for (const Mutant& mutant : batch) {
      if (mutant.verdict != "refuted" || replayed_ >= options_.replays) continue;
      ++replayed_;
      const std::string again = fmt::format("'{}' replay '{}' {} >'{}' 2>&1", options_.tool, mutant.symbol, run.image_arguments(),
                                            in_work("replay.txt"));
      if (const int code = mutation::run_command(again); code != 1) stop(fmt::format("exit code {} of: {}", code, again));
    }
  }

  std::string in_work(const std::string& name) const { return (fs::path(options_.work) / name).string(); }

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
    std::ofstream(in_work("mutants.json"))
        << nlohmann::json{{"schema", 1}, {"seed", options_.seed}, {"mutants", rows}}.dump(2) << '\n';
    fmt::print("{} mutants, seed {}:", mutants_.size(), options_.seed);
    for (const auto& [verdict, count] : counts) fmt::print(" {} {};", count, verdict);
    fmt::print(" {} replayed\n", replayed_);
    const bool all = counts["refuted"] == mutants_.size() && replayed_ >= std::min<std::size_t>(options_.replays, mutants_.size());
    return options_.all_refuted && !all ? 1 : 0;
  }

  const Options options_;
  const isa::Models& models_;
  const ImageFile original_;
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
