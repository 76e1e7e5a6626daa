// SPDX-License-Identifier: Apache-2.0
// Conformance: do the models say what other implementations of the architecture do? Each case is one word on one random state,
// run by the concrete interpreter of the .isa text, by Unicorn (QEMU lineage) and by VIXL's simulator (independent of it). The lifted
// terms, the properties of properties.hpp and disassemblers that the caller brings judge the same cases.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/conformance/kept_case.hpp"
#include "isa-models/conformance/known.hpp"
#include "isa-models/isa.hpp"

namespace isa {

/// Disassemblers of other people. This folder links none.
struct Readers {
  struct Answer {
    enum class Verdict : std::uint8_t { agrees, disagrees, unknown } verdict = Verdict::unknown;
    std::string reader;
    std::string text;
  };
  /// Does the first reader that knows the word read what the model prints? Null: texts are not compared.
  std::function<Answer(const Models&, const Decoded&, std::uint64_t address)> compare;
  struct Reader {
    std::string name;
    /// One text for each word; "" where it prints no instruction.
    std::function<std::vector<std::string>(const std::vector<std::uint32_t>&)> texts;
  };
  std::vector<Reader> all;  ///< each must refuse what a model calls UNDEFINED
};

struct ConformanceOptions {
  unsigned cases = 300;
  std::uint64_t seed = 1;
  bool unicorn = true;
  bool vixl = true;
  bool dynarmic = true;  ///< for effects, and for words that one of the other two does not know
  bool properties = true;
  const Known* known = nullptr;      ///< null: no difference is excused, no pin is asked
  const Readers* readers = nullptr;  ///< null: no text is compared
  std::size_t mismatch_limit = 20;   ///< the group's run ends there
};

struct Mismatch {
  std::string judge;
  std::uint32_t word = 0;
  std::string text;        ///< the model's disassembly, or why it refuses the word
  std::string difference;  ///< what the model says and what the judge says
  std::string state;       ///< registers and flags before; "" when they do not matter
  std::optional<KeptCase> kept;  ///< of an executor: to be kept as a file, without its results
  std::string to_string() const;
};

struct ConformanceReport {
  std::string group;
  unsigned cases = 0;      ///< words tried
  unsigned rejected = 0;   ///< UNDEFINED, CONSTRAINED UNPREDICTABLE, not modelled, or an access that cannot be placed
  unsigned undefined = 0;  ///< of these: UNDEFINED, which every judge must refuse
  unsigned effects = 0;    ///< effects that no executor shows at one instruction (system registers, exception returns)
  unsigned excused = 0;    ///< differences that a kept case or a row explains
  double seconds = 0;
  std::map<std::string, unsigned> judged;  ///< cases by judge: "unicorn", "vixl", "properties", a disassembler
  std::map<std::string, unsigned> executed;  ///< of an executor's cases: those that it ran, rather than refused as UNDEFINED
  std::vector<Mismatch> mismatches;
  bool agrees() const { return mismatches.empty(); }
  /// Did executors of two lineages run words of the group?
  bool has_two_executors() const { return executed.size() >= 2; }
};

/// Runs the cases of a group (exact name). Errors: unknown group, or the sandbox memory cannot be mapped.
ir::Result<ConformanceReport> conformance(const Models& models, const std::string& group, const ConformanceOptions& options);

/// Runs one word in `states` states under the options' judges; `cases` is not used.
ir::Result<ConformanceReport> conformance_of_word(const Models& models, std::uint32_t word, unsigned states, const ConformanceOptions& options);

}  // namespace isa
