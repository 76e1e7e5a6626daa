// SPDX-License-Identifier: Apache-2.0
// How many wrong *sources* does the tool refute? Takes an image and a copy of its sources, changes one operator,
// constant, statement or call in one function of each of some units (source_edits.hpp), leaves the image as it is, runs
// the tool once, and counts. The functions concerned are those for which the image's compiler makes other code from the
// changed unit: the function itself and those that inline it. A change that it refuses, or that alters no code, is no
// wrong source and does not count.
//
// Other code is not always another meaning: a mutant that is `proved` is listed for a person to look at.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/object_code.hpp"
#include "tests/mutation/options.hpp"
#include "tests/mutation/source_edits.hpp"
#include "tests/mutation/tool_run.hpp"

namespace {

namespace fs = std::filesystem;
using mutation::CompileCommand;
using mutation::ObjectCode;
using mutation::SourceEdit;
using mutation::stop;

struct Options {
  std::string tool, elf, sources, assembly, files = R"(\.(c|cpp)$)", work = "refuted-source";
  std::uint32_t mutants = 50;
  std::uint32_t together = 20;  ///< mutants in one run, each in a unit of its own
  std::uint32_t jobs = 2;
  std::uint32_t replays = 0;
  std::uint32_t seed = 1;
  std::uint32_t percent = 0;  ///< fails when fewer are refuted, and when one is proved or an error
};

struct Mutant {
  std::size_t unit = 0;
  std::string file;  ///< in the copy
  SourceEdit edit;
  std::string line;  ///< the changed line, before
  std::map<std::string, mutation::Row> concerned;
  int exit = -1;

