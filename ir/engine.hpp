// SPDX-License-Identifier: Apache-2.0
// Ways to run the solver, as data (engines.def): what one cannot decide under a limit, another may. A portfolio is a list of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ir {

enum class Engine : std::uint8_t {
#define ENGINE(name, logic, parameters, meaning) name,
#include "ir/engines.def"
#undef ENGINE
};

struct EngineRow {
  std::string_view name;
  std::string_view logic;       ///< of SMT-LIB; empty: the core alone
  std::string_view parameters;  ///< "name=value ..."
  std::string_view meaning;
};

/// In the order of the enumeration.
std::span<const EngineRow> engines();
std::string_view engine_name(Engine engine);
std::optional<Engine> engine_by_name(std::string_view name);

}  // namespace ir
