// SPDX-License-Identifier: Apache-2.0
// One word an iteration: the simplest loop whose proof is one counter.
#include "base/memory.hpp"

namespace base {

void zero_words(Ref<u64> target, u64 count) {
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    target.element(i).mut() = 0;
  }
}

void copy_words(Ref<u64> target, Ref<u64> source, u64 count) {
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    target.element(i).mut() = source.element(i).get();
  }
}

}  // namespace base
