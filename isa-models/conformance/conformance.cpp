// SPDX-License-Identifier: Apache-2.0
// One case: sample a word and a state; let the interpreter run it on an overlay of the sandbox memory; when an access falls
// outside, move the base register so that it falls inside; then run each executor on the real memory and compare
// registers, flags, pc and the bytes around every access.
#include "isa-models/conformance/conformance.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <set>

#include "isa-models/conformance/difference.hpp"
#include "isa-models/conformance/effects.hpp"
#include "isa-models/conformance/properties.hpp"
#include "isa-models/conformance/sandbox.hpp"
#include "isa-models/sampler.hpp"

namespace isa {
namespace {

using Part = Disagreement::Part;

std::string hex8(std::uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof text, "%08x", word);
  return text;
}

class Run {
 public:
  Run(const Models& models, const GroupData& group, const ConformanceOptions& options)
      : models_(models), group_(group), options_(options), sampler_(*models.data(), group, options.seed) {
    report_.group = group.group.name;
    synchronizes_ = group.group.file.ends_with("synchronization.isa");
    if (options.unicorn) executors_.push_back(make_unicorn());
    if (options.vixl) executors_.push_back(make_vixl());
    if (options.dynarmic) dynarmic_ = make_dynarmic();
  }

  ConformanceReport cases() {
    const auto start = std::chrono::steady_clock::now();
    check_pins();
    while (report_.cases < options_.cases && !is_full()) one(sampler_.word());
    finish(start);
    return std::move(report_);
  }
  ConformanceReport states_of(std::uint32_t word, unsigned states) {
    const auto start = std::chrono::steady_clock::now();
    while (report_.cases < states && !is_full()) one(word);
    finish(start);
    return std::move(report_);
  }

