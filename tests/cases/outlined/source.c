// SPDX-License-Identifier: Apache-2.0
// clang -Oz moves repeated instruction sequences to functions without a source (OUTLINED_FUNCTION_0).
void put(unsigned, unsigned, unsigned, unsigned);
void show_a(unsigned x) {
  put(x, 0x1234, 0x5678, 0x9abc);
  put(x + 1, 0x1234, 0x5678, 0x9abc);
  put(x + 2, 0x1234, 0x5678, 0x9abc);
}
void show_b(unsigned x) {
  put(x, 0x1234, 0x5678, 0x9abc);
  put(x ^ 1, 0x1234, 0x5678, 0x9abc);
}
