// SPDX-License-Identifier: Apache-2.0
// Independent readers of a word's text: Capstone first, LLVM's MC where Capstone does not know the word. They can only
// refuse a word: what a word means comes from the models alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/isa.hpp"

namespace validator::binary {

/// A disassembler behind a wall. Not thread-safe.
class Disassembler {
 public:
  virtual ~Disassembler() = default;
  virtual std::string name() const = 0;
  /// Mnemonic and operands, PC-relative operands absolute; empty when it does not know the word.
  virtual std::string text(std::uint32_t word, std::uint64_t address) = 0;
};

std::unique_ptr<Disassembler> make_capstone();  ///< null when the library cannot be opened
std::unique_ptr<Disassembler> make_llvm();      ///< null when LLVM lacks the AArch64 target

/// A row of witness_defects.tsv: words on which one witness is known to be wrong, so that the next one is asked.
struct WitnessDefect {
  std::string witness;
  std::uint32_t value = 0;
  std::uint32_t mask = 0;
  std::string note;  ///< what it prints and what is right, with the source
};
ir::Result<std::vector<WitnessDefect>> read_witness_defects(const std::string& path);

class Witness {
 public:
  /// The witnesses and the defects of the source tree's witness_defects.tsv.
  static ir::Result<std::unique_ptr<Witness>> open();
  Witness(std::vector<std::unique_ptr<Disassembler>> readers, std::vector<WitnessDefect> defects);

  enum class Verdict : std::uint8_t { agrees, disagrees, unknown };
  struct Answer {
    Verdict verdict = Verdict::unknown;
    std::string witness;  ///< who was asked last
    std::string text;     ///< what it said
  };
  /// Compares the model's text with the first witness that knows the word and is not listed as wrong about it.
  Answer check(const isa::Models& models, const isa::Decoded& decoded, std::uint64_t address);
  /// What the first witness that knows the word prints; "" when none does. For messages.
  std::string text(std::uint32_t word, std::uint64_t address);

 private:
  std::vector<std::unique_ptr<Disassembler>> readers_;
  std::vector<WitnessDefect> defects_;
};

}  // namespace validator::binary
