// SPDX-License-Identifier: Apache-2.0
// The static half of the load-time checker: every name is declared, every call exists with the right number of arguments, and every operand
// has the right kind (integer, boolean, bits, text, tuple). Widths are the other half (check.hpp).
#pragma once

#include <optional>

#include "ir/result.hpp"
#include "isa-models/model_data.hpp"

namespace isa {

/// Fills Expr::builtin, Expr::function, GroupData::refines and GroupData::is_branch. Returns the first error, or nothing.
std::optional<ir::Error> resolve(ModelData& data);

}  // namespace isa
