// SPDX-License-Identifier: Apache-2.0
// Matching and rewriting one instruction's tokens by the rows of aliases.tsv.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "isa-models/model_data.hpp"

namespace isa {

using Tokens = std::vector<std::string>;

/// The row's result for `tokens`, or nothing when its pattern does not match.
std::optional<Tokens> apply_alias(const AliasRow& row, const Tokens& tokens);
/// The value of a decimal token without sign, or nothing.
std::optional<std::uint64_t> token_number(const std::string& token);

}  // namespace isa
