// SPDX-License-Identifier: Apache-2.0
// The commands. Each add_* puts one command into the command line, with its options and its help; parsing fills
// in `Chosen::action`, which main then calls. A command that does not exist is absent, never a stub.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ir {
struct Error;
}

namespace validator::app {

struct Chosen {
  std::function<int()> action;  ///< returns the exit code
};

void add_run(CLI::App& app, Chosen& chosen);
void add_show(CLI::App& app, Chosen& chosen);
void add_recheck(CLI::App& app, Chosen& chosen);
void add_replay(CLI::App& app, Chosen& chosen);
void add_isa(CLI::App& app, Chosen& chosen);
void add_rules(CLI::App& app, Chosen& chosen);
void add_baseline(CLI::App& app, Chosen& chosen);
void add_diff(CLI::App& app, Chosen& chosen);
void add_doctor(CLI::App& app, Chosen& chosen);
/// Both read the definitions of all commands when they run: order does not matter.
void add_completion(CLI::App& app, Chosen& chosen);
void add_man(CLI::App& app, Chosen& chosen);
void add_assumptions(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);

/// "symbolon 0.1.0 (Z3 4.8.12)".
std::string version_text();

/// Prints the error to stderr and returns the exit code for a wrong usage or configuration (2).
int usage_error(const ir::Error& error);

}  // namespace validator::app
