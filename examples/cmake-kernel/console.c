// SPDX-License-Identifier: Apache-2.0
// A serial port (Arm PrimeCell UART PL011): each write is volatile, so their order and number are proved.
#define UART_DATA (*(volatile unsigned *)0x09000000)
#define UART_FLAGS (*(volatile unsigned *)0x09000018)

void put(char c);
void greet(void);

void put(char c) {
  while ((UART_FLAGS & 1u << 5) != 0) {
  }
  UART_DATA = (unsigned char)c;
}

void greet(void) {
  put('o');
  put('k');
  put('\n');
}
