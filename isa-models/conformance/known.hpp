// SPDX-License-Identifier: Apache-2.0
// What is known about the judges themselves, as rows: where an executor is wrong, which groups have fewer than two of them, which
// mutants no judge can tell apart. Every row has its reason; a row that has become needless is an error of whoever uses the table whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/result.hpp"

namespace isa {

/// Words for which an executor's result is wrong in one part. The rest of its result still counts.
struct Disagreement {
  enum class Part : std::uint8_t {
    registers,
    upper_half,  ///< bits 63:32 of general registers
    memory,
    refusal,  ///< it raises an exception where the Arm ARM defines the word, or runs an UNDEFINED one
  };
  std::string executor;
  Part part = Part::registers;
  std::uint32_t value = 0;
  std::uint32_t mask = 0;
  std::uint32_t example = 0;  ///< a word that shows it, in some states
  std::string citation;       ///< what it does, and what the Arm ARM says
};

/// A group that is not judged by two executors.
struct FewJudges {
  std::string group;
  std::string reason;
};

std::string_view part_name(Disagreement::Part part);

/// UNDEFINED words that a disassembler prints as an instruction.
struct UndefinedReading {
  std::string reader;
  std::uint32_t value = 0;
  std::uint32_t mask = 0;
  std::uint32_t example = 0;  ///< an UNDEFINED word that the reader prints: without one the row is needless
  std::string reason;
};

/// What decode() says about a word: facts of the Arm ARM that no executor shows.
struct Pin {
  std::uint32_t word = 0;
  std::string outcome;  ///< "ok" or a reason code
  std::string reason;
};

/// A one-token mutant that no judge tells from the model.
struct Survivor {
  std::string group;
  std::string mutant;  ///< Mutant::what
  std::string reason;
};

struct Known {
  std::vector<Disagreement> disagreements;
  std::vector<FewJudges> few_judges;
  std::vector<UndefinedReading> undefined_readings;
  std::vector<Pin> pins;
  std::vector<Survivor> survivors;

  /// Reads the four tables of a directory and its disagreements/*.case. Errors: file:line.
  static ir::Result<Known> load(const std::string& directory);
  /// The source tree's isa-models/conformance.
  static std::string default_directory();
};

}  // namespace isa
