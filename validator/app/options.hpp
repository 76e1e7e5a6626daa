// SPDX-License-Identifier: Apache-2.0
// What a run is asked to do, after command line and configuration file have been merged.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ir/result.hpp"
#include "validator/app/cache.hpp"
#include "validator/prove.hpp"

namespace validator::app {

/// One ELF file and the sources that it is said to be compiled from.
struct ImageInput {
  std::string id;
  std::string elf;
  std::string compile_commands;
  std::vector<std::string> assembly;  ///< hand-written assembly files, or folders of them (*.S, *.s)
};

/// A function that a person takes over with a contract of his own (ledger A-CALLEE), by linkage name.
struct AssumedFunction {
  std::string symbol;
  std::string contract;
};

struct Config {
  std::vector<ImageInput> images;
  std::vector<AssumedFunction> assumed;
  std::string baseline;  ///< path; empty: none
  Limits limits;
  std::uint64_t memory_mib = 2048;
  CacheOptions cache;
};

/// Reads validate-kernel.toml; paths in it are relative to its folder. Error "config-invalid" with file and line: syntax,
/// an unknown key, a wrong type, two images with one id.
ir::Result<Config> read_config(const std::string& path);

enum class OutputMode : std::uint8_t { normal, quiet };

struct RunOptions {
  Config config;
  std::vector<std::string> functions;  ///< regular expressions (ECMAScript), each searched in linkage and display name
  /// (image, linkage name): not attempted.
  std::set<std::pair<std::string, std::string>> skipped;
  /// Folder of certificates from which functions are proved, without search. Empty: the search proves them.
  std::string certificates;
  unsigned jobs = 1;
  OutputMode output = OutputMode::normal;
};

}  // namespace validator::app
