// SPDX-License-Identifier: Apache-2.0
// A constructor is a function with `this`; members are initialised in their order, also by default.
class Region {
 public:
  Region(unsigned long base, unsigned bits);
  unsigned long end() const { return base_ + size_; }

 private:
  unsigned long base_;
  unsigned long size_;
  bool used_ = false;
};
Region::Region(unsigned long base, unsigned bits) : base_(base), size_(1ul << bits) {}
unsigned long end_of(unsigned long base) { return Region(base, 12).end(); }
