// SPDX-License-Identifier: Apache-2.0
// One case: sample a word and a state; let the interpreter run it on an overlay of the sandbox memory; when an access falls
// outside, move the base register so that it falls inside; then run each executor on the real memory and compare
// registers, flags, pc and the bytes around every access.
#include "isa-models/conformance/conformance.hpp"

#include <sys/mman.h>

#include <array>
#include <cstring>
#include <map>
#include <sstream>

#include "isa-models/conformance/executors.hpp"
#include "isa-models/sampler.hpp"

namespace isa {
namespace {

constexpr std::size_t mismatch_limit = 20;
constexpr std::uint64_t margin = 64;  ///< bytes compared on both sides of an access
constexpr std::uint64_t data_begin = sandbox_base + (1U << 20);
constexpr std::uint64_t data_end = sandbox_base + (3U << 20);

/// A word for which an executor is known to be wrong: for (word & mask) == match that part is not compared.
struct Defect {
  enum class Part : std::uint8_t { everything, registers, memory };
  const char* executor;
  Part part;
  std::uint32_t mask;
  std::uint32_t match;
  const char* citation;
};
using enum Defect::Part;
constexpr const char* qemu_minmax = "QEMU before 5.1 does not extend the operands of narrow atomic minimum and maximum; Arm ARM C6.2 LDSMAX";
constexpr const char* vixl_minmax = "the narrow old value is sign-extended to Wt; Arm ARM C6.2 LDSMAXB: X[t, 32] = ZeroExtend(data, 32)";
constexpr auto defects = std::to_array<Defect>({
    {"vixl", everything, 0xff800000, 0x72800000, "MOVK Wd keeps the upper 32 bits when bit 31 of the old value is 1; Arm ARM C6.2 MOVK: X[d, 32]"},
    {"vixl", everything, 0x3b200c00, 0x38000800, "the unprivileged loads and stores are not implemented; Arm ARM C6.2 LDTR"},
    {"unicorn", memory, 0xff20cc00, 0x38204000, qemu_minmax},
    {"unicorn", memory, 0xff20cc00, 0x78204000, qemu_minmax},
    {"unicorn", memory, 0xff20cc00, 0xb8204000, qemu_minmax},
    {"vixl", registers, 0xff20ec00, 0x38204000, vixl_minmax},
    {"vixl", registers, 0xff20ec00, 0x78204000, vixl_minmax},
});

struct Range {
  std::uint64_t address;
  unsigned bytes;
};

/// Concrete atomics on an overlay of the sandbox. Exclusive stores fail: no exclusive load came before.
class Overlay : public Environment {
 public:
  ir::u128 load(std::uint64_t address, unsigned bytes) override {
    ranges.push_back({address, bytes});
    ir::u128 value = 0;
    for (unsigned i = 0; i < bytes; ++i) value |= static_cast<ir::u128>(byte(address + i)) << (8 * i);
    return value;
  }
  void store(std::uint64_t address, unsigned bytes, ir::u128 value) override {
    ranges.push_back({address, bytes});
    for (unsigned i = 0; i < bytes; ++i) written[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  ir::u128 effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned bytes) override {
    using Kind = ir::EffectKind;
    if (kind == Kind::barrier || kind == Kind::clear_exclusive) return 0;
    const auto address = static_cast<std::uint64_t>(operands.empty() ? 0 : operands[0]);
    if (kind == Kind::exclusive_load) return load(address, bytes);
    if (kind == Kind::exclusive_store) {
      ranges.push_back({address, bytes});
      return 1;
    }
    if (kind == Kind::atomic) return atomic(detail, address, operands, bytes);
    is_system = true;
    return 0;
  }
  std::uint8_t byte(std::uint64_t address) const {
    if (const auto entry = written.find(address); entry != written.end()) return entry->second;
    if (address < sandbox_base || address >= sandbox_base + sandbox_bytes) return 0;
    return *reinterpret_cast<const std::uint8_t*>(address);
  }

  std::map<std::uint64_t, std::uint8_t> written;
  std::vector<Range> ranges;
  bool is_system = false;

 private:
  ir::u128 atomic(const std::string& detail, std::uint64_t address, const std::vector<ir::u128>& operands, unsigned bytes) {
    const ir::u128 old = detail == "sttr" ? 0 : load(address, bytes);
    if (detail == "ldtr") return old;
    if (detail == "sttr") {
      store(address, bytes, operands[1]);
      return 0;
    }
    if (detail.starts_with("cas")) {
      if (old == operands[1]) store(address, bytes, operands[2]);
      return old;
    }
    const auto is = [&](const char* name) { return detail.starts_with(name); };
    const ir::u128 operand = operands[1];
    const unsigned shift = 128 - 8 * bytes;
    const auto sign = [&](ir::u128 value) { return static_cast<i128>(value << shift) >> shift; };
    ir::u128 value = operand;  // swp
    if (is("ldadd")) value = old + operand;
    if (is("ldclr")) value = old & ~operand;
    if (is("ldeor")) value = old ^ operand;
    if (is("ldset")) value = old | operand;
    if (is("ldsmax")) value = sign(old) > sign(operand) ? old : operand;
    if (is("ldsmin")) value = sign(old) < sign(operand) ? old : operand;
    if (is("ldumax")) value = old > operand ? old : operand;
    if (is("ldumin")) value = old < operand ? old : operand;
    store(address, bytes, value);
    return old;
  }
};

bool inside(const std::vector<Range>& ranges) {
  for (const Range& range : ranges)
    if (range.address < sandbox_base + margin || range.address > sandbox_base + sandbox_bytes - margin - range.bytes ||
        (range.address + range.bytes + margin > code_begin && range.address < code_end + margin))
      return false;
  return true;
}

bool map_sandbox() {
  static const bool mapped = [] {
    void* wanted = reinterpret_cast<void*>(sandbox_base);
    void* memory = mmap(wanted, sandbox_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory != wanted) return false;
    auto* bytes = static_cast<std::uint8_t*>(memory);
    std::uint64_t value = 0x243f6a8885a308d3ULL;
    for (std::uint64_t i = 0; i < sandbox_bytes; ++i) {
      value = value * 6364136223846793005ULL + 1442695040888963407ULL;
      bytes[i] = static_cast<std::uint8_t>(value >> 56);
      // Every aligned word is an ADD (immediate): Unicorn translates ahead at a branch target, and aborts on some random words.
      if (i % 4 == 3) bytes[i] = (value >> 40 & 1) != 0 ? 0x91 : 0x11;
    }
    return true;
  }();
  return mapped;
}

std::string describe(const MachineState& state) {
  std::ostringstream text;
  text << std::hex;
  for (unsigned i = 0; i < 31; ++i) text << "x" << std::dec << i << "=" << std::hex << state.x[i] << ' ';
  text << "sp=" << state.sp << " nzcv=";
  for (bool flag : state.nzcv) text << (flag ? '1' : '0');
  return text.str();
}

class Run {
 public:
  Run(const Models& models, const GroupData& group, std::uint64_t seed)
      : models_(models), group_(group), sampler_(*models.data(), group, seed) {
    report_.group = group.group.name;
    synchronizes_ = group.group.file.ends_with("synchronization.isa");
    executors_.push_back(make_unicorn());
    executors_.push_back(make_vixl());
  }

