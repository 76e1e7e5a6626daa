// SPDX-License-Identifier: Apache-2.0
// The bytes of an ELF file, to change words of its code in place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mutation {

class ImageFile {
 public:
  static ImageFile read(const std::string& path);

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  std::uint32_t word(std::uint64_t address) const;
  void set_word(std::uint64_t address, std::uint32_t word);
  void write(const std::string& path) const;

 private:
  std::uint64_t field(std::size_t offset, unsigned bytes) const;
  /// By the program headers (System V ABI, Elf64_Ehdr and Elf64_Phdr).
  std::size_t offset_of(std::uint64_t address) const;

  std::vector<std::uint8_t> bytes_;
};

}  // namespace mutation
