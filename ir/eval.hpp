// SPDX-License-Identifier: Apache-2.0
// The concrete meaning of terms: the reference that the normalising constructors, the SMT translation and the
// instruction models are tested against.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "ir/term.hpp"

namespace ir {

/// A concrete memory: explicit bytes over a deterministic background (a hash of seed and address, one byte, or aligned
/// 64-bit words that the hash draws from a list).
class ConcreteMemory {
 public:
  explicit ConcreteMemory(std::uint64_t seed = 0) : seed_(seed) {}
  static ConcreteMemory filled(std::uint8_t byte);
  static ConcreteMemory drawn_from(std::shared_ptr<const std::vector<std::uint64_t>> words, std::uint64_t seed);

  std::uint8_t byte(std::uint64_t address) const;
  void set_byte(std::uint64_t address, std::uint8_t value) { bytes_[address] = value; }
  u128 load(std::uint64_t address, unsigned bytes) const;
  void store(std::uint64_t address, unsigned bytes, u128 value);
  const std::map<std::uint64_t, std::uint8_t>& written() const { return bytes_; }
  /// Equal for memories with one background that hold the same bytes everywhere.
  std::uint64_t fingerprint() const;

 private:
  std::uint8_t background(std::uint64_t address) const;

  std::uint64_t seed_ = 0;
  int fill_ = -1;
  std::shared_ptr<const std::vector<std::uint64_t>> words_;
  std::map<std::uint64_t, std::uint8_t> bytes_;
};

/// Values of variables. A variable that is not listed has the value 0 (memories: the empty ConcreteMemory).
struct Valuation {
  std::unordered_map<Term, u128> scalars;  ///< Bool: 0 or 1
  std::unordered_map<Term, std::shared_ptr<const ConcreteMemory>> memories;
};

/// The value of a Bool or BitVec term. `apply` terms must be listed in the valuation as if they were variables.
u128 evaluate(Term term, const Valuation& valuation);
std::shared_ptr<const ConcreteMemory> evaluate_memory(Term term, const Valuation& valuation);

/// Evaluates many terms over one valuation with a shared memo.
class Evaluator {
 public:
  explicit Evaluator(const Valuation& valuation);
  ~Evaluator();
  u128 scalar(Term term);
  std::shared_ptr<const ConcreteMemory> memory(Term term);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ir
