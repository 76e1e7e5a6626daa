// SPDX-License-Identifier: Apache-2.0
// Any function may read a plain object that it does not need; an object declared volatile only where the source does.
volatile unsigned fifo;
unsigned plain;
unsigned same(unsigned a) { return a + (fifo & 0); }
unsigned identity(unsigned a) { return a; }
unsigned either(unsigned a) { return a ? plain : 0; }
