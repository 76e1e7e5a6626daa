// SPDX-License-Identifier: Apache-2.0
// How much of each function do concrete runs reach? A wrong instruction that no run comes to is refuted by luck only.
// Counts, not seconds: the same for the same image.
#include <fmt/format.h>

#include <cstdlib>
#include <regex>

#include "validator/app/test_pair.hpp"
#include "validator/replay/search.hpp"

using namespace validator;

namespace {

std::size_t reachable_nodes(const ir::Graph& graph) { return ir::reverse_post_order(graph).size(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 6) {
    fmt::print(stderr, "usage: symbolon_reach ELF COMPILE_COMMANDS RUNS [FUNCTIONS [SOLVER UNITS]]\n");
    return 2;
  }
  const std::regex chosen(argc > 4 ? argv[4] : "");
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) return fmt::print(stderr, "{}\n", models.error().to_string()), 2;
  app::ImageInput input;
  input.elf = argv[1];
  input.compile_commands = argv[2];
  app::Progress progress(true);
  const auto loaded = app::load(input, {}, *models, progress);
  if (!loaded) return fmt::print(stderr, "{}\n", loaded.error().to_string()), 2;
  std::size_t functions = 0, all = 0, reached = 0;
  for (const auto& [symbol, function] : (*loaded)->binary.module.functions) {
    if (!(*loaded)->source.functions.contains(symbol) || !std::regex_search(symbol, chosen)) continue;
    const app::TestPair pair(**loaded, symbol, {});
    replay::SearchStatistics statistics;
    replay::SearchOptions options;
    options.runs = std::strtoull(argv[3], nullptr, 10);
    options.solver_units = argc > 5 ? std::strtoull(argv[5], nullptr, 10) : 0;
    const bool differs = replay::search_random(pair.problem(), options, &statistics).has_value();
    const std::size_t nodes = reachable_nodes(pair.pair().binary.graph);
    fmt::print("{:>5} of {:>5}  {}{}\n", statistics.binary_nodes.size(), nodes, symbol, differs ? "  differs" : "");
    ++functions;
    all += nodes;
    reached += statistics.binary_nodes.size();
  }
  fmt::print("{} functions: runs that agree reach {} of {} nodes ({:.1f} %)\n", functions, reached, all,
             100.0 * static_cast<double>(reached) / static_cast<double>(all));
}
