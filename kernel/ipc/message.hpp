// SPDX-License-Identifier: Apache-2.0
// Message registers: the first four travel in x2..x5, the rest in the IPC buffer. KERNEL-ABI sections 3 and 4.
#pragma once

#include "state.hpp"

namespace ipc {

using api::MessageInfo;
using cap::Capability;
using cap::SlotRef;

/// The kernel's view of a thread's IPC buffer; null if it has none that the kernel may read and write. Looked up in
/// the thread's own capability each time, so that none outlives its frame.
[[nodiscard]] Ref<api::IpcBuffer> buffer_of(Ref<Tcb> thread);

/// Message register `index` (0..119) of a thread; 0 if it has no buffer to hold that one.
[[nodiscard]] u64 message_word(Ref<Tcb> thread, u64 index);

/// Sets message register `index` of a thread; without a buffer the later ones are dropped.
void set_message_word(Ref<Tcb> thread, u64 index, u64 word);

/// The message info that a thread sends, cut down to what it can send without a buffer.
[[nodiscard]] MessageInfo sent_info(Ref<Tcb> thread);

/// The slot that extra capability `index` (0..2) of a thread's message names.
[[nodiscard]] Result<SlotRef> extra_slot(Ref<Tcb> thread, u64 index);

/// The index of the first extra capability that cannot be looked up; their number if all can.
[[nodiscard]] u64 first_missing_extra(Ref<Tcb> thread, MessageInfo info);

/// Gives a thread the result of its Recv: badge and message info.
void set_received(Ref<Tcb> thread, Badge badge, MessageInfo info);

/// What a receiver has got of one extra capability.
enum class Handed : u64 { Nothing, Badge, Capability };

/// Hands over extra capability `index` (0..2): only its badge if it names the very endpoint of the message. `slot_used`:
/// an earlier one has the receiver's slot already.
[[nodiscard]] Handed hand_over(Ref<Tcb> sender, Ref<Tcb> receiver, u64 index, bool slot_used, Capability through);

/// Hands over extra capabilities until one does not fit; answers the info word that says how many arrived.
/// Capabilities to the very endpoint of the message are not moved: the receiver gets their badges instead.
[[nodiscard]] MessageInfo transfer_caps(Ref<Tcb> sender, Ref<Tcb> receiver, MessageInfo info, u64 length, Capability through);

/// Moves the message of `sender` (or its fault) to `receiver`, with the capabilities in it if `grant`.
void transfer(Ref<Tcb> sender, Ref<Tcb> receiver, Badge badge, bool grant, Capability through);

}  // namespace ipc
