// SPDX-License-Identifier: Apache-2.0
// validate-kernel: proves that a compiled kernel does what its source says. This file is the table of contents.
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "validator/app/command_tree.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/exit_code.hpp"

namespace {

/// No command means `run`: `./validate-kernel --jobs 2` is `./validate-kernel run --jobs 2`.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> list(argv + 1, argv + argc);
  const bool global = !list.empty() && (list[0] == "-h" || list[0] == "--help" || list[0] == "--version");
  if (list.empty() || (list[0].starts_with('-') && !global)) list.insert(list.begin(), "run");
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace validator::app;
  CLI::App app("Proves, function by function, that compiled AArch64 kernel code does what its source says.\n"
               "Without a command: run, on the images of validate-kernel.toml.",
               "validate-kernel");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.footer("Exit codes: 0 all proved (or assumed, inlined, baselined), 1 refuted, 2 usage, 3 undecided,\n"
             "4 error, 5 stale baseline, 130 interrupted.");

  Chosen chosen;
  add_run(app, chosen);
  add_show(app, chosen);
  add_recheck(app, chosen);
  add_replay(app, chosen);
  add_isa(app, chosen);
  add_rules(app, chosen);
  add_baseline(app, chosen);
  add_diff(app, chosen);
  add_assumptions(app, chosen);
  add_explain(app, chosen);
  add_doctor(app, chosen);
  add_completion(app, chosen);
  add_man(app, chosen);

  const std::vector<std::string> words = arguments(argc, argv);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them in reverse
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    if (const std::string text = misspelt_word(command_tree(app), words); !text.empty()) {
      return usage_error({"config-invalid", text, {}});
    }
    app.exit(error);
    return validator::report::exit_usage;
  }
  return chosen.action();
}
