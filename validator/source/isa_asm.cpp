// SPDX-License-Identifier: Apache-2.0
#include "validator/source/isa_asm.hpp"

namespace validator::source {

ir::Result<AsmStep> IsaAsmLifter::lift(std::uint32_t word, std::uint64_t address) const {
  const ir::Result<isa::Lifted> lifted = models_.lift(word, address);
  if (!lifted) {
    return lifted.error();
  }
  if (lifted->uses_vectors) {
    return ir::Error{std::string(isa::vector_register), "the proof has no place for the vector registers of inline assembly", {}};
  }
  if (!lifted->feature.empty()) {
    return ir::Error{std::string(isa::feature_hint), "the hint changes a register where " + lifted->feature + " is implemented", {}};
  }
  AsmStep step;
  step.ops = lifted->ops;
  step.assignments = lifted->assignments;
  step.falls_through = lifted->transfer.kind == isa::Transfer::Kind::none;
  step.stops = lifted->transfer.kind == isa::Transfer::Kind::stop;
  return step;
}

}  // namespace validator::source
