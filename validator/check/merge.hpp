// SPDX-License-Identifier: Apache-2.0
// One state for several paths that exclude each other. Values are chosen by a condition that tells the paths apart and is
// as short as possible, so that both halves come to the same terms when they branch alike.
#pragma once

#include <functional>
#include <vector>

#include "validator/check/records.hpp"

namespace validator::check {

/// A short condition that holds on the first path and not on the second, given that the paths exclude each other.
Term distinguishing(Term first, Term second);

/// `live`: variables (by index) that are merged; the others keep the first state's value. `junk`: a new
/// unknown for private storage that only some of the states have.
State merge_states(std::vector<State> states, const std::function<bool(std::size_t variable)>& live,
                   const std::function<Term(unsigned bits)>& junk);

}  // namespace validator::check
