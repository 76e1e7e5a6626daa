// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/sandbox.hpp"

#include <sys/mman.h>

#include <cstdio>

namespace isa {

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

bool inside_sandbox(const std::vector<Range>& ranges) {
  for (const Range& range : ranges)
    if (range.address < sandbox_base + sandbox_margin || range.address > sandbox_base + sandbox_bytes - sandbox_margin - range.bytes ||
        (range.address + range.bytes + sandbox_margin > code_begin && range.address < code_end + sandbox_margin))
      return false;
  return true;
}

ir::u128 Overlay::load(std::uint64_t address, unsigned bytes) {
  ranges.push_back({address, bytes});
  ir::u128 value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= static_cast<ir::u128>(byte(address + i)) << (8 * i);
  return value;
}

void Overlay::store(std::uint64_t address, unsigned bytes, ir::u128 value) {
  ranges.push_back({address, bytes});
  for (unsigned i = 0; i < bytes; ++i) written[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::string text_of_effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands) {
  if (kind == ir::EffectKind::exception && (detail == "hlt" || detail == "udf" || detail == "drps" || detail.starts_with("dcps")))
    return "undefined";  // outside Debug state and without halting debug
  if (operands.empty()) return detail;
  char number[24];
  std::snprintf(number, sizeof number, " 0x%llx", static_cast<unsigned long long>(operands[0]));
  return detail + number;
}

ir::u128 Overlay::effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned bytes) {
  using Kind = ir::EffectKind;
  if (kind == Kind::barrier || kind == Kind::clear_exclusive) return 0;
  const auto address = static_cast<std::uint64_t>(operands.empty() ? 0 : operands[0]);
  if (kind == Kind::exclusive_load) return load(address, bytes);
  if (kind == Kind::exclusive_store) {
    stores_exclusively = true;
    if (monitor_open) {
      store(address, bytes, operands[1]);
      return 0;
    }
    ranges.push_back({address, bytes});
    return 1;
  }
  if (kind == Kind::atomic) return atomic(detail, address, operands, bytes);
  is_system = true;
  effect_kind = kind;
  effect_text = text_of_effect(kind, detail, operands);
  return 0;
}

std::uint8_t Overlay::byte(std::uint64_t address) const {
  if (const auto entry = written.find(address); entry != written.end()) return entry->second;
  if (address < sandbox_base || address >= sandbox_base + sandbox_bytes) return 0;
  return *reinterpret_cast<const std::uint8_t*>(address);
}

ir::u128 Overlay::atomic(const std::string& detail, std::uint64_t address, const std::vector<ir::u128>& operands, unsigned bytes) {
  const bool only_stores = detail == "sttr" || detail == "stllr";
  const ir::u128 old = only_stores ? 0 : load(address, bytes);
  if (detail == "ldtr" || detail == "ldlar") return old;
  if (only_stores) {
    store(address, bytes, operands[1]);
    return 0;
  }
  if (detail.starts_with("cas")) {
    compares = old;
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

}  // namespace isa
