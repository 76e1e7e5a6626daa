// SPDX-License-Identifier: Apache-2.0
// What a run is asked to do, after command line and configuration file have been merged.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ir/result.hpp"
#include "validator/app/cache.hpp"
#include "validator/prove.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::report::html {
class Pages;
}

namespace validator::app {

/// One ELF file and the sources that it is said to be compiled from.
struct ImageInput {
  std::string id;
  std::string elf;
  std::string compile_commands;
  std::vector<std::string> assembly;  ///< hand-written assembly files, or folders of them (*.S, *.s)
  std::set<std::string> absent_features;  ///< that the processor lacks, or has switched off: their hints do nothing (ledger A-FEATURE)
};

/// A function that a person takes over with a contract of his own (ledger A-CALLEE), by linkage name.
struct AssumedFunction {
  std::string symbol;
  std::string contract;
};

/// One attempt at a proof.
struct Solver {
  ir::Engine engine = ir::Engine::arrays;
  std::uint32_t seed = 0;
};

/// Other limits for functions in whose linkage or display name the expression is found; what is absent is as for all.
struct FunctionLimits {
  std::string name;  ///< regular expression (ECMAScript), as for --function
  std::regex pattern;
  std::optional<std::uint64_t> query_units;
  std::optional<std::uint64_t> function_units;
  std::optional<unsigned> wall_seconds;
};

struct Config {
  std::vector<ImageInput> images;
  std::vector<AssumedFunction> assumed;
  std::vector<FunctionLimits> functions;
  std::string baseline;  ///< path; empty: none
  std::set<std::string> image_ids;  ///< of `images`, and of those that the command line leaves out
  std::vector<std::string> left_out;  ///< ids of images that --image leaves out
  Limits limits;  ///< engine and seed: of no meaning here
  std::vector<Solver> portfolio = {Solver{}};  ///< tried in turn where a proof is left open; at least one
  std::uint64_t memory_mib = 3072;
  CacheOptions cache;
  report::Gate gate = report::Gate::undecided;
  std::map<std::string, std::string> reports;  ///< format name -> path, for `run`
};

/// "arrays", "core:7": engine, and seed where it is not 0.
std::string solver_text(const Solver& solver);
/// Those of the configuration, changed by its entries for this function in their order; with the first solver of the portfolio.
Limits limits_of(const Config& config, const std::string& symbol, const std::string& display);

/// Reads validate-kernel.toml; paths in it are relative to its folder. Error "config-invalid" with file and line: syntax,
/// an unknown key, a wrong type, two images with one id.
ir::Result<Config> read_config(const std::string& path);
/// The text of a file that says the same with every key written out; paths are relative to the current folder.
std::string config_text(const Config& config);

enum class OutputMode : std::uint8_t { normal, quiet };

struct RunOptions {
  Config config;
  std::vector<std::string> functions;  ///< regular expressions (ECMAScript), each searched in linkage and display name
  /// (image, linkage name): not attempted.
  std::set<std::pair<std::string, std::string>> skipped;
  /// Folder of certificates from which functions are proved, without search. Empty: the search proves them.
  std::string certificates;
  bool check_only = false;  ///< only verdicts that the cache knows; what would have to be proved is `not_run`
  report::html::Pages* pages = nullptr;  ///< of the HTML report, filled by the run; null: none are made
  unsigned jobs = 1;
  OutputMode output = OutputMode::normal;
};

}  // namespace validator::app
