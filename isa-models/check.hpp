// SPDX-License-Identifier: Apache-2.0
// The dynamic half of the load-time checker: every group is evaluated in checking mode (widths only, no terms) on words that
// reach every combination of its small fields, so that a width error is a load-time error with its place.
#pragma once

#include <cstdint>
#include <optional>

#include "ir/result.hpp"
#include "isa-models/model_data.hpp"

namespace isa {

/// Checks at most `words_per_group` words of each encoding. Returns the first error, or nothing.
std::optional<ir::Error> check_widths(const ModelData& data, std::uint32_t words_per_group);
/// Two encodings that match a common word are an error, unless one's group refines the other's.
std::optional<ir::Error> check_overlaps(const ModelData& data);

}  // namespace isa
