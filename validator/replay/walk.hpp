// SPDX-License-Identifier: Apache-2.0
// The walk over both traces, event by event.
//
// Escaped locals: the source's local lies where the binary's frame has it, and only the binary knows where. So the
// first event that shows an address inside a local on one side and an address inside the frame on the other *forces*
// the placement: any other would differ right there. The source has to run again with it. Private to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "validator/replay/compare.hpp"
#include "validator/replay/escaped.hpp"
#include "validator/replay/visible.hpp"

namespace validator::replay {

/// A pair of values that may be one address in two vocabularies.
struct Forced {
  std::string local;
  std::uint64_t address = 0;
  std::size_t event = 0;
};

class Walk {
 public:
  Walk(const Program& source_program, const Program& binary_program, const EntryState& entry,
       const Environment& environment, const CompareOptions& options, const ExposedLocals& exposed, Comparison& out)
      : function_(source_program.function()),
        binary_function_(binary_program.function()),
        entry_(entry),
        environment_(environment),
        options_(options),
        out_(out),
        source_(out.source),
        binary_(out.binary),
        escaped_(function_, source_, exposed),
        ranges_(PrivateRanges::of(entry, function_)),
        memory_(entry, ranges_, source_, binary_) {}

  void run();
  const std::optional<Forced>& forced() const { return forced_; }

 private:
  // Each returns true when the walk is over.
  bool event(std::size_t k);
  bool call(std::size_t k, const Event& source, const Event& binary);
  bool effect(std::size_t k, const Event& source, const Event& binary);
  bool volatile_access(std::size_t k, const Event& source, const Event& binary);
  void end(std::size_t k);
  void returned(std::size_t k);
  bool memory(std::size_t k);
  bool value(std::size_t k, DifferenceKind kind, const std::string& what, const SlotValue& source, u128 binary);
  bool conclude(Agreement agreement, std::string text = {});
  void cut_off();
  bool differ(DifferenceKind kind, std::size_t k, std::string text, u128 source = 0, u128 binary = 0,
              unsigned bits = 64, std::uint64_t address = 0);
  bool same_callee(const Event& source, const Event& binary) const;
  bool try_force(std::size_t k, u128 source, u128 binary);
  bool merged_locals();
  bool should_be_inlined(const Event& source) const;
  bool is_also_plain(const Event& source);

  const ir::Function& function_;
  const ir::Function& binary_function_;
  const EntryState& entry_;
  const Environment& environment_;
  const CompareOptions& options_;
  Comparison& out_;
  const RunResult& source_;
  const RunResult& binary_;
  EscapedLocals escaped_;
  PrivateRanges ranges_;
  VisibleMemory memory_;
  std::optional<Forced> forced_;
  std::map<std::pair<std::uint64_t, unsigned>, bool> also_plain_;  ///< address and bytes of volatile accesses
  bool cut_off_ = false;  ///< the binary's run was stopped by its limit, in a place where it had agreed
};

}  // namespace validator::replay
