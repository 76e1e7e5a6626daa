// SPDX-License-Identifier: Apache-2.0
#include "validator/app/isa_readers.hpp"

#include "validator/app/gnu_tools.hpp"
#include "validator/binary/witness.hpp"

namespace validator::app {

ir::Result<isa::Readers> isa_readers(bool gnu) {
  auto opened = binary::Witness::open();
  if (!opened) return opened.error();
  const std::shared_ptr<binary::Witness> witness = std::move(*opened);
  isa::Readers readers;
  readers.compare = [witness](const isa::Models& models, const isa::Decoded& decoded, std::uint64_t address) {
    const binary::Witness::Answer answer = witness->check(models, decoded, address);
    using From = binary::Witness::Verdict;
    using To = isa::Readers::Answer::Verdict;
    const To verdict = answer.verdict == From::agrees ? To::agrees : answer.verdict == From::disagrees ? To::disagrees : To::unknown;
    return isa::Readers::Answer{verdict, answer.witness, answer.text};
  };
  const std::shared_ptr<binary::Disassembler> llvm = binary::make_llvm();
  readers.all.push_back({"LLVM", [llvm](const std::vector<std::uint32_t>& words) {
                           std::vector<std::string> texts;
                           for (const std::uint32_t word : words) texts.push_back(llvm->text(word, 0));
                           return texts;
                         }});
  if (!gnu) return readers;
  // So that a missing program is an error at the start, not silence later.
  if (const auto tried = gnu_disassemble({0xd503201f}); !tried) return tried.error();
  readers.all.push_back({"GNU", [](const std::vector<std::uint32_t>& words) {
                           auto texts = gnu_disassemble(words);
                           // A failing objdump must not pass for one that refuses every word.
                           return texts ? std::move(*texts) : std::vector<std::string>(words.size(), texts.error().to_string());
                         }});
  return readers;
}

}  // namespace validator::app
