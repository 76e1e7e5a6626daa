// SPDX-License-Identifier: Apache-2.0
#include "validator/app/workers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace validator::app {
namespace {

volatile std::sig_atomic_t never = 0;

std::vector<WorkerResult> run(const std::vector<Job>& jobs, WorkerLimits limits) {
  std::vector<WorkerResult> results(jobs.size());
  run_workers(jobs, limits, never, [&](std::size_t job, const WorkerResult& result) { results[job] = result; });
  return results;
}

TEST(Workers, results_come_back_whole_and_in_their_places) {
  std::vector<Job> jobs;
  for (int i = 0; i < 20; ++i)
    jobs.push_back([i](const Announce&) { return std::string(static_cast<std::size_t>(i) * 10'000, 'a' + i); });
  const std::vector<WorkerResult> results = run(jobs, {4, 30, 0, {}});
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].end, WorkerEnd::finished);
    EXPECT_EQ(results[i].text, std::string(i * 10'000, static_cast<char>('a' + i)));
  }
}

TEST(Workers, a_crash_costs_one_job) {
  const std::vector<WorkerResult> results =
      run({[](const Announce&) { return std::string("a"); }, [](const Announce&) -> std::string { std::abort(); },
           [](const Announce&) -> std::string { _exit(0); },
           [](const Announce&) -> std::string { throw std::runtime_error("expected by this test"); },
           [](const Announce&) { return std::string("b"); }},
          {2, 30, 0, {}});
  EXPECT_EQ(results[0].text, "a");
  EXPECT_EQ(results[1].end, WorkerEnd::crashed);
  EXPECT_EQ(results[2].end, WorkerEnd::crashed);
  EXPECT_EQ(results[3].end, WorkerEnd::crashed);
  EXPECT_EQ(results[4].text, "b");
}

TEST(Workers, limits_end_a_job) {
  const std::vector<WorkerResult> results =
      run({[](const Announce&) -> std::string {
             for (;;) pause();
           },
           [](const Announce&) {
             std::vector<std::string> hoard;
             for (int i = 0; i < 4096; ++i) hoard.emplace_back(1U << 20, 'x');
             return std::to_string(hoard.size());
           },
           [](const Announce&) { return std::string(1U << 20, 'x').substr(0, 1); }},
          {3, 2, 256, {}});
  EXPECT_EQ(results[0].end, WorkerEnd::timed_out);
  EXPECT_EQ(results[1].end, WorkerEnd::out_of_memory);
  EXPECT_EQ(results[2].end, WorkerEnd::finished);
}

TEST(Workers, each_job_has_its_own_wall_limit) {
  const auto wait = [](const Announce&) {
    ::usleep(3'000'000);
    return std::string("slept");
  };
  const std::vector<WorkerResult> results = run({wait, wait}, {2, 1, 0, {60, 1}});
  EXPECT_EQ(results[0].end, WorkerEnd::finished);
  EXPECT_EQ(results[1].end, WorkerEnd::timed_out);
}

TEST(Workers, what_was_announced_outlives_a_limit) {
  const auto hang = [](const std::string& first) {
    return [first](const Announce& announce) -> std::string {
      if (!first.empty()) announce(first);
      for (;;) pause();
    };
  };
  const std::vector<WorkerResult> results = run({hang("found"), hang(""),
                                                 [](const Announce& announce) {
                                                   announce("early");
                                                   return std::string("late");
                                                 },
                                                 [](const Announce& announce) -> std::string {
                                                   announce("early");
                                                   std::abort();
                                                 }},
                                                {4, 2, 0});
  EXPECT_EQ(results[0].end, WorkerEnd::timed_out);
  EXPECT_EQ(results[0].announced, "found");
  EXPECT_EQ(results[1].announced, "");
  EXPECT_EQ(results[2].end, WorkerEnd::finished);
  EXPECT_EQ(results[2].text, "late");
  EXPECT_EQ(results[3].end, WorkerEnd::crashed);
}

TEST(Workers, stop_ends_everything) {
  volatile std::sig_atomic_t stop = 0;
  std::vector<Job> jobs(5, [](const Announce&) -> std::string {
    for (;;) pause();
  });
  std::size_t done = 0;
  run_workers(
      jobs, {2, 60, 0, {}}, stop,
      [&](std::size_t, const WorkerResult& result) {
        EXPECT_EQ(result.end, WorkerEnd::interrupted);
        ++done;
      },
      [&](std::size_t running, std::size_t) { stop = running == 2; });
  EXPECT_EQ(done, jobs.size());
}

}  // namespace
}  // namespace validator::app
