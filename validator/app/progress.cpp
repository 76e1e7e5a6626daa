// SPDX-License-Identifier: Apache-2.0
#include "validator/app/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace validator::app {
namespace {

constexpr std::size_t bar_width = 30;
constexpr auto redraw = std::chrono::milliseconds(200);
constexpr auto log_pace = std::chrono::seconds(30);

}  // namespace

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { end(); }

void Progress::phase(const std::string& text) {
  if (quiet_) return;
  end();
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    drawn_ = true;
  }
}

void Progress::begin(const std::string& image, std::size_t total) {
  end();
  image_ = image;
  total_ = total;
  proved_ = other_ = 0;
  units_ = 0;
  begun_ = last_ = std::chrono::steady_clock::now();
  if (!quiet_ && !terminal_) fmt::print(stderr, "{}: {} functions to validate\n", image_, total_);
}

void Progress::done(Verdict verdict, std::uint64_t units) {
  ++(verdict == Verdict::proved ? proved_ : other_);
  units_ += units;
}

void Progress::tick(std::size_t running, std::size_t queued) {
  if (quiet_ || total_ == 0) return;
  const auto now = std::chrono::steady_clock::now();
  const bool due = terminal_ ? now - last_ >= redraw || !drawn_ : now - last_ >= log_pace;
  if (!due) return;
  last_ = now;
  draw(running, queued);
}

void Progress::draw(std::size_t running, std::size_t queued) {
  const std::size_t finished = proved_ + other_;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun_).count();
  const std::string counts = fmt::format("{} proved, {} not, {} running, {} queued; {}:{:02} min, {:.1f} M units", proved_, other_, running,
                                         queued, seconds / 60, seconds % 60, static_cast<double>(units_) / 1e6);
  if (!terminal_) {
    fmt::print(stderr, "{}: {} of {}: {}\n", image_, finished, total_, counts);
    return;
  }
  const std::size_t filled = finished * bar_width / total_;
  fmt::print(stderr, "\r\033[K{} [{:#<{}}{:.<{}}] {}", image_, "", filled, "", bar_width - filled, counts);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::end() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
  total_ = 0;
}

}  // namespace validator::app
