// SPDX-License-Identifier: Apache-2.0
// The table of builtin functions of the .isa language, by name.
#pragma once

#include <string_view>

namespace isa {

enum class Builtin : int {
#define BUILTIN(name, widths, parameters, result, place) name,
#include "isa-models/builtins.def"
#undef BUILTIN
};

struct BuiltinRow {
  std::string_view name;
  unsigned widths;
  std::string_view parameters;
  char result;
  bool is_place;
};

/// The row of a builtin.
const BuiltinRow& builtin_row(Builtin builtin);
/// Its number by name, or -1.
int find_builtin(std::string_view name);

}  // namespace isa
