// SPDX-License-Identifier: Apache-2.0
// Invocation labels and system-call numbers, MCS column, EL1. Source: KERNEL-ABI sections 3 and 9.
#pragma once

#include "base/types.hpp"

namespace api {

using namespace base;

enum class Label : u64 {
  UntypedRetype = 1,
  TcbReadRegisters = 2,
  TcbWriteRegisters = 3,
  TcbCopyRegisters = 4,
  TcbConfigure = 5,
  TcbSetPriority = 6,
  TcbSetMcPriority = 7,
  TcbSetSchedParams = 8,
  TcbSetTimeoutEndpoint = 9,
  TcbSetIpcBuffer = 10,
  TcbSetSpace = 11,
  TcbSuspend = 12,
  TcbResume = 13,
  TcbBindNotification = 14,
  TcbUnbindNotification = 15,
  TcbSetTlsBase = 16,
  TcbSetFlags = 17,
  CNodeRevoke = 18,
  CNodeDelete = 19,
  CNodeCancelBadgedSends = 20,
  CNodeCopy = 21,
  CNodeMint = 22,
  CNodeMove = 23,
  CNodeMutate = 24,
  CNodeRotate = 25,
  IrqControlGet = 26,
  IrqHandlerAck = 27,
  IrqHandlerSetNotification = 28,
  IrqHandlerClear = 29,
  SchedControlConfigureFlags = 33,
  SchedContextBind = 34,
  SchedContextUnbind = 35,
  SchedContextUnbindObject = 36,
  SchedContextConsumed = 37,
  SchedContextYieldTo = 38,
  PageTableMap = 44,
  PageTableUnmap = 45,
  PageMap = 46,
  PageUnmap = 47,
  PageGetAddress = 52,
  AsidControlMakePool = 53,
  AsidPoolAssign = 54,
};

/// The number in x7, as an unsigned word: system call -n is ~n + 1.
enum class Syscall : u64 {
  Call = ~u64{0},
  ReplyRecv = ~u64{1},
  NBSendRecv = ~u64{2},
  NBSendWait = ~u64{3},
  Send = ~u64{4},
  NBSend = ~u64{5},
  Recv = ~u64{6},
  NBRecv = ~u64{7},
  Wait = ~u64{8},
  NBWait = ~u64{9},
  Yield = ~u64{10},
  DebugPutChar = ~u64{11},
  DebugHalt = ~u64{13},
  DebugCapIdentify = ~u64{14},
  DebugNameThread = ~u64{16},
};

}  // namespace api
