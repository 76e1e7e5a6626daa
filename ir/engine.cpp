// SPDX-License-Identifier: Apache-2.0
#include "ir/engine.hpp"

#include <cstddef>

namespace ir {
namespace {

constexpr EngineRow rows[] = {
#define ENGINE(name, logic, parameters, meaning) {#name, logic, parameters, meaning},
#include "ir/engines.def"
#undef ENGINE
};

}  // namespace

std::span<const EngineRow> engines() { return rows; }

std::string_view engine_name(Engine engine) { return rows[static_cast<std::size_t>(engine)].name; }

std::optional<Engine> engine_by_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (rows[i].name == name) return static_cast<Engine>(i);
  }
  return std::nullopt;
}

}  // namespace ir
