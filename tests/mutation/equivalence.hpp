// SPDX-License-Identifier: Apache-2.0
// Binary against binary: do two code ranges compute the same? Independent of the source lifter, of the prover's graphs and of
// its checker: words go through the instruction models only, paths are merged by ite, and one query compares the end states.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "isa-models/isa.hpp"

namespace mutation {

/// The word at a code address; nothing outside the code.
using Code = std::function<std::optional<std::uint32_t>(std::uint64_t)>;

enum class Comparison : std::uint8_t {
  equal,          ///< proved: same result bits, memory, SP, X19..X30 and return address in every state
  different,      ///< a state distinguishes them
  not_comparable  ///< loop, call, effect, too many paths, or the solver gave up: `text` says which
};

struct Compared {
  Comparison comparison = Comparison::not_comparable;
  std::string text;
  std::string smt2;  ///< the query, for a second solver; empty when the end states were the same terms
};

/// `result_bits`: significant bits of X0 at the return (0: no result; more than 64: X1, too). Accesses are not compared, only their effect. The left
/// side's accesses that are not addressed from SP are assumed to lie outside the frame (assumption A3 of the theorem); the right
/// side's are proved to. The frame's own bytes are not compared.
Compared compare(const isa::Models& models, const Code& left, const Code& right, std::uint64_t entry, unsigned result_bits);

}  // namespace mutation
