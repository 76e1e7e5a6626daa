// SPDX-License-Identifier: Apache-2.0
// The overlay's hash table uses linear probing; words are never removed during a run.
#include "validator/replay/memory.hpp"

#include <algorithm>
#include <unordered_map>

namespace validator::replay {

RunMemory::Word* RunMemory::find(std::uint64_t key) {
  const std::size_t mask = words_.size() - 1;
  for (std::size_t i = mix(key, 0) & mask;; i = (i + 1) & mask) {
    if (!words_[i].used) return nullptr;
    if (words_[i].key == key) return &words_[i];
  }
}

void RunMemory::grow() {
  std::vector<Word> old(words_.size() * 2);
  old.swap(words_);
  const std::size_t mask = words_.size() - 1;
  for (const Word& word : old) {
    if (!word.used) continue;
    std::size_t i = mix(word.key, 0) & mask;
    while (words_[i].used) i = (i + 1) & mask;
    words_[i] = word;
  }
}

RunMemory::Word& RunMemory::touch(std::uint64_t key) {
  if (Word* word = find(key)) return *word;
  if (2 * ++used_ > words_.size()) grow();
  const std::size_t mask = words_.size() - 1;
  std::size_t i = mix(key, 0) & mask;
  while (words_[i].used) i = (i + 1) & mask;
  words_[i].used = true;
  words_[i].key = key;
  return words_[i];
}

Cell RunMemory::load(std::uint64_t address, unsigned bytes) {
  Cell cell;
  for (unsigned i = 0; i < bytes;) {
    const std::uint64_t at = address + i;
    Word& word = touch(at >> 3);
    for (; i < bytes && (address + i) >> 3 == at >> 3; ++i) {
      const unsigned byte = (address + i) & 7;
      if ((word.known >> byte & 1) == 0) {
        word.value |= std::uint64_t{entry_.byte(address + i)} << (8 * byte);
        word.known |= static_cast<std::uint8_t>(1U << byte);
      }
      cell.value |= static_cast<u128>(word.value >> (8 * byte) & 0xff) << (8 * i);
      cell.unspecified |= static_cast<u128>(word.unspecified >> (8 * byte) & 0xff) << (8 * i);
    }
  }
  return cell;
}

void RunMemory::store(std::uint64_t address, unsigned bytes, Cell cell) {
  if (marked_) load(address, bytes);
  for (unsigned i = 0; i < bytes;) {
    const std::uint64_t at = address + i;
    Word& word = touch(at >> 3);
    if (marked_) before_.push_back(word);
    for (; i < bytes && (address + i) >> 3 == at >> 3; ++i) {
      const unsigned byte = (address + i) & 7;
      const std::uint64_t mask = std::uint64_t{0xff} << (8 * byte);
      word.value = (word.value & ~mask) | static_cast<std::uint64_t>(cell.value >> (8 * i) & 0xff) << (8 * byte);
      word.unspecified = (word.unspecified & ~mask) | static_cast<std::uint64_t>(cell.unspecified >> (8 * i) & 0xff)
                                                          << (8 * byte);
      word.known |= static_cast<std::uint8_t>(1U << byte);
    }
  }
}

std::vector<std::uint64_t> RunMemory::words(std::uint64_t from, std::uint64_t to) const {
  std::vector<std::uint64_t> result;
  if (from >= to) return result;
  const std::uint64_t first = from >> 3, last = (to - 1) >> 3;
  if (last - first < words_.size()) {
    for (std::uint64_t key = first; key <= last; ++key)
      if (find(key) != nullptr) result.push_back(key << 3);
    return result;
  }
  for (const Word& word : words_)
    if (word.used && word.key - first <= last - first) result.push_back(word.key << 3);
  std::sort(result.begin(), result.end());
  return result;
}

std::uint32_t RunMemory::unknown(std::uint64_t address, unsigned bytes) const {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    const Word* word = find((address + i) >> 3);
    if (word == nullptr || (word->known >> ((address + i) & 7) & 1) == 0) result |= 1U << i;
  }
  return result;
}

void RunMemory::mark() {
  marked_ = true;
  before_.clear();
}

void RunMemory::forget_mark() {
  marked_ = false;
  before_.clear();
}

bool RunMemory::unchanged() const {
  // The first record of each byte since mark() holds its marked value.
  std::unordered_map<std::uint64_t, std::uint8_t> seen;
  for (const Word& old : before_) {
    std::uint8_t& done = seen[old.key];
    std::uint64_t mask = 0;
    for (unsigned byte = 0; byte < 8; ++byte)
      if ((old.known & ~done) >> byte & 1) mask |= std::uint64_t{0xff} << (8 * byte);
    done |= old.known;
    const Word* now = find(old.key);
    if (((old.value ^ now->value) & mask) != 0 || ((old.unspecified ^ now->unspecified) & mask) != 0) return false;
  }
  return true;
}

}  // namespace validator::replay