 private:
  bool is_full() const { return report_.mismatches.size() >= options_.mismatch_limit; }
  void finish(std::chrono::steady_clock::time_point start) {
    if (!is_full()) read_undefined();
    report_.undefined = static_cast<unsigned>(undefined_.size());
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::uint64_t next_slot() { return pc_ = pc_ + 16 >= code_end ? code_begin + 8 : pc_ + 8; }

  void one(std::uint32_t word) {
    ++report_.cases;
    MachineState start = sampler_.state();
    const auto decoded = models_.decode(word);
    start.pc = next_slot();
    if (!decoded || decoded->group().name != group_.group.name) {
      ++report_.rejected;
      if (!decoded && decoded.error().code == undefined) expect_refusal(word, start);
      return;
    }
    // An indirect target must be aligned and canonical, or the executors fault at the target instead.
    if (const auto field = decoded->fields().find("Rn"); decoded->is_branch() && field != decoded->fields().end() && field->second < 31)
      start.x[field->second] &= 0xfffffffcU;
    judge_text(*decoded, start);
    judge_properties(*decoded, start);
    Overlay overlay;
    MachineState expected = start;
    if (!place(*decoded, start, expected, overlay)) return;
    if (overlay.is_system) return judge_effects(*decoded, start, expected, overlay);
    bool all = true;
    for (const auto& executor : executors_) all = compare(*executor, *decoded, start, expected, overlay) && all;
    if (!all && dynarmic_ != nullptr) compare(*dynarmic_, *decoded, start, expected, overlay);
  }

  void judge_effects(const Decoded& decoded, MachineState start, MachineState expected, const Overlay& overlay) {
    const auto lifted = models_.lift(decoded, start.pc);
    const bool is_feature = lifted && !lifted->feature.empty();
    bool shown = false;
    const auto judge = [&](Executor& executor) {
      start.pc = next_slot();
      const EffectVerdict verdict = is_feature ? judge_feature_hint(executor, models_, decoded, start, sampler_, [this] { return next_slot(); })
                                               : judge_effect(executor, decoded.word(), start, expected, overlay);
      if (!verdict.judged) return;
      shown = true;
      ++report_.judged[executor.name()];
      ++report_.executed[executor.name()];
      if (!verdict.difference.empty()) mismatch(executor.name(), decoded, start, verdict.difference);
    };
    for (const auto& executor : executors_) judge(*executor);
    if (dynarmic_ != nullptr) judge(*dynarmic_);
    report_.effects += !shown;
  }

  /// Runs the model from a state whose accesses lie in the sandbox. False: there is nothing to compare.
  bool place(const Decoded& decoded, MachineState& start, MachineState& expected, Overlay& overlay) {
    const bool monitor_open = (sampler_.raw() & 1) != 0;
    const auto again = [&] {
      overlay = Overlay();
      overlay.monitor_open = monitor_open;
      expected = start;
      const auto done = isa::interpret(models_, decoded.word(), expected, overlay);
      if (!done) mismatch("interpreter", decoded, start, done.error().to_string());
      return static_cast<bool>(done);
    };
    if (!again()) return false;
    if (!usable(overlay.ranges)) {
      const std::uint64_t before = overlay.ranges.front().address;
      const std::uint64_t delta = move_base(decoded, overlay.ranges.front(), start);
      if (!again()) return false;
      if (delta != 0 && (overlay.ranges.empty() || overlay.ranges.front().address != before + delta)) {
        mismatch("interpreter", decoded, start, "the model's address does not follow its base register");
        return false;
      }
      if (!usable(overlay.ranges)) {
        ++report_.rejected;
        return false;
      }
    }
    // A compare-and-swap of random values would never swap.
    if (overlay.compares && (sampler_.raw() & 1) != 0 && expect_memory(decoded, overlay, start)) return again() && usable(overlay.ranges);
    return true;
  }

  /// Gives Rs (and Rs + 1, for a pair) the value in memory, unless the address depends on it.
  bool expect_memory(const Decoded& decoded, Overlay& overlay, MachineState& start) {
    const auto base = decoded.fields().find("Rn"), field = decoded.fields().find("Rs");
    if (base == decoded.fields().end() || field == decoded.fields().end()) return false;
    const std::uint32_t s = field->second;
    const bool pair = decoded.text(0).starts_with("casp");
    if (s > 30 || base->second == s || (pair && (s > 29 || base->second == s + 1))) return false;
    const unsigned bytes = overlay.ranges.front().bytes;
    const ir::u128 value = *overlay.compares;
    start.x[s] = static_cast<std::uint64_t>(value);
    if (pair) start.x[s + 1] = static_cast<std::uint64_t>(value >> (4 * bytes));
    return true;
  }

  bool usable(const std::vector<Range>& ranges) const {
    return inside_sandbox(ranges) && (!synchronizes_ || ranges.empty() || ranges[0].address % 16 == 0);
  }

  /// Shifts the base register so that the first access falls into the data zone. Synchronizing accesses are aligned.
  /// Returns by how much the address must have moved; 0 when the base is also the offset register, or there is none.
  std::uint64_t move_base(const Decoded& decoded, const Range& first, MachineState& state) {
    const auto field = decoded.fields().find("Rn");
    if (field == decoded.fields().end()) return 0;
    std::uint64_t target = data_begin + sampler_.raw() % (data_end - data_begin);
    if (synchronizes_) target &= ~std::uint64_t{15};
    std::uint64_t delta = target - first.address;
    if (field->second == 31) {
      delta &= ~std::uint64_t{15};
      state.sp += delta;
    } else {
      state.x[field->second] += delta;
    }
    const auto offset = decoded.fields().find("Rm");
    const bool same = field->second != 31 && offset != decoded.fields().end() && offset->second == field->second;
    return same ? 0 : delta;
  }

  void mismatch(const std::string& judge, const Decoded& decoded, const MachineState& start, const std::string& difference,
                std::optional<KeptCase> kept = {}) {
    if (!is_full()) report_.mismatches.push_back({judge, decoded.word(), decoded.text(start.pc), difference, describe(start), std::move(kept)});
  }

  /// The case with the memory that it meets; only what the instruction reads counts of the state.
  KeptCase kept_case(const std::string& executor, Part part, const Decoded& decoded, const MachineState& start, const Overlay& overlay) {
    KeptCase kept;
    kept.row = {executor, part, decoded.word(), ~0U, decoded.word(), {}};
    kept.before = start;
    if (const auto lifted = models_.lift(decoded, start.pc)) {
      const AccessSets sets = access_sets(*lifted);
      const auto is_read = [&](const std::string& name) { return std::find(sets.reads.begin(), sets.reads.end(), name) != sets.reads.end(); };
      for (unsigned i = 0; i < 31; ++i)
        if (!is_read("X" + std::to_string(i))) kept.before.x[i] = 0;
      for (unsigned i = 0; i < 32; ++i)
        if (!is_read("V" + std::to_string(i))) kept.before.v[i] = 0;
      if (!is_read("SP")) kept.before.sp = 0;
      for (unsigned i = 0; i < 4; ++i) kept.before.nzcv[i] = kept.before.nzcv[i] && is_read(std::string(1, "NZCV"[i]));
      // What an instruction keeps of a register that it overwrites: such a register is not read by the model.
      if (part == Part::upper_half)
        for (const std::string& name : sets.writes)
          if (name[0] == 'X') kept.before.x[std::stoul(name.substr(1))] = start.x[std::stoul(name.substr(1))];
    }
    for (const Range& range : overlay.ranges) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(range.address);
      kept.memory[range.address].assign(bytes, bytes + range.bytes);
    }
    // A wrong model may read less than the instruction does.
    const auto results = replay(models_, kept);
    if (!results || results->at("model") == results->at(executor)) kept.before = start;
    return kept;
  }

