// SPDX-License-Identifier: Apache-2.0
// Images for tests are compiled while the test runs, with the compilers that the project supports: binaries in the
// repository would go stale and cannot be reviewed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validator/image.hpp"

namespace binary_test {

enum class Compiler : std::uint8_t { gcc, clang };
std::string compiler_name(Compiler compiler);

/// A folder of its own for one test process, removed at its end.
const std::string& work_folder();

/// Compiles and links one text to a static image at 0x40000000. `suffix` is the file name's: ".c", ".cpp", ".S".
/// Returns the path of the ELF file; a failing compiler fails the test and gives "".
std::string compile(Compiler compiler, const std::string& flags, const std::string& text, const std::string& suffix = ".c",
                    const std::string& link_flags = "");
/// The same, read; an error fails the test.
validator::Image compile_image(Compiler compiler, const std::string& flags, const std::string& text, const std::string& suffix = ".c",
                               const std::string& link_flags = "");

std::vector<std::uint8_t> read_file(const std::string& path);

}  // namespace binary_test
