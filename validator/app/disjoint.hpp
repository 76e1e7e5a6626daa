// SPDX-License-Identifier: Apache-2.0
// Ledger A-DISJ, checked: distinct objects of the source have bytes of their own, and distinct functions whose addresses are
// compared or stored have addresses of their own. A linker that folds identical code, or a script that lays one section over another,
// breaks what every proof of the image supposes (SOUNDNESS 19).
#pragma once

#include <vector>

#include "ir/function.hpp"
#include "validator/binary/binary.hpp"

namespace validator::app {

/// One error for each clash.
std::vector<ir::Error> check_disjoint(const ir::Module& source, const Image& image, const binary::BinaryFacts& facts);

}  // namespace validator::app
