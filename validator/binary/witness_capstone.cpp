// SPDX-License-Identifier: Apache-2.0
// The only includer of Capstone. Only its text is used: its operand access information and alias ids are wrong for
// common instructions (4.0.2).
#include <capstone/capstone.h>

#include <array>

#include "validator/binary/witness.hpp"

namespace validator::binary {

namespace {

class Capstone final : public Disassembler {
 public:
  explicit Capstone(csh handle) : handle_(handle), instruction_(cs_malloc(handle)) {}
  ~Capstone() override {
    if (instruction_ != nullptr) cs_free(instruction_, 1);
    cs_close(&handle_);
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;

  std::string name() const override { return "Capstone"; }

  std::string text(std::uint32_t word, std::uint64_t address) override {
    if (instruction_ == nullptr) return {};
    std::array<std::uint8_t, 4> bytes{};
    for (unsigned i = 0; i < 4; ++i) bytes.at(i) = static_cast<std::uint8_t>(word >> 8 * i);
    const std::uint8_t* code = bytes.data();
    std::size_t size = bytes.size();
    if (!cs_disasm_iter(handle_, &code, &size, &address, instruction_)) return {};
    std::string text = instruction_->mnemonic;
    if (instruction_->op_str[0] != '\0') text += std::string(" ") + instruction_->op_str;
    return text;
  }

 private:
  csh handle_;
  cs_insn* instruction_;
};

}  // namespace

std::unique_ptr<Disassembler> make_capstone() {
  csh handle = 0;
  if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle) != CS_ERR_OK) return nullptr;
  return std::make_unique<Capstone>(handle);
}

}  // namespace validator::binary
