// SPDX-License-Identifier: Apache-2.0
// A thread: the capabilities that it runs with, its registers, its scheduling state, and what it waits for.
// A thread is in at most one queue, and `queue` says in which; `next` and `prev` are written by base/list.hpp only.
#pragma once

#include "api/message.hpp"
#include "cap/slot.hpp"

namespace ipc {
struct Endpoint;
struct Notification;
struct Reply;
}  // namespace ipc

namespace sched {

using namespace base;

struct SchedContext;

/// Everything that an exception saves and a return restores. vectors.S knows this layout.
struct Context {
  u64 x[31];
  u64 sp;
  u64 pc;
  u64 spsr;
  u64 tpidr;
  u64 tpidrro;
};
static_assert(sizeof(Context) == 288 && plain_layout<Context>);

inline constexpr u64 reg_capability = 0;  // in: CPtr, out: badge
inline constexpr u64 reg_info = 1;
inline constexpr u64 reg_message = 2;
inline constexpr u64 reg_reply = 6;
inline constexpr u64 reg_syscall = 7;
inline constexpr u64 reg_destination = 8;

enum class ThreadState : u64 {
  Inactive = 0,
  Running = 1,
  Restart = 2,
  BlockedOnReceive = 3,
  BlockedOnSend = 4,
  BlockedOnReply = 5,
  BlockedOnNotification = 6,
  Idle = 7,
};

enum class QueueKind : u64 { None = 0, Ready = 1, Endpoint = 2, Notification = 3, Release = 4 };

/// Labels of fault messages, KERNEL-ABI section 7.
enum class FaultKind : u64 { None = 0, Capability = 1, UnknownSyscall = 2, UserException = 3, Timeout = 5, Vm = 6 };

/// A fault that has not been answered yet: what the handler is told beside the registers.
struct Fault {
  FaultKind kind;
  Words lookup;     // Capability: the failed lookup
  u64 address;      // Capability: the CPtr; Vm: the address; Timeout: the data word
  u64 code;         // Capability: 1 in the receive phase; UserException, Vm: the syndrome; Timeout: microseconds
  u64 instruction;  // Vm: 1 for an instruction fetch
};

/// The five capabilities of a thread, in the order of their slots.
enum class ThreadSlot : u64 { CSpace = 0, VSpace = 1, IpcBuffer = 2, FaultHandler = 3, TimeoutHandler = 4 };
inline constexpr u64 thread_slot_count = 5;

/// What a blocked sender's message may do.
inline constexpr u64 send_grant = 1;
inline constexpr u64 send_grant_reply = 2;
inline constexpr u64 send_is_call = 4;

struct Tcb {
  cap::Slot slots[thread_slot_count];
  Context context;
  ThreadState state;
  QueueKind queue;
  Prio priority;
  Prio max_priority;
  u64 domain;
  u64 flags;
  Ref<Tcb> next;
  Ref<Tcb> prev;
  Ref<ipc::Endpoint> endpoint;          // BlockedOnSend, BlockedOnReceive
  Ref<ipc::Notification> notification;  // BlockedOnNotification
  Badge send_badge;                     // BlockedOnSend
  u64 send_flags;                       // BlockedOnSend
  Ref<ipc::Reply> reply;                // BlockedOnReply: who holds it; BlockedOnReceive: what it offers
  Ref<ipc::Notification> bound;
  Ref<SchedContext> sched_context;
  u64 buffer_address;  // the user's; the frame is in the slot IpcBuffer
  u64 restart_pc;      // where to go on if the current system call is to be done again
  Fault fault;
  u64 name[4];
};
static_assert(sizeof(Tcb) <= 1 << api::tcb_bits && plain_layout<Tcb>);
static_assert(offsetof(Tcb, context) == 160);

inline cap::SlotRef thread_slot(Ref<Tcb> thread, ThreadSlot which) {
  return cap::SlotRef(thread.word()).element(static_cast<u64>(which));
}

inline cap::Capability thread_cap(Ref<Tcb> thread, ThreadSlot which) { return thread_slot(thread, which)->cap; }

inline bool is_runnable(Ref<Tcb> thread) {
  return thread->state == ThreadState::Running || thread->state == ThreadState::Restart;
}

inline bool is_blocked(Ref<Tcb> thread) {
  return thread->state == ThreadState::BlockedOnReceive || thread->state == ThreadState::BlockedOnSend ||
         thread->state == ThreadState::BlockedOnReply || thread->state == ThreadState::BlockedOnNotification;
}

}  // namespace sched
