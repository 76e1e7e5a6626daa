// SPDX-License-Identifier: Apache-2.0
// The concrete world of one replay: the entry state and the environment's answers.
//
// One machine state serves both halves. The source's parameters are read out of the registers and the stack by their
// AbiSlots, so an entry state satisfies A1 ("arguments as the interface says, upper bits arbitrary") by
// construction, and no two halves can be started on different inputs by mistake.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ir/function.hpp"
#include "validator/image.hpp"

namespace validator::replay {

using ir::u128;

/// Where things lie unless told otherwise. All below 2^40, 16-byte aligned, far from each other.
inline constexpr std::uint64_t default_stack = 0x7f'0000'0000;   ///< SP at entry
inline constexpr std::uint64_t private_locals = 0x60'0000'0000;  ///< source locals without a placement
inline constexpr std::uint64_t object_regions = 0x10'0000'0000;  ///< regions that the random search builds
inline constexpr std::uint64_t return_address = 0x70'2468'ace0;  ///< X30 at entry

inline constexpr std::uint64_t unplaced_objects = 0x58'0000'0000;  ///< globals that the image does not have

/// Bytes below SP0 that belong to the binary's frame, and never to visible memory.
inline constexpr std::uint64_t frame_window = 0x10'0000;

/// Deterministic 64-bit mixer; the same on both sides, in the emulator and in later runs.
std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

/// Memory at entry: explicit bytes over a background (a hash of seed and address). Bytes of segments that are not
/// writable come from the image, whatever is said here (A2).
struct EntryMemory {
  std::uint64_t seed = 0;
  std::map<std::uint64_t, std::uint8_t> bytes;

  void store(std::uint64_t address, unsigned count, u128 value);
};

struct Placement {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;  ///< 0: extent unknown
};

struct EntryState {
  std::array<std::uint64_t, 31> x{};
  std::uint64_t sp = default_stack;
  bool n = false, z = false, c = false, v = false;
  std::map<std::string, Placement> globals;     ///< "@name" -> address (A2: the ELF's)
  std::map<std::string, std::uint64_t> locals;  ///< "%name.N" -> address; not listed: private_locals area
  std::map<std::string, u128> extra;            ///< any other variable read before it is written; default: unspecified
  EntryMemory memory;
  const Image* image = nullptr;  ///< may be null; not owned

  EntryState() { x[30] = return_address; }

  /// The byte that both halves see at entry.
  std::uint8_t byte(std::uint64_t address) const;
  bool is_read_only(std::uint64_t address) const;
  /// The significant bits of a parameter, read from its register or stack slot.
  u128 parameter(const ir::AbiSlot& slot) const;
  /// Puts a parameter where its slot says; the unspecified bits keep what they are.
  void set_parameter(const ir::AbiSlot& slot, u128 value);
  /// Fills `globals`: what the image has lies where its symbol says; constants without a symbol (literals) lie where
  /// the image has their bytes; anything else gets an address of its own and its initial content.
  void place_globals(const ir::Module& source);
};

/// What the environment answers at one event (call, effect, volatile access).
struct Answer {
  std::uint64_t seed = 0;               ///< every value not listed below is a hash of this
  std::map<unsigned, std::uint64_t> x;  ///< calls: register number -> value after the call
  bool has_value = false;
  u128 value = 0;  ///< volatile load, sysreg read, exclusive status: the result
  std::vector<std::pair<std::uint64_t, std::uint8_t>> writes;  ///< calls, clobbers: visible bytes written

  std::uint64_t register_after(unsigned number) const;
  bool flag_after(unsigned index) const;  ///< 0 N, 1 Z, 2 C, 3 V
  bool operator==(const Answer&) const = default;
};

/// Bounds of one callee's freedom (a proved internal contract; default AAPCS64).
struct CalleeContract {
  /// Survives the call although AAPCS64 lets it be clobbered: bit n Xn, bits 32-35 N Z C V (as binary::RegisterSet).
  std::uint64_t preserved = 0;
  std::uint32_t dead_arguments = 0;  ///< bit n: the callee does not look at the argument in Xn
  bool writes_memory = true;
  bool opaque = false;  ///< no compiler could see the body: any answer may come
};

/// Answers by event index, the same on both sides. The source runs first and may extend the list; the binary and the
/// emulator read it.
struct Environment {
  std::uint64_t seed = 0;
  bool invents_opaque = false;                      ///< opaque callees are not run: their answers stand below
  std::vector<Answer> answers;                      ///< index = event index; beyond the end: Answer{mix(seed, index)}
  std::map<std::string, CalleeContract> contracts;  ///< by callee symbol

  Answer& answer(std::size_t event);
  const CalleeContract& contract(const std::string& symbol) const;
};

}  // namespace validator::replay
