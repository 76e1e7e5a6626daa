// SPDX-License-Identifier: Apache-2.0
// explain, assumptions: the commands that print rows of data.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <memory>

#include "ir/result.hpp"
#include "ir/smt.hpp"
#include "validator/app/cache.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/json.hpp"
#include "validator/report/ledger.hpp"
#include "validator/report/reasons.hpp"

namespace validator::app {
namespace {

int explain(const std::string& code) {
  if (code.empty()) {
    for (const report::Reason& row : report::all_reasons()) {
      fmt::print("{:<22} {:<12} {}\n", row.code, report::reason_kind_name(row.kind), row.meaning);
    }
    return report::exit_ok;
  }
  const report::Reason* row = report::find_reason(code);
  if (row == nullptr) {
    return usage_error({"", fmt::format("no reason code is called '{}'; 'explain' without a code lists all", code), {}});
  }
  fmt::print("{} ({})\n  {}\n  What to do: {}\n", row->code, report::reason_kind_name(row->kind), row->meaning, row->action);
  return report::exit_ok;
}

/// Id -> number of functions of the report that use it. Nothing when there is no such report.
std::optional<std::map<std::string, std::uint64_t>> usage(const std::string& path) {
  std::ifstream stream(path);
  const report::Json json = report::Json::parse(stream, nullptr, false);
  if (!stream || json.is_discarded()) return std::nullopt;
  std::map<std::string, std::uint64_t> counts;
  try {
    for (const report::Json& image : json.at("images")) {
      for (const report::Json& function : image.at("functions")) {
        for (const report::Json& a : function.at("assumptions")) ++counts[a.at("id").get<std::string>()];
      }
    }
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return counts;
}

int assumptions(const std::string& path) {
  const auto counts = usage(path);
  if (counts) fmt::print("Uses: functions of {} that depend on the row.\n\n", path);
  else fmt::print("No run to count uses in ({}).\n\n", path);
  for (const report::LedgerRow& row : report::ledger()) {
    fmt::print("{} (for each {})", row.id, row.scope);
    if (counts) fmt::print(": {} uses", counts->contains(std::string(row.id)) ? counts->at(std::string(row.id)) : 0);
    fmt::print("\n  {}\n  Discharged by: {}\n  Without it: {}\n\n", row.statement, row.discharged_by, row.breaks);
  }
  return report::exit_ok;
}

}  // namespace

std::string version_text() { return fmt::format("symbolon {} ({})", SYMBOLON_VERSION, ir::solver_version()); }

int usage_error(const ir::Error& error) {
  fmt::print(stderr, "validate-kernel: {}\n", error.to_string());
  return report::exit_usage;
}

void add_explain(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("explain", "What a reason code means and what to do");
  auto code = std::make_shared<std::string>();
  command->add_option("CODE", *code, "Reason code; none: list all");
  command->callback([&chosen, code] { chosen.action = [code] { return explain(*code); }; });
}

void add_assumptions(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("assumptions", "The ledger: what every proof rests on");
  auto path = std::make_shared<std::string>(last_run_path(default_cache_dir()));
  command->add_option("--report", *path, "JSON report of a run, to count uses in")->capture_default_str();
  command->callback([&chosen, path] { chosen.action = [path] { return assumptions(*path); }; });
}

}  // namespace validator::app
