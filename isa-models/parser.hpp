// SPDX-License-Identifier: Apache-2.0
// Recursive descent over the tokens of one .isa file. The grammar stands in README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/result.hpp"
#include "isa-models/model_data.hpp"

namespace isa {

/// Parses `source` (file data.files[file]) and appends its functions and groups to `data`. Names of functions
/// are not resolved yet. Returns the first error, or nothing.
std::optional<ir::Error> parse_file(std::string_view source, std::uint16_t file, ModelData& data);

}  // namespace isa
