// SPDX-License-Identifier: Apache-2.0
// Fuzz target for the reader of .rules text: any bytes either make a rule set or give a located error.
#include <cstdint>
#include <string_view>

#include "rewrite-rules/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto set = rules::parse({reinterpret_cast<const char*>(data), size}, "fuzz.rules");
  if (set) {
    (void)rules::to_text(set->list());
  } else if (set.error().where.line == 0 || set.error().message.empty()) {
    __builtin_trap();
  }
  return 0;
}
