// SPDX-License-Identifier: Apache-2.0
// What the models say about EL1 against a machine: exceptions and their return, exclusives, PSTATE fields, system registers, words that
// are UNDEFINED. The models run in an environment that knows only what an effect's name claims; where both differ, a claim is wrong.
#include "bare_metal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "assemblers.hpp"
#include "isa-models/interpreter.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/sampler.hpp"
#include "models_fixture.hpp"

namespace {

using Words = std::vector<std::uint32_t>;

/// Exception class and syndrome of each exception that a model names (Arm ARM D19.2.37, ESR_EL1.EC).
struct Class {
  unsigned code;
  bool has_immediate;
  bool returns;       ///< to the next word
  bool next_address;  ///< the preferred return address is the next word's, not the word's own
};
const std::map<std::string, Class> classes = {
    {"svc", {0x15, true, true, true}},     {"hvc", {0x16, true, true, true}},     {"smc", {0x17, true, true, false}},
    {"brk", {0x3c, true, false, false}},   {"hlt", {0x00, false, false, false}},  {"udf", {0x00, false, false, false}},
    // The machine is not in Debug state.
    {"dcps1", {0x00, false, false, false}},  {"dcps2", {0x00, false, false, false}},  {"dcps3", {0x00, false, false, false}},
    {"drps", {0x00, false, false, false}},
    {"undefined", {0x00, false, false, false}},
};

class Machine : public isa::Environment {
 public:
  Machine(const isa::Models& models, std::uint64_t start) : models_(models), start_(start) {
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(0x11 * (i / 8));
    state.pc = start;
    state.sp = bare_metal::stack_address;
    for (std::size_t i = 0; i < 31; ++i) state.x[i] = 0x0101010101010101ULL * i;
    state.x[1] = bare_metal::data_address;
    state.x[2] = bare_metal::data_address + 64;
    registers_ = {{"DAIF", 0x3c0}, {"SPSel", 1}, {"CurrentEL", 4}, {"PAN", 0}, {"UAO", 0}};
  }

  void run(const Words& words) {
    for (unsigned steps = 0; steps < 100; ++steps) {
      const std::uint64_t index = (state.pc - start_) / 4;
      if (index >= words.size()) return;
      const std::uint64_t before = state.pc;
      const auto done = isa::interpret(models_, words[index], state, *this);
      if (!done && done.error().code == isa::undefined) return take("undefined", 0, before);
      ASSERT_TRUE(done) << done.error().to_string();
      if (pending_.empty()) continue;
      const std::string kind = std::exchange(pending_, {});
      if (kind == "eret") {
        state.pc = registers_.at("ELR_EL1");
        const std::uint64_t saved = registers_.at("SPSR_EL1");
        for (unsigned i = 0; i < 4; ++i) state.nzcv[i] = (saved >> (31 - i) & 1) != 0;
        continue;
      }
      take(kind, immediate_, before);
      if (!classes.at(kind).returns) return;
    }
  }

  ir::u128 load(std::uint64_t address, unsigned bytes) override {
    ir::u128 value = 0;
    for (unsigned i = 0; i < bytes; ++i) value |= static_cast<ir::u128>(data.at(address - bare_metal::data_address + i)) << (8 * i);
    return value;
  }
  void store(std::uint64_t address, unsigned bytes, ir::u128 value) override {
    for (unsigned i = 0; i < bytes; ++i) data.at(address - bare_metal::data_address + i) = static_cast<std::uint8_t>(value >> (8 * i));
  }
  ir::u128 effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned bytes) override {
    using Kind = ir::EffectKind;
    const auto address = static_cast<std::uint64_t>(operands.empty() ? 0 : operands[0]);
    switch (kind) {
      case Kind::exclusive_load: monitor_ = address; return load(address, bytes);
      case Kind::exclusive_store: {
        const bool succeeds = monitor_ == address;
        monitor_.reset();
        if (succeeds) store(address, bytes, operands[1]);
        return succeeds ? 0 : 1;
      }
      case Kind::clear_exclusive: monitor_.reset(); return 0;
      case Kind::atomic:
        if (detail == "ldtr" || detail == "ldlar") return load(address, bytes);
        if (detail == "sttr" || detail == "stllr") store(address, bytes, operands[1]);
        return 0;
      case Kind::sysreg_write: write(detail, static_cast<std::uint64_t>(operands[0])); return 0;
      case Kind::sysreg_read:
        EXPECT_TRUE(registers_.contains(detail)) << detail << " is read before it is written";
        return registers_[detail];
      case Kind::exception:
        pending_ = detail;
        immediate_ = static_cast<unsigned>(operands[0]);
        return 0;
      case Kind::exception_return: pending_ = "eret"; return 0;
      // The machine has no FEAT_PAuth: its hints do nothing.
      case Kind::sysop: return operands.empty() ? 0 : operands[0];
      default: return 0;
    }
  }

