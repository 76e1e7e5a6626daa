// SPDX-License-Identifier: Apache-2.0
// Is initialised data what the source says (A2, image theorem)? Compares each defined object's initialiser,
// with relocations resolved through the symbol table, with the image's initial bytes.
#pragma once

#include <vector>

#include "ir/function.hpp"
#include "validator/image.hpp"
#include "validator/report/report.hpp"

namespace validator::app {

/// One row for each named object that the source defines, sorted by symbol.
std::vector<report::DataRow> check_data(const ir::Module& source, const Image& image);

}  // namespace validator::app
