// SPDX-License-Identifier: Apache-2.0
#include "validator/app/cache.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ir/assert.hpp"
#include "validator/report/json.hpp"

namespace validator::app {
namespace {

namespace fs = std::filesystem;

/// First line of an entry; a change of the format makes all older entries misses.
constexpr std::string_view entry_format = "symbolon-verdict-1";

bool is_decided(Verdict verdict) { return verdict == Verdict::proved || verdict == Verdict::refuted; }

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

std::string Cache::path_of(const std::string& key) const {
  return (fs::path(folder_) / key.substr(0, 2) / key.substr(2)).string();
}

std::optional<Outcome> Cache::find(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream stream(path_of(key), std::ios::binary);
  std::string format, hash;
  if (!std::getline(stream, format) || format != entry_format || !std::getline(stream, hash)) return std::nullopt;
  std::ostringstream rest;
  rest << stream.rdbuf();
  const std::string text = rest.str();
  if (sha256_hex(key + text) != hash) return std::nullopt;
  const report::Json json = report::Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  ir::Result<Outcome> outcome = report::outcome_from_json(json);
  if (!outcome || !is_decided(outcome->verdict)) return std::nullopt;
  return *outcome;
}

void Cache::store(const std::string& key, const Outcome& outcome) const {
  if (folder_.empty() || !is_decided(outcome.verdict)) return;
  const std::string text = report::to_text(report::outcome_to_json(outcome));
  const std::string path = path_of(key);
  const std::string temporary = fmt::format("{}.{}.partial", path, ::getpid());
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  {
    std::ofstream stream(temporary, std::ios::binary);
    stream << entry_format << '\n' << sha256_hex(key + text) << '\n' << text;
    stream.close();
    if (!stream) {
      fs::remove(temporary, ignored);
      return;
    }
  }
  fs::rename(temporary, path, ignored);
  if (ignored) fs::remove(temporary, ignored);
}

std::string default_cache_dir() { return (fs::path(SYMBOLON_SOURCE_DIR) / "build" / "cache").string(); }

std::string last_run_path(const std::string& folder) { return (fs::path(folder) / "last-run.json").string(); }

}  // namespace validator::app
