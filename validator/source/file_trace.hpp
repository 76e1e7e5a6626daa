// SPDX-License-Identifier: Apache-2.0
// What reading the sources asked the file system. A list of included files is not enough to tell that a parse would
// give the same again: a header that appears earlier on the search path changes it too. So every question is kept, with
// its answer, also the ones that were answered by "no such file".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace validator::source {

struct FileQuestion {
  enum class Kind : std::uint8_t {
    status,     ///< does it exist, as what, and is it the same file as an earlier one
    content,    ///< SHA-256 of the bytes that were read
    listing,    ///< the names in a folder
    real_path,  ///< after symbolic links
  };
  Kind kind = Kind::status;
  std::string path;  ///< absolute
  std::string answer;
};

struct FileTrace {
  std::vector<FileQuestion> questions;  ///< each once, in the order asked
  /// False: a file changed while it was read, or its meaning depends on the time (__DATE__, __TIME__, __TIMESTAMP__).
  /// Such a trace says nothing about another run.
  bool steady = true;
};

/// Would reading the sources again get the same answers?
bool still_holds(const FileTrace& trace);

}  // namespace validator::source
