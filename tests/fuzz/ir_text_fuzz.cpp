// SPDX-License-Identifier: Apache-2.0
// Fuzz target for the reader of the graph language's text form. What it reads must print and read again as the same text.
#include <cstdint>
#include <string>
#include <string_view>

#include "ir/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto term = ir::read_term(text, "fuzz.ir")) {
    const auto again = ir::read_term(ir::print(*term), "printed");
    if (!again || !(*again == *term)) __builtin_trap();
  }
  if (const auto function = ir::read_function(text, "fuzz.ir")) {
    const std::string printed = ir::print(*function);
    const auto again = ir::read_function(printed, "printed");
    if (!again || ir::print(*again) != printed) __builtin_trap();
  }
  return 0;
}
