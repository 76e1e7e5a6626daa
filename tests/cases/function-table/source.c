// SPDX-License-Identifier: Apache-2.0
// A constant table of functions: each entry is one of the image's functions.
unsigned op_add(unsigned), op_sub(unsigned), op_neg(unsigned);
static unsigned (*const operations[3])(unsigned) = {op_add, op_sub, op_neg};
unsigned operate(unsigned which, unsigned x) {
  if (which >= 3) return 0;
  return operations[which](x);
}
