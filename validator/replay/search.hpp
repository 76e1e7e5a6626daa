// SPDX-License-Identifier: Apache-2.0
// Random testing of a pair of graphs: cheap, never wrong when it says `differs`, and it finds most wrong instructions
// in milliseconds, long before a solver is asked. What it sees along the way also witnesses that nodes are reachable.
//
// Entry states are made while the source runs: a word that the source loads and later dereferences becomes, at its
// first read, a pointer to a fresh aligned region, to an earlier one, or null ("lazy initialisation", Khurshid,
// Pasareanu and Visser, TACAS 2003); other first reads get small numbers, or constants of the program and their
// neighbours. A run that passes nodes as none before is remembered, and later runs start from its neighbours.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/replay/compare.hpp"

namespace validator::replay {

/// What an internal contract promises about one argument at entry: lo <= value <= hi, unsigned.
struct ArgumentRange {
  ir::AbiPlace place;
  std::uint64_t lo = 0;
  std::uint64_t hi = ~std::uint64_t{0};
};

struct SearchProblem {
  const ir::Function& source;
  const ir::Function& binary;
  const ir::Module* source_module = nullptr;  ///< globals, and facts that excuse differences
  const Image* image = nullptr;
  /// Bodies of callees that stand in for those of the module (with small helpers inlined, say). Null: none.
  const std::map<std::string, ir::Function>* bodies = nullptr;
  std::vector<ArgumentRange> arguments = {};
  /// Contracts of callees by symbol. Start from preserved_registers(binary module): compilers keep values in registers
  /// that a callee leaves alone, so without it a correct caller can seem to differ.
  std::map<std::string, CalleeContract> callees = {};
  const ModuleFacts* facts = nullptr;  ///< null: computed from source_module
  bool result_used = true;
  bool x18_reserved = false;
};

/// Where a search starts from, for example a solver's model. What it does not say is drawn as usual.
struct Guess {
  /// What decides everything that is not listed. Only a state that has been run has one.
  struct Background {
    std::uint64_t memory_seed = 0;
    std::uint64_t environment_seed = 0;
    bool invents_opaque = false;
  };

  std::map<unsigned, std::uint64_t> x;
  std::map<std::uint64_t, std::uint8_t> memory;
  std::map<std::size_t, Answer> answers;  ///< by event; only what they list explicitly counts
  std::optional<Background> background = {};
};

/// For waits that end by a count of a million.
inline constexpr RunLimits patient_limits{40'000'000, 1'200'000, 8'000'000};

struct SearchOptions {
  std::uint64_t seed = 1;
  std::uint64_t runs = 2000;
  const Guess* guess = nullptr;  ///< the first run takes it as it is, later ones change some of it
  RunLimits limits{20'000, 64, 20'000};
  /// For a solver that makes states which take branches that no run has taken, or for which the halves differ on a path
  /// that one has; in resource units. 0: without.
  std::uint64_t solver_units = 0;
  /// In each run devices answer alike each time, and no run is kept: for waits that end by their count, however many
  /// events that takes.
  bool steady = false;
  std::uint64_t steps = ~std::uint64_t{0};  ///< of all runs together; then no further one is made
};

/// One entry state and environment with which the halves differ, and in what.
struct Counterexample {
  std::string symbol;
  EntryState entry;
  Environment environment;
  Difference difference;
  std::vector<std::uint64_t> inlined = {};  ///< callees (addresses) whose bodies stand in both halves of the problem
};

struct SearchStatistics {
  std::uint64_t runs = 0;
  std::map<std::string, std::uint64_t> agreements;  ///< agreement_name -> runs
  std::map<std::string, std::uint64_t> reasons;     ///< texts of what was neither equal nor differs
  bool wants_nodes = true;
  std::set<ir::Graph::NodeId> source_nodes;  ///< reached in runs that agreed: witnesses
  std::set<ir::Graph::NodeId> binary_nodes;
};

std::optional<Counterexample> search_random(const SearchProblem& problem, const SearchOptions& options,
                                            SearchStatistics* statistics = nullptr);

/// Drops explicit bytes, answers and register values that the difference does not need (set to zero or to the
/// background).
Counterexample simplify(const SearchProblem& problem, Counterexample counterexample);

/// Runs a counterexample again, firmly. Completes its entry state (image, globals, placements of escaped locals).
Comparison replay(const SearchProblem& problem, Counterexample& counterexample, bool record_path = true);

}  // namespace validator::replay
