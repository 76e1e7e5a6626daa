// SPDX-License-Identifier: Apache-2.0
// Lookup in the rows of builtins.def.
#include "isa-models/builtins.hpp"

#include <array>

#include "ir/assert.hpp"

namespace isa {
namespace {

constexpr auto rows = std::to_array<BuiltinRow>({
#define BUILTIN(name, widths, parameters, result, place) {#name, widths, parameters, result, place},
#include "isa-models/builtins.def"
#undef BUILTIN
});

}  // namespace

const BuiltinRow& builtin_row(Builtin builtin) {
  const auto index = static_cast<std::size_t>(builtin);
  IR_ASSERT(index < rows.size());
  return rows[index];
}

int find_builtin(std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<int>(i);
  return -1;
}

}  // namespace isa
