// SPDX-License-Identifier: Apache-2.0
// A case without `break` runs into the next one; a case label may stand inside another's block.
unsigned stages(unsigned from, unsigned x) {
  switch (from) {
    case 0:
      x += 3;
      __attribute__((fallthrough));
    case 1:
      x *= 5;
      break;
    case 2: {
      x ^= 9;
      case 3:
        x -= 7;
    }
    default: x <<= 1;
  }
  return x;
}
