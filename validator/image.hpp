// SPDX-License-Identifier: Apache-2.0
// What the prover may know about the compiled image: load segments, symbols, read-only bytes. Filled by
// validator/binary from the program headers and .symtab; nothing here comes from DWARF.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace validator {

struct Segment {
  std::uint64_t address = 0;
  std::vector<std::uint8_t> bytes;  ///< memory size; bytes beyond the file size are zero
  bool writable = false;
  bool executable = false;
};

enum class SymbolKind : std::uint8_t { function, object, other };

struct Symbol {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  SymbolKind kind = SymbolKind::other;
  bool local = false;
  bool absolute = false;  ///< SHN_ABS: a number, not a place in the image
  std::string file;  ///< the preceding STT_FILE symbol, for local symbols
};

/// A section header, where the file has them: for diagnostics and for telling data from code inside an executable segment.
struct Section {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  bool executable = false;
};

class Image {
 public:
  std::string path;
  std::string sha256;             ///< of the whole file, lower-case hex
  std::vector<std::string> compilers;  ///< the strings of .comment (diagnostic only)
  std::vector<Segment> segments;
  std::vector<Symbol> symbols;    ///< sorted by address, then size descending; mapping symbols ($x, $d) are among them
  std::vector<Section> sections;  ///< allocated sections, sorted by address (diagnostic only)
  std::uint64_t entry = 0;        ///< e_entry

  /// Bytes at a constant address when they lie in a segment that is not writable (A2, ledger A-RO); little-endian.
  std::optional<std::uint64_t> read_only(std::uint64_t address, unsigned bytes) const;
  /// The initial bytes at an address in any segment.
  std::optional<std::vector<std::uint8_t>> initial(std::uint64_t address, std::uint64_t bytes) const;
  /// The symbol with this name; several local symbols of one name: nullptr unless all have one address.
  const Symbol* find(const std::string& name) const;
  /// The object symbol (or function) whose extent contains the address.
  const Symbol* containing(std::uint64_t address) const;
};

}  // namespace validator
