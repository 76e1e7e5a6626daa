// SPDX-License-Identifier: Apache-2.0
// A flexible array member begins where the struct's members end.
struct message {
  unsigned short length, kind;
  unsigned words[];
};
unsigned last_word(const struct message *m) { return m->words[m->length - 1]; }
