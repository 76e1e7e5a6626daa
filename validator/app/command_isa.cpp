// SPDX-License-Identifier: Apache-2.0
// isa list | show WORD | census ELF | test | replay | mutate | docs: what the instruction models know, and whether it is right.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "isa-models/conformance/docs.hpp"
#include "isa-models/isa.hpp"
#include "validator/app/command_isa.hpp"
#include "validator/app/commands.hpp"
#include "validator/binary/binary.hpp"
#include "validator/binary/witness.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {

int isa_error(const ir::Error& error) {
  fmt::print(stderr, "validate-kernel: {}\n", error.to_string());
  return report::exit_error;
}

int with_models(const std::function<int(const isa::Models&)>& use) {
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  return models ? use(*models) : isa_error(models.error());
}

namespace {

int list(const isa::Models& models) {
  std::size_t count = 0;
  models.for_each_group([&](const isa::Group& group) {
    fmt::print("{:<28} {:<28} {}\n", group.name, fmt::format("{}:{}", group.file, group.line), fmt::join(group.pages, "; "));
    ++count;
  });
  fmt::print("{} groups\n", count);
  return report::exit_ok;
}

/// A word without a model, where it stands first, and how often.
struct Missing {
  std::uint64_t address = 0;
  std::string function;
  std::string code;
  std::uint64_t count = 0;
};

int census(const isa::Models& models, const std::string& path) {
  const ir::Result<Image> image = binary::read_image(path);
  if (!image) return isa_error(image.error());
  auto witness = binary::Witness::open();
  if (!witness) return isa_error(witness.error());
  std::map<std::string, std::uint64_t> groups;
  std::map<std::uint32_t, Missing> missing;
  std::uint64_t words = 0, known = 0;
  for (const Symbol& symbol : image->symbols) {
    if (symbol.kind != SymbolKind::function) continue;
    for (std::uint64_t at = symbol.address; at + 4 <= symbol.address + symbol.bytes; at += 4) {
      const auto bytes = image->initial(at, 4);
      if (!bytes) break;
      const std::uint32_t word = (*bytes)[0] | (*bytes)[1] << 8 | (*bytes)[2] << 16 | std::uint32_t{(*bytes)[3]} << 24;
      const ir::Result<isa::Decoded> decoded = models.decode(word);
      ++words;
      known += static_cast<bool>(decoded);
      if (decoded) ++groups[decoded->group().name];
      else ++missing.try_emplace(word, Missing{at, symbol.name, decoded.error().code, 0}).first->second.count;
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> order(groups.begin(), groups.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [name, count] : order) fmt::print("{:>8}  {}\n", count, name);
  for (const auto& [word, item] : missing) {
    std::string text = (*witness)->text(word, item.address);
    if (text.empty()) text = "(unknown to Capstone and LLVM)";
    fmt::print("{:>8}  not modelled: {:08x}  {}  first at {:#x} in {} [{}]\n", item.count, word, text, item.address, item.function, item.code);
  }
  fmt::print("{} of {} words of function symbols have a model, in {} groups\n", known, words, groups.size());
  return known == words ? report::exit_ok : report::exit_undecided;
}

int docs(const isa::Models& models, const std::string& directory) {
  const auto known = isa::Known::load(isa::Known::default_directory());
  if (!known) return isa_error(known.error());
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::size_t count = 0;
  for (const auto& [name, text] : isa::documentation(models, *known)) {
    std::ofstream stream(std::filesystem::path(directory) / name, std::ios::binary);
    stream << text;
    if (!stream.flush()) return usage_error({"", fmt::format("cannot write {}/{}", directory, name), {}});
    ++count;
  }
  fmt::print("{} pages in {}\n", count, directory);
  return report::exit_ok;
}

}  // namespace

void add_isa(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("isa", "Instruction models: list, explain a word, coverage of an ELF file, tests, documentation");
  command->require_subcommand(1);
  command->add_subcommand("list", "All instruction groups, with their Arm ARM pages")->callback([&chosen] {
    chosen.action = [] { return with_models(list); };
  });

  add_isa_show(*command, chosen);
  CLI::App* census_command = command->add_subcommand("census", "How many words of an ELF file each group covers");
  auto path = std::make_shared<std::string>();
  census_command->add_option("ELF", *path, "Linked AArch64 image")->required();
  census_command->callback([&chosen, path] {
    chosen.action = [path] { return with_models([&](const isa::Models& models) { return census(models, *path); }); };
  });

  CLI::App* docs_command = command->add_subcommand("docs", "Write the documentation of all groups, one Markdown page each");
  auto directory = std::make_shared<std::string>();
  docs_command->add_option("DIR", *directory, "Folder; it is made when it is not there")->required();
  docs_command->callback([&chosen, directory] {
    chosen.action = [directory] { return with_models([&](const isa::Models& models) { return docs(models, *directory); }); };
  });
  add_isa_test(*command, chosen);
  add_isa_replay(*command, chosen);
}

}  // namespace validator::app
