// SPDX-License-Identifier: Apache-2.0
// One volatile access is one access of its own width.
unsigned char volatile v8;
unsigned short volatile v16;
unsigned volatile v32;
unsigned long volatile v64;
void copy_all(void) {
  v64 = v8;
  v8 = v16;
  v16 = v32;
  v32 = v64;
}
