// SPDX-License-Identifier: Apache-2.0
// The HTML file: one document that opens from disk and asks nobody for anything. The overview is data in it; each
// function's page is compressed data that the browser unpacks when somebody opens it.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "validator/report/json.hpp"
#include "validator/report/report.hpp"

namespace validator::report::html {

/// Pages of a run, compressed as they come.
class Pages {
 public:
  /// `brief` is what the overview says about the function beside its row.
  void add(const std::string& image, const std::string& symbol, const std::string& page, Json brief);

  struct Page {
    std::string data;  ///< zlib, base64
    Json brief;
  };
  const Page* find(const std::string& image, const std::string& symbol) const;
  std::size_t size() const { return pages_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, Page> pages_;
};

/// The text of the file.
std::string document(const Run& run, const Pages& pages);

}  // namespace validator::report::html
