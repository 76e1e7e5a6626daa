// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/binary/machine.hpp"

#include <unicorn/unicorn.h>

#include <fmt/format.h>

#include "ir/build.hpp"
#include "ir/eval.hpp"

namespace binary_test {

namespace {

constexpr std::uint64_t page = 4096;
constexpr std::size_t step_limit = 200'000;

class GraphRun {
 public:
  GraphRun(const validator::binary::LiftedImage& image, Machine& machine) : image_(image), machine_(machine) {
    for (unsigned i = 0; i < 32; ++i) {
      names_[i] = ir::var(i == 31 ? std::string("SP") : fmt::format("X{}", i), ir::Sort::bitvec(64));
      numbers_[names_[i]] = i;
    }
    for (unsigned i = 0; i < 4; ++i) {
      flags_[i] = ir::var(std::string(1, "NZCV"[i]), ir::Sort::boolean());
      numbers_[flags_[i]] = 32 + i;
    }
    for (unsigned i = 0; i < 32; ++i) state_.scalars[names_[i]] = machine_.x[i];
    for (unsigned i = 0; i < 4; ++i) state_.scalars[flags_[i]] = machine_.flags[i] ? 1 : 0;
  }

  /// Runs one function; returns the address that it returns to.
  std::uint64_t call(const std::string& symbol, unsigned depth) {
    const auto found = image_.module.functions.find(symbol);
    if (found == image_.module.functions.end()) return stop("no graph for " + symbol);
    if (depth > 200) return stop("recursion too deep");
    const ir::Graph& graph = found->second.graph;
    for (ir::Graph::NodeId node = graph.entry(); machine_.stopped.empty();) {
      if (++steps_ > step_limit) return stop("step limit");
      const ir::Node& content = graph.at(node).node;
      const auto value = [&](ir::Term term) { return ir::evaluate(term, state_); };
      const auto set = [&](ir::Term variable, ir::u128 number) {
        state_.scalars[variable] = number;
        const auto known = numbers_.find(variable);
        if (known == numbers_.end()) return;
        if (known->second < 32) machine_.x[known->second] = static_cast<std::uint64_t>(number);
        else machine_.flags[known->second - 32] = number != 0;
      };
      unsigned edge = 0;
      if (const auto* basic = std::get_if<ir::Basic>(&content)) {
        std::vector<ir::u128> values;
        for (const ir::Binding& binding : basic->assignments) values.push_back(value(binding.value));
        for (std::size_t i = 0; i < values.size(); ++i) set(basic->assignments[i].variable, values[i]);
      } else if (const auto* load = std::get_if<ir::Load>(&content)) {
        const auto address = static_cast<std::uint64_t>(value(load->address));
        ir::u128 number = 0;
        for (unsigned i = load->bytes; i-- > 0;) number = number << 8 | read(address + i);
        set(load->result, number);
      } else if (const auto* store = std::get_if<ir::Store>(&content)) {
        const auto address = static_cast<std::uint64_t>(value(store->address));
        const ir::u128 number = value(store->value);
        for (unsigned i = 0; i < store->bytes; ++i) write(address + i, static_cast<std::uint8_t>(number >> 8 * i));
      } else if (const auto* cond = std::get_if<ir::Cond>(&content)) {
        edge = value(cond->condition) != 0 ? 0 : 1;
      } else if (const auto* callee = std::get_if<ir::Call>(&content)) {
        const auto target = static_cast<std::uint64_t>(value(callee->target));
        const auto key = image_.facts.at.find(target);
        if (key == image_.facts.at.end()) return stop("call of no function");
        if (!callee->symbol.empty() && callee->symbol != key->second) return stop("symbol and target differ");
        const std::uint64_t expected = machine_.x[30];
        if (call(key->second, depth + 1) != expected && machine_.stopped.empty()) return stop("callee returns elsewhere");
      } else if (const auto* finish = std::get_if<ir::Return>(&content)) {
        return static_cast<std::uint64_t>(value(finish->values.at(0)));
      } else if (const auto* nowhere = std::get_if<ir::Unreachable>(&content)) {
        return stop("unreachable: " + nowhere->reason);
      } else if (!std::holds_alternative<ir::Effect>(content)) {
        return stop("a node that a binary graph must not have");
      }
      node = graph.successors(node).at(edge);
      if (node == ir::Graph::none) return stop("missing edge");
    }
    return 0;
  }

