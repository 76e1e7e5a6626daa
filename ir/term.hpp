// SPDX-License-Identifier: Apache-2.0
// Terms: an immutable, hash-consed DAG. Two terms are equal as pointers exactly when they were built equal, so
// the prover's first question ("same term?") costs one comparison. Build them with the constructors of
// build.hpp, which normalise; never by hand.
//
// One interning pool serves the whole process and is not thread-safe: parallel work is done in forked worker
// processes (which also isolates crashes and memory). Nodes live until the process ends.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ir/sort.hpp"

namespace ir {

__extension__ typedef unsigned __int128 u128;

enum class Op : std::uint8_t {
#define OP(enumerator, text, smt) enumerator,
#include "ir/ops.def"
#undef OP
};

/// The text form's name of an operator (ops.def).
std::string_view op_name(Op op);

struct TermNode;

/// A handle on an interned node; cheap to copy. A default-constructed Term is null and may only be tested.
class Term {
 public:
  constexpr Term() = default;
  constexpr explicit Term(const TermNode* node) : node_(node) {}

  constexpr explicit operator bool() const { return node_ != nullptr; }
  friend constexpr bool operator==(Term, Term) = default;

  Op op() const;
  Sort sort() const;
  unsigned width() const;  ///< bits of a bitvec term; 0 for other sorts
  std::uint32_t id() const;  ///< dense, in order of creation: a deterministic sort key within one run
  std::span<const Term> args() const;
  Term arg(std::size_t index) const { return args()[index]; }

  bool is(Op wanted) const { return op() == wanted; }
  bool is_constant() const { return op() == Op::constant; }
  bool is_variable() const { return op() == Op::variable; }
  bool is_true() const;
  bool is_false() const;

  u128 value() const;                            ///< constant (Bool: 0 or 1)
  std::uint64_t value64() const;                 ///< constant, low 64 bits
  const std::string& name() const;               ///< variable, apply
  std::span<const u128> coefficients() const;    ///< sum: one per operand, each 1 .. 2^width-1
  u128 offset() const;                           ///< sum
  unsigned hi() const;                           ///< extract
  unsigned lo() const;                           ///< extract
  unsigned bytes() const;                        ///< load, store: 1 .. 16

  const TermNode* node() const { return node_; }

 private:
  const TermNode* node_ = nullptr;
};

}  // namespace ir

template <>
struct std::hash<ir::Term> {
  std::size_t operator()(ir::Term term) const noexcept { return std::hash<const void*>()(term.node()); }
};
