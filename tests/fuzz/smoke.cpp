// SPDX-License-Identifier: Apache-2.0
// A main for a fuzz target where libFuzzer is not at hand: damages the seed files in many ways, always the same ones. No coverage
// feedback; the campaigns proper are in CMakeLists.txt beside it.
//
// usage: SMOKE RUNS FILE...
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// One to four damages: bytes changed, pieces removed, doubled, or moved in from another seed.
std::string damaged(std::string text, const std::string& other, std::mt19937_64& random) {
  for (std::uint64_t count = 1 + random() % 4; count > 0 && !text.empty(); --count) {
    const std::size_t at = random() % text.size(), length = 1 + random() % (random() % 8 == 0 ? 400 : 12);
    switch (random() % 5) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(random() % text.size(), length)); break;
      case 3: text.insert(at, other.substr(random() % (other.size() + 1), length)); break;
      default: text.insert(at, 1, "{}()[]<>'\":;|0x19-\n"[random() % 19]);
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s RUNS FILE...\n", argv[0]);
    return 2;
  }
  std::vector<std::string> seeds;
  for (int i = 2; i < argc; ++i) {
    std::ifstream stream(argv[i], std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    if (!stream || seeds.back().empty()) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 2;
    }
  }
  std::mt19937_64 random(1);
  const long runs = std::strtol(argv[1], nullptr, 10);
  for (long i = 0; i < runs; ++i) {
    const std::string text = damaged(seeds[static_cast<std::size_t>(i) % seeds.size()], seeds[random() % seeds.size()], random);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  std::printf("%ld runs over %zu seeds\n", runs, seeds.size());
  return 0;
}
