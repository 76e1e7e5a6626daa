// SPDX-License-Identifier: Apache-2.0
// Many units, one module.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ir/function.hpp"

namespace validator::source {

struct UnitModule {
  std::string file;
  ir::Module module;
  std::set<std::string> internal;  ///< linkage names that mean this unit's own function or object
  /// In `function` operands were put in an order that the language leaves open, and that shows unless every callee in
  /// `quiet` has no side effect (effects.cpp). No callee: it shows anyway.
  struct Order {
    std::string function;
    std::set<std::string> quiet;
    ir::Location where;
  };
  std::vector<Order> orders;
  std::set<std::string> weak;  ///< functions whose definition here yields to another unit's
};

/// Functions without side effects: no store but to their own locals, no volatile access, no effect, no call of another kind.
std::set<std::string> quiet_functions(const ir::Module& module);

/// `unordered` gets the functions whose order shows.
ir::Module merge(std::vector<UnitModule> units, std::map<std::string, ir::Location>& unordered);

}  // namespace validator::source
