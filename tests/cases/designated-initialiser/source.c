// SPDX-License-Identifier: Apache-2.0
// Members that an initialiser does not name are zero (C11 6.7.9p21), also where the object held something else.
struct request {
  unsigned kind, flags;
  unsigned long address;
  unsigned short count[2];
};
void prepare(struct request *r, unsigned long where) { *r = (struct request){.address = where, .count = {[1] = 8}}; }
