// SPDX-License-Identifier: Apache-2.0
// How control gets into a function that only its compiler sees. Such a function may have an interface of the compiler's
// own, so that an entry state made up for it proves nothing. One that a caller makes does: the caller is run, with the
// function inlined in both halves.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "validator/app/pipeline.hpp"

namespace validator::app {

/// Local functions whose address nobody takes have an interface of the compiler's own: an entry state that no caller
/// makes proves nothing against them.
bool may_refute(const Loaded& loaded, const std::string& symbol);

struct Way {
  std::string root;                 ///< may_refute, and has both halves
  std::set<std::uint64_t> inlined;  ///< local functions between it and the function, which is one of them
};

/// The shortest roots first, at most a few; none for recursive functions and for those with an ABI.
std::vector<Way> ways_into(const Loaded& loaded, const std::string& symbol);

}  // namespace validator::app
