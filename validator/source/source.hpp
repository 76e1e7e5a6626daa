// SPDX-License-Identifier: Apache-2.0
// From sources to graphs: every C11 or C++20 function that a compile_commands.json names, as Clang 19's AST says it,
// becomes an ir::Function. What is outside the subset lands in Module::failed with file:line:column, and
// only that function is lost. No Clang type leaves this folder. Terms are made in ir's one pool: one thread per process.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "ir/function.hpp"
#include "ir/result.hpp"
#include "validator/source/file_trace.hpp"

namespace validator::source {

/// What one instruction word of inline assembly does: `ops` in order, then `assignments` in parallel. Registers are the
/// variables X0..X30, SP, N, Z, C, V as in lifted binaries; temporaries are any other names, unique in the word.
struct AsmStep {
  std::vector<std::variant<ir::Load, ir::Store, ir::Effect>> ops;
  std::vector<ir::Binding> assignments;
  bool falls_through = true;  ///< false: branch, call, return; ERET and the like have an Effect without successor
  bool stops = false;         ///< the last op never continues (ERET, UDF, HLT)
};

/// Gives the meaning of one assembled word; the `.isa` models do (isa_asm.hpp). Without one, functions with
/// non-empty inline assembly fail with `asm-no-models`.
class AsmLifter {
 public:
  virtual ~AsmLifter() = default;
  virtual ir::Result<AsmStep> lift(std::uint32_t word, std::uint64_t address) const = 0;
};

struct Options {
  std::string compile_commands;  ///< path of compile_commands.json
  std::string file_filter;       ///< ECMAScript regular expression searched in the file's path; empty: every file
  std::string function_filter;   ///< the same for linkage names: only matching functions and what they call; empty: all
  const AsmLifter* asm_lifter = nullptr;  ///< not owned; may be null
  /// Called before each unit is parsed: file, its number from 0, number of units. May be empty.
  std::function<void(const std::string&, std::size_t, std::size_t)> progress;
};

/// One flag of DESIGN.md section 6 that the proofs rest on.
struct FlagCheck {
  std::string flag;     ///< as it is to be written, e.g. "-fno-strict-aliasing"
  bool found = false;   ///< the recorded command has it (or makes it moot)
  std::string reason;   ///< what goes wrong without it
};

/// What was found about one entry of compile_commands.json.
struct UnitReport {
  std::string file;      ///< absolute path
  std::string compiler;  ///< the recorded driver, e.g. "/usr/bin/aarch64-linux-gnu-g++"
  std::string compiler_version;  ///< first line of its --version; empty when it could not be run
  std::string language;  ///< "c" or "c++"
  std::string standard;  ///< the -std value; empty: the compiler's default
  std::vector<FlagCheck> flags;
  std::vector<std::string> dropped_flags;  ///< recorded flags that Clang does not know or that do not concern the AST
  std::vector<ir::Error> diagnostics;      ///< Clang's errors (code "parse-error"), located
  bool parsed = false;   ///< an AST was built, perhaps with errors in some declarations
  bool assembly = false;  ///< an assembler file: listed, not lifted
  std::size_t functions = 0;  ///< lifted from this unit
  std::size_t failed = 0;
  std::map<std::string, ir::Location> unordered;  ///< lift_text: as in Report
};

struct Report {
  std::vector<UnitReport> units;  ///< in the order of the database
  /// Functions whose operands were lifted left to right where the language fixes no order and it may show, and where. The graph
  /// is then one of several allowed behaviours: enough for `proved`, not for `refuted`.
  std::map<std::string, ir::Location> unordered;
  FileTrace files;                ///< what parsing asked the file system
};

/// Everything that lifting these sources depends on besides files: the recorded commands as they are given to Clang (the recorded
/// compilers are asked for their include paths each time), the options, and the environment variables that Clang reads. Two runs
/// with the same text and a trace that still holds get the same module. Errors as lift_sources.
ir::Result<std::string> request_text(const Options& options);

/// Lifts every unit and merges them. An inline function or template instance that stands in several units is one
/// function; internal functions or objects that share a name get the key "name@file" in each unit, also
/// in the calls and terms of that unit. Error: the database cannot be read, or a filter is no regular expression, or no file matches.
ir::Result<ir::Module> lift_sources(const Options& options, Report* report = nullptr);

/// Lifts one text as if it were a file compiled with `arguments` (without compiler and file name; the target is always
/// aarch64-linux-gnu). For tests and `subset`. `file` decides the language by its extension.
ir::Result<ir::Module> lift_text(const std::string& text, const std::string& file, const std::vector<std::string>& arguments,
                                 const Options& options, UnitReport* report = nullptr);

}  // namespace validator::source
