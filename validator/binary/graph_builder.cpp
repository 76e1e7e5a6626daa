// SPDX-License-Identifier: Apache-2.0
// Each step becomes a short chain of nodes: its accesses and effects in order, one parallel assignment, its transfer.
// Steps that only jump (b, nop) become no node: edges are threaded through them.
#include "validator/binary/graph_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ir/build.hpp"

namespace validator::binary {

namespace {

using Kind = isa::Transfer::Kind;
using NodeId = ir::Graph::NodeId;

constexpr unsigned max_stub_words = 8;

class Builder {
 public:
  Builder(Flow& flow, const FunctionTable& functions, WordLifter& words) : flow_(flow), functions_(functions), words_(words) {}

  ir::Result<BuiltFunction> build() {
    for (const auto& [address, step] : flow_.steps) make_nodes(step);
    for (const auto& [address, step] : flow_.steps) connect(step);
    for (const auto& [test, target] : choices_) {
      graph().connect(test, node_for(flow_.jump(functions_, target), graph().at(test).address), 0);
    }
    NodeId entry = thread(flow_.function->address);
    if (!graph().predecessors(entry).empty()) {
      // A loop that begins at the first byte: the entry stays outside of it.
      const NodeId before = graph().add(ir::Basic{}, {}, flow_.function->address);
      graph().connect(before, entry);
      entry = before;
    }
    graph().set_entry(entry);
    if (auto good = ir::check_graph(graph()); !good) {
      return ir::Error{"lift-graph", good.error().to_string(), {}};
    }
    describe();
    return std::move(built_);
  }

 private:
  /// A step's own nodes; `last` gets its successors later. Both none: the step only jumps.
  struct Chain {
    NodeId first = ir::Graph::none;
    NodeId last = ir::Graph::none;
  };

  ir::Graph& graph() { return built_.function.graph; }

  NodeId append(Chain& chain, std::uint64_t address, ir::Node node) {
    const NodeId id = graph().add(std::move(node), {}, address);
    if (chain.last == ir::Graph::none) {
      chain.first = id;
    } else {
      graph().connect(chain.last, id);
    }
    chain.last = id;
    return id;
  }

  void make_nodes(const Step& step) {
    Chain& chain = chains_[step.address];
    isa::Lifted lifted = step.lifted;
    if (lifted.ops.size() == 1 && lifted.assignments.size() == 1) bind_result(lifted);
    for (isa::MicroOp& op : lifted.ops) {
      std::visit([&](auto& node) { append(chain, step.address, std::move(node)); }, op);
    }
    keep_old_values(lifted);
    if (!lifted.assignments.empty()) append(chain, step.address, ir::Basic{std::move(lifted.assignments)});
    make_transfer(step, lifted.transfer, chain);
  }

  /// `t := load; X := t` is one node when t is the whole register.
  static void bind_result(isa::Lifted& lifted) {
    ir::Term* result = nullptr;
    if (auto* load = std::get_if<ir::Load>(&lifted.ops.front())) result = &load->result;
    if (auto* effect = std::get_if<ir::Effect>(&lifted.ops.front())) result = &effect->result;
    if (result == nullptr || !*result || lifted.assignments.front().value != *result) return;
    *result = lifted.assignments.front().variable;
    lifted.assignments.clear();
  }

  /// The transfer reads the state before the instruction (`blr x30`): what the assignments overwrite is kept.
  void keep_old_values(isa::Lifted& lifted) {
    const auto overwritten = [&](ir::Term term) {
      if (!term) return false;
      const auto used = ir::variables_of(term);
      return std::ranges::any_of(used, [&](ir::Term v) { return std::ranges::find(lifted.assignments, v, &ir::Binding::variable) != lifted.assignments.end(); });
    };
    for (ir::Term* term : {&lifted.transfer.condition, &lifted.transfer.indirect_target}) {
      if (!overwritten(*term)) continue;
      const ir::Sort sort = term->sort();
      const std::string name = sort.is_bool() ? "b{}" : "t{}w64";
      const ir::Term kept = ir::var(fmt::format(fmt::runtime(name), flow_.temporaries++), sort);
      lifted.assignments.push_back({kept, *term});
      *term = kept;
    }
  }

