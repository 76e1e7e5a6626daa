// SPDX-License-Identifier: Apache-2.0
// Which binary function belongs to which source function, and what is to be done with the ones that have no partner.
// Pure: no files, no processes. A wrong pair cannot make a wrong `proved`, only a `refuted`; taking code for granted that
// nobody listed could, so whatever is not explained here becomes an error.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ir/function.hpp"
#include "validator/binary/binary.hpp"
#include "validator/report/report.hpp"

namespace validator::app {

/// Gives local binary functions the keys of their sources where the two halves tell files apart differently ("name" here,
/// "name@file.c" there): only when exactly one source function with that name and that file is left. Changes keys in
/// functions, failed, calls, facts and the text map.
void match_local_keys(const ir::Module& source, binary::LiftedImage& image);

/// Gives GCC's local statics ("name.0") the names that the source graphs have for them ("function.name"), where file, name and size
/// leave no choice.
void match_local_objects(const ir::Module& source, Image& image);

struct PairingInput {
  const ir::Module& source;
  const binary::LiftedImage& binary;
  /// Symbols that assembly files define -> file.
  const std::map<std::string, std::string>& assembly;
  /// Symbols that the configuration lists -> contract.
  const std::map<std::string, std::string>& listed;
};

/// A row per function. Rows of `to_prove` have no verdict yet; all others have, except those in `deferred`, whose
/// verdict depends on what the proofs give.
struct Plan {
  std::vector<report::FunctionRow> rows;
  std::vector<std::size_t> to_prove;           ///< indices into rows
  std::vector<std::size_t> deferred_sources;   ///< external, referenced, no code: `inlined` only if all users are proved
  std::vector<std::string> fragments;          ///< binary keys without source or contract: need a proved cover
};
Plan make_plan(const PairingInput& input);

/// Decides what make_plan left open, once every row of `to_prove` has its verdict: fragments become part of the
/// functions that cover them or rows of their own, sources without code become `inlined` or an error.
void settle(const PairingInput& input, Plan& plan);

/// Who refers to each source function or object symbol: function keys, and "@name" of objects with its address.
std::map<std::string, std::set<std::string>> users_of_sources(const ir::Module& source);

/// Every executable byte by verdict of the row that owns it; several rows at one address: the worst one counts.
report::ByteCounts count_bytes(const binary::LiftedImage& image, const std::vector<report::FunctionRow>& rows);

}  // namespace validator::app
