// SPDX-License-Identifier: Apache-2.0
// completion, man: what shells and man(1) read.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "validator/app/command_tree.hpp"
#include "validator/app/commands.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::app {

void add_completion(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("completion", "Prints a completion script: . <(validate-kernel completion bash)");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "For which shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, &chosen, shell] {
    chosen.action = [&app, shell] {
      fmt::print("{}", completion_script(command_tree(app), *shell));
      return report::exit_ok;
    };
  });
}

void add_man(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("man", "Prints the man page: validate-kernel man | man -l -");
  command->callback([&app, &chosen] {
    chosen.action = [&app] {
      fmt::print("{}", man_page(command_tree(app), version_text()));
      return report::exit_ok;
    };
  });
}

}  // namespace validator::app
