// SPDX-License-Identifier: Apache-2.0
// The mutation campaign: can the validator be made to say `proved` of wrong code? Takes an image whose functions are proved,
// changes one instruction word of a function to another word that decodes (a few random bit flips, fixed seed), runs the
// tool on the mutant, and records the verdict. A `proved` mutant must be shown equivalent, binary against binary
// (equivalence.hpp); one that is not is a suspected false proof and fails the campaign.
//
// One run carries one mutant in *each* selected function, as the tool validates functions one by one. A `proved` among them is
// tried again alone, so that a verdict never rests on another function's mutation.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/image_file.hpp"
#include "tests/mutation/local.hpp"
#include "tests/mutation/options.hpp"
#include "tests/mutation/tool_run.hpp"
#include "validator/binary/binary.hpp"

namespace {

namespace fs = std::filesystem;
using mutation::ImageFile;
using mutation::stop;
using Verdicts = std::map<std::string, std::string>;

struct Options {
  std::string tool, elf, sources, assembly, interface_file, explained, function = ".", work = "mutation";
  std::uint32_t mutants = 200;
  std::uint32_t wall = 120;
  std::uint32_t seed = 1;
};

struct Function {
  std::string symbol;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  unsigned result_bits = 64;  ///< from the interface file; above 64: X1, too
};

struct Mutant {
  std::size_t function = 0;
  std::uint64_t address = 0;
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  std::string verdict;
  std::string explanation;  ///< of a `proved` mutant: why it is equivalent
  std::string doubt;        ///< of a `proved` mutant: why it could not be shown
};

Options read_options(int argc, char** argv) {
  Options options;
  mutation::read_options(argc, argv,
                         {{{"--tool", &options.tool},
                           {"--elf", &options.elf},
                           {"--sources", &options.sources},
                           {"--interface", &options.interface_file},
                           {"--assembly", &options.assembly},
                           {"--explained", &options.explained},
                           {"--function", &options.function},
                           {"--work", &options.work}},
                          {{"--mutants", &options.mutants}, {"--seed", &options.seed}, {"--wall", &options.wall}},
                          {},
                          {"--tool", "--elf", "--sources"}});
  return options;
}

std::string in_work(const Options& options, const std::string& name) { return (fs::path(options.work) / name).string(); }

/// Runs the tool on an image; verdicts by symbol.
Verdicts run_tool(const Options& options, const ImageFile& image, const std::string& name, const std::string& functions, std::uint32_t wall) {
  mutation::ToolRun run{options.tool, in_work(options, name + ".elf"), options.sources, options.assembly, functions,
                        in_work(options, name + ".json")};
  run.wall = wall;
  image.write(run.elf);
  Verdicts out;
  for (const auto& [symbol, row] : mutation::run_tool(run).rows) out[symbol] = row.verdict;
  return out;
}

/// Lines "SYMBOL BITS": significant bits of the result (0: none; above 64: X1, too). Functions that are not listed have what "*" says,
/// else 64.
std::map<std::string, unsigned> read_interface(const std::string& path) {
  std::map<std::string, unsigned> out;
  if (path.empty()) return out;
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  std::string symbol;
  unsigned bits = 0;
  while (in >> symbol >> bits) out[symbol] = bits;
  return out;
}

/// Lines "SYMBOL: BEFORE -> AFTER # WHY": mutants that a person has looked at, and why they are right although no method shows it.
std::map<std::string, std::string> read_explained(const std::string& path) {
  std::map<std::string, std::string> out;
  if (path.empty()) return out;
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  for (std::string line; std::getline(in, line);) {
    const std::size_t why = line.find(" # ");
    if (why != std::string::npos) out[line.substr(0, why)] = line.substr(why + 3);
  }
  return out;
}

std::vector<Function> proved_functions(const Options& options, const ImageFile& original) {
  const ir::Result<validator::Image> image = validator::binary::parse_image(original.bytes(), options.elf);
  if (!image) stop(image.error().to_string());
  const Verdicts verdicts = run_tool(options, original, "original", options.function, 120);
  const std::map<std::string, unsigned> interface = read_interface(options.interface_file);
  std::vector<Function> out;
  for (const validator::Symbol& symbol : image->symbols) {
    const auto verdict = verdicts.find(symbol.name);
    if (symbol.kind != validator::SymbolKind::function || verdict == verdicts.end() || verdict->second != "proved") continue;
    const auto bits = interface.contains(symbol.name) ? interface.find(symbol.name) : interface.find("*");
    out.push_back({symbol.name, symbol.address, symbol.bytes,
                   bits == interface.end() ? 64 : bits->second});
  }
  if (out.empty()) stop("no function of the original is proved, so no mutant can be judged");
  return out;
}

/// Another word that decodes, with other text: one to three bits flipped.
Mutant draw(const isa::Models& models, const ImageFile& original, const std::vector<Function>& functions, std::size_t index,
            std::mt19937& random) {
  const Function& function = functions[index];
  while (true) {
    const std::uint64_t position = random() % (function.bytes / 4) * 4;
    Mutant mutant{index, function.address + position, 0, 0, {}, {}, {}};
    mutant.before = original.word(mutant.address);
    mutant.after = mutant.before;
    for (unsigned flips = 1 + random() % 3; flips > 0; --flips) mutant.after ^= 1U << (random() % 32);
    if (mutant.after != mutant.before && models.decode(mutant.after)) return mutant;
  }
}

mutation::Code code_of(const ImageFile& image, const Function& function) {
  return [&image, &function](std::uint64_t address) -> std::optional<std::uint32_t> {
    if (address < function.address || address - function.address >= function.bytes) return std::nullopt;
    return image.word(address);
  };
}

/// A second voice on the query: cvc5, when it is installed.
std::string second_voice(const Options& options, const std::string& name, const std::string& smt2) {
  if (smt2.empty()) return "same terms";
  const std::string path = in_work(options, name + ".smt2"), answer = in_work(options, name + ".cvc5");
  std::ofstream(path) << smt2;
  const int code = mutation::run_command(fmt::format("timeout 60 cvc5 '{}' >'{}' 2>&1", path, answer));
  std::string line;
  std::ifstream in(answer);
  std::getline(in, line);
  return code == 0 ? "Z3 unsat, cvc5 " + line : "Z3 unsat, cvc5 no answer";
}

/// Code of a local function that is proved inside its callers counts, too.
bool counts_as_proved(const std::string& verdict) { return verdict == "proved" || verdict == "inlined"; }

/// Judges a mutant that the tool called proved: one that is not shown equivalent is tried again in an image of its own.
void judge(const Options& options, const isa::Models& models, const ImageFile& original, const Function& function, Mutant& mutant) {
  ImageFile alone = original;
  alone.set_word(mutant.address, mutant.after);
  const std::string name = fmt::format("mutant-{:x}-{:08x}", mutant.address, mutant.after);
  mutation::Compared compared =
      mutation::compare_in_place(models, code_of(original, function), function.address, function.address + function.bytes, mutant.address,
                                 mutant.after, function.result_bits);
  if (compared.comparison != mutation::Comparison::equal) {
    compared = mutation::compare(models, code_of(original, function), code_of(alone, function), function.address, function.result_bits);
  }
  if (compared.comparison == mutation::Comparison::equal) {
    mutant.explanation = second_voice(options, name, compared.smt2);
    if (mutant.explanation.ends_with("cvc5 sat")) {
      mutant.explanation.clear();
      mutant.doubt = "cvc5 says sat where Z3 says unsat";
    }
    return;
  }
  mutant.doubt = compared.comparison == mutation::Comparison::different ? "a state distinguishes the two" : compared.text;
  const Verdicts verdicts = run_tool(options, alone, name, mutation::exactly({function.symbol}), options.wall);
  const auto verdict = verdicts.find(function.symbol);
  mutant.verdict = verdict == verdicts.end() ? "missing" : verdict->second;
}

std::string show(const isa::Models& models, std::uint32_t word, std::uint64_t address) {
  const auto decoded = models.decode(word);
  return decoded ? decoded->text(address) : "?";
}

int report(const Options& options, const isa::Models& models, const std::vector<Function>& functions,
           const std::vector<Mutant>& mutants) {
  const std::map<std::string, std::string> explained = read_explained(options.explained);
  std::map<std::string, unsigned> counts;
  unsigned suspected = 0;
  nlohmann::json rows = nlohmann::json::array();
  for (const Mutant& mutant : mutants) {
    const bool equivalent = !mutant.explanation.empty();
    const std::string before = show(models, mutant.before, mutant.address);
    const std::string after = show(models, mutant.after, mutant.address);
    const auto person = explained.find(fmt::format("{}: {} -> {}", functions[mutant.function].symbol, before, after));
    const bool proved = counts_as_proved(mutant.verdict);
    const bool false_proof = proved && !equivalent && person == explained.end();
    const char* kind = equivalent ? "equivalent" : false_proof ? "SUSPECTED FALSE PROOF" : "explained";
    ++counts[proved ? fmt::format("{} ({})", mutant.verdict, kind) : mutant.verdict];
    suspected += false_proof ? 1 : 0;
    if (proved) {
      fmt::print("{} {} {:#x}: {} -> {}  {}\n", kind, functions[mutant.function].symbol, mutant.address, before, after,
                 equivalent ? mutant.explanation : false_proof ? mutant.doubt : person->second);
    }
    rows.push_back({{"symbol", functions[mutant.function].symbol}, {"address", fmt::format("{:#x}", mutant.address)},
                    {"before", before}, {"after", after}, {"verdict", mutant.verdict}, {"explanation", mutant.explanation}, {"doubt", mutant.doubt}});
  }
  std::ofstream(in_work(options, "mutants.json"))
      << nlohmann::json{{"schema", 1}, {"seed", options.seed}, {"mutants", rows}}.dump(2) << '\n';
  fmt::print("{} mutants of {} functions, seed {}:", mutants.size(), functions.size(), options.seed);
  for (const auto& [verdict, count] : counts) fmt::print(" {} {};", count, verdict);
  fmt::print(" {} suspected false proofs\n", suspected);
  return suspected == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  fs::create_directories(options.work);
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) stop(models.error().to_string());
  const ImageFile original = ImageFile::read(options.elf);
  const std::vector<Function> functions = proved_functions(options, original);

  std::mt19937 random(options.seed);
  std::vector<Mutant> mutants;
  for (unsigned round = 0; mutants.size() < options.mutants; ++round) {
    ImageFile image = original;
    std::vector<Mutant> together;
    for (std::size_t i = 0; i < functions.size() && mutants.size() + together.size() < options.mutants; ++i) {
      together.push_back(draw(*models, original, functions, i, random));
      image.set_word(together.back().address, together.back().after);
    }
    const Verdicts verdicts = run_tool(options, image, fmt::format("round-{}", round), options.function, options.wall);
    for (Mutant& mutant : together) {
      const Function& function = functions[mutant.function];
      const auto verdict = verdicts.find(function.symbol);
      mutant.verdict = verdict == verdicts.end() ? "missing" : verdict->second;
      if (counts_as_proved(mutant.verdict)) judge(options, *models, original, function, mutant);
      mutants.push_back(mutant);
    }
  }
  return report(options, *models, functions, mutants);
}
