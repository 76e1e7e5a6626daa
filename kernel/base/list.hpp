// SPDX-License-Identifier: Apache-2.0
// Doubly linked intrusive lists: the only code that writes `next` and `prev` of a node. A Queue is its two
// ends, 16 bytes, which is all that an endpoint object has. Both ends are null, or neither is.
#pragma once

#include "base/ref.hpp"

namespace base {

template <typename T>
struct Queue {
  Ref<T> head;
  Ref<T> tail;

  [[nodiscard]] constexpr bool is_empty() const { return head.is_null(); }
};

/// Puts `node`, which is in no list, between two neighbours (null: the end of the list).
template <typename T>
inline void link_between(Queue<T>& queue, Ref<T> before, Ref<T> node, Ref<T> after) {
  node.mut().prev = before;
  node.mut().next = after;
  if (before.is_null()) {
    queue.head = node;
  } else {
    before.mut().next = node;
  }
  if (after.is_null()) {
    queue.tail = node;
  } else {
    after.mut().prev = node;
  }
}

template <typename T>
inline void append(Queue<T>& queue, Ref<T> node) {
  link_between(queue, queue.tail, node, null_ref<T>);
}

template <typename T>
inline void prepend(Queue<T>& queue, Ref<T> node) {
  link_between(queue, null_ref<T>, node, queue.head);
}

/// Takes `node`, which is in this list, out of it.
template <typename T>
inline void unlink(Queue<T>& queue, Ref<T> node) {
  const Ref<T> before = node->prev;
  const Ref<T> after = node->next;
  if (before.is_null()) {
    queue.head = after;
  } else {
    before.mut().next = after;
  }
  if (after.is_null()) {
    queue.tail = before;
  } else {
    after.mut().prev = before;
  }
  node.mut().next = null_ref<T>;
  node.mut().prev = null_ref<T>;
}

}  // namespace base
