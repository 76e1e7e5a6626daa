// SPDX-License-Identifier: Apache-2.0
#include "validator/app/cache.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace validator::app {
namespace {

namespace fs = std::filesystem;

class CacheTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  static Outcome with(Verdict verdict) {
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.queries = 5;
    return outcome;
  }

  fs::path only_file() const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }

  std::string folder_ = ::testing::TempDir() + "symbolon_cache_test";
  std::string key_ = sha256_hex("key");
};

TEST_F(CacheTest, keeps_decided_outcomes_only) {
  const Cache cache(folder_);
  for (const Verdict verdict : {Verdict::unknown, Verdict::unsupported, Verdict::error, Verdict::not_run, Verdict::assumed, Verdict::inlined}) {
    cache.store(key_, with(verdict));
    EXPECT_FALSE(cache.find(key_));
  }
  for (const Verdict verdict : {Verdict::proved, Verdict::refuted}) {
    cache.store(key_, with(verdict));
    ASSERT_TRUE(cache.find(key_));
    EXPECT_EQ(cache.find(key_)->verdict, verdict);
    EXPECT_EQ(cache.find(key_)->queries, 5U);
  }
}

TEST_F(CacheTest, other_key_misses) {
  const Cache cache(folder_);
  cache.store(key_, with(Verdict::proved));
  EXPECT_FALSE(cache.find(sha256_hex("other")));
  EXPECT_FALSE(Cache("").find(key_));
}

TEST_F(CacheTest, a_damaged_entry_is_a_miss_wherever_the_damage_is) {
  const Cache cache(folder_);
  cache.store(key_, with(Verdict::refuted));
  const fs::path path = only_file();
  std::ifstream in(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(good.size(), 100U);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] ^= 1;
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
    EXPECT_FALSE(cache.find(key_)) << "byte " << at;
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << good.substr(0, good.size() / 2);
  EXPECT_FALSE(cache.find(key_));
  std::ofstream(path, std::ios::binary | std::ios::trunc) << good;
  EXPECT_TRUE(cache.find(key_));
}

TEST_F(CacheTest, an_entry_under_another_key_is_a_miss) {
  const Cache cache(folder_);
  cache.store(key_, with(Verdict::proved));
  const std::string other = sha256_hex("other");
  fs::create_directories(fs::path(folder_) / other.substr(0, 2));
  fs::copy_file(only_file(), fs::path(folder_) / other.substr(0, 2) / other.substr(2));
  EXPECT_FALSE(cache.find(other));
}

TEST(KeyBuilder, lists_that_concatenate_alike_differ) {
  const auto key = [](std::initializer_list<std::pair<const char*, const char*>> parts) {
    KeyBuilder builder;
    for (const auto& [label, text] : parts) builder.add(label, text);
    return builder.finish();
  };
  EXPECT_NE(key({{"a", "bc"}}), key({{"ab", "c"}}));
  EXPECT_NE(key({{"a", "b"}, {"c", "d"}}), key({{"a", "b:1:c:1:d"}}));
  EXPECT_EQ(key({{"a", "b"}}), key({{"a", "b"}}));
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, B.1
}

}  // namespace
}  // namespace validator::app
