// SPDX-License-Identifier: Apache-2.0
// A ring of words: what a scheduler might keep its ready threads in.
struct queue {
  unsigned head, count;
  unsigned long slots[8];
};

int push(struct queue *q, unsigned long value);
unsigned long pop(struct queue *q);
unsigned long sum(const struct queue *q);

int push(struct queue *q, unsigned long value) {
  if (q->count >= 8) return 0;
  q->slots[(q->head + q->count) & 7] = value;
  q->count++;
  return 1;
}

unsigned long pop(struct queue *q) {
  if (q->count == 0) return 0;
  unsigned long value = q->slots[q->head & 7];
  q->head = (q->head + 1) & 7;
  q->count--;
  return value;
}

unsigned long sum(const struct queue *q) {
  unsigned long total = 0;
  for (unsigned i = 0; i < q->count; i++) total += q->slots[(q->head + i) & 7];
  return total;
}
