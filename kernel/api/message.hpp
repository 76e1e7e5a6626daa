// SPDX-License-Identifier: Apache-2.0
// The message-info word and the IPC buffer. Source: KERNEL-ABI section 4.
#pragma once

#include "base/field.hpp"
#include "base/ref.hpp"

namespace api {

using namespace base;

inline constexpr u64 max_message_length = 120;
inline constexpr u64 max_extra_caps = 3;
inline constexpr u64 message_registers = 4;
inline constexpr u64 ipc_buffer_bits = 10;

class MessageInfo {
 public:
  MessageInfo() = default;
  explicit constexpr MessageInfo(u64 word) : word_(word) {}
  constexpr MessageInfo(u64 label, u64 unwrapped, u64 caps, u64 length)
      : word_((label << 12) | ((unwrapped & 7) << 9) | ((caps & 3) << 7) | (length & 127)) {}
  [[nodiscard]] constexpr u64 word() const { return word_; }
  [[nodiscard]] constexpr u64 label() const { return word_ >> 12; }
  [[nodiscard]] constexpr u64 extra_caps() const { return (word_ >> 7) & 3; }
  /// What the user asked for; the kernel transfers at most `max_message_length` of it.
  [[nodiscard]] constexpr u64 length() const { return minimum(word_ & 127, max_message_length); }

 private:
  u64 word_;
};

struct IpcBuffer {
  u64 tag;
  u64 msg[max_message_length];
  u64 user_data;
  u64 caps_or_badges[max_extra_caps];
  u64 receive_cnode;
  u64 receive_index;
  u64 receive_depth;
};
static_assert(sizeof(IpcBuffer) == 1024 && plain_layout<IpcBuffer>);
static_assert(offsetof(IpcBuffer, msg) == 0x008 && offsetof(IpcBuffer, user_data) == 0x3c8);
static_assert(offsetof(IpcBuffer, caps_or_badges) == 0x3d0 && offsetof(IpcBuffer, receive_cnode) == 0x3e8);
static_assert(offsetof(IpcBuffer, receive_index) == 0x3f0 && offsetof(IpcBuffer, receive_depth) == 0x3f8);

/// CapRights: bit 0 write (send), 1 read (receive), 2 grant, 3 grant-reply. KERNEL-ABI section 5.
class Rights {
 public:
  Rights() = default;
  explicit constexpr Rights(u64 word) : word_(word & 15) {}
  [[nodiscard]] constexpr u64 word() const { return word_; }
  [[nodiscard]] constexpr bool send() const { return (word_ & 1) != 0; }
  [[nodiscard]] constexpr bool receive() const { return (word_ & 2) != 0; }
  [[nodiscard]] constexpr bool grant() const { return (word_ & 4) != 0; }
  [[nodiscard]] constexpr bool grant_reply() const { return (word_ & 8) != 0; }
  [[nodiscard]] constexpr Rights masked_by(Rights mask) const { return Rights(word_ & mask.word_); }

 private:
  u64 word_;
};
inline constexpr Rights all_rights = Rights(15);

}  // namespace api
