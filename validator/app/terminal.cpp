// SPDX-License-Identifier: Apache-2.0
#include "validator/app/terminal.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace validator::app {
namespace {

std::string_view environment(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::string_view(value);
}

}  // namespace

bool wants_colour(std::FILE* stream) {
  return ::isatty(::fileno(stream)) != 0 && environment("NO_COLOR", "").empty() && environment("TERM", "dumb") != "dumb";
}

Pager::Pager() {
  const std::string_view pager = environment("PAGER", "less");
  if (::isatty(STDOUT_FILENO) == 0 || pager.empty() || pager == "cat") return;
  int ends[2];
  if (::pipe(ends) != 0) return;
  std::fflush(stdout);
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::setenv("LESS", "FRX", 0);  // less: end at once when all fits a screen, keep colours
    const char* command = std::getenv("PAGER");
    // The shell also says when there is no such program; the text must not be lost then.
    ::execl("/bin/sh", "sh", "-c", "eval \"$0\" || cat", command == nullptr ? "less" : command, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[0]);
  if (child_ > 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::signal(SIGPIPE, SIG_IGN);  // the person may leave before the end
  }
  ::close(ends[1]);
}

Pager::~Pager() {
  if (child_ <= 0) return;
  std::fflush(stdout);
  ::close(STDOUT_FILENO);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace validator::app
