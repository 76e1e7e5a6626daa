// SPDX-License-Identifier: Apache-2.0
// Runs jobs in forked processes, each with its own memory and wall limit. A child inherits the lifted graphs by
// copy on write, so a job is a closure and only its result (a text) is sent back. A crash, an endless loop or a
// memory blow-up in one function therefore costs that function only.
//
// The caller must be single-threaded when run() is called: fork() copies the calling thread alone.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace validator::app {

struct WorkerLimits {
  unsigned jobs = 1;
  unsigned wall_seconds = 120;                 ///< then the parent kills the child
  std::uint64_t memory_mib = 3072;             ///< address space on top of what the parent has; 0: no limit
  std::vector<unsigned> wall_seconds_of = {};  ///< of each job; empty: `wall_seconds` for all
};

enum class WorkerEnd : std::uint8_t {
  finished,       ///< `text` is what the job returned
  timed_out,      ///< killed by the wall limit
  out_of_memory,  ///< an allocation failed under the memory limit
  crashed,        ///< a signal or an exit without a result; `text` says which
  interrupted,    ///< not run, or killed, because of `stop`
};

struct WorkerResult {
  WorkerEnd end = WorkerEnd::interrupted;
  std::string text;
  /// The last text that the job announced before it ended in another way than `finished`; empty: none.
  std::string announced;
  double seconds = 0;
};

/// Sends a text ahead of the job's own, which stands in for it when the job does not come to its end.
using Announce = std::function<void(const std::string& text)>;
using Job = std::function<std::string(const Announce& announce)>;

/// Called in the parent when a job has ended, in the order of ending.
using OnDone = std::function<void(std::size_t job, const WorkerResult& result)>;
/// Called in the parent whenever something changed and at least every 100 ms: jobs running, jobs waiting.
using OnTick = std::function<void(std::size_t running, std::size_t queued)>;

/// Runs all jobs, in order, at most `limits.jobs` at once. Polls `stop` (set by a signal handler); once it is true all
/// children are killed and the rest is `interrupted`. Returns when no child is left.
void run_workers(const std::vector<Job>& jobs, const WorkerLimits& limits, const volatile std::sig_atomic_t& stop,
                 const OnDone& on_done, const OnTick& on_tick = {});

}  // namespace validator::app
