// SPDX-License-Identifier: Apache-2.0
// Fuzz target for the reader of .isa text: any bytes either load or give an error; what loads can decode, print and lift.
#include <cstdint>
#include <string>

#include "isa-models/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto models = isa::Models::from_files({{"fuzz.isa", std::string(reinterpret_cast<const char*>(data), size)}});
  if (!models) return 0;
  for (std::uint32_t word = 0x0b020020, i = 0; i < 64; ++i, word = word * 1664525U + 1013904223U) {
    const auto decoded = models->decode(word);
    if (!decoded) continue;
    (void)isa::normalise_text(*models, decoded->text(0x1000));
    (void)models->lift(*decoded, 0x1000);
  }
  return 0;
}
