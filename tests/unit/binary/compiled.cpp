// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/binary/compiled.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "validator/binary/binary.hpp"

namespace binary_test {

namespace {

struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "symbolon-binary-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string quote(const std::string& text) { return "'" + text + "'"; }

}  // namespace

std::string compiler_name(Compiler compiler) { return compiler == Compiler::gcc ? "gcc" : "clang"; }

const std::string& work_folder() {
  static const Folder folder;
  return folder.path;
}

std::string compile(Compiler compiler, const std::string& flags, const std::string& text, const std::string& suffix,
                    const std::string& link_flags) {
  static int number = 0;
  const std::string base = work_folder() + "/t" + std::to_string(number++);
  std::ofstream(base + suffix) << text;
  const std::string common = " -ffreestanding -nostdlib -static -fno-pic -no-pie -mgeneral-regs-only -mno-outline-atomics"
                             " -fno-asynchronous-unwind-tables -Wl,-Ttext=0x40000000 -Wl,-e0x40000000 -Wl,--build-id=none ";
  const std::string tool = compiler == Compiler::gcc ? "aarch64-linux-gnu-g++ -fno-stack-protector"
                                                     : "clang++-19 --target=aarch64-linux-gnu -fuse-ld=lld-19 -Wno-unused-command-line-argument";
  const std::string language = suffix == ".c" ? " -x c " : suffix == ".S" ? " -x assembler-with-cpp " : " -x c++ -std=c++20 -fno-exceptions -fno-rtti ";
  const std::string command = tool + common + flags + " -o " + quote(base + ".elf") + language + quote(base + suffix) + " " + link_flags +
                              " > " + quote(base + ".log") + " 2>&1";
  if (std::system(command.c_str()) != 0) {
    const auto log = read_file(base + ".log");
    ADD_FAILURE() << command << "\n" << std::string(log.begin(), log.end());
    return "";
  }
  return base + ".elf";
}

validator::Image compile_image(Compiler compiler, const std::string& flags, const std::string& text, const std::string& suffix,
                               const std::string& link_flags) {
  auto image = validator::binary::read_image(compile(compiler, flags, text, suffix, link_flags));
  if (!image) {
    ADD_FAILURE() << image.error().to_string();
    return {};
  }
  return std::move(*image);
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace binary_test
