// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/image_file.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "tests/mutation/options.hpp"

namespace mutation {

ImageFile ImageFile::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop("cannot read " + path);
  ImageFile file;
  file.bytes_.assign(std::istreambuf_iterator<char>(in), {});
  return file;
}

std::uint64_t ImageFile::field(std::size_t offset, unsigned bytes) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{bytes_.at(offset + i)} << (8 * i);
  return value;
}

std::size_t ImageFile::offset_of(std::uint64_t address) const {
  constexpr std::uint64_t load = 1;
  const std::uint64_t table = field(32, 8);
  for (unsigned i = 0; i < field(56, 2); ++i) {
    const std::size_t header = table + i * field(54, 2);
    const std::uint64_t start = field(header + 16, 8);
    if (field(header, 4) == load && address >= start && address - start < field(header + 32, 8)) {
      return field(header + 8, 8) + (address - start);
    }
  }
  stop(fmt::format("no load segment holds {:#x}", address));
}

std::uint32_t ImageFile::word(std::uint64_t address) const {
  return static_cast<std::uint32_t>(field(offset_of(address), 4));
}

void ImageFile::set_word(std::uint64_t address, std::uint32_t word) {
  const std::size_t offset = offset_of(address);
  for (unsigned i = 0; i < 4; ++i) bytes_.at(offset + i) = static_cast<std::uint8_t>(word >> (8 * i));
}

void ImageFile::write(const std::string& path) const {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
  if (!out.flush()) stop("cannot write " + path);
}

}  // namespace mutation
