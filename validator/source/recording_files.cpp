// SPDX-License-Identifier: Apache-2.0
#include "validator/source/recording_files.hpp"

#include <algorithm>

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SHA256.h>

namespace validator::source {

namespace {

using llvm::vfs::FileSystem;
using Kind = FileQuestion::Kind;

std::string sha256(llvm::StringRef bytes) {
  llvm::SHA256 hash;
  hash.update(bytes);
  return llvm::toHex(hash.final(), true);
}

bool depends_on_time(llvm::StringRef bytes) {
  return bytes.contains("__DATE__") || bytes.contains("__TIME__") || bytes.contains("__TIMESTAMP__");
}

/// An open file whose bytes are noted when they are read.
class RecordingFile : public llvm::vfs::File {
 public:
  RecordingFile(std::unique_ptr<File> file, std::string path, FileRecorder& recorder)
      : file_(std::move(file)), path_(std::move(path)), recorder_(recorder) {}

  llvm::ErrorOr<llvm::vfs::Status> status() override { return file_->status(); }
  llvm::ErrorOr<std::string> getName() override { return file_->getName(); }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine& name, std::int64_t size,
                                                               bool terminated, bool is_volatile) override {
    auto buffer = file_->getBuffer(name, size, terminated, is_volatile);
    if (buffer) {
      recorder_.content(path_, (*buffer)->getBuffer());
    } else {
      recorder_.unreadable(path_);
    }
    return buffer;
  }
  std::error_code close() override { return file_->close(); }

 private:
  std::unique_ptr<File> file_;
  std::string path_;
  FileRecorder& recorder_;
};

class RecordingFiles : public llvm::vfs::ProxyFileSystem {
 public:
  RecordingFiles(llvm::IntrusiveRefCntPtr<FileSystem> disk, FileRecorder& recorder)
      : ProxyFileSystem(std::move(disk)), recorder_(recorder) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override {
    auto status = getUnderlyingFS().status(path);
    recorder_.status(absolute(path), status);
    return status;
  }
  bool exists(const llvm::Twine& path) override {
    const auto found = status(path);
    return found && found->exists();
  }
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override {
    static_cast<void>(status(path));
    auto file = getUnderlyingFS().openFileForRead(path);
    if (!file) {
      recorder_.unreadable(absolute(path));
      return file;
    }
    return std::unique_ptr<llvm::vfs::File>(
        std::make_unique<RecordingFile>(std::move(*file), absolute(path), recorder_));
  }
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine& folder, std::error_code& error) override {
    recorder_.listing(absolute(folder), getUnderlyingFS());
    return getUnderlyingFS().dir_begin(folder, error);
  }
  std::error_code getRealPath(const llvm::Twine& path, llvm::SmallVectorImpl<char>& output) override {
    const std::error_code error = getUnderlyingFS().getRealPath(path, output);
    recorder_.real_path(absolute(path), error ? llvm::StringRef() : llvm::StringRef(output.data(), output.size()));
    return error;
  }

 private:
  std::string absolute(const llvm::Twine& path) const {
    llvm::SmallString<256> text;
    path.toVector(text);
    static_cast<void>(makeAbsolute(text));
    return std::string(text);
  }

  FileRecorder& recorder_;
};

}  // namespace

void FileRecorder::note(Kind kind, const std::string& path, std::string answer) {
  const auto [at, added] = asked_.try_emplace({kind, path}, trace_.questions.size());
  if (added) {
    trace_.questions.push_back({kind, path, std::move(answer)});
  } else if (trace_.questions[at->second].answer != answer) {
    trace_.steady = false;
  }
}

/// Neither sizes nor times: what a file holds is another question. But whether two names are one file decides what
/// `#pragma once` leaves out.
void FileRecorder::status(const std::string& path, const llvm::ErrorOr<llvm::vfs::Status>& status) {
  if (!status) {
    note(Kind::status, path, "none");
    return;
  }
  const auto identity = status->getUniqueID();
  const std::string& first =
      first_with_identity_.try_emplace({identity.getDevice(), identity.getFile()}, path).first->second;
  note(Kind::status, path, (status->isDirectory() ? "folder " : "file ") + first);
}

void FileRecorder::unreadable(const std::string& path) { note(Kind::content, path, "none"); }

void FileRecorder::content(const std::string& path, llvm::StringRef bytes) {
  if (depends_on_time(bytes)) trace_.steady = false;
  note(Kind::content, path, sha256(bytes));
}

void FileRecorder::listing(const std::string& path, FileSystem& files) {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::vfs::directory_iterator at = files.dir_begin(path, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().str() + (at->type() == llvm::sys::fs::file_type::directory_file ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += std::to_string(name.size()) + ":" + name;
  note(Kind::listing, path, sha256(text));
}

void FileRecorder::real_path(const std::string& path, llvm::StringRef real) { note(Kind::real_path, path, real.str()); }

llvm::IntrusiveRefCntPtr<FileSystem> recording_files(const std::string& directory, FileRecorder& recorder) {
  llvm::IntrusiveRefCntPtr<FileSystem> disk(llvm::vfs::createPhysicalFileSystem());
  static_cast<void>(disk->setCurrentWorkingDirectory(directory));
  return llvm::IntrusiveRefCntPtr<FileSystem>(new RecordingFiles(std::move(disk), recorder));
}

bool still_holds(const FileTrace& trace) {
  if (!trace.steady) return false;
  FileTrace now;
  FileRecorder recorder(now);
  const llvm::IntrusiveRefCntPtr<FileSystem> disk(llvm::vfs::createPhysicalFileSystem());
  for (const FileQuestion& question : trace.questions) {
    switch (question.kind) {
      case Kind::status:
        recorder.status(question.path, disk->status(question.path));
        break;
      case Kind::content:
        if (auto buffer = disk->getBufferForFile(question.path)) {
          recorder.content(question.path, (*buffer)->getBuffer());
        } else {
          recorder.unreadable(question.path);
        }
        break;
      case Kind::listing:
        recorder.listing(question.path, *disk);
        break;
      case Kind::real_path: {
        llvm::SmallString<256> real;
        const std::error_code error = disk->getRealPath(question.path, real);
        recorder.real_path(question.path, error ? llvm::StringRef() : llvm::StringRef(real));
        break;
      }
    }
    if (now.questions.empty() || now.questions.back().answer != question.answer) return false;
  }
  return now.steady && now.questions.size() == trace.questions.size();
}

}  // namespace validator::source
