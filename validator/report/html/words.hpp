// SPDX-License-Identifier: Apache-2.0
// Terms and nodes in the words of the two sides: names of C++ for the source, registers for the binary, infix
// operators. For people only: nothing reads it back, long texts are cut, and widths are left out where they are plain.
#pragma once

#include <functional>
#include <string>

#include "ir/graph.hpp"

namespace validator::report::html {

/// The readable name of a linkage name.
using Display = std::function<std::string(const std::string& symbol)>;

std::string hex(ir::u128 value);
/// "kernel.0" -> "kernel", "%slot.2" -> "&slot", "@global" -> "&global", "X3" -> "x3", "i.3@0" -> "i"; others as they
/// are.
std::string name_text(const std::string& variable);
std::string term_text(ir::Term term);
/// What a node does, in one line; empty for a plain jump.
std::string node_text(const ir::Node& node, const Display& display);

}  // namespace validator::report::html
