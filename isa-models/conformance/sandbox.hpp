// SPDX-License-Identifier: Apache-2.0
// Memory of a case. The executors work on host memory at one fixed address; the interpreter works on an overlay of it, so that
// its stores are known before any executor runs and nothing has to be undone.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "isa-models/conformance/executors.hpp"
#include "isa-models/ast.hpp"
#include "isa-models/interpreter.hpp"

namespace isa {

inline constexpr std::uint64_t sandbox_margin = 64;  ///< bytes compared on both sides of an access
inline constexpr std::uint64_t data_begin = sandbox_base + (1U << 20);
inline constexpr std::uint64_t data_end = sandbox_base + (3U << 20);

/// Maps and fills the memory at the first call; false when its addresses are taken.
bool map_sandbox();

struct Range {
  std::uint64_t address;
  unsigned bytes;
};

/// Do all ranges, with their margins, lie in the sandbox and outside the code?
bool inside_sandbox(const std::vector<Range>& ranges);

/// What an executor that shows an effect says of it: "svc 0x12", "dc civac 0x1000", "wfi", "undefined".
std::string text_of_effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands);

/// Concrete atomics on an overlay of the sandbox. An exclusive store succeeds if `monitor_open`.
class Overlay : public Environment {
 public:
  ir::u128 load(std::uint64_t address, unsigned bytes) override;
  void store(std::uint64_t address, unsigned bytes, ir::u128 value) override;
  ir::u128 effect(ir::EffectKind kind, const std::string& detail, const std::vector<ir::u128>& operands, unsigned bytes) override;

  std::map<std::uint64_t, std::uint8_t> written;
  std::vector<Range> ranges;
  bool monitor_open = false;
  bool stores_exclusively = false;
  std::optional<ir::u128> compares;  ///< what a compare-and-swap found in memory
  bool is_system = false;  ///< an effect that leaves no trace in registers or memory
  ir::EffectKind effect_kind = ir::EffectKind::barrier;
  std::string effect_text; ///< of it, as Executor::effect says it

 private:
  std::uint8_t byte(std::uint64_t address) const;
  ir::u128 atomic(const std::string& detail, std::uint64_t address, const std::vector<ir::u128>& operands, unsigned bytes);
};

}  // namespace isa
