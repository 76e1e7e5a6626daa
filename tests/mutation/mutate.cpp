// SPDX-License-Identifier: Apache-2.0
// The mutation campaign: can the validator be made to say `proved` of wrong code? Takes an image whose functions are proved,
// changes one instruction word of a function to another word that decodes (a few random bit flips, fixed seed), runs the
// tool on the mutant, and records the verdict. A `proved` mutant must be shown equivalent, binary against binary
// (equivalence.hpp); one that is not is a suspected false proof and fails the campaign.
//
// One run carries one mutant in *each* selected function, as the tool validates functions one by one. A `proved` among them is
// tried again alone, so that a verdict never rests on another function's mutation.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/mutation/local.hpp"
#include "validator/binary/binary.hpp"

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;
using Verdicts = std::map<std::string, std::string>;

struct Options {
  std::string tool, elf, sources, assembly, interface_file, explained, function = ".", wall = "120", work = "mutation";
  unsigned mutants = 200;
  std::uint32_t seed = 1;
};

struct Function {
  std::string symbol;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  std::size_t offset = 0;     ///< in the file
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

[[noreturn]] void stop(const std::string& message) {
  fmt::print(stderr, "symbolon-mutate: {}\n", message);
  std::exit(2);
}

Options read_options(int argc, char** argv) {
  Options options;
  const std::map<std::string, std::string*> texts = {{"--tool", &options.tool},         {"--elf", &options.elf},
                                                     {"--sources", &options.sources},   {"--interface", &options.interface_file},
                                                     {"--assembly", &options.assembly}, {"--explained", &options.explained},
                                                     {"--wall", &options.wall},
                                                     {"--function", &options.function}, {"--work", &options.work}};
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (const auto text = texts.find(name); text != texts.end()) *text->second = argv[i + 1];
    else if (name == "--mutants") options.mutants = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
    else if (name == "--seed") options.seed = static_cast<std::uint32_t>(std::strtoul(argv[i + 1], nullptr, 10));
    else stop("unknown option " + name);
  }
  if (options.tool.empty() || options.elf.empty() || options.sources.empty() || argc % 2 == 0) {
    stop("usage: --tool VALIDATE_KERNEL --elf F --sources compile_commands.json [--function RE] [--mutants N] [--seed S] "
         "[--interface F] [--assembly DIR] [--wall SECONDS] [--explained F] [--work DIR]");
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

/// Runs the tool on an image; verdicts by symbol.
Verdicts run_tool(const Options& options, const Bytes& image, const std::string& name, const std::string& functions, const std::string& wall) {
  const fs::path elf = fs::path(options.work) / (name + ".elf");
  const fs::path json = fs::path(options.work) / (name + ".json");
  std::ofstream(elf, std::ios::binary).write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
  fs::remove(json);
  const std::string assembly = options.assembly.empty() ? "" : fmt::format("--assembly '{}'", options.assembly);
  const std::string command = fmt::format("'{}' run --elf '{}' --sources '{}' {} --function '{}' --wall {} --no-cache --output quiet --json '{}' >/dev/null 2>&1",
                                          options.tool, elf.string(), options.sources, assembly, functions, wall, json.string());
  const int code = std::system(command.c_str());
  std::ifstream in(json);
  const nlohmann::json report = nlohmann::json::parse(in, nullptr, false);
  if (report.is_discarded()) stop(fmt::format("no report from: {} (wait status {})", command, code));
  Verdicts out;
  for (const auto& each : report["images"]) {
    for (const auto& function : each["functions"]) {
      out[function["symbol"].get<std::string>()] = function["verdict"].get<std::string>();
    }
  }
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

std::vector<Function> proved_functions(const Options& options, const Bytes& original) {
  const ir::Result<validator::Image> image = validator::binary::parse_image(original, options.elf);
  if (!image) stop(image.error().to_string());
  const Verdicts verdicts = run_tool(options, original, "original", options.function, "120");
  const std::map<std::string, unsigned> interface = read_interface(options.interface_file);
  std::vector<Function> out;
  for (const validator::Symbol& symbol : image->symbols) {
    const auto verdict = verdicts.find(symbol.name);
    if (symbol.kind != validator::SymbolKind::function || verdict == verdicts.end() || verdict->second != "proved") continue;
    const auto bits = interface.contains(symbol.name) ? interface.find(symbol.name) : interface.find("*");
    out.push_back({symbol.name, symbol.address, symbol.bytes, file_offset(original, symbol.address),
                   bits == interface.end() ? 64 : bits->second});
  }
  if (out.empty()) stop("no function of the original is proved, so no mutant can be judged");
  return out;
}

/// Another word that decodes, with other text: one to three bits flipped.
Mutant draw(const isa::Models& models, const Bytes& original, const std::vector<Function>& functions, std::size_t index,
            std::mt19937& random) {
  const Function& function = functions[index];
  while (true) {
    const std::uint64_t position = random() % (function.bytes / 4) * 4;
    Mutant mutant{index, function.address + position, 0, 0, {}, {}, {}};
    mutant.before = static_cast<std::uint32_t>(field(original, function.offset + position, 4));
    mutant.after = mutant.before;
    for (unsigned flips = 1 + random() % 3; flips > 0; --flips) mutant.after ^= 1U << (random() % 32);
    if (mutant.after != mutant.before && models.decode(mutant.after)) return mutant;
  }
}

void put(Bytes& image, const Function& function, const Mutant& mutant) {
  for (unsigned i = 0; i < 4; ++i) {
    image[function.offset + (mutant.address - function.address) + i] = static_cast<std::uint8_t>(mutant.after >> (8 * i));
  }
}

mutation::Code code_of(const Bytes& image, const Function& function) {
  return [&image, &function](std::uint64_t address) -> std::optional<std::uint32_t> {
    if (address < function.address || address - function.address >= function.bytes) return std::nullopt;
    return static_cast<std::uint32_t>(field(image, function.offset + (address - function.address), 4));
  };
}

/// A second voice on the query: cvc5, when it is installed.
std::string second_voice(const Options& options, const std::string& name, const std::string& smt2) {
  if (smt2.empty()) return "same terms";
  const fs::path path = fs::path(options.work) / (name + ".smt2");
  std::ofstream(path) << smt2;
  const fs::path answer = fs::path(options.work) / (name + ".cvc5");
  const std::string command = fmt::format("timeout 60 cvc5 '{}' >'{}' 2>&1", path.string(), answer.string());
  const int code = std::system(command.c_str());
  std::string line;
  std::ifstream in(answer);
  std::getline(in, line);
  return code == 0 ? "Z3 unsat, cvc5 " + line : "Z3 unsat, cvc5 no answer";
}

/// Code of a local function that is proved inside its callers counts, too.
bool counts_as_proved(const std::string& verdict) { return verdict == "proved" || verdict == "inlined"; }

/// Judges a mutant that the tool called proved: one that is not shown equivalent is tried again in an image of its own.
void judge(const Options& options, const isa::Models& models, const Bytes& original, const Function& function, Mutant& mutant) {
  Bytes alone = original;
  put(alone, function, mutant);
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
  const Verdicts verdicts = run_tool(options, alone, name, "^" + function.symbol + "$", options.wall);
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
  std::ofstream(fs::path(options.work) / "mutants.json")
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
  const Bytes original = read_bytes(options.elf);
  const std::vector<Function> functions = proved_functions(options, original);

  std::mt19937 random(options.seed);
  std::vector<Mutant> mutants;
  for (unsigned round = 0; mutants.size() < options.mutants; ++round) {
    Bytes image = original;
    std::vector<Mutant> together;
    for (std::size_t i = 0; i < functions.size() && mutants.size() + together.size() < options.mutants; ++i) {
      together.push_back(draw(*models, original, functions, i, random));
      put(image, functions[i], together.back());
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
