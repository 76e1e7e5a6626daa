// SPDX-License-Identifier: Apache-2.0
// diff OLD NEW: two JSON reports; a gate that fails on what is new only.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>

#include "validator/app/commands.hpp"
#include "validator/report/comparison.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/output_file.hpp"

namespace validator::app {
namespace {

struct DiffArguments {
  std::string before;
  std::string after;
  std::string json;
  report::Slowness slowness;
  bool fail_slower = false;
};

int diff(const DiffArguments& arguments) {
  std::optional<report::OutputFile> json;
  if (!arguments.json.empty()) {
    ir::Result<report::OutputFile> file = report::OutputFile::create(arguments.json);
    if (!file) return usage_error(file.error());
    json.emplace(std::move(*file));
  }
  report::Json reports[2];
  for (const auto& [index, path] : {std::pair(0, arguments.before), std::pair(1, arguments.after)}) {
    std::ifstream stream(path);
    reports[index] = report::Json::parse(stream, nullptr, false);
    if (!stream || reports[index].is_discarded()) {
      return usage_error({"report-schema", fmt::format("'{}' is no JSON report", path), {path, 0, 0}});
    }
  }
  const ir::Result<report::Comparison> comparison = report::compare(reports[0], reports[1], arguments.slowness);
  if (!comparison) {
    fmt::print(stderr, "validate-kernel: {}\n", comparison.error().to_string());
    return report::exit_error;
  }
  fmt::print(arguments.json == "-" ? stderr : stdout, "{}", report::to_text(*comparison));
  if (json) {
    if (const ir::Result<bool> written = json->commit(report::to_text(report::to_json(*comparison))); !written) {
      fmt::print(stderr, "validate-kernel: {}\n", written.error().to_string());
      return report::exit_error;
    }
  }
  const int code = report::exit_code(*comparison);
  return code == report::exit_ok && arguments.fail_slower && !comparison->slower.empty() ? report::exit_undecided : code;
}

}  // namespace

void add_diff(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("diff", "Two JSON reports: new, fixed, changed, slower; fails on what is new");
  auto arguments = std::make_shared<DiffArguments>();
  command->add_option("OLD", arguments->before, "Report of an earlier run")->required()->check(CLI::ExistingFile);
  command->add_option("NEW", arguments->after, "Report of a later run")->required()->check(CLI::ExistingFile);
  command->add_option("--json", arguments->json, "Write the comparison to this file (- is standard output)")->type_name("FILE");
  command->add_option("--slower", arguments->slowness.factor, "A proof is slower when it costs more than so many times the solver units")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 1000.0));
  command->add_flag("--fail-slower", arguments->fail_slower, "Exit with 3 when a proof is slower");
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return diff(*arguments); }; });
}

}  // namespace validator::app