  void make_transfer(const Step& step, const isa::Transfer& transfer, Chain& chain) {
    switch (transfer.kind) {
      case Kind::none:
        return;
      case Kind::branch:
        if (!transfer.condition.is_constant()) append(chain, step.address, ir::Cond{transfer.condition});
        return;
      case Kind::call:
        append_call(chain, step.address, transfer.target);
        return;
      case Kind::indirect_call:
        built_.indirect_calls = true;
        append(chain, step.address, ir::Call{{}, transfer.indirect_target, {}, {}, true});
        return;
      case Kind::indirect:
        if (step.proposed.empty() && transfer.indirect_target == link_register()) {
          append(chain, step.address, ir::Return{{link_register()}});
        } else if (step.proposed.empty()) {
          built_.indirect_calls = true;
          append(chain, step.address, ir::Call{{}, transfer.indirect_target, {}, {}, true});
          append(chain, step.address, ir::Return{{link_register()}});
        } else {
          append_choice(chain, step, transfer.indirect_target);
        }
        return;
      case Kind::returns:
        append(chain, step.address, ir::Return{{transfer.indirect_target}});
        return;
      case Kind::stop: {
        const bool needs_successor = chain.last != ir::Graph::none && ir::successor_count(graph().at(chain.last).node) == 1;
        if (needs_successor || chain.last == ir::Graph::none) {
          append(chain, step.address, ir::Unreachable{"control does not come back from this exception instruction"});
        }
        return;
      }
    }
  }

  static ir::Term link_register() { return ir::var("X30", ir::Sort::bitvec(64)); }

  void append_call(Chain& chain, std::uint64_t address, std::uint64_t target) {
    built_.bl_targets.insert(target);
    ir::Basic stub;
    const std::uint64_t callee = through_stub(target, stub);
    if (!stub.assignments.empty()) append(chain, address, std::move(stub));
    built_.call_targets.insert(callee);
    append(chain, address, ir::Call{key_at(callee), ir::bv(callee, 64), {}, {}, true});
  }

  std::string key_at(std::uint64_t address) const {
    const FunctionEntry* entry = functions_.at(address);
    return entry != nullptr ? entry->key : std::string();
  }

  /// What a linker stub does to registers, and where it goes. A stub is straight-line code that writes nothing but
  /// x16 and x17 (AAPCS64 6.1.1: usable between a call and its callee) and ends in a jump to a constant.
  std::uint64_t through_stub(std::uint64_t target, ir::Basic& effect) {
    const FunctionEntry* stub = functions_.at(target);
    if (stub == nullptr || !stub->is_veneer) return target;
    ir::Substitution values;
    std::uint64_t address = target;
    for (unsigned count = 0; count < max_stub_words && functions_.is_code(address); ++count, address += 4) {
      auto lifted = words_.lift(*functions_.word(address), address);
      if (!lifted || lifted->ops.size() > 1) return target;
      ir::Substitution now = values;
      if (!lifted->ops.empty()) {
        const auto* load = std::get_if<ir::Load>(&lifted->ops.front());
        if (load == nullptr || !load->address.is_constant()) return target;
        const auto value = functions_.image().read_only(load->address.value64(), load->bytes);
        if (!value) return target;
        now[load->result] = ir::bv(*value, load->bytes * 8);
      }
      ir::Substitution next = values;
      for (const ir::Binding& binding : lifted->assignments) {
        if (binding.variable.name() != "X16" && binding.variable.name() != "X17") return target;
        next[binding.variable] = ir::substitute(binding.value, now);
      }
      const isa::Transfer& transfer = lifted->transfer;
      std::optional<std::uint64_t> leads_to;
      if (transfer.kind == Kind::branch && transfer.condition.is_true()) leads_to = transfer.target;
      if (transfer.kind == Kind::indirect) {
        const ir::Term place = ir::substitute(transfer.indirect_target, now);
        if (place.is_constant()) leads_to = place.value64();
      }
      if (leads_to) {
        for (const char* name : {"X16", "X17"}) {
          const auto written = next.find(ir::var(name, ir::Sort::bitvec(64)));
          if (written != next.end()) effect.assignments.push_back({written->first, written->second});
        }
        flow_.covers.insert(stub->key);
        return *leads_to;
      }
      if (transfer.kind != Kind::none) return target;
      values = std::move(next);
    }
    return target;
  }

