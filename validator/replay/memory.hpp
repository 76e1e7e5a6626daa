// SPDX-License-Identifier: Apache-2.0
// Memory of one run: an open-addressed overlay of 8-byte words over the entry state. Each bit carries whether its value
// is specified; each byte whether the run knows it (has read or written it), which is what lazy initialisation asks.
#pragma once

#include <cstdint>
#include <vector>

#include "validator/replay/flat.hpp"
#include "validator/replay/state.hpp"

namespace validator::replay {

class RunMemory {
 public:
  struct Word {
    std::uint64_t key = 0;  ///< address >> 3
    std::uint64_t value = 0;
    std::uint64_t unspecified = 0;
    std::uint8_t known = 0;  ///< byte mask
    bool used = false;
  };

  explicit RunMemory(const EntryState& entry) : entry_(entry), words_(64) {}

  Cell load(std::uint64_t address, unsigned bytes);
  void store(std::uint64_t address, unsigned bytes, Cell cell);
  /// Byte mask (bit i: address + i) of bytes that this run has neither read nor written.
  std::uint32_t unknown(std::uint64_t address, unsigned bytes) const;
  /// Addresses, rising, of the aligned words with a byte in [from, to) that this run has read or written.
  std::vector<std::uint64_t> words(std::uint64_t from, std::uint64_t to) const;

  /// Remembers the present state; `unchanged` then says whether memory is bit for bit the same again.
  void mark();
  void forget_mark();
  bool unchanged() const;

 private:
  Word* find(std::uint64_t key);
  const Word* find(std::uint64_t key) const { return const_cast<RunMemory*>(this)->find(key); }
  Word& touch(std::uint64_t key);
  void grow();

  const EntryState& entry_;
  std::vector<Word> words_;  ///< size a power of two
  std::size_t used_ = 0;
  bool marked_ = false;
  std::vector<Word> before_;  ///< each stored word as it was just before the store, in order
};

}  // namespace validator::replay
