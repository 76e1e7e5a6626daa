// SPDX-License-Identifier: Apache-2.0
#include "validator/report/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace validator::report {
namespace {

ir::Error cannot_write(const std::string& path, int code) {
  return {"cli-output", fmt::format("cannot write '{}': {}", path, std::strerror(code)), {path, 0, 0}};
}

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

ir::Result<OutputFile> OutputFile::create(const std::string& path) {
  if (path == "-") return OutputFile(path, "", ::dup(STDOUT_FILENO));
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return cannot_write(path, EISDIR);
    if (!S_ISREG(status.st_mode)) {
      const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (descriptor < 0) return cannot_write(path, errno);
      return OutputFile(path, "", descriptor);
    }
    if (::access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  }
  // One that was killed leaves its file, and in a container the next process may well have its number.
  constexpr unsigned most_left_behind = 1000;
  for (unsigned number = 0; number < most_left_behind; ++number) {
    const std::string temporary = fmt::format("{}.{}-{}.partial", path, ::getpid(), number);
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor >= 0) return OutputFile(path, temporary, descriptor);
    if (errno != EEXIST) break;
  }
  return cannot_write(path, errno);
}

void OutputFile::forget_earlier() const {
  if (!temporary_.empty()) ::unlink(path_.c_str());
}

ir::Result<bool> OutputFile::commit(std::string_view text) {
  if (const int code = write_all(descriptor_, text); code != 0) return cannot_write(path_, code);
  const bool closed = ::close(std::exchange(descriptor_, -1)) == 0;
  if (!closed) return cannot_write(path_, errno);
  if (temporary_.empty()) return true;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return cannot_write(path_, errno);
  temporary_.clear();
  return true;
}

}  // namespace validator::report
