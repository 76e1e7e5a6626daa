// SPDX-License-Identifier: Apache-2.0
// A function as both lifters deliver it: a graph plus its interface. README.md ("Conventions of lifted functions")
// is the contract between the lifters and the prover.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ir/graph.hpp"

namespace ir {

/// A source local that lives in memory: its address was taken, or it is an aggregate. `base` is a 64-bit
/// variable named "%name.N" that stands for its address.
struct LocalObject {
  Term base;
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t alignment = 1;
};

struct Function {
  std::string symbol;   ///< linkage name
  std::string display;  ///< readable name, for reports
  std::string unit;     ///< source: main file of the translation unit
  Location where;       ///< source: the definition
  Graph graph;
  std::vector<AbiSlot> parameters;  ///< source
  std::vector<AbiSlot> results;     ///< source; terms are null, `width`s stand in result_bits
  std::vector<unsigned> result_bits;  ///< source: significant bits of each result slot
  bool returns = true;              ///< source: false when declared noreturn
  bool internal = false;            ///< source: internal linkage; binary: local symbol
  bool is_inline = false;           ///< source: may have no code of its own (inline, template, static)
  bool finite_loops = false;        ///< source: the language lets a compiler assume that loops without effects end
  /// Source: the language lets a compiler assume that some accesses do not overlap, and the graph does not say which: restrict, or
  /// effective types (C11 6.5p7) without -fno-strict-aliasing.
  bool assumes_no_alias = false;
  std::vector<LocalObject> locals;  ///< source
  std::uint64_t address = 0;        ///< binary: first byte
  std::uint64_t bytes = 0;          ///< binary: size of the symbol
};

/// A global object or string literal of the source. Its address is the 64-bit variable `base`: "@symbol" for a named
/// object, "@literal.N" (N unique in the module) for a literal or a constant object without a symbol.
struct GlobalObject {
  Term base;
  std::string symbol;  ///< empty for a literal
  std::uint64_t bytes = 0;
  std::uint64_t alignment = 1;
  bool is_const = false;
  bool has_volatile = false;           ///< it, or a part of it, is declared volatile
  bool internal = false;
  bool is_definition = false;
  bool has_initialiser = false;        ///< `initial` is valid
  std::vector<std::uint8_t> initial;   ///< bytes of the initialiser
  std::vector<std::pair<std::uint64_t, std::string>> relocations;  ///< offset -> symbol whose address (8 bytes) stands there
  Location where;
};

/// Everything that was lifted from one image or one set of translation units. A function that could not be lifted
/// stands in `failed` with the reason.
struct Module {
  std::map<std::string, Function> functions;
  std::map<std::string, Error> failed;
  std::map<std::string, GlobalObject> globals;  ///< by name of `base`
};

/// Replaces the call node by a copy of the callee's graph: parameters bound to arguments, results to the
/// call's result variables, every variable and local object of the callee renamed with a fresh suffix. Source graphs only.
void inline_source_call(Function& caller, Graph::NodeId call, const Function& callee);
/// The same for a binary callee: control enters at its entry with the caller's registers, and each Return
/// of the callee continues after the call. The checker still proves that the return address is the call's (x30).
void inline_binary_call(Function& caller, Graph::NodeId call, const Function& callee);

}  // namespace ir
