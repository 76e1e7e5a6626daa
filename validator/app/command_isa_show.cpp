// SPDX-License-Identifier: Apache-2.0
// isa show WORD | "mnemonic ...": everything that is known about one word.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "ir/text.hpp"
#include "isa-models/conformance/conformance.hpp"
#include "isa-models/diagram.hpp"
#include "isa-models/model_data.hpp"
#include "validator/app/command_isa.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/gnu_tools.hpp"
#include "validator/app/isa_readers.hpp"
#include "validator/binary/witness.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

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

/// A word is 0x and at most 8 hexadecimal digits, or exactly 8 of them. Everything else is for the assembler, so that a mnemonic made of
/// hexadecimal digits ("add") stays one.
ir::Result<std::uint32_t> word_of(const std::string& text) {
  const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
  const std::string digits = prefixed ? text.substr(2) : text;
  std::uint32_t word = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), word, 16);
  const bool is_number = code == std::errc() && end == digits.data() + digits.size() && (prefixed || digits.size() == 8);
  if (is_number) return word;
  if (prefixed) return ir::Error{"isa-assemble", fmt::format("'{}' is no hexadecimal number of 32 bits", text), {}};
  return gnu_assemble(text);
}

void print_disassembly(std::uint32_t word, std::uint64_t address) {
  const auto show = [](const std::string& name, const std::string& text) { fmt::print("  {:<9} {}\n", name, text.empty() ? "(no instruction)" : text); };
  for (const auto& reader : {binary::make_capstone(), binary::make_llvm()})
    if (reader) show(reader->name(), reader->text(word, address));
}

void print_source(const isa::Models& models, const isa::Decoded& decoded) {
  const auto& group = decoded.group();
  for (const isa::GroupData& data : models.data()->groups)
    if (&data.group == &group) fmt::print("{}", isa::bit_diagram(data.encodings[decoded.encoding()], decoded.word()));
  std::vector<std::string> values;
  for (const auto& [name, value] : decoded.values()) values.push_back(fmt::format("{} = {}", name, value));
  if (!values.empty()) fmt::print("{}\n", fmt::join(values, ", "));
  bool inside = false;
  for (const std::string& line : models.source_of(group)) {
    const auto first = line.find_first_not_of(' ');
    const std::string word = first == std::string::npos ? "" : line.substr(first, line.find_first_of(" \r", first) - first);
    if (word == "decode" || word == "execute") inside = true;
    if (word == "asm" || word == "test") inside = false;
    if (inside) fmt::print("{}\n", line);
  }
}

int print_judges(const isa::Models& models, const isa::Decoded& decoded, unsigned states) {
  const auto known = isa::Known::load(isa::Known::default_directory());
  if (!known) return isa_error(known.error());
  const auto readers = isa_readers(false);
  if (!readers) return isa_error(readers.error());
  isa::ConformanceOptions options;
  options.known = &*known;
  options.readers = &*readers;
  const auto report = isa::conformance_of_word(models, decoded.word(), states, options);
  if (!report) return isa_error(report.error());
  std::vector<std::string> parts;
  for (const auto& [judge, cases] : report->judged) parts.push_back(fmt::format("{} {}", judge, cases));
  fmt::print("judged in {} states: {}; {} effects, {} excused, {} mismatches\n", report->cases, fmt::join(parts, ", "), report->effects,
             report->excused, report->mismatches.size());
  for (const isa::Mismatch& mismatch : report->mismatches) fmt::print("  {}\n", mismatch.to_string());
  return report->agrees() ? report::exit_ok : report::exit_refuted;
}

int show(const isa::Models& models, const std::string& text, std::uint64_t address, unsigned states) {
  const auto word = word_of(text);
  if (!word) return usage_error(word.error());
  const ir::Result<isa::Decoded> decoded = models.decode(*word);
  if (!decoded) {
    fmt::print("{:08x}: {}\n", *word, decoded.error().to_string());
    print_disassembly(*word, address);
    return report::exit_undecided;
  }
  fmt::print("{:08x}: {}\n  model {} ({}:{}), Arm ARM: {}\n", *word, decoded->text(address), decoded->group().name,
             decoded->group().file, decoded->group().line, fmt::join(decoded->group().pages, "; "));
  print_disassembly(*word, address);
  print_source(models, *decoded);
  fmt::print("meaning at {:#x}\n", address);
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
  return states == 0 ? report::exit_ok : print_judges(models, *decoded, states);
}

}  // namespace

void add_isa_show(CLI::App& command, Chosen& chosen) {
  CLI::App* show_command = command.add_subcommand("show", "Everything about one instruction word");
  auto word = std::make_shared<std::string>();
  auto address = std::make_shared<std::uint64_t>(0);
  auto states = std::make_shared<unsigned>(200);
  show_command->add_option("WORD", *word, "A word: 0x1f or 8 hexadecimal digits; or an instruction for the GNU assembler, quoted")->required();
  show_command->add_option("--address", *address, "Address of the word (PC-relative operands)");
  show_command->add_option("--states", *states, "Random states in which the executors judge it; 0: none")->capture_default_str();
  show_command->callback([&chosen, word, address, states] {
    chosen.action = [word, address, states] {
      return with_models([&](const isa::Models& models) { return show(models, *word, *address, *states); });
    };
  });
}

}  // namespace validator::app
