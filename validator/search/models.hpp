// SPDX-License-Identifier: Apache-2.0
// Entry states on which a pair may differ, from a solver. Loops are unrolled a few times and what lies behind is left out, so that
// every model starts at the entry of the function; which obligation is open under which alignment does not matter. A
// model is a guess: it may lean on undefined behaviour that no fact tells, or on what no callee answers. Only a replay refutes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "validator/search/inlining.hpp"

namespace validator::search {

/// What the environment answers at one event.
struct AnswerModel {
  std::map<unsigned, std::uint64_t> registers;  ///< calls: by register number
  std::optional<ir::u128> value;                ///< volatile loads and effects
  std::map<std::uint64_t, std::uint8_t> memory;  ///< bytes that differ from those before the event
};

struct EntryModel {
  std::map<unsigned, std::uint64_t> registers;         ///< X0 to X29
  std::map<unsigned, std::uint64_t> stack_arguments;   ///< words, by offset from SP
  std::map<std::uint64_t, std::uint8_t> memory;
  std::map<std::size_t, AnswerModel> answers;          ///< by number of events before
  std::string obligation;                              ///< for people: kind and place
};

/// Where the caller's runs have the stack and room for objects: models are asked to agree.
struct World {
  std::uint64_t stack = 0;
  std::uint64_t return_address = 0;
  std::uint64_t objects = 0;
  std::uint64_t objects_bytes = 0;
};

struct ModelLimits {
  std::uint64_t query_units = 0;  ///< Z3 rlimit of one query
  std::uint64_t units = 0;        ///< of all
  std::uint32_t seed = 0;
};

struct ModelCost {
  std::uint64_t queries = 0;
  std::uint64_t units = 0;
};

/// Offers models until `accept` returns true or there are no more. Deterministic.
ModelCost offer_models(const Pair& pair, const Problem& problem, const check::Evidence& evidence, const World& world,
                       const ModelLimits& limits, const std::function<bool(const EntryModel&)>& accept);

}  // namespace validator::search
