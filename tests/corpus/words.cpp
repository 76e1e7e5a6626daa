// SPDX-License-Identifier: Apache-2.0
// Compilers mark literal pools and padding between functions with $d and code with $x (ELF for the Arm 64-bit Architecture, 4.5.6).
#include "words.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>

namespace corpus {
namespace {

class Elf {
 public:
  explicit Elf(std::string bytes) : bytes_(std::move(bytes)) {}

  bool open() {
    if (!read(0, header_)) return false;
    const bool fits = std::memcmp(header_.e_ident, ELFMAG, SELFMAG) == 0 && header_.e_ident[EI_CLASS] == ELFCLASS64 &&
                      header_.e_ident[EI_DATA] == ELFDATA2LSB && header_.e_machine == EM_AARCH64;
    if (!fits || header_.e_shentsize != sizeof(Elf64_Shdr)) return false;
    sections_.resize(header_.e_shnum);
    for (std::size_t i = 0; i < sections_.size(); ++i)
      if (!read(header_.e_shoff + i * sizeof(Elf64_Shdr), sections_[i])) return false;
    for (const Elf64_Shdr& section : sections_)
      if (section.sh_type == SHT_SYMTAB) read_marks(section);
    return true;
  }

  std::vector<std::uint32_t> words() const {
    std::vector<std::uint32_t> result;
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const Elf64_Shdr& section = sections_[i];
      if (section.sh_type != SHT_PROGBITS || (section.sh_flags & SHF_EXECINSTR) == 0) continue;
      const auto marks = marks_.find(i);
      for (std::uint64_t at = 0; at + 4 <= section.sh_size; at += 4) {
        if (marks != marks_.end() && is_data(marks->second, at)) continue;
        std::uint32_t word = 0;
        if (read(section.sh_offset + at, word)) result.push_back(word);
      }
    }
    return result;
  }

 private:
  using Marks = std::map<std::uint64_t, bool>;  ///< offset in the section -> data begins here

  template <typename T>
  bool read(std::uint64_t offset, T& value) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof value) return false;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return true;
  }
  void read_marks(const Elf64_Shdr& table) {
    if (table.sh_link >= sections_.size()) return;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      char name[2];
      if (!read(table.sh_offset + at, symbol) || !read(sections_[table.sh_link].sh_offset + symbol.st_name, name)) return;
      if (name[0] != '$' || (name[1] != 'd' && name[1] != 'x') || symbol.st_shndx >= sections_.size()) continue;
      const std::uint64_t base = header_.e_type == ET_REL ? 0 : sections_[symbol.st_shndx].sh_addr;
      marks_[symbol.st_shndx][symbol.st_value - base] = name[1] == 'd';
    }
  }
  static bool is_data(const Marks& marks, std::uint64_t at) {
    const auto next = marks.upper_bound(at);
    return next != marks.begin() && std::prev(next)->second;
  }

  std::string bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
  std::map<std::size_t, Marks> marks_;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> words_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  Elf elf(std::string(std::istreambuf_iterator<char>(stream), {}));
  if (!elf.open()) return std::nullopt;
  return elf.words();
}

}  // namespace corpus
