// SPDX-License-Identifier: Apache-2.0
#include "validator/app/report_files.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "validator/report/exit_code.hpp"

namespace validator::app {

void add_report_options(CLI::App& command, ReportPaths& paths) {
  for (const report::Format& format : report::formats()) {
    const std::string name(format.name);
    command.add_option("--" + name, paths[name], std::string(format.help) + " (- is standard output)")->type_name("FILE");
  }
}

ir::Result<ReportFiles> ReportFiles::open(const ReportPaths& paths) {
  ReportFiles result;
  for (const report::Format& format : report::formats()) {
    const auto wanted = paths.find(std::string(format.name));
    if (wanted == paths.end() || wanted->second.empty()) continue;
    const std::string& path = wanted->second;
    if (std::any_of(result.files_.begin(), result.files_.end(), [&](const File& other) { return other.path == path; })) {
      return ir::Error{"config-invalid", fmt::format("two reports are to be written to '{}'", path), {}};
    }
    ir::Result<report::OutputFile> file = report::OutputFile::create(path);
    if (!file) return file.error();
    result.files_.push_back({path, &format, std::move(*file)});
  }
  // A run that is killed must not leave the reports of another one behind as if they were its own.
  for (const File& file : result.files_) file.file.forget_earlier();
  return result;
}

bool ReportFiles::on_standard_output() const {
  return std::any_of(files_.begin(), files_.end(), [](const File& file) { return file.path == "-"; });
}

bool ReportFiles::wants_pages() const {
  return std::any_of(files_.begin(), files_.end(), [](const File& file) { return file.format->name == "html"; });
}

int ReportFiles::write(const report::Run& run, const report::html::Pages* pages) {
  std::error_code ignored;
  const report::Context context{std::filesystem::current_path(ignored).string(), pages};
  int code = report::exit_ok;
  for (File& file : files_) {
    if (const ir::Result<bool> written = file.file.commit(file.format->text(run, context)); !written) {
      fmt::print(stderr, "validate-kernel: {}\n", written.error().to_string());
      code = report::exit_error;
    }
  }
  return code;
}

}  // namespace validator::app
