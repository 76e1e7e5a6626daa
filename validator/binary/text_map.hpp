// SPDX-License-Identifier: Apache-2.0
// Builds the TextMap of binary.hpp: every byte of every executable segment gets exactly one kind.
#pragma once

#include <map>

#include "validator/binary/binary.hpp"
#include "validator/binary/functions.hpp"

namespace validator::binary {

/// `tables`: jump tables that lie in the text, address -> bytes (found while lifting; they may carry no $d mark).
TextMap make_text_map(const FunctionTable& functions, const std::map<std::uint64_t, std::uint64_t>& tables);

}  // namespace validator::binary
