// SPDX-License-Identifier: Apache-2.0
// What other commands share with `run`: which image, which limits, and the run itself.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "validator/app/options.hpp"
#include "validator/app/pipeline.hpp"
#include "validator/report/report.hpp"

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

/// Error "config-invalid": not a regular expression.
ir::Result<std::vector<std::regex>> compile_selection(const std::vector<std::string>& patterns);

/// Is there no function to look at, although all inputs could be read?
bool nothing_selected(const report::Run& run);

/// All images of the options, with Ctrl-C caught. Error: a wrong request; bad inputs are in the rows.
ir::Result<report::Run> perform(const RunOptions& options);

}  // namespace validator::app
