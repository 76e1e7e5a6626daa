// SPDX-License-Identifier: Apache-2.0
// See simulation.hpp.
#include "validator/search/simulation.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace validator::search {

using ir::Op;
using ir::Term;

namespace {

constexpr std::uint64_t first_object = 0x5000'0000;
constexpr std::uint64_t object_bytes = 0x1000;
constexpr std::size_t objects = 6;
constexpr std::size_t constant_limit = 64;
constexpr std::uint64_t stack = 0x7fff'0000;
constexpr std::uint64_t attempt_limit = 8000;
constexpr unsigned visits_wanted = 8;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a * 0x9e3779b97f4a7c15ULL + b;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t hash_of(const std::string& name) {
  std::uint64_t result = 14695981039346656037ULL;  // FNV-1a
  for (const char c : name) result = (result ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return result;
}

}  // namespace

Simulation::Simulation(const check::SourceRun& source) {
  note_constants(source);
  note_pointers(source);
  for (const auto& [node, point] : source.points) register_variables(point.path);
  for (const check::Fact& fact : source.facts) {
    register_variables(fact.path);
    register_variables(fact.condition);
  }
  for (std::uint64_t attempt = 0; attempt < attempt_limit && samples_.size() < sample_count; ++attempt) {
    auto sample = std::make_unique<Sample>();
    sample->seed = attempt;
    sample->evaluator = std::make_unique<ir::Evaluator>(sample->valuation);
    for (Term variable : variables_) draw(*sample, variable);
    settle_visits(*sample, source.facts);
    if (obeys(*sample, source.facts) && is_new(*sample, source)) samples_.push_back(std::move(sample));
  }
  restart();
}

void Simulation::restart() {
  facts_seen_ = 0;
  possible_.resize(samples_.size());
  std::iota(possible_.begin(), possible_.end(), std::size_t{0});
}

void Simulation::add(const ir::Valuation& state) {
  auto sample = std::make_unique<Sample>();
  sample->seed = attempt_limit + samples_.size();
  sample->evaluator = std::make_unique<ir::Evaluator>(sample->valuation);
  for (Term variable : variables_) draw(*sample, variable);
  for (const auto& [variable, value] : state.scalars) sample->valuation.scalars[variable] = value;
  for (const auto& [variable, memory] : state.memories) sample->valuation.memories[variable] = memory;
  possible_.push_back(samples_.size());
  samples_.push_back(std::move(sample));
}

void Simulation::note_constants(const check::SourceRun& source) {
  std::vector<std::uint64_t> words{0, 1};
  std::unordered_set<Term> seen;
  std::vector<Term> work;
  for (const auto& [node, point] : source.points) work.push_back(point.path);
  for (const check::Event& event : source.events) work.push_back(event.path);
  while (!work.empty() && words.size() < constant_limit) {
    const Term term = work.back();
    work.pop_back();
    if (!seen.insert(term).second) continue;
    if (term.is(Op::equal) || term.is(Op::ult) || term.is(Op::slt)) {
      for (Term side : term.args()) {
        if (!side.is_constant() || side.width() > 64) continue;
        for (const std::uint64_t value : {side.value64(), side.value64() + 1}) {
          if (std::find(words.begin(), words.end(), value) == words.end()) words.push_back(value);
        }
      }
    }
    work.insert(work.end(), term.args().begin(), term.args().end());
  }
  const std::size_t numbers = words.size();
  for (std::size_t i = 0; i < numbers; ++i) words.push_back(first_object + object_bytes * (i % objects));
  words_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(words));
}

/// What the source dereferences must be aligned: such facts tell which variables and fields are pointers.
void Simulation::note_pointers(const check::SourceRun& source) {
  for (const check::Fact& fact : source.facts) {
    if (!fact.condition.is(Op::equal)) continue;
    for (Term side : fact.condition.args()) {
      if (!side.is(Op::extract) || side.lo() != 0 || side.arg(0).width() != 64) continue;
      const Term base = ir::base_offset(side.arg(0)).base;
      if (!base) continue;
      if (base.is_variable()) pointer_variables_.insert(base);
      if (base.is(Op::load) && base.bytes() == 8) {
        pointer_offsets_.insert(static_cast<std::uint64_t>(ir::base_offset(base.arg(1)).offset) % object_bytes);
      }
    }
  }
}

