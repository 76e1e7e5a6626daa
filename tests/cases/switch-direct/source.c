// SPDX-License-Identifier: Apache-2.0
// A switch, as compare-and-branch or as a table of offsets.
unsigned weight(unsigned kind) {
  switch (kind) {
    case 0: return 3;
    case 1: return 5;
    case 2: return 7;
    case 3: return 11;
    case 4: return 17;
    case 7: return 23;
    default: return 0;
  }
}
