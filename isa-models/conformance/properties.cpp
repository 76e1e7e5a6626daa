// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/properties.hpp"

#include <algorithm>
#include <sstream>

#include "isa-models/execute.hpp"

namespace isa {
namespace {

/// Answers loads and effects by a hash of what was asked, and remembers the order of everything.
class Recorder : public Environment {
 public:
  ir::u128 load(std::uint64_t address, unsigned bytes) override { return note("load", {address}, bytes, 8 * bytes); }
  void store(std::uint64_t address, unsigned bytes, ir::u128 value) override { note("store", {address, value}, bytes, 0); }
  ir::u128 effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned bytes) override {
    return note("effect " + std::to_string(static_cast<int>(kind)) + " " + detail, operands, bytes, 128);
  }
  std::string log;

 private:
  ir::u128 note(const std::string& what, const std::vector<ir::u128>& operands, unsigned bytes, unsigned width) {
    log += what + " " + std::to_string(bytes);
    std::uint64_t hash = 1469598103934665603ULL + log.size();
    for (ir::u128 operand : operands) {
      for (unsigned part = 0; part < 2; ++part) {
        const auto half = static_cast<std::uint64_t>(operand >> (64 * part));
        log += " " + std::to_string(half);
        hash = (hash ^ half) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 31;
      }
    }
    log += "\n";
    const ir::u128 value = (static_cast<ir::u128>(hash) << 64) | (hash * 0xbf58476d1ce4e5b9ULL);
    return width >= 128 ? value : value & ((ir::u128{1} << width) - 1);
  }
};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Gives new values to everything that is not in the read set.
MachineState disturbed(const MachineState& start, const AccessSets& sets, Sampler& sampler) {
  MachineState other = start;
  for (unsigned i = 0; i < 31; ++i)
    if (!has(sets.reads, "X" + std::to_string(i))) other.x[i] = sampler.value();
  for (unsigned i = 0; i < 32; ++i)
    if (!has(sets.reads, "V" + std::to_string(i))) other.v[i] = ~other.v[i];
  if (!has(sets.reads, "SP")) other.sp = sampler.value();
  for (unsigned i = 0; i < 4; ++i)
    if (!has(sets.reads, std::string(1, "NZCV"[i]))) other.nzcv[i] = !other.nzcv[i];
  return other;
}

/// `a` and `b` ran from `start` and from the same state outside the read set.
std::string beyond_the_sets(const AccessSets& sets, const MachineState& start, const MachineState& a, const MachineState& b) {
  if (a.pc != b.pc) return "the successor depends on something outside the read set";
  const auto wrong = [&](const std::string& name, auto before, auto one, auto two) {
    return has(sets.writes, name) ? one != two : one != before;
  };
  for (unsigned i = 0; i < 31; ++i)
    if (const std::string name = "X" + std::to_string(i); wrong(name, start.x[i], a.x[i], b.x[i])) return name + " is changed or read outside the sets";
  for (unsigned i = 0; i < 32; ++i)
    if (const std::string name = "V" + std::to_string(i); wrong(name, start.v[i], a.v[i], b.v[i])) return name + " is changed or read outside the sets";
  if (wrong("SP", start.sp, a.sp, b.sp)) return "SP is changed or read outside the sets";
  for (unsigned i = 0; i < 4; ++i)
    if (const std::string name(1, "NZCV"[i]); wrong(name, start.nzcv[i], a.nzcv[i], b.nzcv[i])) return name + " is changed or read outside the sets";
  return {};
}

/// The text of an instruction, taken apart.
struct Reading {
  std::vector<std::string> tokens;    ///< normalised: mnemonic first
  std::vector<std::string> operands;  ///< before '['
  std::string mnemonic;               ///< as the model prints it
  Reading(const Models& models, const std::string& text) : tokens(words_of(normalise_text(models, text))) {
    mnemonic = text.substr(0, text.find(' '));
    for (std::size_t i = 1; i < tokens.size() && tokens[i] != "["; ++i) operands.push_back(tokens[i]);
  }
  bool names(const std::string& token) const { return has(tokens, token); }
};

/// Hints of a feature read and write registers that their text does not name: exactly these.
std::string hint_registers(const std::string& name, const AccessSets& sets) {
  using Names = std::vector<std::string>;
  Names reads = {"X30"}, writes = {"X30"};
  if (name == "chkfeat") reads = writes = {"X16"};
  if (name.ends_with("1716")) reads = {"X16", "X17"}, writes = {"X17"};
  if (name.ends_with("sp")) reads = {"X30", "SP"};
  return sets.reads == reads && sets.writes == writes ? "" : "the hint's registers are not those of its page";
}

std::string registers_not_in_text(const Reading& reading, const AccessSets& sets, const Lifted& lifted, const MachineState& after) {
  if (!lifted.feature.empty()) {
    const auto* effect = lifted.ops.empty() ? nullptr : std::get_if<ir::Effect>(&lifted.ops.front());
    return effect == nullptr ? "a hint of a feature has no effect" : hint_registers(effect->detail, sets);
  }
  const bool is_call = lifted.transfer.kind == Transfer::Kind::call || lifted.transfer.kind == Transfer::Kind::indirect_call;
  for (const bool writes : {false, true})
    for (const std::string& name : writes ? sets.writes : sets.reads) {
      const std::string verb = writes ? "writes " : "reads ";
      if (name == "SP" && !reading.names("sp") && !reading.names("wsp")) return verb + "SP, which the text does not name";
      if (name[0] != 'X' || (writes && is_call && name == "X30")) continue;
      const std::string number = name.substr(1);
      if (!reading.names("x" + number) && !reading.names("w" + number)) return verb + name + ", which the text does not name";
      if (!writes || !has(reading.operands, "w" + number) || has(reading.operands, "x" + number)) continue;
      if (after.x[std::stoul(number)] >> 32 != 0) return "writes w" + number + " and leaves bits in the upper half";
    }
  return {};
}

/// "ldaddalb" without the size suffix, "caspal" without the p.
std::string atomic_name(std::string mnemonic) {
  if (mnemonic.starts_with("casp")) mnemonic.erase(3, 1);
  for (const char* family : {"ldadd", "ldclr", "ldeor", "ldset", "ldsmax", "ldsmin", "ldumax", "ldumin", "swp", "cas"}) {
    const std::string name = family;
    if (!mnemonic.starts_with(name)) continue;
    std::string rest = mnemonic.substr(name.size());
    if (!rest.empty() && (rest.back() == 'b' || rest.back() == 'h')) rest.pop_back();
    return name + rest;
  }
  return mnemonic.substr(0, mnemonic.starts_with("ldlar") || mnemonic.starts_with("stllr") ? 5 : 4);  // ldtr, sttr
}

std::string effect_not_in_text(const Models& models, const Reading& reading, const ir::Effect& effect) {
  using Kind = ir::EffectKind;
  const auto normal = [&](const std::string& text) { return words_of(normalise_text(models, text)); };
  const std::string wrong = "the effect \"" + effect.detail + "\" is not what the text names";
  if (effect.kind == Kind::sysop || effect.kind == Kind::sysreg_write)
    for (const ir::Term operand : effect.operands)
      if (operand.width() != 64) return "an operand of the effect does not have 64 bits";
  switch (effect.kind) {
    case Kind::barrier:
      // A reserved ISB option behaves as SY (Arm ARM C6.2 ISB).
      if (reading.mnemonic == "isb") return effect.detail == "isb sy" ? "" : wrong;
      return normal(effect.detail) == reading.tokens ? "" : wrong;
    case Kind::wait: return effect.detail == reading.mnemonic ? "" : wrong;
    case Kind::exception:
      if (effect.detail != reading.mnemonic) return wrong;
      if (reading.tokens.size() == 1 && effect.operands.at(0).value() == 0) return {};
      return reading.names(std::to_string(static_cast<std::uint64_t>(effect.operands.at(0).value()))) ? "" : "the exception's number is not the text's";
    case Kind::exception_return: return reading.mnemonic == "eret" ? "" : wrong;
    case Kind::sysreg_read:
    case Kind::sysreg_write: {
      const auto detail = normal("msr " + effect.detail);
      if (!reading.names(detail.at(1))) return wrong;
      if (effect.operands.empty() || !effect.operands[0].is_constant() || reading.names("xzr")) return {};
      const ir::Term value = effect.operands[0];
      return reading.names(std::to_string(value.value64())) ? "" : "the value written is not the text's";
    }
    case Kind::sysop: {
      const bool reads = effect.detail.starts_with("sysl ");
      const auto detail = normal(reads ? effect.detail.substr(5) : effect.detail);
      for (std::size_t i = 1; i < detail.size(); ++i)
        if (detail[i] != "xzr" && !reading.names(detail[i])) return wrong;
      return reads == (reading.mnemonic == "sysl") ? "" : wrong;
    }
    case Kind::exclusive_load: return (reading.mnemonic.starts_with("ldax")) == (effect.order == ir::Order::acquire) ? "" : "the load's order is not the text's";
    case Kind::exclusive_store: return (reading.mnemonic.starts_with("stlx")) == (effect.order == ir::Order::release) ? "" : "the store's order is not the text's";
    case Kind::clear_exclusive: return reading.mnemonic == "clrex" ? "" : wrong;
    case Kind::atomic: {
      std::string named = atomic_name(reading.mnemonic);
      // With Rt = ZR the acquire is lost (Arm ARM B2.3.11 and the pages of LDADD and SWP).
      if (reading.operands.size() > 1 && reading.operands[1].ends_with("zr") && !named.starts_with("cas")) {
        if (named.ends_with("al")) named.erase(named.size() - 2, 1);
        else if (named.ends_with("a")) named.pop_back();
      }
      return effect.detail == named ? "" : wrong;
    }
  }
  return {};
}

std::string meaning_not_in_text(const Models& models, const Reading& reading, const Lifted& lifted) {
  // They check other permissions than LDR and STR, or have another order than LDAR and STLR: they must be neither.
  bool special = false;
  for (const char* mnemonic : {"ldtr", "sttr", "ldlar", "stllr"}) special = special || reading.mnemonic.starts_with(mnemonic);
  for (const MicroOp& op : lifted.ops) {
    if (special && !std::holds_alternative<ir::Effect>(op)) return "an unprivileged access, or one with a limited order, is a plain one";
    if (const auto* load = std::get_if<ir::Load>(&op); load != nullptr && (load->order == ir::Order::acquire) != reading.mnemonic.starts_with("lda"))
      return "the load's order is not the text's";
    if (const auto* store = std::get_if<ir::Store>(&op); store != nullptr && (store->order == ir::Order::release) != reading.mnemonic.starts_with("stl"))
      return "the store's order is not the text's";
    if (const auto* effect = std::get_if<ir::Effect>(&op))
      if (std::string wrong = effect_not_in_text(models, reading, *effect); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

std::string violated_property(const Models& models, const Decoded& decoded, const MachineState& start, Sampler& sampler) {
  const auto lifted = models.lift(decoded, start.pc);
  if (!lifted) return "does not lift: " + lifted.error().to_string();
  MachineState by_text = start, by_terms = start;
  Recorder text_log, term_log;
  if (const auto done = interpret(models, decoded.word(), by_text, text_log); !done) return "does not run: " + done.error().to_string();
  execute(*lifted, by_terms, term_log);
  if (by_text != by_terms) return "the terms' state differs from the interpreter's:\n" + print(*lifted);
  if (text_log.log != term_log.log) return "the terms' accesses differ from the interpreter's: " + term_log.log + "instead of " + text_log.log;

  const AccessSets sets = access_sets(*lifted);
  MachineState other = disturbed(start, sets, sampler);
  Recorder other_log;
  if (!interpret(models, decoded.word(), other, other_log)) return "does not run in another state";
  if (other_log.log != text_log.log) return "its accesses depend on something outside the read set";
  if (std::string beyond = beyond_the_sets(sets, start, by_text, other); !beyond.empty()) return beyond;

  const Reading reading(models, decoded.text(start.pc));
  if (std::string wrong = registers_not_in_text(reading, sets, *lifted, by_text); !wrong.empty()) return wrong;
  return meaning_not_in_text(models, reading, *lifted);
}

}  // namespace isa