  bool is_excused(const std::string& executor, std::uint32_t word, Part part) {
    if (options_.known == nullptr) return false;
    const auto& rows = options_.known->disagreements;
    return std::any_of(rows.begin(), rows.end(), [&](const Disagreement& row) {
      return row.executor == executor && row.part == part && (word & row.mask) == row.value;
    });
  }

  /// False: the executor does not know the word.
  bool compare(Executor& executor, const Decoded& decoded, const MachineState& start, const MachineState& expected,
               const Overlay& overlay) {
    const std::uint32_t word = decoded.word();
    const Memory memory(overlay.ranges);
    Difference found;
    // VIXL lets some exclusive stores fail, as hardware may. Its chance has a short period, so each attempt takes another number of steps.
    const bool may_fail = overlay.stores_exclusively && overlay.monitor_open && executor.name() == "vixl";
    for (unsigned attempt = 0; attempt < (may_fail ? 24U : 1U); ++attempt) {
      MachineState got = start;
      if (overlay.stores_exclusively && overlay.monitor_open)
        for (unsigned i = 0; i <= attempt % 5; ++i) open_monitor(executor, word, got);
      std::memcpy(reinterpret_cast<void*>(got.pc), &word, sizeof word);
      const Executor::Outcome outcome = executor.run(got);
      if (outcome == Executor::Outcome::unknown) return false;
      if (outcome != Executor::Outcome::ran) {
        ++report_.judged[executor.name()];
        if (is_excused(executor.name(), word, Part::refusal)) ++report_.excused;
        else mismatch(executor.name(), decoded, start, "raised an exception", kept_case(executor.name(), Part::refusal, decoded, start, overlay));
        return true;
      }
      found = compare_registers(expected, got, executor.name() == "vixl");
      memory.compare(overlay, found);
      if (!found.any()) break;
    }
    ++report_.judged[executor.name()];
    ++report_.executed[executor.name()];
    excuse(executor.name(), word, found);
    if (!found.any()) return true;
    memory.restore();
    const Part part = found.memory ? Part::memory : found.registers ? Part::registers : Part::upper_half;
    mismatch(executor.name(), decoded, start, found.text, kept_case(executor.name(), part, decoded, start, overlay));
    return true;
  }

  void excuse(const std::string& executor, std::uint32_t word, Difference& found) {
    const auto check = [&](bool& differs, std::initializer_list<Part> parts) {
      if (!differs) return;
      for (const Part part : parts)
        if (is_excused(executor, word, part)) {
          differs = false;
          ++report_.excused;
          return;
        }
    };
    check(found.upper_half, {Part::upper_half, Part::registers});
    check(found.registers, {Part::registers});
    check(found.memory, {Part::memory});
  }

  /// Runs the exclusive load that belongs to the exclusive store `word`: L set, Rs all ones, no order, free registers. It stands before the
  /// store, as executed addresses may only grow.
  void open_monitor(Executor& executor, std::uint32_t word, const MachineState& state) {
    const std::uint32_t base = word >> 5 & 31, first = base == 0 ? 1 : 0, second = base == 2 ? 3 : 2;
    const bool pair = (word >> 21 & 1) != 0;
    const std::uint32_t load = (word & 0xffe003e0U) | 1U << 22 | 31U << 16 | (pair ? second : 31U) << 10 | first;
    std::memcpy(reinterpret_cast<void*>(state.pc - 4), &load, sizeof load);
    MachineState scratch = state;
    scratch.pc = state.pc - 4;
    executor.run(scratch);
  }

  /// What the model calls UNDEFINED must not run.
  void expect_refusal(std::uint32_t word, const MachineState& start) {
    undefined_.insert(word);
    std::memcpy(reinterpret_cast<void*>(start.pc), &word, sizeof word);
    for (const auto& executor : executors_) {
      const Executor::Outcome outcome = executor->accepts(start);
      if (outcome == Executor::Outcome::unknown) continue;
      ++report_.judged[executor->name()];
      if (outcome == Executor::Outcome::refused) continue;
      if (is_excused(executor->name(), word, Part::refusal)) ++report_.excused;
      else refuse(executor->name(), word, "is UNDEFINED in the model but runs", true);
    }
  }

