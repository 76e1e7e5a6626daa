// SPDX-License-Identifier: Apache-2.0
// Assertions for our own bugs. They stay on in release builds: a validator that goes on after an
// internal inconsistency could print a wrong `proved`.
#pragma once

namespace ir {

/// Prints `file:line: assertion failed: expression` to stderr and aborts. A worker that aborts is reported
/// as verdict `error` by its parent.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace ir

#define IR_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::ir::assertion_failed(#expression, __FILE__, __LINE__))
