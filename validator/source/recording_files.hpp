// SPDX-License-Identifier: Apache-2.0
// A file system that writes down what it is asked. It stands between Clang (driver and parser) and the disk.
#pragma once

#include <map>
#include <string>

#include <llvm/Support/VirtualFileSystem.h>

#include "validator/source/file_trace.hpp"

namespace validator::source {

/// Puts questions into a trace, each once; a second answer that differs makes the trace unsteady.
class FileRecorder {
 public:
  explicit FileRecorder(FileTrace& trace) : trace_(trace) {}

  void status(const std::string& path, const llvm::ErrorOr<llvm::vfs::Status>& status);
  void unreadable(const std::string& path);
  void content(const std::string& path, llvm::StringRef bytes);
  void listing(const std::string& path, llvm::vfs::FileSystem& files);
  void real_path(const std::string& path, llvm::StringRef real);

 private:
  void note(FileQuestion::Kind kind, const std::string& path, std::string answer);

  FileTrace& trace_;
  std::map<std::pair<FileQuestion::Kind, std::string>, std::size_t> asked_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> first_with_identity_;
};

/// The disk, seen from `directory`, with everything recorded.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> recording_files(const std::string& directory, FileRecorder& recorder);

}  // namespace validator::source
