// SPDX-License-Identifier: Apache-2.0
// A loop that follows pointers: its trip count is in memory.
struct node {
  struct node *next;
  unsigned value;
};
unsigned length(const struct node *n) {
  unsigned count = 0;
  while (n) {
    count++;
    n = n->next;
  }
  return count;
}
