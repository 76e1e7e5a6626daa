// SPDX-License-Identifier: Apache-2.0
#include "user/library.hpp"
#include "user/tests.hpp"
namespace user {
void test_faults() {}
}
