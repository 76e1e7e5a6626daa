// SPDX-License-Identifier: Apache-2.0
// One word at one address to its meaning, with every check that must pass first: exactly one model matches, and an
// independent disassembler reads the word as the same instruction.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "ir/result.hpp"
#include "isa-models/isa.hpp"
#include "validator/binary/witness.hpp"

namespace validator::binary {

class WordLifter {
 public:
  /// `witness` null: words are not compared with a disassembler.
  WordLifter(const isa::Models& models, Witness* witness) : models_(models), witness_(witness) {}

  /// Error codes: those of isa::Models::decode and lift, witness-disagrees, witness-unknown. The message names address,
  /// word, what the witness reads there, and what to do.
  ir::Result<isa::Lifted> lift(std::uint32_t word, std::uint64_t address);

 private:
  ir::Error explain(const ir::Error& error, std::uint32_t word, std::uint64_t address);

  const isa::Models& models_;
  Witness* witness_;
};

}  // namespace validator::binary
