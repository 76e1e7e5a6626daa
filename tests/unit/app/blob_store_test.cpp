// SPDX-License-Identifier: Apache-2.0
#include "validator/app/blob_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace validator::app {
namespace {

namespace fs = std::filesystem;

class BlobStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<fs::path> files() const {
    std::vector<fs::path> list;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) list.push_back(entry.path());
    }
    return list;
  }

  std::string folder_ = ::testing::TempDir() + "symbolon_blob_store_test." + std::to_string(::getpid());
  std::string key_ = sha256_hex("key");
  BlobStore store_{folder_, "test-1"};
};

TEST_F(BlobStoreTest, finds_what_was_stored) {
  EXPECT_FALSE(store_.find(key_));
  const std::string text("text\n\0with zero", 15);
  store_.store(key_, text);
  EXPECT_EQ(store_.find(key_), text);
  EXPECT_FALSE(store_.find(sha256_hex("other")));
  EXPECT_FALSE(BlobStore(folder_, "test-2").find(key_));
  EXPECT_FALSE(BlobStore("", "test-1").find(key_));
}

TEST_F(BlobStoreTest, a_damaged_entry_is_a_miss_wherever_the_damage_is) {
  store_.store(key_, "proved, among other words");
  const fs::path path = files().at(0);
  std::ifstream in(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(good.size(), 70U);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] ^= 1;
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
    EXPECT_FALSE(store_.find(key_)) << "byte " << at;
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << good.substr(0, good.size() / 2);
  EXPECT_FALSE(store_.find(key_));
  std::ofstream(path, std::ios::binary | std::ios::trunc) << good;
  EXPECT_TRUE(store_.find(key_));
}

TEST_F(BlobStoreTest, an_entry_under_another_key_is_a_miss) {
  store_.store(key_, "text");
  const std::string other = sha256_hex("other");
  fs::create_directories(fs::path(folder_) / other.substr(0, 2));
  fs::copy_file(files().at(0), fs::path(folder_) / other.substr(0, 2) / other.substr(2));
  EXPECT_FALSE(store_.find(other));
}

/// Whoever reads while others write sees a whole entry or none.
TEST_F(BlobStoreTest, concurrent_writers_and_readers) {
  const std::vector<std::string> texts = {std::string(100'000, 'a'), std::string(70'000, 'b')};
  store_.store(key_, texts[0]);
  std::vector<pid_t> children;
  for (const std::string& text : texts) {
    const pid_t pid = fork();
    if (pid == 0) {
      for (int i = 0; i < 100; ++i) store_.store(key_, text);
      _exit(0);
    }
    children.push_back(pid);
  }
  unsigned wrong = 0;
  for (int i = 0; i < 200; ++i) {
    const auto found = store_.find(key_);
    wrong += !found || (*found != texts[0] && *found != texts[1]);
  }
  for (const pid_t pid : children) waitpid(pid, nullptr, 0);
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(files().size(), 1U) << "temporary files are left";
}

TEST_F(BlobStoreTest, trimming_removes_what_was_used_longest_ago) {
  const std::string mib(1 << 20, 'x');
  const std::vector<std::string> keys = {sha256_hex("1"), sha256_hex("2"), sha256_hex("3")};
  for (std::size_t i = 0; i < keys.size(); ++i) store_.store(keys[i], mib);
  const auto now = fs::file_time_type::clock::now();
  for (const fs::path& path : files()) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (path.filename() == keys[i].substr(2)) fs::last_write_time(path, now - std::chrono::hours(10 - i));
    }
  }
  EXPECT_TRUE(store_.find(keys[0]));  // the oldest is used again
  std::ofstream(fs::path(folder_) / "last-run.json") << "not an entry";
  trim_store(folder_, 0);
  EXPECT_EQ(files().size(), 4U);
  trim_store(folder_, 3);
  EXPECT_TRUE(store_.find(keys[0]));
  EXPECT_FALSE(store_.find(keys[1]));
  EXPECT_TRUE(store_.find(keys[2]));
  EXPECT_TRUE(fs::exists(fs::path(folder_) / "last-run.json"));
  trim_store("/nonexistent/folder", 1);
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
