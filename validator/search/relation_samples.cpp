// SPDX-License-Identifier: Apache-2.0
// See relation_samples.hpp.
#include "validator/search/relation_samples.hpp"

#include <algorithm>

namespace validator::search {

namespace {

/// Fewer possible samples than these refute too little.
constexpr std::size_t few_samples = 48;

std::vector<std::uint32_t> ids_of(const std::vector<check::Fact>& facts) {
  std::vector<std::uint32_t> ids;
  for (const check::Fact& fact : facts) ids.insert(ids.end(), {fact.path.id(), fact.condition.id()});
  return ids;
}

}  // namespace

void RelationSamples::begin(const Session& session) {
  session_ = &session;
  ready_ = false;
}

void RelationSamples::prepare() {
  if (ready_) return;
  ready_ = true;
  const std::vector<check::Fact> facts = session_->facts();
  if (simulation_) {
    simulation_->restart();
    simulation_->restrict_to(facts);
    if (simulation_->possible_count() >= few_samples || drawn_for_ == ids_of(session_->source->facts)) return;
  }
  simulation_.emplace(*session_->source);
  drawn_for_ = ids_of(session_->source->facts);
  for (const ir::Valuation& model : models_) simulation_->add(model);
  simulation_->restrict_to(facts);
}

bool RelationSamples::refute(const check::Obligation& obligation) {
  if (!obligation.goal || ir::implies(obligation.guard, obligation.goal).is_true()) return false;
  prepare();
  const auto samples = simulation_->where(obligation.guard);
  return std::any_of(samples.begin(), samples.end(),
                     [&](std::size_t sample) { return simulation_->value(sample, obligation.goal) == 0; });
}

bool RelationSamples::agree(ir::Term path, ir::Term one, ir::Term other) {
  prepare();
  const auto samples = simulation_->where(path);
  return std::all_of(samples.begin(), samples.end(), [&](std::size_t sample) {
    return simulation_->value(sample, one) == simulation_->value(sample, other);
  });
}

void RelationSamples::learn(ir::Valuation model) {
  prepare();
  simulation_->add(model);
  ready_ = false;  // the solver was told the facts that seemed relevant only
  models_.push_back(std::move(model));
}

}  // namespace validator::search
