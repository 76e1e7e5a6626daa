// SPDX-License-Identifier: Apache-2.0
// Which bytes of the image are which function. Function symbols decide; an untyped label counts only where no
// function symbol covers it (hand-written assembly). Every other module of this folder asks this table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validator/image.hpp"

namespace validator::binary {

struct FunctionEntry {
  std::string key;   ///< binary.hpp, "Key of a function"
  std::string name;
  std::string file;
  std::uint64_t address = 0;
  std::uint64_t end = 0;       ///< one past the last byte; a multiple of 4 above address
  bool sized = true;
  bool is_function_type = true;
  bool local = false;
  bool is_veneer = false;      ///< named as linkers name their stubs
  bool is_split_part = false;  ///< named as compilers name cold parts
  std::vector<std::string> aliases;  ///< keys of other function symbols at this address, sorted
};

class FunctionTable {
 public:
  explicit FunctionTable(const Image& image);

  /// One entry for each address that begins a function, sorted by address.
  const std::vector<FunctionEntry>& entries() const { return entries_; }
  const FunctionEntry* at(std::uint64_t address) const;  ///< the function whose first byte this is, or null
  /// The function whose extent holds the address: of several, the one that begins last. Null: none.
  const FunctionEntry* containing(std::uint64_t address) const;

  /// Lies the aligned word in an executable segment, in an executable section (where sections are known), and not
  /// under a $d mapping symbol (AAELF64 5.5.4)?
  bool is_code(std::uint64_t address) const;
  bool is_marked_data(std::uint64_t address) const;           ///< $d
  bool in_executable_section(std::uint64_t address) const;    ///< true for all when the file has no section headers
  std::optional<std::uint32_t> word(std::uint64_t address) const;  ///< of an executable segment
  const Image& image() const { return *image_; }

 private:
  struct Mark {
    std::uint64_t address = 0;
    bool data = false;
  };
  void read_marks();
  void collect();
  void set_keys();
  std::uint64_t region_end(std::uint64_t address) const;  ///< end of the executable section or segment around it

  const Image* image_;
  std::vector<Mark> marks_;
  std::vector<FunctionEntry> entries_;
};

/// Padding between functions: nop, zero (udf #0) and udf words, and the trap word with which linkers fill.
bool is_padding_word(std::uint32_t word);

}  // namespace validator::binary
