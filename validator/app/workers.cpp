// SPDX-License-Identifier: Apache-2.0
#include "validator/app/workers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <new>
#include <optional>

#include "ir/assert.hpp"

namespace validator::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int exit_out_of_memory = 99;
constexpr int tick_ms = 100;
/// Around each text, none of which has them: ASCII's start and end of text. A child that dies half-way through writing
/// has not sent the second.
constexpr char text_begin = '\x02';
constexpr char text_end = '\x03';

struct Child {
  std::size_t job = 0;
  pid_t pid = -1;
  int pipe = -1;
  Clock::time_point started;
  std::string received;
  bool killed_for_time = false;
};

[[noreturn]] void out_of_memory() { _exit(exit_out_of_memory); }

std::uint64_t address_space_in_use() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void limit_memory(std::uint64_t mib) {
  if (mib == 0) return;
  const rlim_t bytes = address_space_in_use() + (mib << 20);
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(1);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void be_child(const Job& job, int descriptor, pid_t parent, std::uint64_t memory_mib) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // the parent died before the line above
  signal(SIGINT, SIG_IGN);            // Ctrl-C reaches the whole process group; the parent decides
  signal(SIGTERM, SIG_DFL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  limit_memory(memory_mib);
  std::set_new_handler(out_of_memory);
  const auto send = [descriptor](const std::string& text) {
    IR_ASSERT(text.find_first_of({text_begin, text_end}) == std::string::npos);
    write_all(descriptor, text_begin + text + text_end);
  };
  std::string text;
  try {
    text = job(send);
  } catch (const std::bad_alloc&) {
    out_of_memory();
  } catch (const std::exception& e) {
    std::cerr << "worker: " << e.what() << '\n';
    _exit(1);
  }
  send(text);
  _exit(0);  // no destructors, no atexit: they belong to the parent
}

Child start(const std::vector<Job>& jobs, std::size_t index, std::uint64_t memory_mib) {
  int ends[2];
  IR_ASSERT(::pipe(ends) == 0);
  const pid_t parent = getpid();
  std::cout.flush();
  std::cerr.flush();
  const pid_t pid = fork();
  if (pid == 0) {
    ::close(ends[0]);
    be_child(jobs[index], ends[1], parent, memory_mib);
  }
  ::close(ends[1]);
  Child child;
  child.job = index;
  child.pid = pid;  // -1: fork failed; reported as a crash
  child.pipe = ends[0];
  child.started = Clock::now();
  return child;
}

/// Not for a child that could not be forked: kill() takes -1 for every process that there is.
void end(const Child& child) {
  if (child.pid > 0) ::kill(child.pid, SIGKILL);
}

/// Reads what is there; false when the other end is closed.
bool receive(Child& child) {
  char buffer[65536];
  const ssize_t count = ::read(child.pipe, buffer, sizeof buffer);
  if (count > 0) child.received.append(buffer, static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

/// The last complete text; nothing: there is none.
std::optional<std::string> last_text(const std::string& received) {
  const std::size_t end = received.rfind(text_end);
  if (end == std::string::npos) return std::nullopt;
  const std::size_t begin = received.rfind(text_begin, end);
  if (begin == std::string::npos) return std::nullopt;
  return received.substr(begin + 1, end - begin - 1);
}

WorkerResult finish(Child& child, bool interrupted) {
  ::close(child.pipe);
  int status = 0;
  if (child.pid > 0) {
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  WorkerResult result;
  result.seconds = std::chrono::duration<double>(Clock::now() - child.started).count();
  std::optional<std::string> text = last_text(child.received);
  if (text && child.received.ends_with(text_end) && child.pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    result.end = WorkerEnd::finished;
    result.text = std::move(*text);
    return result;
  }
  result.announced = text.value_or("");
  if (child.killed_for_time) {
    result.end = WorkerEnd::timed_out;
  } else if (interrupted) {
    result.end = WorkerEnd::interrupted;
  } else if (child.pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == exit_out_of_memory) {
    result.end = WorkerEnd::out_of_memory;
  } else {
    result.end = WorkerEnd::crashed;
    result.text = child.pid < 0         ? "fork failed"
                  : WIFSIGNALED(status) ? fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                                        : fmt::format("exit status {} without a result", WEXITSTATUS(status));
  }
  return result;
}

}  // namespace

void run_workers(const std::vector<Job>& jobs, const WorkerLimits& limits, const volatile std::sig_atomic_t& stop,
                 const OnDone& on_done, const OnTick& on_tick) {
  IR_ASSERT(limits.wall_seconds_of.empty() || limits.wall_seconds_of.size() == jobs.size());
  const auto wall_limit = [&](std::size_t job) {
    return std::chrono::seconds(limits.wall_seconds_of.empty() ? limits.wall_seconds : limits.wall_seconds_of[job]);
  };
  std::vector<Child> running;
  std::size_t next = 0;
  bool stopped = false;
  while (next < jobs.size() || !running.empty()) {
    if (stop && !stopped) {
      stopped = true;
      for (const Child& child : running) end(child);
      for (; next < jobs.size(); ++next) on_done(next, WorkerResult{});
      continue;
    }
    while (!stopped && next < jobs.size() && running.size() < std::max(1U, limits.jobs)) {
      running.push_back(start(jobs, next++, limits.memory_mib));
    }
    if (on_tick) on_tick(running.size(), jobs.size() - next);
    std::vector<pollfd> polls;
    for (const Child& child : running) polls.push_back({child.pipe, POLLIN, 0});
    if (::poll(polls.data(), polls.size(), tick_ms) < 0 && errno != EINTR) IR_ASSERT(!"poll");
    const Clock::time_point now = Clock::now();
    std::vector<Child> still;
    for (std::size_t i = 0; i < running.size(); ++i) {
      Child& child = running[i];
      const bool ready = (polls[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
      if (ready && !receive(child)) {
        on_done(child.job, finish(child, stopped));
        continue;
      }
      if (!child.killed_for_time && now - child.started > wall_limit(child.job)) {
        child.killed_for_time = true;
        end(child);
      }
      still.push_back(std::move(child));
    }
    running = std::move(still);
  }
}

}  // namespace validator::app
