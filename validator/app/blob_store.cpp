// SPDX-License-Identifier: Apache-2.0
#include "validator/app/blob_store.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "ir/assert.hpp"

namespace validator::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".partial";

}  // namespace

std::string sha256_hex(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  IR_ASSERT(EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

void KeyBuilder::add(std::string_view label, std::string_view text) {
  content_ += fmt::format("{}:{}:{}:", label.size(), label, text.size());
  content_ += text;
}

std::string KeyBuilder::finish() const { return sha256_hex(content_); }

std::string BlobStore::path_of(const std::string& key) const {
  return (fs::path(folder_) / key.substr(0, 2) / key.substr(2)).string();
}

std::optional<std::string> BlobStore::find(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  const std::string path = path_of(key);
  std::ifstream stream(path, std::ios::binary);
  std::string format, hash;
  if (!std::getline(stream, format) || format != format_ || !std::getline(stream, hash)) return std::nullopt;
  std::ostringstream rest;
  rest << stream.rdbuf();
  std::string text = rest.str();
  if (sha256_hex(key + text) != hash) return std::nullopt;
  std::error_code ignored;
  fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);  // trim_store goes by it
  return text;
}

void BlobStore::store(const std::string& key, std::string_view text) const {
  if (folder_.empty()) return;
  const std::string path = path_of(key);
  const std::string temporary = fmt::format("{}.{}{}", path, ::getpid(), temporary_suffix);
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  {
    std::ofstream stream(temporary, std::ios::binary);
    stream << format_ << '\n' << sha256_hex(fmt::format("{}{}", key, text)) << '\n' << text;
    stream.close();
    if (!stream) {
      fs::remove(temporary, ignored);
      return;
    }
  }
  fs::rename(temporary, path, ignored);
  if (ignored) fs::remove(temporary, ignored);
}

namespace {

void trim(const std::string& folder, std::uint64_t limit_bytes) {
  struct Entry {
    fs::file_time_type used;
    std::uint64_t bytes;
    fs::path path;
  };
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  std::error_code error;
  // Only what path_of() makes: two letters, then the rest of the hash. Nothing else in the folder is ours to remove.
  for (const fs::directory_entry& part : fs::directory_iterator(folder, error)) {
    if (part.path().filename().string().size() != 2 || !part.is_directory(error)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(part.path(), error)) {
      std::error_code gone;
      const Entry found{entry.last_write_time(gone), entry.file_size(gone), entry.path()};
      if (gone || entry.path().string().ends_with(temporary_suffix)) continue;
      total += found.bytes;
      entries.push_back(found);
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (total <= limit_bytes) return;
    fs::remove(entry.path, error);
    total -= entry.bytes;
  }
}

}  // namespace

void trim_store(const std::string& folder, std::uint64_t limit_mib) {
  if (folder.empty() || limit_mib == 0) return;
  try {
    trim(folder, limit_mib << 20);
  } catch (const fs::filesystem_error&) {
    // Another run removes the same entries: it does the work.
  }
}

}  // namespace validator::app
