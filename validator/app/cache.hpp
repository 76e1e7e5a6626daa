// SPDX-License-Identifier: Apache-2.0
// Outcomes of earlier proofs. The key names the proof (tool, models, limits, both bodies); an entry also has the
// list of what the proof asked of its surroundings, with hashes of the answers, and is a hit only while all answers are
// the same. So a changed function costs its own proof and those that looked at it, and an entry can be old but never
// wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "validator/app/blob_store.hpp"
#include "validator/verdict.hpp"

namespace validator::app {

struct CacheOptions {
  std::string folder;             ///< empty: no cache
  std::uint64_t limit_mib = 512;  ///< size of the folder after a run; 0: no limit
  /// Also reuse `unknown` and `unsupported` under the same limits. They never count as proved, and the same search
  /// under the same limits ends the same way; but a search that was cut off by time or memory is repeated.
  bool undecided = false;
};

/// May an outcome be given again without proving? `proved` and `refuted` always.
bool is_reusable(const Outcome& outcome, bool undecided);

/// Hash of the answer to one question of Outcome::uses; nothing when it is no question.
using Answers = std::function<std::optional<std::string>(const std::string& question)>;

class Cache {
 public:
  explicit Cache(const CacheOptions& options);
  bool enabled() const { return store_.enabled(); }

  /// The outcome stored under the key; nothing on a miss, when the entry is damaged, when an answer has changed, or
  /// when the outcome is not reusable.
  std::optional<Outcome> find(const std::string& key, const Answers& answers) const;
  /// Ignores outcomes that are not reusable, and those that say of nothing that it was used.
  void store(const std::string& key, const Outcome& outcome, const Answers& answers) const;

 private:
  BlobStore store_;
  bool undecided_;
};

/// build/cache of the source tree that this tool was built from.
std::string default_cache_dir();
/// The JSON report that every run with a cache leaves there, for `assumptions`.
std::string last_run_path(const std::string& folder);

}  // namespace validator::app
