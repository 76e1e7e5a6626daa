// SPDX-License-Identifier: Apache-2.0
// What a person sees during a run, on stderr: one bar that redraws itself on a terminal, nothing that scrolls; clean
// lines at a slow pace otherwise, so that a log stays readable.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "validator/verdict.hpp"

namespace validator::app {

class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();

  /// A new phase ("lifting sources"), without a bar.
  void phase(const std::string& text);
  /// Begins a bar over `total` functions of one image.
  void begin(const std::string& image, std::size_t total);
  /// `units`: solver units that this run spent on it.
  void done(Verdict verdict, std::uint64_t units);
  void tick(std::size_t running, std::size_t queued);
  /// Removes the bar; the report follows.
  void end();

 private:
  void draw(std::size_t running, std::size_t queued);

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::string image_;
  std::size_t total_ = 0;
  std::size_t proved_ = 0;
  std::size_t other_ = 0;
  std::uint64_t units_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace validator::app
