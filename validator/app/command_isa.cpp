// SPDX-License-Identifier: Apache-2.0
// isa list | show WORD | census ELF: what the instruction models know.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "ir/text.hpp"
#include "isa-models/isa.hpp"
#include "validator/app/commands.hpp"
#include "validator/binary/binary.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

int with_models(const std::function<int(const isa::Models&)>& use) {
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) {
    fmt::print(stderr, "validate-kernel: {}\n", models.error().to_string());
    return report::exit_error;
  }
  return use(*models);
}

int list(const isa::Models& models) {
  std::size_t count = 0;
  models.for_each_group([&](const isa::Group& group) {
    fmt::print("{:<28} {:<28} {}\n", group.name, fmt::format("{}:{}", group.file, group.line), fmt::join(group.pages, "; "));
    ++count;
  });
  fmt::print("{} groups\n", count);
  return report::exit_ok;
}

std::string describe(const isa::MicroOp& op) {
  if (const auto* load = std::get_if<ir::Load>(&op)) {
    return fmt::format("{} := load {} bytes at {}", ir::print(load->result), load->bytes, ir::print(load->address));
  }
  if (const auto* store = std::get_if<ir::Store>(&op)) {
    return fmt::format("store {} bytes {} at {}", store->bytes, ir::print(store->value), ir::print(store->address));
  }
  const auto& effect = std::get<ir::Effect>(op);
  std::string text = fmt::format("effect {}", effect.detail);
  for (ir::Term operand : effect.operands) text += " " + ir::print(operand);
  return effect.result ? fmt::format("{} := {}", ir::print(effect.result), text) : text;
}

void print_transfer(const isa::Transfer& transfer) {
  using Kind = isa::Transfer::Kind;
  switch (transfer.kind) {
    case Kind::none: break;
    case Kind::branch: fmt::print("  branch to {:#x} when {}\n", transfer.target, ir::print(transfer.condition)); break;
    case Kind::call: fmt::print("  call {:#x}\n", transfer.target); break;
    case Kind::indirect: fmt::print("  branch to {}\n", ir::print(transfer.indirect_target)); break;
    case Kind::indirect_call: fmt::print("  call {}\n", ir::print(transfer.indirect_target)); break;
    case Kind::returns: fmt::print("  return to {}\n", ir::print(transfer.indirect_target)); break;
    case Kind::stop: fmt::print("  no successor\n"); break;
  }
}

int show(const isa::Models& models, const std::string& text, std::uint64_t address) {
  std::uint32_t word = 0;
  const std::string digits = text.starts_with("0x") || text.starts_with("0X") ? text.substr(2) : text;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), word, 16);
  if (code != std::errc() || end != digits.data() + digits.size()) {
    return usage_error({"", fmt::format("'{}' is not a 32-bit word in hexadecimal", text), {}});
  }
  const ir::Result<isa::Decoded> decoded = models.decode(word);
  if (!decoded) {
    fmt::print("{:08x}: {}\n", word, decoded.error().to_string());
    return report::exit_undecided;
  }
  fmt::print("{:08x}: {}\n  model {} ({}:{}), Arm ARM: {}\n", word, decoded->text(address), decoded->group().name,
             decoded->group().file, decoded->group().line, fmt::join(decoded->group().pages, "; "));
  const ir::Result<isa::Lifted> lifted = models.lift(*decoded, address);
  if (!lifted) {
    fmt::print("  {}\n", lifted.error().to_string());
    return report::exit_undecided;
  }
  for (const isa::MicroOp& op : lifted->ops) fmt::print("  {}\n", describe(op));
  for (const ir::Binding& binding : lifted->assignments) {
    fmt::print("  {} := {}\n", ir::print(binding.variable), ir::print(binding.value));
  }
  print_transfer(lifted->transfer);
  return report::exit_ok;
}

int census(const isa::Models& models, const std::string& path) {
  const ir::Result<Image> image = binary::read_image(path);
  if (!image) {
    fmt::print(stderr, "validate-kernel: {}\n", image.error().to_string());
    return report::exit_error;
  }
  std::map<std::string, std::uint64_t> groups, missing;
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
      else ++missing[fmt::format("{:08x} {}", word, decoded.error().code)];
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> order(groups.begin(), groups.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [name, count] : order) fmt::print("{:>8}  {}\n", count, name);
  for (const auto& [name, count] : missing) fmt::print("{:>8}  not modelled: {}\n", count, name);
  fmt::print("{} of {} words of function symbols have a model\n", known, words);
  return known == words ? report::exit_ok : report::exit_undecided;
}

}  // namespace

void add_isa(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("isa", "Instruction models: list, explain a word, coverage of an ELF file");
  command->require_subcommand(1);
  command->add_subcommand("list", "All instruction groups, with their Arm ARM pages")->callback([&chosen] {
    chosen.action = [] { return with_models(list); };
  });

  CLI::App* show_command = command->add_subcommand("show", "The meaning of one instruction word");
  auto word = std::make_shared<std::string>();
  auto address = std::make_shared<std::uint64_t>(0);
  show_command->add_option("WORD", *word, "32 bits, hexadecimal")->required();
  show_command->add_option("--address", *address, "Address of the word (PC-relative operands)");
  show_command->callback([&chosen, word, address] {
    chosen.action = [word, address] {
      return with_models([&](const isa::Models& models) { return show(models, *word, *address); });
    };
  });

  CLI::App* census_command = command->add_subcommand("census", "How many words of an ELF file each group covers");
  auto path = std::make_shared<std::string>();
  census_command->add_option("ELF", *path, "Linked AArch64 image")->required();
  census_command->callback([&chosen, path] {
    chosen.action = [path] { return with_models([&](const isa::Models& models) { return census(models, *path); }); };
  });
}

}  // namespace validator::app
