// SPDX-License-Identifier: Apache-2.0
// `continue` goes to the increment, `break` behind the loop.
int probe(unsigned);
void visit(unsigned);
unsigned walk(unsigned n) {
  unsigned i;
  for (i = 0; i < n; i++) {
    int r = probe(i);
    if (r == 0) continue;
    if (r < 0) break;
    visit(i);
  }
  return i;
}
