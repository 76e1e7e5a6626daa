// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/packing.hpp"

#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace validator::report::html {
namespace {

std::string base64(const std::vector<std::uint8_t>& bytes, std::size_t size) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((size + 2) / 3 * 4);
  for (std::size_t i = 0; i < size; i += 3) {
    const std::size_t left = size - i;
    const std::uint32_t group =
        static_cast<std::uint32_t>(bytes[i]) << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    text += digits[group >> 18 & 63];
    text += digits[group >> 12 & 63];
    text += left > 1 ? digits[group >> 6 & 63] : '=';
    text += left > 2 ? digits[group & 63] : '=';
  }
  return text;
}

}  // namespace

std::string pack(std::string_view text) {
  uLongf size = compressBound(text.size());
  std::vector<std::uint8_t> bytes(size);
  if (compress2(bytes.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(), Z_BEST_COMPRESSION) !=
      Z_OK)
    throw std::runtime_error("zlib cannot compress");
  return base64(bytes, size);
}

}  // namespace validator::report::html
