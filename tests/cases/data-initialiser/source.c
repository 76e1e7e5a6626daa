// SPDX-License-Identifier: Apache-2.0
// Initialised data is part of the theorem.
extern const unsigned primes[4];
const unsigned primes[4] = {2, 3, 5, 7};
const unsigned *const first_prime = &primes[1];
unsigned prime(unsigned i) { return primes[i & 3]; }
