// SPDX-License-Identifier: Apache-2.0
// The whole result of an image, for a run in which nothing has changed: no source is parsed and no code lifted. The key
// has all that is known before lifting (tool, models, limits, ELF bytes, commands as Clang gets them, assembly symbols,
// contracts, selection); the files that Clang read, and did not find, are asked again when an entry is used.
#pragma once

#include <optional>
#include <string>

#include "validator/app/cache.hpp"
#include "validator/report/report.hpp"
#include "validator/source/file_trace.hpp"

namespace validator::app {

class ImageCache {
 public:
  explicit ImageCache(const CacheOptions& options);
  bool enabled() const { return store_.enabled(); }

  /// Rows as they were stored, those of proofs marked `from_cache`; nothing when a file has changed since.
  std::optional<report::ImageRow> find(const std::string& key) const;
  /// Stores an image without input errors, all of whose proofs are reusable. A trace that is not steady is not stored.
  void store(const std::string& key, const report::ImageRow& row, const source::FileTrace& files) const;

 private:
  BlobStore store_;
  bool undecided_;
};

}  // namespace validator::app
