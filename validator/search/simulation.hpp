// SPDX-License-Identifier: Apache-2.0
// Random concrete states in which terms of both halves are evaluated: terms that differ in one of them are not equal,
// and need no solver to tell. Values are drawn so that kernel code goes everywhere: pointers into a few objects, null,
// small numbers, and the constants that the source compares with.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/eval.hpp"
#include "validator/check/source_run.hpp"

namespace validator::search {

class Simulation {
 public:
  explicit Simulation(const check::SourceRun& source);

  static constexpr std::size_t sample_count = 192;
  /// Leaves out the samples that break one of these facts, too. (Those of the source hold from the start.) A list that grew since the
  /// last call is looked at from there on.
  void restrict_to(const std::vector<check::Fact>& facts);
  /// Takes back what `restrict_to` left out.
  void restart();
  /// One more state. What it does not name is drawn.
  void add(const ir::Valuation& state);
  std::size_t possible_count() const { return possible_.size(); }
  /// In which samples is the condition true?
  std::vector<std::size_t> where(ir::Term condition);
  ir::u128 value(std::size_t sample, ir::Term term);
  std::uint64_t fingerprint(std::size_t sample, ir::Term memory);

 private:
  struct Sample {
    ir::Valuation valuation;
    std::unique_ptr<ir::Evaluator> evaluator;
    std::uint64_t seed = 0;
  };
  void note_constants(const check::SourceRun& source);
  void note_pointers(const check::SourceRun& source);
  void register_variables(ir::Term term);
  void draw(Sample& sample, ir::Term variable) const;
  void settle_visits(Sample& sample, std::span<const check::Fact> facts) const;
  bool is_new(Sample& sample, const check::SourceRun& source);
  static bool obeys(Sample& sample, std::span<const check::Fact> facts);

  std::vector<std::unique_ptr<Sample>> samples_;
  std::vector<std::size_t> possible_;  ///< samples that break no fact
  std::shared_ptr<const std::vector<std::uint64_t>> words_;
  std::unordered_set<ir::Term> pointer_variables_;
  std::set<std::uint64_t> pointer_offsets_;  ///< of fields, from the start of their object
  std::unordered_set<ir::Term> registered_;
  std::vector<ir::Term> variables_;
  std::unordered_map<ir::Term, unsigned> visits_;  ///< samples by path
  std::size_t facts_seen_ = 0;
};

}  // namespace validator::search
