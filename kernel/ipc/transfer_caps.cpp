// SPDX-License-Identifier: Apache-2.0
// The capabilities that travel with a message, one after the other (KERNEL-ABI section 4).
#include "ipc/message.hpp"

namespace ipc {

MessageInfo transfer_caps(Ref<Tcb> sender, Ref<Tcb> receiver, MessageInfo info, u64 length, Capability through) {
  u64 arrived = 0;
  u64 unwrapped = 0;
  bool slot_used = false;
  while (arrived < info.extra_caps()) {
    variant(api::max_extra_caps - arrived);
    const Handed handed = hand_over(sender, receiver, arrived, slot_used, through);
    if (handed == Handed::Nothing) {
      break;
    }
    if (handed == Handed::Badge) {
      unwrapped |= bit(arrived);
    } else {
      slot_used = true;
    }
    arrived += 1;
  }
  return MessageInfo(info.label(), unwrapped, arrived, length);
}

}  // namespace ipc
