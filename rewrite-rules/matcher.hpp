// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ir/term.hpp"
#include "rewrite-rules/content.hpp"

namespace rules {

/// The subject rewritten at its root by one rule, or nothing. For operators that take any number of operands the pattern
/// may also be a part of the subject: a & b & -b contains b & -b.
std::optional<ir::Term> apply_at_root(const Compiled& rule, ir::Term subject);

}  // namespace rules
