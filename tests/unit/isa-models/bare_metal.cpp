// SPDX-License-Identifier: Apache-2.0
#include "bare_metal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bare_metal {
namespace {

namespace fs = std::filesystem;

constexpr const char* machine = "qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a76 -m 128 -nodefaults -display none -monitor none -serial stdio";

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("symbolon-bare-metal-" + std::to_string(getpid()))) { fs::create_directories(path_); }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

void write_experiments(const std::string& path, const std::vector<std::vector<std::uint32_t>>& experiments) {
  std::ofstream text(path);
  text << "  .text\n" << std::hex;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    text << "  .balign 16\nexperiment_" << std::dec << i << std::hex << ":\n";
    for (const std::uint32_t word : experiments[i]) text << "  .inst 0x" << word << '\n';
    text << "  brk #0xabcd\n";
  }
  text << std::dec << "  .section .rodata\n  .balign 8\n  .global experiments\nexperiments:\n";
  for (std::size_t i = 0; i < experiments.size(); ++i) text << "  .quad experiment_" << i << '\n';
  text << "  .quad 0\n";
}

void command(const std::string& line) {
  if (std::system(line.c_str()) != 0) throw std::runtime_error("failed: " + line);
}

Outcome outcome_of(const std::string& line, std::size_t index) {
  std::istringstream numbers(line);
  numbers >> std::hex;
  Outcome outcome;
  std::uint64_t number = 0;
  std::uint64_t events = 0;
  numbers >> number >> outcome.address;
  for (std::uint64_t& x : outcome.x) numbers >> x;
  numbers >> outcome.sp >> outcome.spsr >> events;
  for (std::uint64_t i = 0; i < events && numbers; ++i) {
    Event event;
    numbers >> event.esr >> event.offset;
    outcome.events.push_back(event);
  }
  for (std::uint64_t& word : outcome.data) numbers >> word;
  if (!numbers || number != index) throw std::runtime_error("the machine printed: " + line);
  return outcome;
}

}  // namespace

std::vector<Outcome> run(const std::vector<std::vector<std::uint32_t>>& experiments) {
  const Folder folder;
  const std::string source = SYMBOLON_SOURCE_DIR "/tests/unit/isa-models/bare-metal";
  const std::string image = folder / "image.elf";
  const std::string output = folder / "output";
  write_experiments(folder / "experiments.S", experiments);
  command("aarch64-linux-gnu-gcc -O1 -ffreestanding -mgeneral-regs-only -fno-pic -no-pie -static -nostdlib -Wl,--build-id=none,-z,noexecstack,--no-warn-rwx-segments -T " +
          source + "/link.ld " + source + "/start.S " + source + "/main.c " + (folder / "experiments.S") + " -o " + image);
  command("timeout 120 " + std::string(machine) + " -kernel " + image + " >" + output + " </dev/null");
  std::vector<Outcome> outcomes;
  std::ifstream lines(output);
  for (std::string line; std::getline(lines, line);) outcomes.push_back(outcome_of(line, outcomes.size()));
  if (outcomes.size() != experiments.size())
    throw std::runtime_error("the machine ran " + std::to_string(outcomes.size()) + " of " + std::to_string(experiments.size()) + " experiments");
  return outcomes;
}

}  // namespace bare_metal
