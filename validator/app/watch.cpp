// SPDX-License-Identifier: Apache-2.0
#include "validator/app/watch.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

namespace validator::app {
namespace {

constexpr auto pace = std::chrono::milliseconds(300);
constexpr unsigned still_paces = 3;

}  // namespace

std::string build_stamp(const Config& config) {
  std::string text;
  for (const ImageInput& image : config.images) {
    for (const std::string& path : {image.elf, image.compile_commands}) {
      struct stat status {};
      if (::stat(path.c_str(), &status) != 0) status = {};
      text += fmt::format("{} {} {} {};", status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
  }
  return text;
}

bool wait_for_rebuild(const Config& config, const std::string& seen, const volatile std::sig_atomic_t& stop) {
  std::string last = seen;
  unsigned still = 0;
  while (stop == 0) {
    std::this_thread::sleep_for(pace);
    const std::string now = build_stamp(config);
    still = now == last ? still + 1 : 0;
    last = now;
    if (now != seen && still >= still_paces) return true;
  }
  return false;
}

}  // namespace validator::app
