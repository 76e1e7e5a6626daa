// SPDX-License-Identifier: Apache-2.0
// Clearing and copying memory, by the word. The compilers must not turn these loops back into calls of memset
// and memcpy (there are none), so memory.cpp is built with the flags that CMakeLists.txt gives it.
#pragma once

#include "base/ref.hpp"

namespace base {

/// Sets `count` words to zero.
void zero_words(Ref<u64> target, u64 count);

/// Copies `count` words upwards; the ranges do not overlap.
void copy_words(Ref<u64> target, Ref<u64> source, u64 count);

}  // namespace base
