// SPDX-License-Identifier: Apache-2.0
// The only includer of LLVM's MC in this folder: the second witness, for words that Capstone 4.0.2 does not know.
#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Triple.h>

#include <array>

#include "validator/binary/witness.hpp"

namespace validator::binary {

namespace {

constexpr const char* triple_name = "aarch64-none-elf";

class Llvm final : public Disassembler {
 public:
  bool open() {
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64Disassembler();
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple_name, error);
    if (target == nullptr) return false;
    const llvm::Triple triple(triple_name);
    registers_.reset(target->createMCRegInfo(triple_name));
    if (!registers_) return false;
    assembly_.reset(target->createMCAsmInfo(*registers_, triple_name, llvm::MCTargetOptions()));
    instructions_.reset(target->createMCInstrInfo());
    features_.reset(target->createMCSubtargetInfo(triple_name, "", "+all"));
    if (!assembly_ || !instructions_ || !features_) return false;
    context_ = std::make_unique<llvm::MCContext>(triple, assembly_.get(), registers_.get(), features_.get());
    disassembler_.reset(target->createMCDisassembler(*features_, *context_));
    printer_.reset(target->createMCInstPrinter(triple, 0, *assembly_, *instructions_, *registers_));
    if (!disassembler_ || !printer_) return false;
    printer_->setPrintBranchImmAsAddress(true);
    return true;
  }

  std::string name() const override { return "LLVM"; }

  std::string text(std::uint32_t word, std::uint64_t address) override {
    std::array<std::uint8_t, 4> bytes{};
    for (unsigned i = 0; i < 4; ++i) bytes.at(i) = static_cast<std::uint8_t>(word >> 8 * i);
    llvm::MCInst instruction;
    std::uint64_t size = 0;
    // SoftFail (LLVM calls the word unpredictable) still gives text; what is unpredictable, the models decide. LLVM 19 gives
    // it for LDTR with Rt == Rn, too, which the Arm ARM allows (C6.2 LDTR has no such constraint: no writeback).
    if (disassembler_->getInstruction(instruction, size, bytes, address, llvm::nulls()) == llvm::MCDisassembler::Fail) return {};
    std::string text;
    llvm::raw_string_ostream stream(text);
    printer_->printInst(&instruction, address, "", *features_, stream);
    stream.flush();
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? std::string() : text.substr(first);
  }

 private:
  std::unique_ptr<llvm::MCRegisterInfo> registers_;
  std::unique_ptr<llvm::MCAsmInfo> assembly_;
  std::unique_ptr<llvm::MCInstrInfo> instructions_;
  std::unique_ptr<llvm::MCSubtargetInfo> features_;
  std::unique_ptr<llvm::MCContext> context_;
  std::unique_ptr<llvm::MCDisassembler> disassembler_;
  std::unique_ptr<llvm::MCInstPrinter> printer_;
};

}  // namespace

std::unique_ptr<Disassembler> make_llvm() {
  auto reader = std::make_unique<Llvm>();
  if (!reader->open()) return nullptr;
  return reader;
}

}  // namespace validator::binary
