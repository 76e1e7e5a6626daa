// SPDX-License-Identifier: Apache-2.0
// Visible memory of both runs, replayed from their access logs in step: which visible bytes differ at an event.
// Private to this folder.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "validator/replay/flat.hpp"
#include "validator/replay/run.hpp"

namespace validator::replay {

/// Byte ranges that are private to one activation: the frame and incoming stack arguments, source locals.
struct PrivateRanges {
  std::uint64_t frame_low = 0;   ///< SP0 - frame_window
  std::uint64_t frame_high = 0;  ///< end of the incoming stack arguments
  bool in_frame(std::uint64_t address) const { return address - frame_low < frame_high - frame_low; }
  static PrivateRanges of(const EntryState& entry, const ir::Function& source);
};

class VisibleMemory {
 public:
  VisibleMemory(const EntryState& entry, const PrivateRanges& ranges, const RunResult& source, const RunResult& binary)
      : entry_(entry), ranges_(ranges), source_(source), binary_(binary) {}

  /// Applies accesses up to (not including) these indices.
  void advance(std::size_t source_accesses, std::size_t binary_accesses);
  /// Locals whose bytes a callee may look at from this event on, and where they are alive now.
  void set_exposed(const std::vector<LocalSpan>& spans) { exposed_ = spans; }

  struct Mismatch {
    std::uint64_t address = 0;
    std::uint8_t source = 0, binary = 0;
  };
  std::optional<Mismatch> first_mismatch() const;
  std::optional<Mismatch> first_mismatch(std::uint64_t address, std::uint64_t bytes) const;
  Cell source_bytes(std::uint64_t address, unsigned bytes) const;
  u128 binary_bytes(std::uint64_t address, unsigned bytes) const;

 private:
  struct Pair {
    std::uint8_t source = 0, unspecified = 0, binary = 0;
  };
  Pair& at(std::uint64_t address);
  static bool differs(const Pair& pair);
  std::optional<Mismatch> mismatch_at(std::uint64_t address) const;
  bool visible(std::uint64_t address) const;

  const EntryState& entry_;
  const PrivateRanges& ranges_;
  const RunResult& source_;
  const RunResult& binary_;
  std::size_t source_done_ = 0, binary_done_ = 0;
  std::unordered_map<std::uint64_t, Pair> bytes_;  ///< bytes that either side has written
  std::set<std::uint64_t> differing_;
  ///< outside the frame; in order, so that reports are deterministic
  std::vector<LocalSpan> exposed_;
};

}  // namespace validator::replay
