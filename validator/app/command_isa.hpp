// SPDX-License-Identifier: Apache-2.0
// Shared by the parts of the `isa` command.
#pragma once

#include <functional>

#include "isa-models/isa.hpp"

namespace CLI {
class App;
}

namespace validator::app {

struct Chosen;

/// Loads the models of the default directory; an error is printed and is the exit code.
int with_models(const std::function<int(const isa::Models&)>& use);
/// Prints the error to stderr; the exit code.
int isa_error(const ir::Error& error);

/// Adds `test` and `mutate`.
void add_isa_test(CLI::App& isa, Chosen& chosen);
/// Adds `replay`.
void add_isa_replay(CLI::App& isa, Chosen& chosen);
/// Adds `show`.
void add_isa_show(CLI::App& isa, Chosen& chosen);

}  // namespace validator::app
