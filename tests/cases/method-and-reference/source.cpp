// SPDX-License-Identifier: Apache-2.0
// Member functions and references: `this` is the first argument (Itanium C++ ABI 2.4).
struct Counter {
  unsigned value;
  void add_to(unsigned& total) const;
};
void Counter::add_to(unsigned& total) const { total += value; }
