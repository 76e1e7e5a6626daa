// SPDX-License-Identifier: Apache-2.0
// Two loops, one inside the other, each with events.
void cell(unsigned, unsigned);
void grid(unsigned rows, unsigned columns) {
  for (unsigned r = 0; r < rows; r++) {
    for (unsigned c = 0; c < columns; c++) cell(r, c);
  }
}
