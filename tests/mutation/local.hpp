// SPDX-License-Identifier: Apache-2.0
// One word against another at the same place of the same function: do they leave every register that is still read, every
// access, every effect and the next address alike? Then the two functions run the same, whatever loops, calls and effects they have.
// Independent of the source lifter, of the prover's graphs and of its checker: words go through the instruction models only.
#pragma once

#include <cstdint>
#include <string>

#include "tests/mutation/equivalence.hpp"

namespace mutation {

/// The function is [begin, end) of `code`; `changed` is where the mutant has `word` instead. `result_bits` as in compare().
Compared compare_in_place(const isa::Models& models, const Code& code, std::uint64_t begin, std::uint64_t end, std::uint64_t changed,
                          std::uint32_t word, unsigned result_bits);

}  // namespace mutation
