// SPDX-License-Identifier: Apache-2.0
// Verdicts of earlier runs, by content. The key is a SHA-256 over everything that a verdict depends on, so an
// entry can be old but never wrong; each entry carries the hash of its own text, so a damaged one is a miss. Trusted: see
// DESIGN.md section 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/verdict.hpp"

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

class Cache {
 public:
  /// An empty folder name: no cache; every lookup misses and nothing is stored.
  explicit Cache(std::string folder) : folder_(std::move(folder)) {}

  /// The decided outcome stored under the key; nothing on a miss or when the entry is damaged.
  std::optional<Outcome> find(const std::string& key) const;
  /// Stores `proved` and `refuted`; ignores everything else, since another run could decide it. Failures to write are
  /// ignored: a cache may be read-only. Safe with concurrent runs (temporary file and rename).
  void store(const std::string& key, const Outcome& outcome) const;

 private:
  std::string path_of(const std::string& key) const;
  std::string folder_;
};

/// build/cache of the source tree that this tool was built from.
std::string default_cache_dir();
/// The JSON report that every run with a cache leaves there, for `assumptions`.
std::string last_run_path(const std::string& folder);

}  // namespace validator::app
