// SPDX-License-Identifier: Apache-2.0
// Outcomes of many proofs: from the cache where it knows them, else from worker processes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/app/cache.hpp"
#include "validator/app/judge.hpp"
#include "validator/app/pairing.hpp"
#include "validator/app/pipeline.hpp"
#include "validator/check/surroundings.hpp"

namespace validator::app {

struct ProofTask {
  std::size_t row = 0;                  ///< of the plan
  std::set<std::uint64_t> inline_both;  ///< see Problem
  Aim aim = Aim::verdict;
};

class ProofPool {
 public:
  ProofPool(const Loaded& loaded, const Session& session);

  /// `on_outcome` gets the index of the task, its outcome, and whether it came from the cache; in no fixed order.
  void run(const Plan& plan, const std::vector<ProofTask>& tasks,
           const std::function<void(std::size_t task, Outcome outcome, bool from_cache)>& on_outcome) const;

 private:
  std::string key_of(const Plan& plan, const ProofTask& task) const;
  std::optional<std::string> answer(const std::string& question) const;
  /// Where a refutation is kept: the proof of what a wrong callee spoilt for a while stays where it is.
  std::string refutation_key(const std::string& key) const;
  std::optional<Outcome> recall(const std::string& key) const;
  void remember(const std::string& key, Outcome outcome) const;

  const Loaded& loaded_;
  const Session& session_;
  Cache cache_;
  Problem problem_;  ///< of no function: what around_ refers to
  check::Surroundings around_;
  mutable std::map<std::string, std::optional<std::string>> answers_;
};

/// The limits of a run as text, for cache keys.
std::string limits_text(const Config& config);

}  // namespace validator::app