 private:
  std::uint64_t stop(std::string why) {
    if (machine_.stopped.empty()) machine_.stopped = std::move(why);
    return 0;
  }
  std::uint8_t read(std::uint64_t address) {
    const std::uint8_t* place = machine_.byte(address);
    if (place != nullptr) return *place;
    stop("fault");
    return 0;
  }
  void write(std::uint64_t address, std::uint8_t value) {
    std::uint8_t* place = machine_.byte(address);
    if (place != nullptr) *place = value;
    else stop("fault");
  }

  const validator::binary::LiftedImage& image_;
  Machine& machine_;
  std::array<ir::Term, 32> names_;
  std::array<ir::Term, 4> flags_;
  std::unordered_map<ir::Term, unsigned> numbers_;
  ir::Valuation state_;  ///< registers, flags and all temporaries seen
  std::size_t steps_ = 0;
};

int register_id(unsigned number) {
  if (number == 31) return UC_ARM64_REG_SP;
  if (number == 30) return UC_ARM64_REG_X30;
  if (number == 29) return UC_ARM64_REG_X29;
  return UC_ARM64_REG_X0 + static_cast<int>(number);
}

}  // namespace

std::uint8_t* Machine::byte(std::uint64_t address) {
  auto region = memory.upper_bound(address);
  if (region == memory.begin()) return nullptr;
  --region;
  const std::uint64_t offset = address - region->first;
  return offset < region->second.size() ? &region->second[offset] : nullptr;
}

void run_graph(const validator::binary::LiftedImage& image, const std::string& symbol, Machine& machine) {
  const std::uint64_t expected = machine.x[30];
  const std::uint64_t target = GraphRun(image, machine).call(symbol, 0);
  if (machine.stopped.empty() && target != expected) machine.stopped = "returns elsewhere";
}

void run_unicorn(std::uint64_t entry, Machine& machine) {
  uc_engine* engine = nullptr;
  if (uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &engine) != UC_ERR_OK) {
    machine.stopped = "unicorn cannot be opened";
    return;
  }
  for (const auto& [address, bytes] : machine.memory) {
    const std::uint64_t low = address & ~(page - 1), high = (address + bytes.size() + page - 1) & ~(page - 1);
    uc_mem_map(engine, low, high - low, UC_PROT_ALL);
    uc_mem_write(engine, address, bytes.data(), bytes.size());
  }
  for (unsigned i = 0; i < 32; ++i) uc_reg_write(engine, register_id(i), &machine.x[i]);
  std::uint64_t flags = 0;
  for (unsigned i = 0; i < 4; ++i) flags |= std::uint64_t{machine.flags[i]} << (31 - i);
  uc_reg_write(engine, UC_ARM64_REG_NZCV, &flags);
  const std::uint64_t end = machine.x[30];
  const uc_err error = uc_emu_start(engine, entry, end, 0, step_limit);
  std::uint64_t pc = 0;
  uc_reg_read(engine, UC_ARM64_REG_PC, &pc);
  if (error != UC_ERR_OK || pc != end) machine.stopped = fmt::format("unicorn: {} at {:#x}", uc_strerror(error), pc);
  for (unsigned i = 0; i < 32; ++i) uc_reg_read(engine, register_id(i), &machine.x[i]);
  uc_reg_read(engine, UC_ARM64_REG_NZCV, &flags);
  for (unsigned i = 0; i < 4; ++i) machine.flags[i] = (flags >> (31 - i) & 1) != 0;
  for (auto& [address, bytes] : machine.memory) uc_mem_read(engine, address, bytes.data(), bytes.size());
  uc_close(engine);
}

std::string difference(const Machine& graph, const Machine& unicorn) {
  if (graph.stopped != unicorn.stopped) return fmt::format("graph stopped: '{}', unicorn stopped: '{}'", graph.stopped, unicorn.stopped);
  for (unsigned i = 0; i < 32; ++i) {
    if (graph.x[i] != unicorn.x[i]) return fmt::format("x{}: graph {:#x}, unicorn {:#x}", i, graph.x[i], unicorn.x[i]);
  }
  if (graph.flags != unicorn.flags) return "flags";
  for (const auto& [address, bytes] : graph.memory) {
    const std::vector<std::uint8_t>& other = unicorn.memory.at(address);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != other[i]) return fmt::format("byte {:#x}: graph {:#x}, unicorn {:#x}", address + i, bytes[i], other[i]);
    }
  }
  return "";
}

}  // namespace binary_test
