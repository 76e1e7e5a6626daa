// SPDX-License-Identifier: Apache-2.0
// Fuzz target for the reader of certificates. What it reads must print and read again as the same text.
#include <cstdint>
#include <string>
#include <string_view>

#include "validator/check/certificate_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto proof = validator::check::read_certificate(text, "fuzz.cert")) {
    const std::string printed = print(*proof);
    const auto again = validator::check::read_certificate(printed, "printed");
    if (!again || print(*again) != printed) __builtin_trap();
  }
  return 0;
}
