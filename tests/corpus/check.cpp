// SPDX-License-Identifier: Apache-2.0
// Every word of a list of ELF files: exactly one model, a meaning, and a text that Capstone, LLVM and GNU read alike. Prints figures;
// exit code 1 when a word has no model or a text differs.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "assemblers.hpp"
#include "isa-models/isa.hpp"
#include "validator/binary/witness.hpp"
#include "words.hpp"

namespace {

using validator::binary::WitnessDefect;

constexpr std::size_t shown_limit = 40;

/// One reader's answers over all words.
struct Tally {
  std::uint64_t agree = 0;
  std::uint64_t excused = 0;  ///< silent or wrong, with a row in silent.tsv
  std::uint64_t differ = 0;
};

class Checker {
 public:
  Checker(isa::Models models, std::vector<WitnessDefect> excuses) : models_(std::move(models)), excuses_(std::move(excuses)) {}

  bool add(const std::string& path) {
    const auto words = corpus::words_of(path);
    if (!words || words->empty()) {
      std::fprintf(stderr, "%s: no AArch64 ELF file with code\n", path.c_str());
      return false;
    }
    total_ += words->size();
    distinct_.insert(words->begin(), words->end());
    return true;
  }

  bool run() {
    std::vector<std::uint32_t> words;
    for (const std::uint32_t word : distinct_) {
      const auto decoded = models_.decode(word);
      const auto lifted = decoded ? models_.lift(*decoded, assemblers::text_address) : decoded.error();
      if (lifted) {
        words.push_back(word);
        groups_.insert(decoded->group().name);
      } else {
        complain("%08x: " + lifted.error().to_string(), word);
        ++unmodelled_;
      }
    }
    const auto capstone = validator::binary::make_capstone();
    std::vector<std::string> capstone_texts;
    for (std::size_t i = 0; i < words.size(); ++i) capstone_texts.push_back(capstone->text(words[i], address(i)));
    compare("Capstone", words, capstone_texts);
    compare("llvm-objdump", words, assemblers::llvm_texts(words));
    compare("GNU objdump", words, assemblers::gnu_texts(words));
    return report(words.size());
  }

 private:
  static std::uint64_t address(std::size_t index) { return assemblers::text_address + 4 * index; }

  void complain(const std::string& format, std::uint32_t word) {
    if (++shown_ > shown_limit) return;
    std::printf(format.c_str(), word);
    std::printf("\n");
  }

  bool excused(const std::string& reader, std::uint32_t word) {
    for (std::size_t i = 0; i < excuses_.size(); ++i)
      if (excuses_[i].witness == reader && (word & excuses_[i].mask) == excuses_[i].value) {
        used_.insert(i);
        return true;
      }
    return false;
  }

  void compare(const std::string& reader, const std::vector<std::uint32_t>& words, const std::vector<std::string>& texts) {
    Tally& tally = tallies_[reader];
    if (texts.size() != words.size()) {
      std::printf("%s printed %zu lines for %zu words\n", reader.c_str(), texts.size(), words.size());
      ++tally.differ;
      return;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string ours = models_.decode(words[i])->text(address(i));
      if (isa::texts_agree(models_, ours, texts[i])) {
        ++tally.agree;
      } else if (excused(reader, words[i])) {
        ++tally.excused;
      } else {
        ++tally.differ;
        complain("%08x: model \"" + ours + "\" " + reader + " \"" + texts[i] + "\"", words[i]);
      }
    }
  }

  bool report(std::size_t lifted) {
    bool good = unmodelled_ == 0 && total_ != 0;
    std::printf("%llu words, %zu distinct, %zu with a model, %zu unmodelled, %zu groups met\n", static_cast<unsigned long long>(total_),
                distinct_.size(), lifted, unmodelled_, groups_.size());
    for (const auto& [reader, tally] : tallies_) {
      std::printf("%s: %llu agree, %llu excused, %llu differ\n", reader.c_str(), static_cast<unsigned long long>(tally.agree),
                  static_cast<unsigned long long>(tally.excused), static_cast<unsigned long long>(tally.differ));
      good = good && tally.differ == 0;
    }
    for (std::size_t i = 0; i < excuses_.size(); ++i)
      if (!used_.contains(i)) {
        std::printf("silent.tsv: no word needed the row of %s for %08x\n", excuses_[i].witness.c_str(), excuses_[i].value);
        good = false;
      }
    return good;
  }

  isa::Models models_;
  std::vector<WitnessDefect> excuses_;
  std::set<std::size_t> used_;
  std::uint64_t total_ = 0;
  std::size_t unmodelled_ = 0;
  std::size_t shown_ = 0;
  std::set<std::uint32_t> distinct_;
  std::set<std::string> groups_;
  std::map<std::string, Tally> tallies_;
};

}  // namespace

int main(int argc, char** argv) {
  auto models = isa::Models::load(isa::Models::default_directory());
  auto excuses = validator::binary::read_witness_defects(SYMBOLON_SILENT);
  if (!models || !excuses) {
    std::fprintf(stderr, "%s\n", (models ? excuses.error() : models.error()).to_string().c_str());
    return EXIT_FAILURE;
  }
  Checker checker(std::move(*models), std::move(*excuses));
  bool good = argc > 1;
  for (int i = 1; i < argc; ++i) good = checker.add(argv[i]) && good;
  return checker.run() && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
