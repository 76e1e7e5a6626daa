// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/difference.hpp"

#include <cstring>
#include <sstream>

namespace isa {
namespace {

std::string flags(const MachineState& state) {
  std::string text;
  for (const bool flag : state.nzcv) text += flag ? '1' : '0';
  return text;
}

}  // namespace

std::string describe(const MachineState& state) {
  std::ostringstream text;
  text << std::hex;
  for (unsigned i = 0; i < 31; ++i) text << "x" << std::dec << i << "=" << std::hex << state.x[i] << ' ';
  text << "sp=" << state.sp << " nzcv=" << flags(state);
  return text.str();
}

Difference compare_registers(const MachineState& want, const MachineState& got, bool is_vixl) {
  Difference found;
  std::ostringstream text;
  text << std::hex;
  for (unsigned i = 0; i < 31; ++i) {
    if (want.x[i] == got.x[i]) continue;
    const bool low = static_cast<std::uint32_t>(want.x[i] ^ got.x[i]) != 0;
    (low ? found.registers : found.upper_half) = true;
    text << "x" << std::dec << i << std::hex << " model " << want.x[i] << " got " << got.x[i] << "; ";
  }
  for (unsigned i = 0; i < 32; ++i) {
    if (want.v[i] == got.v[i]) continue;
    found.registers = true;
    text << "v" << std::dec << i << std::hex << " model " << static_cast<std::uint64_t>(want.v[i] >> 64) << ":" << static_cast<std::uint64_t>(want.v[i])
         << " got " << static_cast<std::uint64_t>(got.v[i] >> 64) << ":" << static_cast<std::uint64_t>(got.v[i]) << "; ";
  }
  // VIXL drops the tag byte of an address that is jumped to.
  const std::uint64_t keep = is_vixl ? ~std::uint64_t{0} >> 8 : ~std::uint64_t{0};
  if (want.sp != got.sp) text << "sp model " << want.sp << " got " << got.sp << "; ";
  if (want.nzcv != got.nzcv) text << "nzcv model " << flags(want) << " got " << flags(got) << "; ";
  if (((want.pc ^ got.pc) & keep) != 0) text << "pc model " << want.pc << " got " << got.pc << "; ";
  found.registers = found.registers || want.sp != got.sp || want.nzcv != got.nzcv || ((want.pc ^ got.pc) & keep) != 0;
  found.text = text.str();
  return found;
}

Memory::Memory(const std::vector<Range>& ranges) {
  for (const Range& range : ranges) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(range.address - sandbox_margin);
    saved_.emplace_back(range.address - sandbox_margin, std::vector<std::uint8_t>(from, from + range.bytes + 2 * sandbox_margin));
  }
}

Memory::~Memory() { restore(); }

void Memory::restore() const {
  // In reverse order, so that overlapping ranges end as they began.
  for (auto entry = saved_.rbegin(); entry != saved_.rend(); ++entry)
    std::memcpy(reinterpret_cast<void*>(entry->first), entry->second.data(), entry->second.size());
}

void Memory::compare(const Overlay& overlay, Difference& found) const {
  for (const auto& [address, bytes] : saved_)
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::uint64_t place = address + i;
      const auto entry = overlay.written.find(place);
      const std::uint8_t want = entry == overlay.written.end() ? bytes[i] : entry->second;
      const std::uint8_t got = *reinterpret_cast<const std::uint8_t*>(place);
      if (want == got || found.memory) continue;
      found.memory = true;
      const auto offset = static_cast<std::int64_t>(place - overlay.ranges[0].address);
      found.text += "memory at " + std::to_string(offset) + " model " + std::to_string(want) + " got " + std::to_string(got) + "; ";
    }
}

}  // namespace isa
