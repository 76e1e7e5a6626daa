// SPDX-License-Identifier: Apache-2.0
// The files that a command leaves, one for each format that was asked for: an option for each row of report::formats(). All are
// opened before any work and written at its end, whole or not at all.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ir/result.hpp"
#include "validator/report/formats.hpp"
#include "validator/report/output_file.hpp"

namespace CLI {
class App;
}

namespace validator::app {

/// Format name -> path; "-" is standard output.
using ReportPaths = std::map<std::string, std::string>;

/// Adds --json FILE and so on; `paths` outlives the parsing.
void add_report_options(CLI::App& command, ReportPaths& paths);

class ReportFiles {
 public:
  /// Error "cli-output": a place cannot be written; "config-invalid": two formats for one place.
  static ir::Result<ReportFiles> open(const ReportPaths& paths);

  /// Does one go to standard output? Text for people then goes elsewhere.
  bool on_standard_output() const;
  /// Is there one for which pages of functions have to be made?
  bool wants_pages() const;
  /// Failures are printed; exit_ok or exit_error.
  int write(const report::Run& run, const report::html::Pages* pages = nullptr);

 private:
  struct File {
    std::string path;
    const report::Format* format;
    report::OutputFile file;
  };
  std::vector<File> files_;
};

}  // namespace validator::app