void Simulation::draw(Sample& sample, Term variable) const {
  const std::uint64_t random = mix(hash_of(variable.name()), sample.seed);
  const auto object = [](std::uint64_t choice) {
    return choice % 6 == 0 ? 0 : first_object + object_bytes * (choice / 6 % objects);
  };
  if (variable.sort().is_bool()) {
    sample.valuation.scalars[variable] = random % 4 != 0;  // a loop is at its header more often than not
  } else if (variable.sort().is_bitvec()) {
    ir::u128 value = (*words_)[random % words_->size()];
    if (pointer_variables_.contains(variable)) value = object(random);
    if (variable.name() == "SP") value = stack;
    sample.valuation.scalars[variable] = value & ir::mask(variable.width());
  } else {
    auto memory = std::make_shared<ir::ConcreteMemory>(ir::ConcreteMemory::drawn_from(words_, random));
    for (std::size_t i = 0; i < objects; ++i) {
      for (const std::uint64_t offset : pointer_offsets_) {
        const std::uint64_t address = first_object + object_bytes * i + offset;
        memory->store(address, 8, object(mix(random, address)));
      }
    }
    sample.valuation.memories[variable] = std::move(memory);
  }
}

/// A general visit is more often than not where its path leads, and never elsewhere. Facts come in the order of the run, so that
/// a visit's condition speaks of earlier ones.
void Simulation::settle_visits(Sample& sample, std::span<const check::Fact> facts) const {
  for (const check::Fact& fact : facts) {
    if (fact.kind == "visit" && fact.path.is_variable() && sample.evaluator->scalar(fact.condition) == 0) {
      sample.valuation.scalars[fact.path] = 0;
    }
  }
}

/// Does it go where few others went?
bool Simulation::is_new(Sample& sample, const check::SourceRun& source) {
  bool result = false;
  for (const auto& [node, point] : source.points) {
    if (sample.evaluator->scalar(point.path) == 0) continue;
    result = visits_[point.path]++ < visits_wanted || result;
  }
  return result;
}

bool Simulation::obeys(Sample& sample, std::span<const check::Fact> facts) {
  return std::all_of(facts.begin(), facts.end(), [&](const check::Fact& fact) {
    return sample.evaluator->scalar(fact.path) == 0 || sample.evaluator->scalar(fact.condition) != 0;
  });
}

void Simulation::register_variables(Term root) {
  std::vector<Term> work{root};
  while (!work.empty()) {
    const Term term = work.back();
    work.pop_back();
    if (!registered_.insert(term).second) continue;
    if (term.is_variable()) {
      variables_.push_back(term);
      for (const auto& sample : samples_) {
        if (!sample->valuation.scalars.contains(term) && !sample->valuation.memories.contains(term)) draw(*sample, term);
      }
    }
    work.insert(work.end(), term.args().begin(), term.args().end());
  }
}

void Simulation::restrict_to(const std::vector<check::Fact>& facts) {
  const std::span<const check::Fact> added = std::span(facts).subspan(std::min(facts_seen_, facts.size()));
  for (const check::Fact& fact : added) {
    register_variables(fact.path);
    register_variables(fact.condition);
  }
  std::erase_if(possible_, [&](std::size_t sample) { return !obeys(*samples_[sample], added); });
  facts_seen_ = facts.size();
}

std::vector<std::size_t> Simulation::where(Term condition) {
  register_variables(condition);
  std::vector<std::size_t> result;
  for (const std::size_t i : possible_) {
    if (samples_[i]->evaluator->scalar(condition) != 0) result.push_back(i);
  }
  return result;
}

ir::u128 Simulation::value(std::size_t sample, Term term) {
  register_variables(term);
  return samples_[sample]->evaluator->scalar(term);
}

std::uint64_t Simulation::fingerprint(std::size_t sample, Term memory) {
  register_variables(memory);
  return samples_[sample]->evaluator->memory(memory)->fingerprint();
}

}  // namespace validator::search
