// SPDX-License-Identifier: Apache-2.0
// Many units, one module.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ir/function.hpp"

namespace validator::source {

struct UnitModule {
  std::string file;
  ir::Module module;
  std::set<std::string> internal;  ///< linkage names that mean this unit's own function or object
};

ir::Module merge(std::vector<UnitModule> units);

}  // namespace validator::source
