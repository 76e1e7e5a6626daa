// SPDX-License-Identifier: Apache-2.0
// What one proof has asked of its surroundings. Search and checker see modules and image only through this class, so
// its list is complete by construction: as long as every question on it has the same answer, the same proof runs the
// same way. The verdict cache rests on that.
#pragma once

#include <set>
#include <string>

#include "validator/check/surroundings.hpp"

namespace validator::check {

class Evidence {
 public:
  explicit Evidence(const Surroundings& around) : around_(around) {}

  const ir::Function* source_body(const std::string& symbol) const;
  const ir::Function* binary_body(std::uint64_t address) const;
  const ir::Function* binary_named(const std::string& symbol) const;
  bool is_pair(std::uint64_t address) const;
  std::optional<std::uint64_t> address_of(const std::string& name) const;
  std::optional<std::uint64_t> constant_bytes(const std::string& name, std::uint64_t offset, unsigned bytes) const;
  bool writes_no_memory(std::uint64_t address) const;
  bool is_plain_object(std::uint64_t address, std::uint64_t bytes) const;
  bool x18_reserved() const;
  std::set<std::string> preserved(std::uint64_t callee) const;
  std::optional<std::uint64_t> read_only(std::uint64_t address, unsigned bytes) const;
  std::optional<Symbol> containing(std::uint64_t address) const;

  /// Everything asked so far, each once, as texts for answer_to().
  const std::set<std::string>& questions() const { return questions_; }

 private:
  const Surroundings& around_;
  mutable std::set<std::string> questions_;
};

/// The answer to a question of Evidence::questions(), as a text: two answers have the same text only if a proof cannot
/// tell them apart. Bodies are printed without file names, lines and display names, which no proof looks at. Nothing
/// for a text that is no question.
std::optional<std::string> answer_to(const std::string& question, const Surroundings& around);

}  // namespace validator::check
