// SPDX-License-Identifier: Apache-2.0
// What depends on there being a person at a terminal: colours and a pager. Neither touches data.
#pragma once

#include <cstdio>

#include <sys/types.h>

namespace validator::app {

/// A terminal, NO_COLOR not set (no-color.org: or empty), TERM not "dumb".
bool wants_colour(std::FILE* stream);

/// While it lives, standard output goes through $PAGER (less, when unset) if it is a terminal; PAGER= or PAGER=cat: as it
/// is. The end waits until the person has left the pager.
class Pager {
 public:
  Pager();
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

 private:
  pid_t child_ = -1;
};

}  // namespace validator::app