  ConformanceReport cases(unsigned count) {
    for (unsigned i = 0; i < count && report_.mismatches.size() < mismatch_limit; ++i) one();
    return std::move(report_);
  }

 private:
  void one() {
    ++report_.cases;
    const std::uint32_t word = sampler_.word();
    MachineState start = sampler_.state();
    const auto decoded = models_.decode(word);
    pc_ = pc_ + 8 >= code_end ? code_begin : pc_ + 8;
    if (!decoded || decoded->group().name != group_.group.name) {
      ++report_.rejected;
      if (!decoded && decoded.error().code == undefined) expect_refusal(word, start);
      return;
    }
    start.pc = pc_;
    // An indirect target must be aligned and canonical, or the executors fault at the target instead.
    if (const auto field = decoded->fields().find("Rn"); decoded->is_branch() && field != decoded->fields().end() && field->second < 31)
      start.x[field->second] &= 0xfffffffcU;
    Overlay overlay;
    MachineState expected = start;
    if (!interpret(expected, word, overlay)) return;
    if (!usable(overlay.ranges)) {
      const std::uint64_t before = overlay.ranges.front().address;
      const std::uint64_t delta = move_base(*decoded, overlay.ranges.front(), start);
      overlay = Overlay();
      expected = start;
      if (!interpret(expected, word, overlay)) return;
      if (delta != 0 && (overlay.ranges.empty() || overlay.ranges.front().address != before + delta)) {
        mismatch("the model's address does not follow its base register", *decoded, start);
        return;
      }
      if (!usable(overlay.ranges)) {
        ++report_.rejected;
        return;
      }
    }
    if (overlay.is_system) {
      ++report_.effects;
      return;
    }
    for (const auto& executor : executors_) compare(*executor, *decoded, start, expected, overlay);
  }

  /// What the model calls UNDEFINED must not run.
  void expect_refusal(std::uint32_t word, MachineState start) {
    start.pc = pc_;
    std::memcpy(reinterpret_cast<void*>(pc_), &word, sizeof word);
    if (executors_[0]->run(start) == Executor::Outcome::refused || report_.mismatches.size() >= mismatch_limit) return;
    char code[16];
    std::snprintf(code, sizeof code, "%08x", word);
    report_.mismatches.push_back(executors_[0]->name() + ": " + code + " is UNDEFINED in the model but runs");
  }

  bool interpret(MachineState& state, std::uint32_t word, Overlay& overlay) {
    const auto done = isa::interpret(models_, word, state, overlay);
    if (!done) report_.mismatches.push_back(done.error().to_string());
    return static_cast<bool>(done);
  }

