// SPDX-License-Identifier: Apache-2.0
// Runs both halves of a pair on one entry state and environment and says whether the binary's behaviour is one that the
// theorem (DESIGN.md 1, B1-B5) allows. Every doubt is resolved towards "no difference": a wrong `refuted` is a
// lie as well, and a missed difference only leaves the function `unknown`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "validator/replay/run.hpp"

namespace validator::replay {

/// "0x" and hexadecimal digits, without leading zeros.
std::string hex(u128 value);

enum class DifferenceKind : std::uint8_t {
  event_kind,     ///< another kind of event
  missing_event,  ///< the binary ends before the source's event
  extra_event,    ///< the binary has an event where the source ends
  callee,
  argument,
  effect,  ///< another system instruction, register or width
  operand,
  order,            ///< weaker memory order
  volatile_access,  ///< another address, width, direction or value, or not a single access
  memory,           ///< visible memory at an event or at the end
  result,
  callee_saved,
  stack_pointer,
  return_address,
  ending,         ///< leaves the function in another way
  divergence,     ///< one side runs for ever silently, the other does not
  extra_read,     ///< B5: reads bytes that the source does not access and that are no known object
  extra_write,    ///< B5: writes bytes that the source does not write there
  below_stack,    ///< uses bytes below SP
  merged_locals,  ///< two live locals at overlapping addresses
};
std::string_view difference_name(DifferenceKind kind);

struct Difference {
  DifferenceKind kind = DifferenceKind::event_kind;
  std::size_t event = 0;      ///< index of the event (number of events: the end of the run)
  std::string text;           ///< one line for people
  std::uint64_t address = 0;  ///< memory kinds
  u128 source_value = 0;
  u128 binary_value = 0;
  unsigned bits = 64;
};

enum class Agreement : std::uint8_t {
  equal,
  differs,           ///< a counterexample in the graphs' world
  source_undefined,  ///< the source meets undefined behaviour first: A4 justifies any binary
  assumption,        ///< the entry state breaks an assumption (A2, A3)
  unspecified,       ///< the outcome depends on a Choice, indeterminate bytes or a placement
  inconclusive,      ///< step limit, or something that the graphs alone do not tell (clone, LL/SC loop)
  bad_graph,
};
std::string_view agreement_name(Agreement agreement);

/// What the source module says about the interface of internal functions, where compilers take liberties (DESIGN.md 1,
/// "Internal contracts"). Read off the graphs; only ever used to *forgive* a difference.
struct ModuleFacts {
  std::set<std::string> defined;    ///< functions with a graph
  std::set<std::string> functions;  ///< every symbol that the source defines or calls
  std::map<std::string, std::uint32_t>
      dead_arguments;                  ///< internal callee -> registers of parameters that it never reads
  std::set<std::string> dead_results;  ///< internal functions whose result no caller reads
  std::set<std::string>
      frozen_globals;  ///< internal objects never stored to, or only with constants: keep their initial bytes
  std::set<std::string> protected_globals;   ///< internal objects whose address is only used to access them directly
  std::set<std::string> unreliable_globals;  ///< not in the image, or with another size
  static ModuleFacts of(const ir::Module& source, const Image* image);
};

/// Registers and flags that a call of each binary function leaves alone, from the graphs of the function and all that
/// it calls (gcc's -fipa-ra keeps values in them across the call). A function that calls the unknown preserves nothing.
std::map<std::string, CalleeContract> preserved_registers(const ir::Module& binary);

struct CompareOptions {
  RunLimits limits;
  LazyMemory* lazy = nullptr;
  Callees* callees = nullptr;
  Coverage* coverage = nullptr;
  const ModuleFacts* facts = nullptr;
  bool x18_reserved = false;  ///< -ffixed-x18: X18 must survive
  bool result_used = true;    ///< false: internal contract says that no caller looks at the result
  bool record_path = false;
  /// Where locals that no event places lie instead of the default area (they stay private).
  const std::map<std::string, std::uint64_t>* private_placements = nullptr;
};

struct Comparison {
  Agreement agreement = Agreement::inconclusive;
  std::string text;
  Difference difference;  ///< when `differs`
  RunResult source;
  RunResult binary;
};

/// Sets entry.locals to the placements of escaped locals that events force (what it held before is not used), and may
/// extend environment.answers.
Comparison compare(const Program& source, const Program& binary, EntryState& entry, Environment& environment,
                   const CompareOptions& options = {});
Comparison compare(const ir::Function& source, const ir::Function& binary, const EntryState& entry,
                   const Environment& environment, const CompareOptions& options = {});

/// compare(), and on a difference again with other private placements and other choices: the difference must stand.
Comparison compare_firmly(const Program& source, const Program& binary, EntryState& entry, Environment& environment,
                          const CompareOptions& options = {});

}  // namespace validator::replay
