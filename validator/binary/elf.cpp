// SPDX-License-Identifier: Apache-2.0
// A strict reader of the one kind of ELF file that is validated: 64-bit, little-endian, AArch64, linked to fixed
// addresses. It is our own because it is in the trusted base and has to be small: it reads the file header, program
// headers and .symtab; every offset and size is checked against the file before a byte is touched. Section headers are
// needed to find .symtab; beyond that they only feed diagnostics. Layouts: System V gABI chapter 4 and 5, AAELF64.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <tuple>

#include <fmt/format.h>

#include "validator/binary/binary.hpp"

namespace validator::binary {

namespace {

constexpr std::uint64_t max_image_bytes = std::uint64_t{1} << 30;  ///< memory of all segments together
constexpr std::uint64_t max_code_bytes = std::uint64_t{1} << 26;   ///< of them, executable
constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 31;
constexpr std::uint64_t max_name_bytes = std::uint64_t{1} << 28;  ///< symbol names may overlap in the file: bound the copies
constexpr std::uint16_t et_exec = 2, et_dyn = 3, em_aarch64 = 183;
constexpr std::uint32_t pt_load = 1, pt_dynamic = 2, pf_x = 1, pf_w = 2;
constexpr std::uint32_t sht_symtab = 2, sht_nobits = 8;
constexpr std::uint64_t shn_abs = 0xfff1;
constexpr std::uint64_t shf_alloc = 2, shf_execinstr = 4;
constexpr std::uint64_t file_header_bytes = 64, program_header_bytes = 56, section_header_bytes = 64, symbol_bytes = 24;

/// A window on the file in which every read is checked by the caller through `has`.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> data) : data_(data) {}
  std::uint64_t size() const { return data_.size(); }
  bool has(std::uint64_t offset, std::uint64_t bytes) const {
    return offset <= data_.size() && bytes <= data_.size() - offset;
  }
  std::uint64_t read(std::uint64_t offset, unsigned bytes) const {
    IR_ASSERT(has(offset, bytes));
    std::uint64_t value = 0;
    for (unsigned i = bytes; i-- > 0;) value = value << 8 | data_[offset + i];
    return value;
  }
  std::span<const std::uint8_t> part(std::uint64_t offset, std::uint64_t bytes) const {
    IR_ASSERT(has(offset, bytes));
    return data_.subspan(offset, bytes);
  }

