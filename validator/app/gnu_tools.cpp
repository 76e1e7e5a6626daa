// SPDX-License-Identifier: Apache-2.0
#include "validator/app/gnu_tools.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>

extern char** environ;  // NOLINT: POSIX wants it declared here

namespace validator::app {
namespace {

namespace fs = std::filesystem;

/// A folder for one call, removed at its end.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "symbolon-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  bool usable() const { return !path_.empty(); }
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

ir::Error no_folder() { return {"gnu-tools", "cannot make a folder in " + fs::temp_directory_path().string(), {}}; }

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Runs a program of PATH; its output and errors go to a file. The exit status, or an error when it cannot be started.
ir::Result<int> run(std::vector<std::string> command, const std::string& output) {
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return ir::Error{"gnu-tools", "cannot run " + command[0] + ": " + std::strerror(error) + " (package binutils-aarch64-linux-gnu)", {}};
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return ir::Error{"gnu-tools", command[0] + " did not end well", {}};
  return WEXITSTATUS(status);
}

}  // namespace

ir::Result<std::vector<std::string>> gnu_disassemble(const std::vector<std::uint32_t>& words) {
  const Scratch scratch;
  if (!scratch.usable()) return no_folder();
  {
    std::ofstream stream(scratch.file("words.bin"), std::ios::binary);
    for (const std::uint32_t word : words)
      for (unsigned i = 0; i < 4; ++i) stream.put(static_cast<char>(word >> 8 * i));
  }
  const auto status = run({"aarch64-linux-gnu-objdump", "-D", "-z", "-b", "binary", "-m", "aarch64", scratch.file("words.bin")}, scratch.file("out"));
  if (!status) return status.error();
  std::vector<std::string> texts(words.size());
  std::istringstream lines(contents(scratch.file("out")));
  std::size_t known = 0;
  for (std::string line; std::getline(lines, line);) {
    // "  1c:	8b010000 	add	x0, x0, x1"
    const std::size_t colon = line.find(":\t"), tab = colon == std::string::npos ? colon : line.find('\t', colon + 2);
    if (tab == std::string::npos) continue;
    const std::size_t first = line.find_first_not_of(' ');
    std::uint64_t offset = 0;
    const auto [end, error] = std::from_chars(line.data() + first, line.data() + colon, offset, 16);
    if (error != std::errc() || end != line.data() + colon || offset / 4 >= words.size()) continue;
    std::string text = line.substr(tab + 1);
    for (char& c : text) c = c == '\t' ? ' ' : c;
    ++known;
    if (!text.starts_with(".inst")) texts[offset / 4] = std::move(text);
  }
  if (*status != 0 || known != words.size()) return ir::Error{"gnu-tools", "objdump printed " + std::to_string(known) + " of " + std::to_string(words.size()) + " words", {}};
  return texts;
}

ir::Result<std::uint32_t> gnu_assemble(const std::string& instruction) {
  const Scratch scratch;
  if (!scratch.usable()) return no_folder();
  std::ofstream(scratch.file("one.s")) << instruction << "\n";
  const auto status = run({"aarch64-linux-gnu-as", "-march=armv8.5-a", "-o", scratch.file("one.o"), scratch.file("one.s")}, scratch.file("out"));
  if (!status) return status.error();
  if (*status != 0) {
    std::string message = contents(scratch.file("out"));
    if (const auto at = message.find("Error: "); at != std::string::npos) message = message.substr(at + 7, message.find('\n', at) - at - 7);
    return ir::Error{"isa-assemble", "'" + instruction + "' is neither 8 hexadecimal digits nor an instruction: " + message, {}};
  }
  const auto copied = run({"aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", scratch.file("one.o"), scratch.file("one.bin")}, scratch.file("out"));
  if (!copied) return copied.error();
  const std::string bytes = contents(scratch.file("one.bin"));
  if (bytes.size() != 4) return ir::Error{"isa-assemble", "'" + instruction + "' is not one instruction", {}};
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << 8 * i;
  return word;
}

}  // namespace validator::app
