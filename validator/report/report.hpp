// SPDX-License-Identifier: Apache-2.0
// What a run says, as plain data: one row for each function, one for each initialised object, and counts that must add
// up. The text table, the JSON file, the exit code and the baseline are all views of this, so that they cannot
// disagree. Nothing here decides a verdict.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "validator/verdict.hpp"

namespace validator::report {

inline constexpr std::size_t verdict_count = 8;

/// A binary fragment or clone (".part", ".cold", ".constprop", outlined) that was proved as part of a function.
struct Covered {
  std::string symbol;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
};

struct FunctionRow {
  std::string symbol;   ///< linkage name
  std::string display;
  std::string unit;     ///< main file of the translation unit, or the assembly file
  ir::Location source;  ///< the definition; file empty when there is none
  std::uint64_t address = 0;  ///< 0 when the function has no code of its own
  std::uint64_t bytes = 0;
  Outcome outcome;
  std::vector<Covered> covers;  ///< counted as this function's bytes
  bool from_cache = false;      ///< reported only under "timing"
  bool baselined = false;       ///< an entry of the baseline allows this verdict
  std::string baseline_note;    ///< why, by that entry
};

enum class DataResult : std::uint8_t {
  equal,        ///< the image's bytes are the source's initialiser
  differs,      ///< they are not: exit 1
  absent,       ///< the object has no symbol in the image (folded or unused); nothing was compared
  unsupported,  ///< the initialiser could not be evaluated
};
std::string_view data_result_name(DataResult result);

/// One object of the source with static storage duration, compared with the image's initial bytes (A2).
struct DataRow {
  std::string symbol;
  ir::Location source;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  DataResult result = DataResult::equal;
  std::string text;  ///< first difference, or why nothing was compared
};

/// Every byte of the executable segments, by what became of it. `unaccounted` is the rest, so the parts always
/// sum to `text`.
struct ByteCounts {
  std::uint64_t text = 0;
  std::array<std::uint64_t, verdict_count> by_verdict{};  ///< index: Verdict; `inlined` stays 0
  std::uint64_t literal = 0;
  std::uint64_t padding = 0;
  std::uint64_t veneer = 0;
  std::uint64_t unaccounted = 0;
};

struct Summary {
  std::uint64_t functions = 0;
  std::array<std::uint64_t, verdict_count> by_verdict{};  ///< index: Verdict; sums to `functions`
  ByteCounts bytes;
  std::uint64_t data_objects = 0;
  std::uint64_t data_differs = 0;
  std::uint64_t baselined = 0;

  std::uint64_t count(Verdict verdict) const { return by_verdict[static_cast<std::size_t>(verdict)]; }
  Summary& operator+=(const Summary& other);
};

struct ImageRow {
  std::string id;
  std::string elf;
  std::string sha256;
  std::string compiler;
  std::string level;  ///< "-O2", or empty when the commands disagree
  std::vector<FunctionRow> functions;  ///< sorted by symbol
  std::vector<DataRow> data;           ///< sorted by symbol
  std::vector<ir::Error> input_errors;  ///< each makes the exit code 4
  std::vector<std::string> notes;       ///< missing flags and other warnings
  ByteCounts bytes;
  double seconds = 0;
  double lift_seconds = 0;
};

struct Run {
  bool complete = true;       ///< false: interrupted; never a pass
  bool selection = false;     ///< only functions chosen by --function were to be validated
  std::vector<std::string> left_out;  ///< ids of the configuration's images that --image left out
  std::vector<std::string> tool;  ///< "symbolon 0.1.0", "Z3 4.8.12", "isa 0123..."
  std::vector<ImageRow> images;
  std::vector<std::string> stale_baseline;  ///< entries that match nothing any more
  double seconds = 0;
  unsigned jobs = 1;
};

Summary summarise(const ImageRow& image);
Summary summarise(const Run& run);
/// Was only a part of what the configuration names to be looked at?
bool is_partial(const Run& run);
/// Ids of the images in which a run over all functions found none.
std::vector<std::string> images_without_functions(const Run& run);

}  // namespace validator::report
