// SPDX-License-Identifier: Apache-2.0
// Reader of sysregs.tsv, sysops.tsv and aliases.tsv: tab-separated rows, '#' comments, one header of column names in a comment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/result.hpp"
#include "isa-models/model_data.hpp"

namespace isa {

/// Appends the rows of a table to `data`. `name` says which table; an unknown name is an error. Returns the first error, or nothing.
std::optional<ir::Error> parse_table(const std::string& name, std::string_view text, std::uint16_t file, ModelData& data);

}  // namespace isa
