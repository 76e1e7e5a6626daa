// SPDX-License-Identifier: Apache-2.0
// Texts under keys in a folder, for every kind of cache entry. An entry carries the hash of its key and text, so that a
// damaged or misplaced one is a miss. Trusted: see DESIGN.md section 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace validator::app {

/// Hashes a list of labelled texts; length prefixes keep two different lists from hashing alike.
class KeyBuilder {
 public:
  void add(std::string_view label, std::string_view text);
  std::string finish() const;  ///< SHA-256, lower-case hex

 private:
  std::string content_;
};

std::string sha256_hex(std::string_view text);

class BlobStore {
 public:
  /// `format` names what the texts are; a change of it makes all older entries misses. An empty folder name: every
  /// lookup misses and nothing is stored.
  BlobStore(std::string folder, std::string format) : folder_(std::move(folder)), format_(std::move(format)) {}

  std::optional<std::string> find(const std::string& key) const;
  /// Failures to write are ignored: a cache may be read-only. Safe with concurrent runs (temporary file and rename).
  void store(const std::string& key, std::string_view text) const;
  bool enabled() const { return !folder_.empty(); }

 private:
  std::string path_of(const std::string& key) const;
  std::string folder_;
  std::string format_;
};

/// Removes the entries that were used longest ago until the folder's entries have at most `limit_mib` MiB; 0: no limit.
void trim_store(const std::string& folder, std::uint64_t limit_mib);

}  // namespace validator::app
