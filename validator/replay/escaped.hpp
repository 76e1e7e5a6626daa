// SPDX-License-Identifier: Apache-2.0
// Escaped locals of one source run: where they lie, from which event on others may look at them, when they are alive.
// Private to this folder.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validator/replay/run.hpp"

namespace validator::replay {

/// Local -> the event that showed its address first.
using ExposedLocals = std::map<std::string, std::size_t>;

class EscapedLocals {
 public:
  EscapedLocals(const ir::Function& function, const RunResult& source, const ExposedLocals& exposed)
      : function_(function), source_(source), exposed_(exposed) {}

  bool is_exposed(const LocalSpan& local) const { return exposed_.contains(local.name); }
  /// Exposed locals that are alive at an event.
  std::vector<LocalSpan> spans(std::size_t event) const;
  /// Lifetimes of one local (an index into the run's locals) that have begun up to an event.
  std::size_t instances(std::size_t local, std::size_t event) const;

  /// Two of them that lie on each other while both are alive.
  struct Merged {
    const LocalSpan& one;
    const LocalSpan& other;
    std::size_t event = 0;
  };
  std::optional<Merged> merged() const;

 private:
  bool alive(std::size_t local, std::size_t event, std::size_t access) const;

  const ir::Function& function_;
  const RunResult& source_;
  const ExposedLocals& exposed_;
};

}  // namespace validator::replay
