// SPDX-License-Identifier: Apache-2.0
#include "validator/binary/words.hpp"

#include <fmt/format.h>

namespace validator::binary {

ir::Error WordLifter::explain(const ir::Error& error, std::uint32_t word, std::uint64_t address) {
  std::string text = witness_ != nullptr ? witness_->text(word, address) : "";
  if (!text.empty()) text = " (" + text + ")";
  const std::string help = error.code == isa::no_model ? "; add its encoding to a group of isa-models/aarch64/*.isa" : "";
  return ir::Error{error.code, fmt::format("{:#x}: word {:#010x}{}: {}{}", address, word, text, error.message, help), {}};
}

ir::Result<isa::Lifted> WordLifter::lift(std::uint32_t word, std::uint64_t address) {
  const auto decoded = models_.decode(word);
  if (!decoded) return explain(decoded.error(), word, address);
  if (witness_ != nullptr) {
    const Witness::Answer answer = witness_->check(models_, *decoded, address);
    if (answer.verdict != Witness::Verdict::agrees) {
      const bool disagrees = answer.verdict == Witness::Verdict::disagrees;
      return ir::Error{disagrees ? "witness-disagrees" : "witness-unknown",
                       fmt::format("{:#x}: word {:#010x}: the model says \"{}\", {}", address, word, decoded->text(address),
                                   disagrees ? fmt::format("{} says \"{}\"; one of them is wrong: correct the model, or list the "
                                                           "witness's defect in validator/binary/witness_defects.tsv",
                                                           answer.witness, answer.text)
                                             : "and no disassembler knows the word"),
                       {}};
    }
  }
  auto lifted = models_.lift(*decoded, address);
  if (!lifted) return explain(lifted.error(), word, address);
  if (lifted->uses_vectors)
    return explain({std::string(isa::vector_register), "the proof has no place for the vector registers", {}}, word, address);
  if (!lifted->feature.empty())
    return explain({std::string(isa::feature_hint), "the hint changes a register where " + lifted->feature + " is implemented", {}}, word, address);
  return lifted;
}

}  // namespace validator::binary