  isa::MachineState state;
  std::vector<bare_metal::Event> events;
  std::array<std::uint8_t, 8 * bare_metal::data_words> data{};

 private:
  void take(const std::string& kind, unsigned immediate, std::uint64_t address) {
    const Class& row = classes.at(kind);
    const std::uint64_t esr = static_cast<std::uint64_t>(row.code) << 26 | 1U << 25 | (row.has_immediate ? immediate : 0);
    events.push_back({esr, address - start_ + (row.next_address ? 4 : 0)});
  }
  void write(const std::string& name, std::uint64_t value) {
    if (name == "DAIFSet") registers_["DAIF"] |= value << 6;
    else if (name == "DAIFClr") registers_["DAIF"] &= ~(value << 6);
    else if (name == "PAN") registers_[name] = from_immediate(value, 22);
    else if (name == "UAO") registers_[name] = from_immediate(value, 23);
    else registers_[name] = value;
  }
  /// MSR (immediate) gives a field's value, the register has it at its place.
  static std::uint64_t from_immediate(std::uint64_t value, unsigned place) { return value <= 1 ? value << place : value; }

  const isa::Models& models_;
  std::uint64_t start_;
  std::map<std::string, std::uint64_t> registers_;
  std::optional<std::uint64_t> monitor_;
  std::string pending_;
  unsigned immediate_ = 0;
};

struct Experiment {
  std::string name;
  Words words;
};

/// The rows of experiments.tsv, assembled all at once.
std::vector<Experiment> shipped_experiments() {
  std::vector<Experiment> experiments;
  std::vector<std::string> lines;
  std::vector<std::pair<std::size_t, std::size_t>> places;  ///< of each line: experiment, word
  std::ifstream rows(SYMBOLON_SOURCE_DIR "/tests/unit/isa-models/bare-metal/experiments.tsv");
  for (std::string row; std::getline(rows, row);) {
    const std::size_t tab = row.find('\t');
    if (row.starts_with('#') || tab == std::string::npos) continue;
    Experiment experiment{row.substr(0, tab), {}};
    std::istringstream code(row.substr(tab + 1));
    for (std::string line; std::getline(code, line, ';');) {
      line.erase(0, line.find_first_not_of(' '));
      const bool is_word = line.starts_with(".inst ");
      experiment.words.push_back(is_word ? static_cast<std::uint32_t>(std::stoul(line.substr(6), nullptr, 16)) : 0);
      if (is_word) continue;
      lines.push_back(line);
      places.emplace_back(experiments.size(), experiment.words.size() - 1);
    }
    experiments.push_back(std::move(experiment));
  }
  const auto words = assemblers::llvm_words(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_TRUE(words[i]) << lines[i];
    experiments[places[i].first].words[places[i].second] = words[i].value_or(0);
  }
  return experiments;
}

std::vector<bare_metal::Outcome> run(const std::vector<Experiment>& experiments) {
  std::vector<Words> words;
  for (const Experiment& experiment : experiments) words.push_back(experiment.words);
  return bare_metal::run(words);
}

std::string describe(const std::vector<bare_metal::Event>& events) {
  std::ostringstream text;
  text << std::hex;
  for (const auto& event : events) text << "esr " << event.esr << " at +" << event.offset << "; ";
  return text.str();
}

/// What the machine did otherwise than the model; empty when they agree.
std::string difference(const bare_metal::Outcome& outcome, const Machine& model) {
  std::ostringstream text;
  text << std::hex;
  const auto note = [&](const std::string& what, std::uint64_t got, std::uint64_t wanted) {
    if (got != wanted) text << what << " is " << got << ", the model says " << wanted << "; ";
  };
  const std::string got = describe(outcome.events);
  const std::string wanted = describe(model.events);
  if (got != wanted) text << "took " << got << "the model says " << wanted;
  for (unsigned i = 0; i < 31; ++i) note("x" + std::to_string(i), outcome.x[i], model.state.x[i]);
  note("sp", outcome.sp, model.state.sp);
  for (unsigned i = 0; i < 4; ++i) note(std::string(1, "NZCV"[i]), outcome.spsr >> (31 - i) & 1, model.state.nzcv[i] ? 1 : 0);
  for (unsigned i = 0; i < model.data.size(); ++i)
    note("byte " + std::to_string(i), outcome.data[i / 8] >> (i % 8 * 8) & 0xff, model.data[i]);
  return text.str();
}

/// Runs the models on what the machine ran; one text for each experiment that ends otherwise.
std::vector<std::string> differences(const isa::Models& models, const std::vector<Experiment>& experiments,
                                     const std::vector<bare_metal::Outcome>& outcomes) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    Machine model(models, outcomes[i].address);
    model.run(experiments[i].words);
    const std::string text = difference(outcomes[i], model);
    if (!text.empty()) result.push_back(experiments[i].name + ": " + text);
  }
  return result;
}