  bool refuted() const {
    return std::all_of(concerned.begin(), concerned.end(),
                       [](const auto& each) { return each.second.verdict == "refuted"; });
  }
  /// Of the first function that is not refuted.
  mutation::Row row() const {
    for (const auto& [symbol, row] : concerned)
      if (row.verdict != "refuted") return row;
    return {"refuted", "", ""};
  }
};

Options read_options(int argc, char** argv) {
  Options options;
  mutation::read_options(argc, argv,
                         {{{"--tool", &options.tool},
                           {"--elf", &options.elf},
                           {"--sources", &options.sources},
                           {"--assembly", &options.assembly},
                           {"--files", &options.files},
                           {"--work", &options.work}},
                          {{"--mutants", &options.mutants},
                           {"--together", &options.together},
                           {"--jobs", &options.jobs},
                           {"--replays", &options.replays},
                           {"--percent", &options.percent},
                           {"--seed", &options.seed}},
                          {},
                          {"--tool", "--elf", "--sources"}});
  if (options.together == 0) stop("--together 0");
  return options;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  if (!(out << text).flush()) stop("cannot write " + path);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// The folder that holds all units.
fs::path common_folder(const nlohmann::json& commands) {
  fs::path common;
  for (const auto& each : commands) {
    const fs::path folder = fs::path(each.at("file").get<std::string>()).parent_path();
    if (common.empty()) common = folder;
    while (std::mismatch(common.begin(), common.end(), folder.begin(), folder.end()).first != common.end())
      common = common.parent_path();
  }
  return common;
}

class Campaign {
 public:
  explicit Campaign(Options options) : options_(std::move(options)), random_(options_.seed) {
    const nlohmann::json commands = nlohmann::json::parse(read_text(options_.sources));
    const fs::path original = common_folder(commands);
    const std::string copy = in_work("sources");
    if (!original.is_absolute() || original == original.root_path()) stop("the units have no folder in common");
    fs::remove_all(copy);
    fs::copy(original, copy, fs::copy_options::recursive);
    write_text(in_work("compile_commands.json"), replaced(commands.dump(1), original.string(), copy));
    const std::regex wanted(options_.files);
    for (const auto& each : nlohmann::json::parse(read_text(in_work("compile_commands.json")))) {
      const std::string file = each.at("file");
      if (std::regex_search(file, wanted)) units_.push_back({each.at("directory"), file, each.at("command")});
    }
    if (units_.empty()) stop("no file matches --files");
    codes_.resize(units_.size());
  }

  int run() {
    constexpr unsigned most_empty_rounds = 4;
    for (unsigned empty = 0; mutants_.size() < options_.mutants && empty < most_empty_rounds;) {
      std::vector<Mutant> batch = draw();
      judge(batch);
      empty = batch.empty() ? empty + 1 : 0;
      std::ranges::move(batch, std::back_inserter(mutants_));
      save();
    }
    if (mutants_.size() < options_.mutants) stop("the image has none of these functions");
    return report();
  }

 private:
  std::string in_work(const std::string& name) const { return fs::absolute(fs::path(options_.work) / name).string(); }

  /// One mutant in each of some units.
  std::vector<Mutant> draw() {
    const std::size_t wanted = std::min<std::size_t>(options_.together, options_.mutants - mutants_.size());
    std::vector<std::size_t> order(units_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_() % i]);
    std::vector<Mutant> batch;
    for (const std::size_t unit : order) {
      if (batch.size() == wanted) break;
      if (std::optional<Mutant> mutant = change(unit)) batch.push_back(std::move(*mutant));
    }
    return batch;
  }

  std::optional<Mutant> change(std::size_t unit) {
    constexpr int attempts = 12;
    const std::string& file = units_[unit].file;
    const std::string text = read_text(file);
    const std::vector<SourceEdit> edits = mutation::source_edits_of(text);
    std::optional<ObjectCode>& before = codes_[unit];
    if (!before) before = mutation::compile(units_[unit], in_work("unit"));
    if (!before) stop("the compiler refuses " + file);
    for (int i = 0; i < attempts && !edits.empty(); ++i) {
      Mutant mutant{unit, file, edits[random_() % edits.size()], {}, {}, -1};
      if (!tried_.emplace(unit, mutant.edit.offset, mutant.edit.after).second) continue;
      write_text(file, mutation::apply(mutant.edit, text));
      const std::optional<ObjectCode> after = mutation::compile(units_[unit], in_work("unit"));
      write_text(file, text);
      if (!after) ++refused_;
      if (!after) continue;
      for (const std::string& symbol : mutation::changed_functions(*before, *after)) mutant.concerned[symbol];
      if (mutant.concerned.empty()) ++same_code_;
      if (mutant.concerned.empty()) continue;
      const std::size_t begin = text.rfind('\n', mutant.edit.offset) + 1;
      mutant.line = text.substr(begin, text.find('\n', mutant.edit.offset) - begin);
      mutant.line.erase(0, mutant.line.find_first_not_of(' '));
      return mutant;
    }
    return std::nullopt;
  }

  void judge(std::vector<Mutant>& batch) {
    if (batch.empty()) return;
    std::map<std::string, std::string> texts;
    std::set<std::string> symbols;
    for (const Mutant& mutant : batch) {
      texts[mutant.file] = read_text(mutant.file);
      write_text(mutant.file, mutation::apply(mutant.edit, texts[mutant.file]));
      for (const auto& [symbol, row] : mutant.concerned) symbols.insert(symbol);
    }
    const mutation::ToolRun run{options_.tool,
                                options_.elf,
                                in_work("compile_commands.json"),
                                options_.assembly,
                                mutation::exactly(symbols),
                                in_work(fmt::format("round-{}.json", rounds_++)),
                                options_.jobs};
    const mutation::Ran ran = mutation::run_tool(run);
    mutation::check_exit(ran);
    for (Mutant& mutant : batch) {
      mutant.exit = ran.exit;
      std::erase_if(mutant.concerned, [&](const auto& each) { return !ran.rows.contains(each.first); });
      for (auto& [symbol, row] : mutant.concerned) row = ran.rows.at(symbol);
    }
    // Code that the image does not have under this name: fragments, other copies of inline functions.
    std::erase_if(batch, [](const Mutant& mutant) { return mutant.concerned.empty(); });
    for (const Mutant& mutant : batch) {
      if (!mutant.refuted() || replayed_ >= options_.replays) continue;
      ++replayed_;
      const std::string again =
          fmt::format("'{}' replay '{}' {} >'{}' 2>&1", options_.tool, mutant.concerned.begin()->first,
                      run.image_arguments(), in_work("replay.txt"));
      if (const int code = mutation::run_command(again); code != 1)
        stop(fmt::format("exit code {} of: {}", code, again));
    }
    for (const auto& [file, text] : texts) write_text(file, text);
  }

  void save() const {
    nlohmann::json rows = nlohmann::json::array();
    for (const Mutant& mutant : mutants_) {
      const std::string verdict = mutant.row().verdict;
      nlohmann::json functions = nlohmann::json::object();
      for (const auto& [symbol, row] : mutant.concerned)
        functions[symbol] = {{"verdict", row.verdict}, {"reason", row.reason}};
      rows.push_back({{"place", place_of(mutant)},
                      {"edit", mutant.edit.name},
                      {"after", mutant.edit.after},
                      {"line", mutant.line},
                      {"verdict", verdict},
                      {"functions", functions},
                      {"exit", mutant.exit}});
    }
    write_text(in_work("mutants.json"),
               nlohmann::json{{"schema", 1}, {"seed", options_.seed}, {"mutants", rows}}.dump(2) + "\n");
  }

  std::string place_of(const Mutant& mutant) const {
    return fmt::format("{}:{}", fs::relative(mutant.file, in_work("sources")).string(), mutant.edit.line);
  }

  int report() const {
    std::map<std::string, unsigned> counts;
    for (const Mutant& mutant : mutants_) {
      ++counts[mutant.row().verdict];
      for (const auto& [symbol, row] : mutant.concerned) {
        if (row.verdict == "refuted") continue;
        fmt::print("{:<9} {} {}: {} to '{}' in '{}'  [{}]\n", row.verdict, symbol, place_of(mutant), mutant.edit.name,
                   mutant.edit.after, mutant.line, row.reason);
      }
    }
    fmt::print("{} mutants, seed {}:", mutants_.size(), options_.seed);
    for (const auto& [verdict, count] : counts) fmt::print(" {} {};", count, verdict);
    fmt::print(" {} replayed; left out: {} no program, {} of the same code\n", replayed_, refused_, same_code_);
    const bool doubtful = counts.contains("proved") || counts.contains("inlined") || counts.contains("error");
    const bool enough = 100 * counts["refuted"] >= options_.percent * mutants_.size() && replayed_ >= options_.replays;
    return options_.percent != 0 && (doubtful || !enough) ? 1 : 0;
  }

  const Options options_;
  std::vector<CompileCommand> units_;
  std::vector<std::optional<ObjectCode>> codes_;
  std::mt19937 random_;
  std::set<std::tuple<std::size_t, std::size_t, std::string>> tried_;
  std::vector<Mutant> mutants_;
  unsigned rounds_ = 0, refused_ = 0, same_code_ = 0, replayed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  fs::create_directories(options.work);
  return Campaign(options).run();
}
