// SPDX-License-Identifier: Apache-2.0
// Fuzz target for the ELF reader: any bytes either make an image whose queries answer, or give an error with a code.
#include <cstdint>

#include "validator/binary/binary.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = validator::binary::parse_image({data, size}, "fuzz.elf");
  if (!image) {
    if (image.error().code.empty()) __builtin_trap();
    return 0;
  }
  for (const validator::Symbol& symbol : image->symbols) {
    (void)image->find(symbol.name);
    (void)image->containing(symbol.address + symbol.bytes / 2);
    (void)image->initial(symbol.address, symbol.bytes < 4096 ? symbol.bytes : 4096);
    (void)image->read_only(symbol.address, 8);
  }
  (void)image->read_only(~std::uint64_t{0} - 3, 8);
  return 0;
}
