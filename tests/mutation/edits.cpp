// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/edits.hpp"

namespace mutation {

namespace {

/// An edit of the words with (word & mask) == value.
struct Row {
  std::string_view name;
  std::uint32_t mask, value;
  std::uint32_t flip = 0;  ///< bits to invert
  std::uint32_t add = 0;   ///< to the field below, modulo its width
  unsigned lo = 0, width = 0;
};

constexpr Row rows[] = {
    {"add-sub immediate: operation", 0x1f80'0000, 0x1100'0000, 1U << 30},
    {"add-sub immediate: constant", 0x1f80'0000, 0x1100'0000, 0, 1, 10, 12},
    {"add-sub register: operation", 0x1f20'0000, 0x0b00'0000, 1U << 30},
    {"add-sub extended register: operation", 0x1fe0'0000, 0x0b20'0000, 1U << 30},
    {"logical register: operation", 0x7f00'0000, 0x0a00'0000, 1U << 29},
    {"logical register: operation", 0x7f00'0000, 0x2a00'0000, 1U << 30},
    {"logical register: operation", 0x7f00'0000, 0x6a00'0000, 1U << 21},
    {"logical immediate: operation", 0x7f80'0000, 0x1200'0000, 1U << 30},
    {"bit field: position", 0x7f80'0000, 0x5300'0000, 0, 1, 10, 6},
    {"move wide: constant", 0x1f80'0000, 0x1280'0000, 0, 1, 5, 16},
    {"conditional branch: condition", 0xff00'0010, 0x5400'0000, 1},
    {"compare and branch: condition", 0x7e00'0000, 0x3400'0000, 1U << 24},
    {"test and branch: condition", 0x7e00'0000, 0x3600'0000, 1U << 24},
    {"test and branch: bit", 0x7e00'0000, 0x3600'0000, 0, 1, 19, 5},
    {"conditional select: condition", 0x1fe0'0800, 0x1a80'0000, 1U << 12},
    {"conditional compare: condition", 0x1fe0'0410, 0x1a40'0000, 1U << 12},
    {"load-store: offset", 0x3b00'0000, 0x3900'0000, 0, 1, 10, 12},
    {"load-store: register", 0x3b00'0000, 0x3900'0000, 1},
    {"load-store pair: offset", 0x3b80'0000, 0x2900'0000, 0, 1, 15, 7},
    {"variable shift: operation", 0x7fe0'f000, 0x1ac0'2000, 1U << 10},
    {"multiply-add: operation", 0x7fe0'8000, 0x1b00'0000, 1U << 15},
};

}  // namespace

std::vector<Edit> edits_of(std::uint32_t word) {
  std::vector<Edit> result;
  for (const Row& row : rows) {
    if ((word & row.mask) != row.value) continue;
    std::uint32_t after = word ^ row.flip;
    if (row.width != 0) {
      const std::uint32_t field = ((1U << row.width) - 1) << row.lo;
      after = (after & ~field) | ((after + (row.add << row.lo)) & field);
    }
    result.push_back({row.name, after});
  }
  return result;
}

}  // namespace mutation
