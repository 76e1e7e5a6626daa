// SPDX-License-Identifier: Apache-2.0
// Which one instruction, had it done something else, would have made both sides agree in this run? A wrong branch is
// found by taking the other one, a wrong value by one that the source has, a wrong address by one that somebody else
// uses ("predicate switching" and "value replacement" in the literature on fault localisation). Each idea is tried by
// running the changed graph again. A hint for reading: that one run agrees proves nothing.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/report/html/cause.hpp"
#include "validator/report/html/page.hpp"

namespace validator::report::html {

/// What lies so close below the entry's SP is the function's own.
inline constexpr std::uint64_t frame_bytes = 4096;

/// An instruction of the binary's run up to the difference.
struct Instruction {
  std::uint64_t address = 0;
  std::vector<std::size_t> steps;        ///< its nodes, when it ran first
  std::vector<ir::Graph::NodeId> nodes;  ///< each once
  std::size_t times = 0;                 ///< how often it ran
};

struct Repair {
  std::size_t step = 0;    ///< of the binary's run: the first time that the instruction ran
  bool is_branch = false;  ///< it takes the other way
  std::string how;         ///< "with ..."
  unsigned cost = 0;       ///< how much stays odd in the repaired run, and how far-fetched the repair is
};

/// The changes of one run's binary, and what became of them.
class Workshop {
 public:
  Workshop(const Failure& failure, const Ways& source, const Ways& binary);

  /// `repair.cost` is how far-fetched it is: 0 to 5. True: both sides agree.
  bool try_this(const ir::Function& changed, const Instruction& instruction, Repair repair);
  const std::optional<Repair>& best() const { return best_; }

 private:
  unsigned oddities(const replay::Comparison& comparison, const ir::Function& changed,
                    const replay::EntryState& entry) const;

  const Failure& failure_;
  const Ways& source_;
  const Ways& binary_;
  std::set<int> source_lines_, known_to_source_, known_to_binary_;
  std::unique_ptr<replay::Callees> callees_;
  replay::Program program_;         ///< of the source
  replay::CompareOptions options_;  ///< a repaired run is about as long as the one that it repairs
  std::uint64_t steps_ = 0;
  std::optional<Repair> best_;
};

/// The best of all that were found; none: no single instruction was found that explains the difference.
/// `chain` made the value that differs, which shows at the step `wanted.before`.
std::optional<Repair> find_repair(const Failure& failure, const Ways& source, const Ways& binary,
                                  const std::vector<std::size_t>& chain, const Wanted& wanted);
Suspicion as_suspicion(const Repair& repair, const Ways& binary);

}  // namespace validator::report::html
