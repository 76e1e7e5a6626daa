// SPDX-License-Identifier: Apache-2.0
// What commands that look at images share: which image, which limits, which functions, which baseline. Configuration and
// command line are merged here and nowhere else.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "validator/app/options.hpp"
#include "validator/report/baseline.hpp"

namespace CLI {
class App;
}

namespace validator::app {

struct ImageArguments {
  std::string config;
  std::string elf;
  std::string sources;
  std::vector<std::string> assembly;
  std::string image;
  std::vector<std::string> absent_features;
  unsigned wall_seconds = 0;     ///< 0: as configured
  std::uint64_t memory_mib = 0;  ///< 0: as configured
};

void add_image_options(CLI::App& command, ImageArguments& arguments);

/// Configuration file and command line together. Error "config-invalid".
ir::Result<Config> merge(const ImageArguments& arguments);

/// The baseline of a file. Error "config-invalid": it cannot be understood, or is about an image that the configuration does not know.
ir::Result<report::Baseline> read_baseline_of(const Config& config, const std::string& path);

/// Error "config-invalid": not a regular expression.
ir::Result<std::vector<std::regex>> compile_selection(const std::vector<std::string>& patterns);

}  // namespace validator::app