/// The shipped models with one text replaced.
ir::Result<isa::Models> changed_models(const std::string& file, const std::string& from, const std::string& to) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::directory_iterator(shipped_directory())) {
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    files.emplace_back(entry.path().filename().string(), text.str());
    if (files.back().first != file) continue;
    const std::size_t at = files.back().second.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    files.back().second.replace(at, from.size(), to);
  }
  return isa::Models::from_files(files);
}

TEST(BareMetal, experiments_end_as_the_models_say) {
  const std::vector<Experiment> experiments = shipped_experiments();
  ASSERT_GT(experiments.size(), 40U);
  const auto outcomes = run(experiments);
  for (const std::string& text : differences(shipped_models(), experiments, outcomes)) ADD_FAILURE() << text;

  const std::string wrong[][3] = {
      {"system.isa", "when '01' => Exception(\"svc\", imm16)", "when '01' => Exception(\"hvc\", imm16)"},
      {"system.isa", "Exception(\"brk\", imm16)", "Exception(\"brk\", NOT(imm16))"},
      {"system.isa", "PSTATE.NZCV = X{64}(t)[31:28]", "PSTATE.NZCV = X{64}(t)[30:27]"},
      {"system.isa", "WritePstateField(field, ZeroExtend{64}(CRm))", "WritePstateField(field, ZeroExtend{64}(NOT(CRm)))"},
      {"system.isa", "WriteSystemRegister(register, X{64}(t))", "WriteSystemRegister(register, NOT(X{64}(t)))"},
      {"synchronization.isa", "X{N}(t2) :: X{N}(t), o0", "X{N}(t) :: X{N}(t2), o0"},
      {"synchronization.isa", "ClearExclusive();", "Barrier(\"clrex\");"},
      {"branches.isa", "ExceptionReturn();", "Barrier(\"eret\");"},
      {"vector-registers.isa", "V{N}(t2) = data2;", "V{N}(t2) = data1;"},
  };
  for (const auto& [file, from, to] : wrong) {
    const auto models = changed_models(file, from, to);
    ASSERT_TRUE(models) << models.error().to_string();
    EXPECT_FALSE(differences(*models, experiments, outcomes).empty()) << to;
  }
}

TEST(BareMetal, undefined_words_are_undefined) {
  std::vector<Experiment> experiments;
  std::set<std::uint32_t> seen;
  for (const isa::GroupData& group : shipped_models().data()->groups) {
    isa::Sampler sampler(*shipped_models().data(), group, 21);
    for (unsigned i = 0; i < 100; ++i) {
      const std::uint32_t word = sampler.word();
      const auto decoded = shipped_models().decode(word);
      if (!decoded && decoded.error().code == isa::undefined && seen.insert(word).second)
        experiments.push_back({group.group.name + " " + std::to_string(word), {word}});
    }
  }
  ASSERT_GT(experiments.size(), 100U);
  for (const std::string& text : differences(shipped_models(), experiments, run(experiments))) ADD_FAILURE() << text;
}

/// absent.tsv: names that this machine lacks, each pattern with how many registers it met.
struct Absent {
  std::regex name;
  std::string text;
  unsigned met = 0;
};

std::vector<Absent> absent_registers() {
  std::vector<Absent> result;
  std::ifstream rows(SYMBOLON_SOURCE_DIR "/tests/unit/isa-models/bare-metal/absent.tsv");
  for (std::string row; std::getline(rows, row);) {
    if (row.starts_with('#')) continue;
    const std::string pattern = row.substr(0, row.find('\t'));
    result.push_back({std::regex(pattern), pattern});
  }
  return result;
}

TEST(BareMetal, registers_are_there_from_their_lowest_level_on) {
  const std::set<std::string> sources = {"v8.0", "v8.2", "FEAT_VHE", "FEAT_LOR", "FEAT_PAN", "FEAT_UAO", "FEAT_RAS", "GICv3"};
  std::vector<Experiment> experiments;
  std::vector<const isa::SystemRegister*> rows;
  for (const auto& [encoding, row] : shipped_models().data()->registers) {
    if (!row.readable || !sources.contains(row.since)) continue;
    // MRS X3, <the register>
    experiments.push_back({row.name, {0xd5300003U | (encoding & 0x7fffU) << 5}});
    rows.push_back(&row);
  }
  ASSERT_GT(experiments.size(), 300U);
  std::vector<Absent> absent = absent_registers();
  const auto outcomes = run(experiments);
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    const bool there = outcomes[i].events.empty();
    bool expected = rows[i]->lowest_el <= 1;
    for (Absent& row : absent)
      if (std::regex_match(rows[i]->name, row.name)) {
        expected = false;
        ++row.met;
      }
    EXPECT_EQ(there, expected) << rows[i]->name << ": " << describe(outcomes[i].events);
  }
  for (const Absent& row : absent) EXPECT_NE(row.met, 0U) << row.text << " matches no register";
}

}  // namespace
