// SPDX-License-Identifier: Apache-2.0
// The text form: read(print(g)) == g. For people, golden tests and certificates. README.md shows it by an example.
#pragma once

#include <string>
#include <string_view>

#include "ir/function.hpp"
#include "ir/result.hpp"

namespace ir {

std::string print(Term term);
std::string print(const Graph& graph);
std::string print(const Function& function);

/// Reads what print() wrote. Errors carry line and column within `text`; `file` is only for messages.
Result<Term> read_term(std::string_view text, const std::string& file);
Result<Function> read_function(std::string_view text, const std::string& file);

/// Graphviz text of a graph, for `show --dot`.
std::string to_dot(const Graph& graph, std::string_view title);

}  // namespace ir
