// SPDX-License-Identifier: Apache-2.0
// Hints of pointer authentication against qemu-aarch64, whose processor has FEAT_PAuth. A model says which value is signed with which modifier
// and where the answer goes; PACIA, PACIB, AUTIA, AUTIB and XPACI on these operands must answer what the hint has left there.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "isa-models/conformance/mutants.hpp"
#include "isa-models/interpreter.hpp"
#include "models_fixture.hpp"

namespace {

using Results = std::map<std::tuple<std::string, std::uint64_t, std::uint64_t>, std::uint64_t>;

/// One hint in one state: X16, X17, X30 before and after.
struct Signing {
  unsigned hint = 0;
  std::uint64_t before[3] = {}, sp = 0, after[3] = {};
  bool others_changed = false;
};

struct Recorded {
  std::vector<Signing> signings;
  Results results;  ///< of instructions, by name, value and modifier
};

/// What qemu-user/signing.c prints.
Recorded record() {
  namespace fs = std::filesystem;
  const fs::path program = fs::temp_directory_path() / ("symbolon-signing-" + std::to_string(getpid()));
  const std::string source = SYMBOLON_SOURCE_DIR "/tests/unit/isa-models/qemu-user/signing.c";
  const std::string output = program.string() + ".txt";
  const bool ran = std::system(("aarch64-linux-gnu-gcc -O1 -static -march=armv8.3-a " + source + " -o " + program.string()).c_str()) == 0 &&
                   std::system(("timeout 60 qemu-aarch64 -cpu max " + program.string() + " >" + output).c_str()) == 0;
  EXPECT_TRUE(ran);
  Recorded recorded;
  std::ifstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream text(line);
    std::string kind, name;
    text >> kind;
    if (kind == "R") {
      std::uint64_t value = 0, modifier = 0, result = 0;
      text >> name >> std::hex >> value >> modifier >> result;
      recorded.results[{name, value, modifier}] = result;
    } else {
      Signing signing;
      text >> signing.hint >> std::hex;
      for (std::uint64_t& value : signing.before) text >> value;
      text >> signing.sp;
      for (std::uint64_t& value : signing.after) text >> value;
      text >> signing.others_changed;
      recorded.signings.push_back(signing);
    }
    EXPECT_FALSE(text.fail()) << line;
  }
  fs::remove(program);
  fs::remove(output);
  return recorded;
}

/// Answers a hint's effect with the instruction's result.
class Processor : public isa::Environment {
 public:
  explicit Processor(const Results& results) : results_(results) {}
  ir::u128 load(std::uint64_t, unsigned) override { return 0; }
  void store(std::uint64_t, unsigned, ir::u128) override {}
  ir::u128 effect(ir::EffectKind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned) override {
    const std::string name = detail == "xpaclri" ? "xpaci" : detail.substr(0, 5);  // "pacia" of "paciasp"
    const auto at = results_.find({name, static_cast<std::uint64_t>(operands.at(0)), static_cast<std::uint64_t>(operands.at(1))});
    known = at != results_.end();
    return known ? at->second : 0;
  }
  bool known = false;

 private:
  const Results& results_;
};

unsigned differences(const isa::Models& models, const Recorded& recorded) {
  unsigned count = 0;
  for (const Signing& signing : recorded.signings) {
    isa::MachineState state;
    state.x[16] = signing.before[0];
    state.x[17] = signing.before[1];
    state.x[30] = signing.before[2];
    state.sp = signing.sp;
    Processor processor(recorded.results);
    const auto done = isa::interpret(models, 0xd503201fU | signing.hint << 5, state, processor);
    const bool same = done && processor.known && state.x[16] == signing.after[0] && state.x[17] == signing.after[1] && state.x[30] == signing.after[2] &&
                      state.sp == signing.sp && !signing.others_changed;
    count += !same;
  }
  return count;
}

TEST(PointerAuthentication, hints_are_the_instructions_with_the_models_operands) {
  const Recorded recorded = record();
  ASSERT_EQ(recorded.signings.size(), 20U * 13U);
  std::set<unsigned> effective;  // hints that have changed a register
  for (const Signing& signing : recorded.signings)
    for (unsigned i = 0; i < 3; ++i)
      if (signing.before[i] != signing.after[i]) effective.insert(signing.hint);
  EXPECT_EQ(effective.size(), 13U);
  EXPECT_EQ(differences(shipped_models(), recorded), 0U);

  const std::string wrong[][2] = {
      {"\"xpaclri\", X{64}(30)", "\"xpaclri\", X{64}(17)"},
      {"then \"auti\" else \"paci\") :: (if B == '1' then \"b1716\"", "then \"paci\" else \"auti\") :: (if B == '1' then \"b1716\""},
      {"name, X{64}(17), X{64}(16)", "name, X{64}(16), X{64}(17)"},
      {"(if B == '1' then \"b\" else \"a\")", "(if B == '1' then \"a\" else \"b\")"},
      {"if uses_sp == '1' then XSP{64}(31)", "if uses_sp == '0' then XSP{64}(31)"},
  };
  for (const auto& [from, to] : wrong) {
    auto files = *isa::read_model_files(shipped_directory());
    for (auto& [name, text] : files) {
      if (name != "system.isa") continue;
      const auto at = text.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
    }
    const auto models = isa::Models::from_files(files);
    ASSERT_TRUE(models) << models.error().to_string();
    EXPECT_NE(differences(*models, recorded), 0U) << to;
  }
}

}  // namespace