  bool usable(const std::vector<Range>& ranges) const {
    return inside(ranges) && (!synchronizes_ || ranges.empty() || ranges[0].address % 16 == 0);
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

  void mismatch(const std::string& what, const Decoded& decoded, const MachineState& start) {
    if (report_.mismatches.size() >= mismatch_limit) return;
    char code[16];
    std::snprintf(code, sizeof code, "%08x", decoded.word());
    report_.mismatches.push_back(std::string(code) + " " + decoded.text(start.pc) + ": " + what + "\n  start: " + describe(start));
  }

  void compare(Executor& executor, const Decoded& decoded, const MachineState& start, const MachineState& expected,
               const Overlay& overlay) {
    const std::uint32_t word = decoded.word();
    const Defect* known = nullptr;
    for (const Defect& defect : defects)
      if (executor.name() == defect.executor && (word & defect.mask) == defect.match) known = &defect;
    if (known != nullptr) ++report_.defects;
    if (known != nullptr && known->part == everything) return;
    const bool is_vixl = executor.name() == "vixl";
    ++(is_vixl ? report_.vixl : report_.unicorn);
    std::memcpy(reinterpret_cast<void*>(start.pc), &word, sizeof word);
    std::vector<std::pair<std::uint64_t, std::vector<std::uint8_t>>> saved;
    for (const Range& range : overlay.ranges) {
      const auto* from = reinterpret_cast<const std::uint8_t*>(range.address - margin);
      saved.emplace_back(range.address - margin, std::vector<std::uint8_t>(from, from + range.bytes + 2 * margin));
    }
    MachineState got = start;
    const bool ran = executor.run(got) == Executor::Outcome::ran;
    std::string difference = ran ? differences(expected, got, is_vixl) : "raised an exception";
    if (ran && known != nullptr && known->part == registers) difference.clear();
    const bool compare_memory = known == nullptr || known->part != memory;
    for (const auto& [address, bytes] : saved)
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::uint64_t place = address + i;
        const auto entry = overlay.written.find(place);
        const std::uint8_t want = entry == overlay.written.end() ? bytes[i] : entry->second;
        if (*reinterpret_cast<const std::uint8_t*>(place) != want && difference.empty() && compare_memory) difference = "memory differs at " + std::to_string(static_cast<std::int64_t>(place - overlay.ranges[0].address)) + ", model " +
                       std::to_string(want) + " got " + std::to_string(*reinterpret_cast<const std::uint8_t*>(place));
      }
    // Restore in reverse order, so that overlapping ranges end as they began.
    for (auto entry = saved.rbegin(); entry != saved.rend(); ++entry)
      std::memcpy(reinterpret_cast<void*>(entry->first), entry->second.data(), entry->second.size());
    if (!difference.empty()) mismatch(executor.name() + ": " + difference, decoded, start);
  }

  static std::string differences(const MachineState& want, const MachineState& got, bool is_vixl) {
    std::ostringstream text;
    text << std::hex;
    for (unsigned i = 0; i < 31; ++i)
      if (want.x[i] != got.x[i]) text << "x" << std::dec << i << std::hex << " model " << want.x[i] << " got " << got.x[i] << "; ";
    for (unsigned i = 0; i < 32; ++i)
      if (want.v[i] != got.v[i])
        text << "v" << std::dec << i << std::hex << " model " << static_cast<std::uint64_t>(want.v[i] >> 64) << ":"
             << static_cast<std::uint64_t>(want.v[i]) << " got " << static_cast<std::uint64_t>(got.v[i] >> 64) << ":"
             << static_cast<std::uint64_t>(got.v[i]) << "; ";
    if (want.sp != got.sp) text << "sp model " << want.sp << " got " << got.sp << "; ";
    if (want.nzcv != got.nzcv) text << "flags differ; ";
    // VIXL drops the tag byte of an address that is jumped to.
    const std::uint64_t keep = is_vixl ? ~std::uint64_t{0} >> 8 : ~std::uint64_t{0};
    if (((want.pc ^ got.pc) & keep) != 0) text << "pc model " << want.pc << " got " << got.pc << "; ";
    return text.str();
  }

  const Models& models_;
  const GroupData& group_;
  Sampler sampler_;
  bool synchronizes_ = false;  ///< misaligned accesses fault
  std::vector<std::unique_ptr<Executor>> executors_;
  std::uint64_t pc_ = code_begin;
  ConformanceReport report_;
};

}  // namespace

ir::Result<ConformanceReport> conformance(const Models& models, const std::string& group, unsigned cases, std::uint64_t seed) {
  if (!map_sandbox()) return ir::Error{"isa-conformance", "cannot map the sandbox memory at 0x10000000", {}};
  for (const GroupData& data : models.data()->groups)
    if (data.group.name == group) return Run(models, data, seed).cases(cases);
  return ir::Error{"isa-conformance", "no instruction group \"" + group + "\"", {}};
}

}  // namespace isa
