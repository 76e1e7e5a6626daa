// SPDX-License-Identifier: Apache-2.0
// The text goes through LLVM's whole assembler into an ELF object in memory, and .text is read back: so every directive
// means what it means to the compiler, and a relocation or a second section cannot be overlooked.
#include "validator/source/assemble.hpp"

#include <map>
#include <memory>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#include <llvm/MC/MCAsmBackend.h>
#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCCodeEmitter.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCObjectFileInfo.h>
#include <llvm/MC/MCObjectWriter.h>
#include <llvm/MC/MCParser/MCAsmParser.h>
#include <llvm/MC/MCParser/MCTargetAsmParser.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCStreamer.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#pragma GCC diagnostic pop

namespace validator::source {

namespace {

using Words = std::vector<std::uint32_t>;

ir::Error error(const char* code, std::string message) { return {code, std::move(message), {}}; }

void keep_message(const llvm::SMDiagnostic& diagnostic, void* out) {
  auto& text = *static_cast<std::string*>(out);
  if (text.empty()) {
    text = diagnostic.getMessage().str();
  }
}

const llvm::Target* target() {
  static const llvm::Target* found = [] {
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmParser();
    std::string problem;
    return llvm::TargetRegistry::lookupTarget("aarch64-linux-gnu", problem);
  }();
  return found;
}

ir::Result<Words> words_of(llvm::StringRef object_bytes) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(object_bytes, "asm"));
  if (!object) {
    llvm::consumeError(object.takeError());
    return error("asm-syntax", "the assembler's output cannot be read");
  }
  Words words;
  for (const llvm::object::SectionRef& section : (*object)->sections()) {
    const llvm::object::ELFSectionRef elf(section);
    if ((elf.getFlags() & llvm::ELF::SHF_ALLOC) == 0 || elf.getSize() == 0) {
      if (section.relocation_begin() != section.relocation_end()) {
        return error("asm-symbol", "the assembly refers to a symbol");
      }
      continue;
    }
    auto content = section.getContents();
    auto name = section.getName();
    if (!content || !name || *name != ".text" || content->size() % 4 != 0) {
      return error("asm-section", "the assembly emits something that is not code");
    }
    for (std::size_t i = 0; i < content->size(); i += 4) {
      std::uint32_t word = 0;
      for (std::size_t b = 0; b < 4; ++b) {
        word |= static_cast<std::uint32_t>(static_cast<std::uint8_t>((*content)[i + b])) << (8 * b);
      }
      words.push_back(word);
    }
  }
  return words;
}

ir::Result<Words> assemble_now(const std::string& text) {
  const llvm::Target* aarch64 = target();
  if (aarch64 == nullptr) {
    return error("asm-syntax", "this LLVM has no AArch64 assembler");
  }
  const llvm::Triple triple("aarch64-linux-gnu");
  const llvm::MCTargetOptions options;
  const std::unique_ptr<llvm::MCRegisterInfo> registers(aarch64->createMCRegInfo(triple.str()));
  const std::unique_ptr<llvm::MCAsmInfo> info(aarch64->createMCAsmInfo(*registers, triple.str(), options));
  const std::unique_ptr<llvm::MCInstrInfo> instructions(aarch64->createMCInstrInfo());
  const std::unique_ptr<llvm::MCSubtargetInfo> features(aarch64->createMCSubtargetInfo(triple.str(), "generic", "+all"));
  llvm::SourceMgr sources;
  std::string message;
  sources.setDiagHandler(keep_message, &message);
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, "asm"), llvm::SMLoc());
  llvm::MCContext context(triple, info.get(), registers.get(), features.get(), &sources, &options);
  const std::unique_ptr<llvm::MCObjectFileInfo> files(aarch64->createMCObjectFileInfo(context, false));
  context.setObjectFileInfo(files.get());
  llvm::SmallString<512> bytes;
  llvm::raw_svector_ostream out(bytes);
  std::unique_ptr<llvm::MCCodeEmitter> emitter(aarch64->createMCCodeEmitter(*instructions, context));
  std::unique_ptr<llvm::MCAsmBackend> backend(aarch64->createMCAsmBackend(*features, *registers, options));
  std::unique_ptr<llvm::MCObjectWriter> writer = backend->createObjectWriter(out);
  const std::unique_ptr<llvm::MCStreamer> streamer(aarch64->createMCObjectStreamer(
      triple, context, std::move(backend), std::move(writer), std::move(emitter), *features));
  streamer->initSections(false, *features);
  const std::unique_ptr<llvm::MCAsmParser> parser(llvm::createMCAsmParser(sources, context, *streamer, *info));
  const std::unique_ptr<llvm::MCTargetAsmParser> grammar(
      aarch64->createMCAsmParser(*features, *parser, *instructions, options));
  parser->setTargetParser(*grammar);
  if (parser->Run(true) || context.hadError() || !message.empty()) {
    return error("asm-syntax", "the assembler says: " + (message.empty() ? std::string("error") : message));
  }
  return words_of(llvm::StringRef(bytes));
}

}  // namespace

ir::Result<Words> assemble(const std::string& text) {
  static std::map<std::string, Words> known;
  const auto found = known.find(text);
  if (found != known.end()) {
    return found->second;
  }
  ir::Result<Words> result = assemble_now(text);
  if (result) {
    known[text] = *result;
  }
  return result;
}

}  // namespace validator::source
