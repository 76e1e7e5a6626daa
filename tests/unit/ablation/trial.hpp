// SPDX-License-Identifier: Apache-2.0
// One pair of functions under a certificate written by hand, proved with or without one family of obligations or facts. The
// families are taken away here, behind the checker's back: the tool itself cannot be told to.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/search/pair_builder.hpp"
#include "validator/check/kinds.hpp"
#include "validator/search/session.hpp"

namespace ablation {

using testing_pairs::TestPair;
namespace check = validator::check;

struct Trial {
  TestPair pair;
  check::Certificate certificate = {};
  std::function<std::set<std::string>(std::uint64_t)> preserved = {};
};

/// Are all obligations discharged that do not belong to the family `without`, from facts that do not?
inline bool holds(const Trial& trial, const std::string& without) {
  TestPair pair = trial.pair;
  pair.finish();
  validator::Problem problem{pair.others_source, pair.others_binary, pair.image, "f", {}, trial.preserved};
  const check::Surroundings around(problem);
  const check::Evidence evidence(around);
  const check::Pair graphs = check::inline_calls(evidence, "f", {});
  const auto session = validator::search::run_session(graphs, evidence, trial.certificate);
  std::vector<check::Obligation> obligations = session.binary->obligations;
  std::erase_if(obligations, [&](const check::Obligation& o) { return check::family_of(o.kind) == without; });
  std::vector<check::Fact> facts = session.facts();
  std::erase_if(facts, [&](const check::Fact& fact) { return check::family_of(fact.kind) == without; });
  check::Discharger discharger(problem.limits);
  discharger.set_facts(std::move(facts));
  check::Discharged why;
  const auto failed = discharger.first_failure(obligations, &why);
  if (failed) ::testing::Test::RecordProperty("open", obligations[*failed].kind + " " + obligations[*failed].text);
  return !failed;
}

}  // namespace ablation
