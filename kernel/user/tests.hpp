// SPDX-License-Identifier: Apache-2.0
// The groups of checks, in the order in which they run.
#pragma once

namespace user {

void test_boot();
void test_cspace();
void test_untyped();
void test_memory();
void test_ipc();
void test_notification();
void test_threads();
void test_faults();
void test_scheduling();
void test_interrupts();
void test_destruction();

}  // namespace user
