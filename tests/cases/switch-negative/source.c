// SPDX-License-Identifier: Apache-2.0
// A switch over negative numbers reads its table below the place that the address computation names.
unsigned weight(long n) {
  switch (n) {
    case -1: return 17;
    case -2: return 3;
    case -3: return 250;
    case -4: return 41;
    case -5: return 8;
    case -6: return 99;
    case -7: return 1;
    case -8: return 77;
    default: return 0;
  }
}
