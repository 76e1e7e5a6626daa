// SPDX-License-Identifier: Apache-2.0
// What the instruction models cost: loading them, and decoding and lifting 60 KiB of a kernel's code.
//
// usage: symbolon_bench_isa ELF...
#include <fmt/format.h>

#include <ctime>
#include <vector>

#include "isa-models/isa.hpp"
#include "validator/binary/binary.hpp"

namespace {

constexpr std::size_t wanted_words = 60 * 1024 / 4;
constexpr double limit = 1.0;  ///< seconds of processor time for decoding and lifting

struct Word {
  std::uint64_t address = 0;
  std::uint32_t word = 0;
};

/// Seconds of processor time: other work on the machine must not decide.
double since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

std::vector<Word> words_of(const validator::Image& image) {
  std::vector<Word> words;
  for (const validator::Symbol& symbol : image.symbols) {
    if (symbol.kind != validator::SymbolKind::function) continue;
    for (std::uint64_t at = symbol.address; at + 4 <= symbol.address + symbol.bytes; at += 4)
      if (const auto bytes = image.initial(at, 4))
        words.push_back({at, static_cast<std::uint32_t>((*bytes)[0] | (*bytes)[1] << 8 | (*bytes)[2] << 16) | std::uint32_t{(*bytes)[3]} << 24});
  }
  const std::size_t own = words.size();
  for (std::size_t i = 0; own != 0 && words.size() < wanted_words; ++i) words.push_back(words[i % own]);
  words.resize(own == 0 ? 0 : wanted_words);
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  std::clock_t start = std::clock();
  const auto models = isa::Models::load(isa::Models::default_directory());
  if (!models) {
    fmt::print(stderr, "bench: {}\n", models.error().to_string());
    return 1;
  }
  fmt::print("loading and checking the models: {:.3f} s\n", since(start));
  int status = argc < 2 ? 2 : 0;
  for (int i = 1; i < argc; ++i) {
    const auto image = validator::binary::read_image(argv[i]);
    if (!image) {
      fmt::print(stderr, "bench: {}\n", image.error().to_string());
      return 1;
    }
    const std::vector<Word> words = words_of(*image);
    start = std::clock();
    std::size_t decoded = 0;
    for (const Word& word : words) decoded += static_cast<bool>(models->decode(word.word));
    const double decoding = since(start);
    start = std::clock();
    std::size_t lifted = 0;
    for (const Word& word : words) lifted += static_cast<bool>(models->lift(word.word, word.address));
    const double lifting = since(start);
    fmt::print("{}: {} words; decoding {:.3f} s ({} words), decoding and lifting {:.3f} s ({} words)\n", argv[i], words.size(), decoding, decoded,
               lifting, lifted);
    if (lifted != words.size() || lifting > limit) status = 1;
  }
  return status;
}
