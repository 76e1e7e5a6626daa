// SPDX-License-Identifier: Apache-2.0
// Input vectors for the evaluator: all of them when they are few, otherwise corners and a fixed pseudo-random sequence.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ir/term.hpp"
#include "rewrite-rules/instance.hpp"

namespace rules {

using Vector = std::vector<ir::u128>;

/// Calls `visit` for each vector that satisfies the instance's conditions until it returns false. At most `limit` vectors
/// are tried, all of them if the variables have so few values together; then the result is true ("exhaustive").
bool for_each_input(const Instance& instance, std::uint64_t limit, const std::function<bool(const Vector&)>& visit);

/// "w=8 k=3: x=0x80, b=1", for messages.
std::string describe(const Instance& instance, const Vector& values);
std::string hex(ir::u128 value);

}  // namespace rules
