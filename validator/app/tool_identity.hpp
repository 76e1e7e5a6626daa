// SPDX-License-Identifier: Apache-2.0
// Which tool is this: every byte of code that can have a part in a verdict.
#pragma once

#include <string>

namespace validator::app {

/// Changes with the program's own bytes and with every shared library that it runs with (Clang, LLVM, Z3, ...): those
/// are named by the build id that their linker wrote, or by a hash of the file where there is none.
std::string tool_identity();

}  // namespace validator::app
