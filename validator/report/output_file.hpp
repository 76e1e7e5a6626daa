// SPDX-License-Identifier: Apache-2.0
// A result file that is opened before any work and appears whole or not at all: the text goes to a temporary file
// in the same folder, which is renamed at the end. A run of an hour must not end with "permission denied".
#pragma once

#include <string>
#include <string_view>

#include "ir/result.hpp"

namespace validator::report {

class OutputFile {
 public:
  /// Creates the temporary file; "-" is standard output. Error "cli-output": the place cannot be written.
  static ir::Result<OutputFile> create(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  ///< removes the temporary file when nothing was committed

  /// Removes the file that an earlier run left under the name. From here on there is none until `commit`, whatever becomes of this process.
  void forget_earlier() const;

  /// Writes the text and renames. Error "cli-output" with the system's message.
  ir::Result<bool> commit(std::string_view text);

 private:
  OutputFile(std::string path, std::string temporary, int descriptor);

  std::string path_;
  std::string temporary_;  ///< empty: written in place (standard output, a device)
  int descriptor_ = -1;
};

}  // namespace validator::report
