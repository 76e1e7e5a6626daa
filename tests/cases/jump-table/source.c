// SPDX-License-Identifier: Apache-2.0
// A dense switch over different actions is a table of offsets behind a bound.
void act(unsigned);
unsigned dispatch(unsigned kind, unsigned x) {
  switch (kind) {
    case 0: act(x); break;
    case 1: act(x + 1); break;
    case 2: return x * 3;
    case 3: act(x ^ 3); return 1;
    case 4: return x / 3;
    case 5: act(x + 5); act(x); break;
    case 6: return ~x;
    case 7: act(x << 2); break;
    case 8: return x & 0x3c;
    case 9: act(x | 9); break;
    case 10: return x - 10;
    case 11: act(x >> 11); return 2;
    case 12: return x * x;
    case 13: act(x - 13); break;
    case 14: return x | 0x70;
    case 15: act(0); break;
    case 16: return x << 16;
    case 17: act(x & 17); break;
    default: return 99;
  }
  return x;
}
