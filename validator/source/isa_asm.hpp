// SPDX-License-Identifier: Apache-2.0
// The AsmLifter that the instruction models give.
#pragma once

#include "isa-models/isa.hpp"
#include "validator/source/source.hpp"

namespace validator::source {

/// One semantics for both halves: the words of inline assembly mean what they mean in a lifted binary.
class IsaAsmLifter : public AsmLifter {
 public:
  explicit IsaAsmLifter(isa::Models models) : models_(std::move(models)) {}
  ir::Result<AsmStep> lift(std::uint32_t word, std::uint64_t address) const override;

 private:
  isa::Models models_;
};

}  // namespace validator::source
