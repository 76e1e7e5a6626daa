// SPDX-License-Identifier: Apache-2.0
#include "validator/app/cache.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

namespace validator::app {
namespace {

namespace fs = std::filesystem;

class CacheTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(options_.folder); }
  void TearDown() override { fs::remove_all(options_.folder); }

  static Outcome with(Verdict verdict, const std::string& reason = "") {
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.reason = reason;
    outcome.queries = 5;
    outcome.uses = {"address @x", "source f"};
    return outcome;
  }

  std::optional<Outcome> find(const Cache& cache) { return cache.find(key_, answers()); }
  void store(const Cache& cache, const Outcome& outcome) { cache.store(key_, outcome, answers()); }
  Answers answers() {
    return [this](const std::string& question) -> std::optional<std::string> {
      const auto known = world_.find(question);
      return known == world_.end() ? std::nullopt : std::optional(known->second);
    };
  }

  CacheOptions options_{::testing::TempDir() + "symbolon_cache_test." + std::to_string(::getpid()), 0, false};
  std::string key_ = sha256_hex("key");
  std::map<std::string, std::string> world_{{"address @x", "1000"}, {"source f", "body"}, {"source g", "other"}};
};

TEST_F(CacheTest, keeps_decided_outcomes_only) {
  const Cache cache(options_);
  for (const Verdict verdict : {Verdict::unknown, Verdict::unsupported, Verdict::error, Verdict::not_run, Verdict::assumed, Verdict::inlined}) {
    store(cache, with(verdict));
    EXPECT_FALSE(find(cache));
  }
  for (const Verdict verdict : {Verdict::proved, Verdict::refuted}) {
    store(cache, with(verdict));
    ASSERT_TRUE(find(cache));
    EXPECT_EQ(find(cache)->verdict, verdict);
    EXPECT_EQ(find(cache)->queries, 5U);
  }
}

TEST_F(CacheTest, undecided_outcomes_only_on_request_and_never_those_of_a_clock) {
  options_.undecided = true;
  const Cache keeping(options_);
  for (const char* reason : {"time", "memory"}) {
    store(keeping, with(Verdict::unknown, reason));
    EXPECT_FALSE(find(keeping)) << reason;
  }
  store(keeping, with(Verdict::error, "crash"));
  EXPECT_FALSE(find(keeping));
  store(keeping, with(Verdict::unknown, "solver-limit"));
  ASSERT_TRUE(find(keeping));
  EXPECT_EQ(find(keeping)->verdict, Verdict::unknown);
  options_.undecided = false;
  EXPECT_FALSE(find(Cache(options_)));  // an entry of another run does not change what this one asked for
}

TEST_F(CacheTest, an_answer_that_changed_is_a_miss) {
  const Cache cache(options_);
  store(cache, with(Verdict::proved));
  world_["source g"] = "changed";  // nothing that the proof asked
  EXPECT_TRUE(find(cache));
  world_["address @x"] = "1004";
  EXPECT_FALSE(find(cache));
  world_["address @x"] = "1000";
  EXPECT_TRUE(find(cache));
  world_.erase("source f");
  EXPECT_FALSE(find(cache));
}

TEST_F(CacheTest, a_proof_that_used_nothing_is_not_believed) {
  const Cache cache(options_);
  Outcome outcome = with(Verdict::proved);
  outcome.uses.clear();
  store(cache, outcome);
  EXPECT_FALSE(find(cache));
}

TEST_F(CacheTest, no_folder_no_cache) {
  const Cache cache(CacheOptions{});
  EXPECT_FALSE(cache.enabled());
  store(cache, with(Verdict::proved));
  EXPECT_FALSE(find(cache));
}

}  // namespace
}  // namespace validator::app
