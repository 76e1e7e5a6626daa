// SPDX-License-Identifier: Apache-2.0
// Runs the tool twice, with an empty cache and with a full one, and prints what a run costs. Ratios are worth more than
// seconds: they hold on other machines.
//
// usage: symbolon_bench TOOL WORK [OPTION OF run]...
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Measured {
  double seconds = 0;
  Json report;
};

Measured run(const std::string& command, const fs::path& report) {
  const auto start = std::chrono::steady_clock::now();
  static_cast<void>(std::system(command.c_str()));
  Measured result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ifstream stream(report);
  result.report = Json::parse(stream, nullptr, false);
  if (result.report.is_discarded()) {
    fmt::print(stderr, "bench: no report from: {}\n", command);
    std::exit(1);
  }
  return result;
}

/// The value below which a share of the values lies.
double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

void print_image(const Json& image, const Json& timing) {
  std::uint64_t queries = 0, units = 0, obligations = 0, syntactic = 0;
  for (const Json& function : image["functions"]) {
    queries += function["queries"].get<std::uint64_t>();
    units += function["solver_units"].get<std::uint64_t>();
    obligations += function["obligations"].get<std::uint64_t>();
    syntactic += function["syntactic"].get<std::uint64_t>();
  }
  std::vector<double> seconds;
  for (const Json& value : timing["functions"]) seconds.push_back(value.get<double>());
  fmt::print("{}: {} functions, {} proved; lifting {:.2f} s\n", image["id"].get<std::string>(),
             image["summary"]["functions"].get<std::uint64_t>(), image["summary"]["proved"].get<std::uint64_t>(),
             timing["lift_seconds"].get<double>());
  fmt::print("  seconds a function: median {:.2f}, 99th percentile {:.2f}\n", quantile(seconds, 0.5), quantile(seconds, 0.99));
  fmt::print("  {} queries, {} solver units; {} of {} obligations closed syntactically ({:.1f} %)\n", queries, units, syntactic,
             obligations, obligations == 0 ? 0.0 : 100.0 * static_cast<double>(syntactic) / static_cast<double>(obligations));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: symbolon_bench TOOL WORK [OPTION OF run]...\n");
    return 2;
  }
  const fs::path work = argv[2], cache = work / "bench-cache", report = work / "bench.json";
  std::string command = fmt::format("'{}' run --output quiet --cache-dir '{}' --json '{}'", argv[1], cache.string(), report.string());
  for (int i = 3; i < argc; ++i) command += fmt::format(" '{}'", argv[i]);
  fs::remove_all(cache);
  const Measured cold = run(command, report);
  const Measured warm = run(command, report);
  const Json& images = cold.report["images"];
  for (std::size_t i = 0; i < images.size(); ++i) print_image(images[i], cold.report["timing"]["images"][i]);
  fmt::print("cold {:.1f} s, warm {:.1f} s ({} jobs)\n", cold.seconds, warm.seconds, cold.report["timing"]["jobs"].get<unsigned>());
  return 0;
}
