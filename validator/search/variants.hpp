// SPDX-License-Identifier: Apache-2.0
// A compiler copies out loops whose length it knows. Which ones it took is not known, so each way to do the same is a
// variant of the pair, on either side.
#pragma once

#include "validator/check/reshape.hpp"
#include "validator/search/inlining.hpp"

namespace validator::search {

struct Variant {
  Pair pair;
  std::vector<check::Reshape> reshapes;  ///< what made it of the given pair
  double cost = 0;   ///< grows with what is copied
  std::string text;  ///< which loops were copied out
};

/// The pair itself first, then the cheaper ones of its variants.
std::vector<Variant> variants_of(const Pair& pair);

}  // namespace validator::search
