// SPDX-License-Identifier: Apache-2.0
// Operators of classes, and a result that fits a register.
struct Rights {
  unsigned bits;
  friend constexpr Rights operator&(Rights a, Rights b) { return {a.bits & b.bits}; }
  friend constexpr bool operator==(Rights a, Rights b) { return a.bits == b.bits; }
  constexpr Rights& operator|=(Rights other) {
    bits |= other.bits;
    return *this;
  }
};
bool allows(Rights have, Rights need) { return (have & need) == need; }
void grant(Rights& have, Rights more) { (have |= more) |= Rights{1}; }
