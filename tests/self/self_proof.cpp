// SPDX-License-Identifier: Apache-2.0
// Proves each half of each pair of an image against itself, in the other half's form. A half that is not equal to itself means
// that one of the two runs does not do what the graph says.
//
// usage: symbolon_self ELF COMPILE_COMMANDS [FEATURE...]   (features that the processor lacks)
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "isa-models/isa.hpp"
#include "tests/self/self.hpp"
#include "validator/app/pipeline.hpp"
#include "validator/app/progress.hpp"
#include "validator/app/test_pair.hpp"
#include "validator/prove.hpp"

namespace {

using validator::Outcome;
using validator::Verdict;

struct Count {
  unsigned proved = 0, without_form = 0, failed = 0;
};

/// What a rewriting cannot say: a private frame that escapes would be one object, saved registers and all.
bool frame_escapes(const ir::Function& source) { return !source.locals.empty(); }

/// A local function's interface may be the compiler's own: its caller need not set what the source's arguments say.
bool calls_local_function(const validator::app::Loaded& loaded, const std::string& symbol) {
  const auto& functions = loaded.binary.facts.functions;
  const auto facts = functions.find(symbol);
  if (facts == functions.end()) return false;
  return std::ranges::any_of(facts->second.callees, [&](const std::string& callee) {
    const auto found = functions.find(callee);
    return found != functions.end() && found->second.local && !found->second.address_taken;
  });
}

void report(const std::string& symbol, const char* half, const Outcome& outcome, const std::string& excuse, Count& count) {
  if (outcome.verdict == Verdict::proved) {
    ++count.proved;
  } else if (!excuse.empty() || outcome.verdict == Verdict::unsupported) {
    ++count.without_form;
    fmt::print("self: {} {}: not applicable: {}\n", symbol, half, excuse.empty() ? outcome.reason : excuse);
  } else {
    ++count.failed;
    fmt::print("self: {} {}: {} [{}] {}\n", symbol, half, validator::verdict_name(outcome.verdict), outcome.reason, outcome.text);
    for (const std::string& line : outcome.details) fmt::print("    {}\n", line);
  }
}

void prove_both(const validator::app::Loaded& loaded, const std::string& symbol, Count& count) {
  validator::Limits limits;
  limits.query_units = limits.function_units = 5'000'000;
  const validator::Problem problem = validator::app::problem_of(loaded, symbol, limits);
  const validator::check::Surroundings around(problem);
  const validator::check::Evidence evidence(around);
  const validator::check::Pair pair = validator::check::inline_calls(evidence, symbol, {});

  ir::Module source, binary;
  source.globals = loaded.source.globals;
  source.functions[symbol] = pair.source;
  self::Rewritten other = self::as_binary(pair.source, pair.binary.address, around);
  binary.functions[symbol] = other.function;
  Outcome outcome;
  if (other.reason.empty()) outcome = validator::prove({source, binary, loaded.image, symbol, limits});
  // Where the source is undefined for every input there is nothing to compare.
  const bool vacuous = outcome.verdict == Verdict::error && outcome.reason == "vacuous";
  report(symbol, "source", outcome, vacuous ? outcome.reason : other.reason, count);
  if (vacuous) return;

  other = self::as_source(pair.binary, pair.source, around);
  source.functions[symbol] = other.function;
  binary.functions[symbol] = pair.binary;
  outcome = Outcome();
  if (other.reason.empty()) outcome = validator::prove({source, binary, loaded.image, symbol, limits, problem.preserved});
  std::string excuse = other.reason;
  if (excuse.empty() && frame_escapes(pair.source)) excuse = "locals in memory";
  if (excuse.empty() && calls_local_function(loaded, symbol)) excuse = "an interface of the compiler's own";
  report(symbol, "binary", outcome, excuse, count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: symbolon_self ELF COMPILE_COMMANDS [FEATURE...]\n";
    return 2;
  }
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) {
    std::cerr << models.error().to_string() << "\n";
    return 2;
  }
  validator::app::Progress progress(true);
  const auto loaded = validator::app::load({"self", argv[1], argv[2], {}, {argv + 3, argv + argc}}, {}, *models, progress);
  if (!loaded) {
    std::cerr << loaded.error().to_string() << "\n";
    return 2;
  }
  Count count;
  for (const auto& [symbol, function] : (*loaded)->source.functions) {
    if (!(*loaded)->binary.module.functions.contains(symbol)) continue;
    try {
      prove_both(**loaded, symbol, count);
    } catch (const validator::check::Unprovable& none) {
      ++count.without_form;
      fmt::print("self: {}: not applicable: {}\n", symbol, none.what());
    }
  }
  fmt::print("self: {} halves proved, {} not applicable, {} failed\n", count.proved, count.without_form, count.failed);
  return count.failed == 0 ? 0 : 1;
}
