// SPDX-License-Identifier: Apache-2.0
// Sending to and receiving from endpoints. A sender meets a waiting receiver, or the other way round, or queues up.
// Source: KERNEL-ABI sections 3.1, 4 and 10.6.
#pragma once

#include "state.hpp"

namespace ipc {

/// How a send behaves, decided by the system call.
class SendMode {
 public:
  explicit constexpr SendMode(u64 word) : word_(word) {}
  constexpr SendMode(bool blocking, bool call, bool donate)
      : word_((blocking ? u64{1} : 0) | (call ? u64{2} : 0) | (donate ? u64{4} : 0)) {}
  [[nodiscard]] constexpr u64 word() const { return word_; }
  [[nodiscard]] constexpr bool blocking() const { return (word_ & 1) != 0; }
  [[nodiscard]] constexpr bool call() const { return (word_ & 2) != 0; }
  [[nodiscard]] constexpr bool donate() const { return (word_ & 4) != 0; }

 private:
  u64 word_;
};

/// Sends the message (or fault) of `sender` through an endpoint capability that has the right to.
void send(KernelState& kernel, Ref<Tcb> sender, cap::Capability through, SendMode mode);

/// Receives for `receiver` from an endpoint; callers are held by `reply`, which may be null.
void receive(KernelState& kernel, Ref<Tcb> receiver, cap::Capability through, bool blocking, Ref<Reply> reply);

/// Answers the caller that a reply object holds with the message (or fault verdict) of `replier`. No-op if it holds
/// none.
void answer(KernelState& kernel, Ref<Tcb> replier, Ref<Reply> reply);

}  // namespace ipc
