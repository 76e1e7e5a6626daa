// SPDX-License-Identifier: Apache-2.0
// Runs the tool on each image twice, with an empty cache and with a full one, and prints what a run costs. Ratios are worth more
// than seconds: they hold on other machines.
//
// usage: symbolon_bench TOOL WORK IMAGE... [-- OPTION OF run...]
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Measured {
  double wall = 0;       ///< seconds
  double processor = 0;  ///< seconds, with all workers
  double peak_mib = 0;   ///< resident memory of the largest process: the tool itself or one worker
  Json image;
  Json timing;
};

[[noreturn]] void fail(const std::string& text) {
  fmt::print(stderr, "bench: {}\n", text);
  std::exit(1);
}

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

Measured run(const std::vector<std::string>& command, const fs::path& report) {
  fs::remove(report);
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = fork();
  if (pid == 0) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) fail("cannot run " + command[0]);
  Measured result;
  result.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  result.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  std::ifstream stream(report);
  const Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded() || json["images"].size() != 1) fail("no report of one image from " + fmt::format("{}", fmt::join(command, " ")));
  result.image = json["images"][0];
  result.timing = json["timing"]["images"][0];
  return result;
}

/// The value below which a share of the values lies.
double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

std::uint64_t sum(const Json& functions, const char* field) {
  std::uint64_t total = 0;
  for (const Json& function : functions) total += function[field].get<std::uint64_t>();
  return total;
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void print(const char* name, const Measured& m) {
  fmt::print("  {:<5} {:8.2f} s wall, {:8.2f} s processor, {:6.0f} MiB in the largest process, lifting {:.2f} s, {} from the cache\n", name,
             m.wall, m.processor, m.peak_mib, m.timing["lift_seconds"].get<double>(), m.timing["from_cache"].get<std::uint64_t>());
}

void print(const std::string& id, const Measured& cold, const Measured& warm) {
  const Json& functions = cold.image["functions"];
  const Json& summary = cold.image["summary"];
  std::vector<double> times;
  for (const Json& value : cold.timing["functions"]) times.push_back(value.get<double>());
  fmt::print("{}: {} functions, {} proved, {} undecided\n", id, summary["functions"].get<std::uint64_t>(),
             summary["proved"].get<std::uint64_t>(), summary["unknown"].get<std::uint64_t>() + summary["unsupported"].get<std::uint64_t>());
  print("cold", cold);
  print("warm", warm);
  fmt::print("  warm / cold {:.4f}\n", warm.wall / cold.wall);
  fmt::print("  a function: median {:.2f} s, 99th percentile {:.2f} s\n", quantile(times, 0.5), quantile(times, 0.99));
  const std::uint64_t obligations = sum(functions, "obligations"), syntactic = sum(functions, "syntactic");
  fmt::print("  proving: {:.2f} s in all workers, {} queries, {} solver units; {} of {} obligations closed syntactically ({:.1f} %)\n",
             std::accumulate(times.begin(), times.end(), 0.0), sum(functions, "queries"), sum(functions, "solver_units"), syntactic,
             obligations, percent(syntactic, obligations));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: symbolon_bench TOOL WORK IMAGE... [-- OPTION OF run...]\n");
    return 2;
  }
  const fs::path work = argv[2], cache = work / "bench-cache", report = work / "bench.json";
  const std::vector<std::string> words(argv + 3, argv + argc);
  const auto dashes = std::find(words.begin(), words.end(), "--");
  fs::remove_all(cache);
  for (auto id = words.begin(); id != dashes; ++id) {
    std::vector<std::string> command = {argv[1], "run", "--image", *id, "--output", "quiet", "--cache-dir", cache.string(), "--json", report.string()};
    if (dashes != words.end()) command.insert(command.end(), dashes + 1, words.end());
    const Measured cold = run(command, report);
    const Measured warm = run(command, report);
    print(*id, cold, warm);
  }
  return 0;
}