  void refuse(const std::string& judge, std::uint32_t word, const std::string& difference, bool is_executor = false) {
    if (is_full()) return;
    report_.mismatches.push_back({judge, word, "(UNDEFINED)", difference, {}, {}});
    if (is_executor) report_.mismatches.back().kept = KeptCase{{judge, Part::refusal, word, ~0U, word, {}}, {}, {}, {}, {}};
  }

  void judge_text(const Decoded& decoded, const MachineState& start) {
    if (options_.readers == nullptr || !options_.readers->compare) return;
    const Readers::Answer answer = options_.readers->compare(models_, decoded, start.pc);
    using Verdict = Readers::Answer::Verdict;
    if (answer.verdict != Verdict::unknown) ++report_.judged[answer.reader];
    if (answer.verdict == Verdict::disagrees) mismatch(answer.reader, decoded, start, "reads " + answer.text);
    if (answer.verdict == Verdict::unknown) mismatch("disassemblers", decoded, start, "no disassembler knows the word");
  }

  void judge_properties(const Decoded& decoded, const MachineState& start) {
    if (!options_.properties) return;
    ++report_.judged["properties"];
    if (const std::string what = violated_property(models_, decoded, start, sampler_); !what.empty()) mismatch("properties", decoded, start, what);
  }

  /// UNDEFINED words are asked at the end, all at once: a disassembler may be a program of its own.
  void read_undefined() {
    if (options_.readers == nullptr || undefined_.empty()) return;
    const std::vector<std::uint32_t> words(undefined_.begin(), undefined_.end());
    for (const Readers::Reader& reader : options_.readers->all) {
      const std::vector<std::string> texts = reader.texts(words);
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (i >= texts.size() || texts[i].empty()) continue;
        if (is_known_reading(reader.name, words[i])) ++report_.excused;
        else refuse(reader.name, words[i], "is UNDEFINED in the model but reads " + texts[i]);
      }
    }
  }
  bool is_known_reading(const std::string& reader, std::uint32_t word) const {
    if (options_.known == nullptr) return false;
    const auto& rows = options_.known->undefined_readings;
    return std::any_of(rows.begin(), rows.end(), [&](const UndefinedReading& row) { return row.reader == reader && (word & row.mask) == row.value; });
  }

  void check_pins() {
    if (options_.known == nullptr || !options_.properties) return;
    for (const Pin& pin : options_.known->pins) {
      const bool ours = std::any_of(group_.encodings.begin(), group_.encodings.end(), [&](const Encoding& e) { return (pin.word & e.mask) == e.match; });
      if (!ours) continue;
      ++report_.judged["pins"];
      const auto decoded = models_.decode(pin.word);
      const std::string outcome = decoded ? "ok" : decoded.error().code;
      if (outcome != pin.outcome && !is_full()) report_.mismatches.push_back({"pins", pin.word, outcome, "expected " + pin.outcome + ": " + pin.reason, {}, {}});
    }
  }

  const Models& models_;
  const GroupData& group_;
  const ConformanceOptions& options_;
  Sampler sampler_;
  bool synchronizes_ = false;  ///< misaligned accesses fault
  std::vector<std::unique_ptr<Executor>> executors_;
  std::unique_ptr<Executor> dynarmic_;  ///< asked for effects, and for words that one of the others does not know
  std::uint64_t pc_ = code_begin;  ///< slots of two words
  std::set<std::uint32_t> undefined_;
  ConformanceReport report_;
};

ir::Error failure(const std::string& message) { return {"isa-conformance", message, {}}; }

}  // namespace

std::string Mismatch::to_string() const {
  std::string result = hex8(word) + " " + text + "\n    " + judge + ": " + difference;
  if (!state.empty()) result += "\n    state: " + state;
  return result;
}

ir::Result<ConformanceReport> conformance(const Models& models, const std::string& group, const ConformanceOptions& options) {
  if (!map_sandbox()) return failure("cannot map the sandbox memory at 0x10000000");
  for (const GroupData& data : models.data()->groups)
    if (data.group.name == group) return Run(models, data, options).cases();
  return failure("no instruction group \"" + group + "\"");
}

ir::Result<ConformanceReport> conformance_of_word(const Models& models, std::uint32_t word, unsigned states, const ConformanceOptions& options) {
  if (!map_sandbox()) return failure("cannot map the sandbox memory at 0x10000000");
  const auto decoded = models.decode(word);
  if (!decoded) return decoded.error();
  for (const GroupData& data : models.data()->groups)
    if (&data.group == &decoded->group()) return Run(models, data, options).states_of(word, states);
  return failure("no group");
}

}  // namespace isa
