// SPDX-License-Identifier: Apache-2.0
// rules list | prove [FILE]: the rewrite rules and their soundness proofs.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "rewrite-rules/rules.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {
namespace {

int prove(const std::string& file) {
  ir::Result<rules::ProofReport> proof = file.empty() ? ir::Result<rules::ProofReport>(rules::prove(rules::built_in()))
                                                      : rules::prove_file(file);
  if (!proof) return usage_error(proof.error());
  fmt::print("{}", rules::to_text(*proof));
  return proof->ok() ? report::exit_ok : report::exit_refuted;
}

}  // namespace

void add_rules(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("rules", "Rewrite rules: list them, prove them");
  command->require_subcommand(1);
  command->add_subcommand("list", "All built-in rules")->callback([&chosen] {
    chosen.action = [] {
      fmt::print("{}", rules::to_text(rules::built_in().list()));
      return report::exit_ok;
    };
  });
  CLI::App* prove_command = command->add_subcommand("prove", "Proves each rule and refutes its wrong twin");
  auto file = std::make_shared<std::string>();
  prove_command->add_option("FILE", *file, "Rule file; none: the built-in rules");
  prove_command->callback([&chosen, file] { chosen.action = [file] { return prove(*file); }; });
}

}  // namespace validator::app