 private:
  std::span<const std::uint8_t> data_;
};

struct SectionHeader {
  std::uint64_t name = 0, type = 0, flags = 0, address = 0, offset = 0, bytes = 0, link = 0, entry_bytes = 0;
};

std::string sha256_of(std::span<const std::uint8_t> file) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  IR_ASSERT(EVP_Digest(file.data(), file.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

/// A zero-terminated string of a string table; nullopt when it does not end inside the table.
std::optional<std::string> string_at(std::span<const std::uint8_t> table, std::uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  const auto begin = table.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto end = std::find(begin, table.end(), std::uint8_t{0});
  if (end == table.end()) return std::nullopt;
  return std::string(begin, end);
}

class Reader {
 public:
  Reader(std::span<const std::uint8_t> file, const std::string& path) : file_(file) { image_.path = path; }

  ir::Result<Image> read() {
    if (auto error = read_file_header()) return *error;
    if (auto error = read_segments()) return *error;
    if (auto error = read_section_headers()) return *error;
    if (auto error = read_symbols()) return *error;
    image_.sha256 = sha256_of(file_.part(0, file_.size()));
    return std::move(image_);
  }

 private:
  using Outcome = std::optional<ir::Error>;

  ir::Error fail(std::string code, std::string message) const {
    return ir::Error{std::move(code), std::move(message), ir::Location{image_.path, 0, 0}};
  }

  Outcome read_file_header() {
    constexpr std::array<std::uint8_t, 4> magic{0x7f, 'E', 'L', 'F'};
    if (!file_.has(0, 4) || !std::ranges::equal(file_.part(0, 4), magic)) {
      return fail("elf-not-elf", "the file does not begin with the ELF magic bytes 7f 45 4c 46");
    }
    if (!file_.has(0, 6)) return fail("elf-truncated", "the ELF identification ends after " + std::to_string(file_.size()) + " bytes");
    if (file_.read(4, 1) != 2) {
      return fail("elf-not-64bit", fmt::format("ELF class is {}, expected 2 (64-bit)", file_.read(4, 1)));
    }
    if (file_.read(5, 1) != 1) {
      return fail("elf-big-endian", fmt::format("ELF data encoding is {}, expected 1 (little-endian)", file_.read(5, 1)));
    }
    if (!file_.has(0, file_header_bytes)) {
      return fail("elf-truncated", fmt::format("the ELF header needs 64 bytes, the file has {}", file_.size()));
    }
    if (file_.read(18, 2) != em_aarch64) {
      return fail("elf-not-aarch64", fmt::format("ELF machine is {}, expected 183 (AArch64)", file_.read(18, 2)));
    }
    type_ = static_cast<std::uint16_t>(file_.read(16, 2));
    if (type_ != et_exec && type_ != et_dyn) {
      return fail("elf-not-executable", fmt::format("ELF type is {}, expected 2 (a linked executable)", type_));
    }
    image_.entry = file_.read(24, 8);
    return std::nullopt;
  }

  Outcome read_segments() {
    const std::uint64_t offset = file_.read(32, 8), entry_bytes = file_.read(54, 2), count = file_.read(56, 2);
    if (count != 0 && entry_bytes != program_header_bytes) {
      return fail("elf-malformed", fmt::format("program headers of {} bytes, expected 56", entry_bytes));
    }
    if (!file_.has(offset, count * program_header_bytes)) {
      return fail("elf-truncated", fmt::format("{} program headers at file offset {:#x} lie outside the file ({} bytes)",
                                               count, offset, file_.size()));
    }
    std::uint64_t total = 0, code = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (auto error = read_segment(offset + i * program_header_bytes, total, code)) return error;
    }
    std::ranges::sort(image_.segments, {}, &Segment::address);
    for (std::size_t i = 1; i < image_.segments.size(); ++i) {
      const Segment& low = image_.segments[i - 1];
      if (image_.segments[i].address - low.address < low.bytes.size()) {
        return fail("elf-malformed", fmt::format("load segments at {:#x} and {:#x} overlap", low.address,
                                                 image_.segments[i].address));
      }
    }
    if (std::ranges::none_of(image_.segments, &Segment::executable)) {
      return fail("elf-no-code", "no load segment is executable");
    }
    return std::nullopt;
  }

  Outcome read_segment(std::uint64_t header, std::uint64_t& total, std::uint64_t& code) {
    const std::uint64_t type = file_.read(header, 4), flags = file_.read(header + 4, 4);
    if (type == pt_dynamic && type_ == et_dyn) {
      return fail("elf-not-executable",
                  "the image is position-independent and would be relocated at load; link it static and without -pie");
    }
    const std::uint64_t offset = file_.read(header + 8, 8), address = file_.read(header + 16, 8);
    const std::uint64_t in_file = file_.read(header + 32, 8), in_memory = file_.read(header + 40, 8);
    if (type != pt_load || in_memory == 0) return std::nullopt;
    if (in_file > in_memory) {
      return fail("elf-malformed", fmt::format("segment at {:#x} has more bytes in the file ({}) than in memory ({})",
                                               address, in_file, in_memory));
    }
    if (!file_.has(offset, in_file)) {
      return fail("elf-truncated", fmt::format("segment at {:#x}: file bytes [{:#x}, +{:#x}) lie outside the file ({} bytes)",
                                               address, offset, in_file, file_.size()));
    }
    if (address + in_memory < address) {
      return fail("elf-malformed", fmt::format("segment at {:#x} wraps around the end of the address space", address));
    }
    if (in_memory > max_image_bytes || (total += in_memory) > max_image_bytes) {
      return fail("elf-too-large", fmt::format("load segments need more than {} bytes of memory", max_image_bytes));
    }
    if ((flags & pf_x) != 0 && (code += in_memory) > max_code_bytes) {
      return fail("elf-too-large", fmt::format("executable segments need more than {} bytes", max_code_bytes));
    }
    Segment segment;
    segment.address = address;
    segment.writable = (flags & pf_w) != 0;
    segment.executable = (flags & pf_x) != 0;
    const auto content = file_.part(offset, in_file);
    segment.bytes.reserve(in_memory);
    segment.bytes.assign(content.begin(), content.end());
    segment.bytes.resize(in_memory);
    image_.segments.push_back(std::move(segment));
    return std::nullopt;
  }

  Outcome read_section_headers() {
    const std::uint64_t offset = file_.read(40, 8), entry_bytes = file_.read(58, 2);
    std::uint64_t count = file_.read(60, 2), names = file_.read(62, 2);
    if (offset == 0) return std::nullopt;
    if (entry_bytes != section_header_bytes) {
      return fail("elf-malformed", fmt::format("section headers of {} bytes, expected 64", entry_bytes));
    }
    if (!file_.has(offset, section_header_bytes)) {
      return fail("elf-truncated", fmt::format("section headers at file offset {:#x} lie outside the file ({} bytes)",
                                               offset, file_.size()));
    }
    if (count == 0) count = file_.read(offset + 32, 8);            // gABI: more than 0xff00 sections
    if (names == 0xffff) names = file_.read(offset + 40, 4);
    if (count > file_.size() / section_header_bytes || !file_.has(offset, count * section_header_bytes)) {
      return fail("elf-truncated", fmt::format("{} section headers at file offset {:#x} lie outside the file ({} bytes)",
                                               count, offset, file_.size()));
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t at = offset + i * section_header_bytes;
      sections_.push_back({file_.read(at, 4), file_.read(at + 4, 4), file_.read(at + 8, 8), file_.read(at + 16, 8),
                           file_.read(at + 24, 8), file_.read(at + 32, 8), file_.read(at + 40, 4), file_.read(at + 56, 8)});
    }
    std::span<const std::uint8_t> name_table;
    if (names < count && in_file(sections_[names])) name_table = content(sections_[names]);
    for (const SectionHeader& section : sections_) {
      const std::string name = string_at(name_table, section.name).value_or("");
      if ((section.flags & shf_alloc) != 0 && section.bytes != 0) {
        image_.sections.push_back({name, section.address, section.bytes, (section.flags & shf_execinstr) != 0});
      }
      if (name == ".comment" && in_file(section)) read_compilers(content(section));
    }
    std::ranges::stable_sort(image_.sections, {}, &Section::address);
    return std::nullopt;
  }

  void read_compilers(std::span<const std::uint8_t> comment) {
    std::string text;
    for (const std::uint8_t byte : comment) {
      if (byte >= 0x20 && byte < 0x7f) {
        text += static_cast<char>(byte);
      } else if (!text.empty()) {
        if (std::ranges::find(image_.compilers, text) == image_.compilers.end()) image_.compilers.push_back(text);
        text.clear();
      }
    }
    if (!text.empty() && std::ranges::find(image_.compilers, text) == image_.compilers.end()) image_.compilers.push_back(text);
  }

  Outcome read_symbols() {
    const auto table = std::ranges::find(sections_, std::uint64_t{sht_symtab}, &SectionHeader::type);
    if (table == sections_.end()) {
      return fail("elf-stripped", "there is no .symtab; functions are found by symbols, so do not strip the image");
    }
    if (table->entry_bytes != symbol_bytes) {
      return fail("elf-malformed", fmt::format(".symtab has entries of {} bytes, expected 24", table->entry_bytes));
    }
    if (!in_file(*table)) return fail("elf-truncated", ".symtab lies outside the file");
    if (table->link >= sections_.size() || !in_file(sections_[table->link])) {
      return fail("elf-truncated", "the string table of .symtab lies outside the file");
    }
    const auto strings = content(sections_[table->link]);
    std::string file;
    std::uint64_t name_bytes = 0;
    for (std::uint64_t i = 1; i < table->bytes / symbol_bytes; ++i) {
      const std::uint64_t at = table->offset + i * symbol_bytes;
      const auto name = string_at(strings, file_.read(at, 4));
      if (!name) return fail("elf-malformed", fmt::format("the name of symbol {} lies outside its string table", i));
      if ((name_bytes += name->size()) > max_name_bytes) {
        return fail("elf-too-large", fmt::format("symbol names need more than {} bytes", max_name_bytes));
      }
      const std::uint64_t info = file_.read(at + 4, 1), section = file_.read(at + 6, 2);
      const unsigned type = info & 15, binding = static_cast<unsigned>(info >> 4);
      if (type == 4) file = *name;  // STT_FILE heads the local symbols of its unit
      if (type == 4 || type == 3 || section == 0 || name->empty()) continue;
      Symbol symbol;
      symbol.name = *name;
      symbol.address = file_.read(at + 8, 8);
      symbol.bytes = file_.read(at + 16, 8);
      symbol.kind = type == 2 ? SymbolKind::function : type == 1 ? SymbolKind::object : SymbolKind::other;
      symbol.local = binding == 0;
      symbol.absolute = section == shn_abs;
      if (symbol.local) symbol.file = file;
      image_.symbols.push_back(std::move(symbol));
    }
    if (image_.symbols.empty()) return fail("elf-stripped", ".symtab defines no symbol; do not strip the image");
    std::ranges::sort(image_.symbols, [](const Symbol& a, const Symbol& b) {
      return std::tie(a.address, b.bytes, a.name, a.file) < std::tie(b.address, a.bytes, b.name, b.file);
    });
    return std::nullopt;
  }

  bool in_file(const SectionHeader& section) const {
    return section.type != sht_nobits && file_.has(section.offset, section.bytes);
  }
  std::span<const std::uint8_t> content(const SectionHeader& section) const {
    return file_.part(section.offset, section.bytes);
  }

  Bytes file_;
  std::uint16_t type_ = 0;
  std::vector<SectionHeader> sections_;
  Image image_;
};

}  // namespace

ir::Result<Image> parse_image(std::span<const std::uint8_t> file, const std::string& path) {
  return Reader(file, path).read();
}

ir::Result<Image> read_image(const std::string& path) {
  const auto failed = [&] {
    return ir::Error{"elf-unreadable", fmt::format("cannot read the file: {}", std::strerror(errno != 0 ? errno : EIO)),
                     ir::Location{path, 0, 0}};
  };
  errno = 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!stream) return failed();
  std::vector<std::uint8_t> content;
  std::array<std::uint8_t, 65536> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), stream.get())) {
    content.insert(content.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
    if (content.size() > max_file_bytes) {
      return ir::Error{"elf-too-large", fmt::format("the file has more than {} bytes", max_file_bytes), ir::Location{path, 0, 0}};
    }
  }
  if (std::ferror(stream.get()) != 0) return failed();
  return parse_image(content, path);
}

}  // namespace validator::binary
