// SPDX-License-Identifier: Apache-2.0
#include "validator/app/pairing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ir/build.hpp"
#include "validator/check/node_terms.hpp"
#include "validator/report/reasons.hpp"

namespace validator::app {
namespace {

using binary::FunctionFacts;
using report::FunctionRow;

FunctionRow binary_row(const FunctionFacts& facts) {
  FunctionRow row;
  row.symbol = row.display = facts.symbol;
  row.unit = facts.file;
  row.address = facts.address;
  row.bytes = facts.bytes;
  return row;
}

void add_source(const ir::Function& function, FunctionRow& row) {
  row.symbol = function.symbol;
  row.display = function.display.empty() ? function.symbol : function.display;
  row.unit = function.unit;
  row.source = function.where;
}

void set(FunctionRow& row, Verdict verdict, std::string reason, std::string text) {
  row.outcome.verdict = verdict;
  row.outcome.reason = std::move(reason);
  row.outcome.text = std::move(text);
}

void set_failed(FunctionRow& row, const ir::Error& error) {
  set(row, report::verdict_of_failure(error.code), error.code, error.to_string());
}

/// Symbols that a term or a call of a source function names.
void collect_references(const ir::Function& function, std::set<std::string>& into) {
  const auto look = [&](ir::Term term) {
    for (ir::Term variable : ir::variables_of(term)) {
      const std::string& name = variable.name();
      if (name.starts_with('@')) into.insert(name.substr(1));
    }
  };
  for (const ir::Graph::NodeId id : ir::reverse_post_order(function.graph)) {
    if (const auto* call = std::get_if<ir::Call>(&function.graph.at(id).node); call && !call->symbol.empty()) {
      into.insert(call->symbol);
    }
    check::for_each_read(function.graph.at(id).node, look);
  }
}

void plan_source(const PairingInput& input, const std::string& key, const ir::Function& function, Plan& plan,
                 const std::map<std::string, std::set<std::string>>& users) {
  FunctionRow row;
  const auto facts = input.binary.facts.functions.find(key);
  if (facts != input.binary.facts.functions.end()) row = binary_row(facts->second);
  add_source(function, row);
  row.symbol = key;
  if (facts == input.binary.facts.functions.end()) {
    const auto used = users.find(key);
    const bool self_only = used != users.end() && used->second == std::set<std::string>{key};
    if (function.internal || function.is_inline) {
      set(row, Verdict::inlined, "", "");
    } else if ((used == users.end() || self_only)) {
      set(row, Verdict::inlined, "unreferenced", "nothing refers to it; the linker dropped it");
    } else {
      plan.deferred_sources.push_back(plan.rows.size());
    }
  } else if (const auto failed = input.binary.module.failed.find(key); failed != input.binary.module.failed.end()) {
    set_failed(row, failed->second);
  } else {
    plan.to_prove.push_back(plan.rows.size());
  }
  plan.rows.push_back(std::move(row));
}

void plan_failed_source(const PairingInput& input, const std::string& key, const ir::Error& error, Plan& plan) {
  const auto facts = input.binary.facts.functions.find(key);
  const bool has_code = facts != input.binary.facts.functions.end();
  FunctionRow row;
  if (has_code) row = binary_row(facts->second);
  row.symbol = row.display = key;
  row.unit = error.where.file;
  row.source = error.where;
  // Without code nothing is to be proved of it; a caller that needs its body says so itself.
  if (has_code) set_failed(row, error);
  else set(row, Verdict::inlined, "source-failed", error.to_string());
  plan.rows.push_back(std::move(row));
}

bool alias_of_source(const PairingInput& input, const FunctionFacts& facts) {
  return std::any_of(facts.aliases.begin(), facts.aliases.end(), [&](const std::string& alias) {
    return input.source.functions.contains(alias) || input.source.failed.contains(alias);
  });
}

void plan_binary_only(const PairingInput& input, const FunctionFacts& facts, Plan& plan) {
  const std::string& key = facts.symbol;
  if (input.source.functions.contains(key) || input.source.failed.contains(key)) return;
  if (facts.is_veneer || alias_of_source(input, facts)) return;
  FunctionRow row = binary_row(facts);
  if (const auto listed = input.listed.find(facts.name); listed != input.listed.end()) {
    set(row, Verdict::assumed, "contract-listed", "");
    row.outcome.contract = listed->second;
  } else if (const auto assembly = input.assembly.find(facts.name); assembly != input.assembly.end()) {
    row.unit = assembly->second;
    set(row, Verdict::assumed, "assembly", fmt::format("assembly, not validated: {}", assembly->second));
    row.outcome.contract = fmt::format("AAPCS64, and what its callers' sources expect of it; see {}", assembly->second);
  } else {
    plan.fragments.push_back(key);
    return;
  }
  row.outcome.assumptions.push_back({"A-CALLEE", key});
  plan.rows.push_back(std::move(row));
}

}  // namespace

std::map<std::string, std::set<std::string>> users_of_sources(const ir::Module& source) {
  std::map<std::string, std::set<std::string>> users;
  for (const auto& [key, function] : source.functions) {
    std::set<std::string> references;
    collect_references(function, references);
    for (const std::string& symbol : references) users[symbol].insert(key);
  }
  for (const auto& [name, object] : source.globals) {
    for (const auto& [offset, symbol] : object.relocations) users[symbol].insert(name);
  }
  return users;
}

Plan make_plan(const PairingInput& input) {
  Plan plan;
  const auto users = users_of_sources(input.source);
  for (const auto& [key, function] : input.source.functions) plan_source(input, key, function, plan, users);
  for (const auto& [key, error] : input.source.failed) {
    if (!input.source.functions.contains(key)) plan_failed_source(input, key, error, plan);
  }
  for (const auto& [key, facts] : input.binary.facts.functions) plan_binary_only(input, facts, plan);
  return plan;
}

}  // namespace validator::app
