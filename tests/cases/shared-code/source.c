// SPDX-License-Identifier: Apache-2.0
// Branches that do the same with different members share code, and a constant says which member it is.
struct Node {
  struct Node *next, *prev;
};
struct Owner {
  unsigned long state;
  struct Node *ready, *waiting, *idle;
};
void leave(struct Owner *owner) {
  switch (owner->state) {
    case 1:
      if (owner->ready) owner->ready->next = 0;
      owner->ready = 0;
      break;
    case 2:
    case 3:
      if (owner->waiting) owner->waiting->next = 0;
      owner->waiting = 0;
      break;
    default:
      break;
  }
}
