// SPDX-License-Identifier: Apache-2.0
// The instruction words of an ELF file: executable sections, without what the mapping symbols call data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corpus {

/// In section order; nothing when the file is no little-endian AArch64 ELF64 file.
std::optional<std::vector<std::uint32_t>> words_of(const std::string& path);

}  // namespace corpus