  /// if (target == a) goto a; if (target == b) goto b; ... unreachable. Its edges are all made here.
  void append_choice(Chain& chain, const Step& step, ir::Term target) {
    for (const std::uint64_t proposed : step.proposed) {
      const NodeId test = graph().add(ir::Cond{ir::eq(target, ir::bv(proposed, 64))}, {}, step.address);
      if (chain.last == ir::Graph::none) {
        chain.first = test;
      } else {
        graph().connect(chain.last, test, 1);
      }
      chain.last = test;
      choices_.emplace_back(test, proposed);
    }
    const NodeId end = graph().add(ir::Unreachable{"an indirect branch outside its jump table"}, {}, step.address);
    graph().connect(chain.last, end, 1);
    chain.last = end;
  }

  void connect(const Step& step) {
    const Chain& chain = chains_.at(step.address);
    if (chain.last == ir::Graph::none) return;
    const unsigned wanted = ir::successor_count(graph().at(chain.last).node);
    if (wanted == 0) return;
    const auto next = flow_.after(functions_, step);
    IR_ASSERT(next.size() == wanted);
    for (unsigned index = 0; index < wanted; ++index) graph().connect(chain.last, node_for(next[index], step.address), index);
  }

  NodeId node_for(const Destination& to, std::uint64_t from) {
    switch (to.kind) {
      case Destination::Kind::inside:
        return thread(to.address);
      case Destination::Kind::tail_call: {
        built_.tail_call_targets.insert(to.address);
        const NodeId call = graph().add(ir::Call{key_at(to.address), ir::bv(to.address, 64), {}, {}, true}, {}, from);
        graph().connect(call, graph().add(ir::Return{{link_register()}}, {}, from));
        return call;
      }
      case Destination::Kind::nowhere:
        return graph().add(ir::Unreachable{to.reason}, {}, from);
    }
    return ir::Graph::none;
  }

  /// The first node at or after an address, through steps that only jump.
  NodeId thread(std::uint64_t address) {
    std::vector<std::uint64_t> passed;
    NodeId found = ir::Graph::none;
    while (found == ir::Graph::none) {
      const Chain& chain = chains_.at(address);
      if (chain.first != ir::Graph::none) {
        found = chain.first;
        break;
      }
      if (std::ranges::find(passed, address) != passed.end()) {
        found = graph().add(ir::Basic{}, {}, address);  // `b .`: a silent endless loop
        graph().connect(found, found);
        break;
      }
      passed.push_back(address);
      const auto next = flow_.after(functions_, flow_.steps.at(address));
      IR_ASSERT(next.size() == 1);
      if (next.front().kind != Destination::Kind::inside) {
        found = node_for(next.front(), address);
        break;
      }
      address = next.front().address;
    }
    for (const std::uint64_t jump : passed) chains_.at(jump).first = found;
    return found;
  }

  void describe() {
    const FunctionEntry& entry = *flow_.function;
    built_.function.symbol = entry.key;
    built_.function.display = entry.name;
    built_.function.unit = entry.file;
    built_.function.internal = entry.local;
    built_.function.address = entry.address;
    built_.function.bytes = entry.end - entry.address;
  }

  Flow& flow_;
  const FunctionTable& functions_;
  WordLifter& words_;
  std::map<std::uint64_t, Chain> chains_;
  std::vector<std::pair<NodeId, std::uint64_t>> choices_;
  BuiltFunction built_;
};

}  // namespace

ir::Result<BuiltFunction> build_function(Flow& flow, const FunctionTable& functions, WordLifter& words) {
  return Builder(flow, functions, words).build();
}

}  // namespace validator::binary
