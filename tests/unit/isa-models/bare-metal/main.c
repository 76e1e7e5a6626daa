// SPDX-License-Identifier: Apache-2.0
// Runs every experiment and prints one line for each over the PL011: number, address, X0..X30, SP, SPSR, the events, the data memory.
typedef unsigned long u64;

struct event { u64 esr, elr; };

extern const u64 experiments[];  ///< addresses of the code, then 0
extern void run_experiment(u64 code);

u64 initial[31];
u64 final[33];
u64 main_sp;
u64 event_count;
struct event events[8];
static u64 running;

enum { svc = 0x15, brk = 0x3c, end_of_experiment = 0xabcd };
#define DATA ((volatile u64 *)0x40600000)
enum { data_words = 16 };

static void put(char c) { *(volatile unsigned *)0x09000000 = (unsigned)c; }
static void number(u64 value) {
  int shift = 60;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
  put(' ');
}

/// Called for an exception to EL1. 0: the experiment is over.
u64 handle(u64 esr, u64 elr) {
  u64 kind = esr >> 26;
  if (kind == brk && (esr & 0xffff) == end_of_experiment) return 0;
  if (event_count < 8) events[event_count++] = (struct event){esr, elr};
  return kind == svc;
}

int main(void) {
  for (u64 i = 0; experiments[i] != 0; i++) {
    running = experiments[i];
    for (u64 r = 0; r < 31; r++) initial[r] = 0x0101010101010101 * r;
    initial[1] = (u64)DATA;
    initial[2] = (u64)DATA + 64;
    for (u64 w = 0; w < data_words; w++) DATA[w] = 0x1111111111111111 * w;
    event_count = 0;
    run_experiment(running);
    number(i);
    number(running);
    for (u64 r = 0; r < 33; r++) number(final[r]);
    number(event_count);
    for (u64 e = 0; e < event_count; e++) {
      number(events[e].esr);
      number(events[e].elr - running);
    }
    for (u64 w = 0; w < data_words; w++) number(DATA[w]);
    put('\n');
  }
  return 0;
}
