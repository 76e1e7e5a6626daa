// SPDX-License-Identifier: Apache-2.0
#include "validator/app/tool_identity.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "ir/smt.hpp"
#include "validator/app/cache.hpp"

namespace validator::app {
namespace {

std::string hash_of_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return sha256_hex(content.str());
}

/// gABI, "Note Section": name size, description size and type, then both padded to four bytes.
std::string build_id(const char* notes, std::size_t bytes) {
  constexpr auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
  ElfW(Nhdr) header;
  while (bytes >= sizeof header) {
    std::memcpy(&header, notes, sizeof header);
    const std::size_t whole = sizeof header + padded(header.n_namesz) + padded(header.n_descsz);
    if (whole > bytes) break;
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(notes + sizeof header, "GNU", 4) == 0) {
      std::string hex;
      const char* id = notes + sizeof header + padded(header.n_namesz);
      for (std::size_t i = 0; i < header.n_descsz; ++i) hex += fmt::format("{:02x}", static_cast<unsigned char>(id[i]));
      return hex;
    }
    notes += whole;
    bytes -= whole;
  }
  return {};
}

int add_library(dl_phdr_info* info, std::size_t, void* into) {
  const std::string path = info->dlpi_name;
  if (path.empty() || path.starts_with("linux-vdso")) return 0;  // the program itself; the kernel's clock
  std::string identity;
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE || !identity.empty()) continue;
    identity = build_id(reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr), header.p_memsz);
  }
  (*static_cast<std::map<std::string, std::string>*>(into))[path] = identity.empty() ? hash_of_file(path) : identity;
  return 0;
}

}  // namespace

std::string tool_identity() {
  std::map<std::string, std::string> libraries;
  dl_iterate_phdr(add_library, &libraries);
  KeyBuilder key;
  key.add("program", hash_of_file("/proc/self/exe"));
  key.add("solver", ir::solver_version());
  for (const auto& [path, identity] : libraries) key.add(path, identity);
  return key.finish();
}

}  // namespace validator::app
