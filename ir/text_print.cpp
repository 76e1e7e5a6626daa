// SPDX-License-Identifier: Apache-2.0
// Printing: s-expressions. A node that occurs twice is labelled at its first occurrence, `#1=(...)`, and named
// afterwards, `#1`, so that the text of a DAG is as long as the DAG. README.md shows a function.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "ir/build.hpp"
#include "ir/node_terms.hpp"
#include "ir/text.hpp"

namespace ir {

namespace {

std::string hex(u128 value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[static_cast<unsigned>(value & 15)]);
    value >>= 4;
  } while (value != 0);
  return "0x" + digits;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    result += c;
  }
  return result + "\"";
}

bool is_plain(std::string_view name) {
  if (name == "true" || name == "false" || name.empty() || name.front() == '#' || (name.front() >= '0' && name.front() <= '9'))
    return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '%' || c == '@' || c == '!' || c == '$' || c == '-';
  });
}

std::string name_text(std::string_view name) { return is_plain(name) ? std::string(name) : quoted(name); }

std::string sort_text(Sort sort) {
  switch (sort.kind) {
    case SortKind::boolean:
      return "bool";
    case SortKind::bitvec:
      return std::to_string(sort.width);
    case SortKind::memory:
      return "mem";
    case SortKind::device:
      return "device";
  }
  return "?";
}

/// Prints terms with labels that are shared by all terms of one text.
class TermPrinter {
 public:
  void count(Term root) {
    if (!root) return;
    std::vector<Term> stack{root};
    while (!stack.empty()) {
      const Term term = stack.back();
      stack.pop_back();
      if (term.args().empty()) continue;
      if (++uses_[term] == 1)
        for (Term arg : term.args()) stack.push_back(arg);
    }
  }

  std::string operator()(Term root) {
    std::string out;
    struct Frame {
      Term term;
      std::size_t next = 0;
    };
    std::vector<Frame> stack;
    const auto open = [&](Term term) {
      if (const auto label = labels_.find(term); label != labels_.end()) {
        out += "#" + std::to_string(label->second);
        return;
      }
      if (term.args().empty()) {
        out += leaf(term);
        return;
      }
      if (uses_[term] > 1) {
        const std::size_t number = labels_.size() + 1;
        labels_.emplace(term, number);
        out += "#" + std::to_string(number) + "=";
      }
      out += "(" + head(term);
      stack.push_back({term});
    };
    open(root);
    while (!stack.empty()) {
      Frame& frame = stack.back();
      if (frame.next == frame.term.args().size()) {
        out += ")";
        stack.pop_back();
        continue;
      }
      const std::size_t index = frame.next++;
      const Term term = frame.term;
      if (term.is(Op::sum)) out += " " + hex(term.coefficients()[index]);
      out += " ";
      open(term.arg(index));
    }
    return out;
  }

 private:
  static std::string leaf(Term term) {
    if (term.is_constant()) {
      if (term.sort().is_bool()) return term.is_true() ? "true" : "false";
      return hex(term.value()) + ":" + std::to_string(term.width());
    }
    if (term.is(Op::apply)) return "(apply " + quoted(term.name()) + " " + sort_text(term.sort()) + ")";
    return name_text(term.name()) + ":" + sort_text(term.sort());
  }

  static std::string head(Term term) {
    std::string text(op_name(term.op()));
    switch (term.op()) {
      case Op::extract:
        return text + " " + std::to_string(term.hi()) + " " + std::to_string(term.lo());
      case Op::sext:
        return text + " " + std::to_string(term.width());
      case Op::load:
        return text + " " + std::to_string(term.bytes());
      case Op::sum:
        return text + " " + hex(term.offset()) + ":" + std::to_string(term.width());
      case Op::apply:
        return text + " " + quoted(term.name()) + " " + sort_text(term.sort());
      default:
        return text;
    }
  }

  std::unordered_map<Term, unsigned> uses_;
  std::unordered_map<Term, std::size_t> labels_;
};

std::string order_text(Order order) {
  return order == Order::acquire ? " acquire" : order == Order::release ? " release" : "";
}

std::string place_text(const AbiPlace& place) {
  return (place.kind == AbiPlace::Kind::x_register ? "x " : "stack ") + std::to_string(place.index);
}

constexpr std::string_view effect_names[] = {"barrier",          "sysreg_read", "sysreg_write",   "sysop",
                                             "exception",        "exception_return", "wait",      "exclusive_load",
                                             "exclusive_store",  "clear_exclusive",  "atomic"};

class GraphPrinter {
 public:
  explicit GraphPrinter(TermPrinter& terms) : terms_(terms) {}

  void count(const Graph& graph) {
    for (Graph::NodeId id = 0; id < graph.size(); ++id)
      for_each_term(graph.at(id).node, [&](Term term) { terms_.count(term); });
  }

  std::string operator()(const Graph& graph) {
    std::string out;
    if (graph.entry() != Graph::none) out += "  (entry " + std::to_string(graph.entry()) + ")\n";
    for (Graph::NodeId id = 0; id < graph.size(); ++id) {
      const NodeData& data = graph.at(id);
      out += "  (node " + std::to_string(id) + " " + node_text(data.node);
      const std::vector<Graph::NodeId> next = graph.successors(id);
      for (std::size_t index = 0; index < next.size(); ++index)
        if (next[index] != Graph::none) out += " (to " + std::to_string(index) + " " + std::to_string(next[index]) + ")";
      if (!data.where.file.empty() || data.where.line != 0)
        out += " (where " + quoted(data.where.file) + " " + std::to_string(data.where.line) + " " +
               std::to_string(data.where.column) + ")";
      if (data.address != 0) out += " (address " + hex(data.address) + ")";
      out += ")\n";
    }
    return out;
  }

  std::string slots(const char* name, const std::vector<AbiSlot>& list) {
    std::string out;
    for (const AbiSlot& slot : list) out += std::string(" (") + name + " " + place_text(slot.place) + " " + terms_(slot.term) + ")";
    return out;
  }

  std::string node_text(const Node& node) {
    std::string out;
    if (const auto* basic = std::get_if<Basic>(&node)) {
      out = "(basic";
      for (const Binding& binding : basic->assignments) out += " (set " + terms_(binding.variable) + " " + terms_(binding.value) + ")";
    } else if (const auto* load = std::get_if<Load>(&node)) {
      out = "(read " + std::to_string(load->bytes) + " " + terms_(load->result) + " " + terms_(load->address);
      if (load->is_volatile) out += " volatile";
      if (!load->single_copy) out += " split";
      out += order_text(load->order);
    } else if (const auto* store = std::get_if<Store>(&node)) {
      out = "(write " + std::to_string(store->bytes) + " " + terms_(store->address) + " " + terms_(store->value);
      if (store->is_volatile) out += " volatile";
      if (!store->single_copy) out += " split";
      out += order_text(store->order);
    } else if (const auto* cond = std::get_if<Cond>(&node)) {
      out = "(cond " + terms_(cond->condition);
    } else if (const auto* call = std::get_if<Call>(&node)) {
      out = "(call " + quoted(call->symbol);
      if (call->target) out += " (target " + terms_(call->target) + ")";
      out += slots("argument", call->arguments) + slots("result", call->results);
      if (!call->returns) out += " noreturn";
    } else if (const auto* effect = std::get_if<Effect>(&node)) {
      out = "(effect " + std::string(effect_names[static_cast<std::size_t>(effect->kind)]) + " " + quoted(effect->detail);
      for (Term operand : effect->operands) out += " (operand " + terms_(operand) + ")";
      if (effect->result) out += " (result " + terms_(effect->result) + ")";
      if (effect->bytes != 0) out += " (bytes " + std::to_string(effect->bytes) + ")";
      out += order_text(effect->order);
      if (effect->memory_clobber) out += " memory";
    } else if (const auto* assertion = std::get_if<Assert>(&node)) {
      out = "(assert " + quoted(assertion->kind) + " " + terms_(assertion->condition);
    } else if (const auto* choice = std::get_if<Choice>(&node)) {
      out = "(choice " + quoted(choice->kind) + " " + terms_(choice->variable);
    } else if (const auto* touch = std::get_if<Touch>(&node)) {
      out = "(touch " + std::to_string(touch->bytes) + " " + terms_(touch->address);
    } else if (const auto* lifetime = std::get_if<Lifetime>(&node)) {
      out = std::string("(lifetime ") + (lifetime->begins ? "begins " : "ends ") + terms_(lifetime->object);
    } else if (const auto* ret = std::get_if<Return>(&node)) {
      out = "(return";
      for (Term value : ret->values) out += " " + terms_(value);
    } else if (const auto* unreachable = std::get_if<Unreachable>(&node)) {
      out = "(unreachable " + quoted(unreachable->reason);
    }
    return out + ")";
  }

 private:
  TermPrinter& terms_;
};

}  // namespace

std::string print(Term term) {
  if (!term) return "null";
  TermPrinter printer;
  printer.count(term);
  return printer(term);
}

std::string print(const Graph& graph) {
  TermPrinter terms;
  GraphPrinter printer(terms);
  printer.count(graph);
  return printer(graph);
}

std::string print(const Function& function) {
  TermPrinter terms;
  GraphPrinter printer(terms);
  for (const AbiSlot& slot : function.parameters) terms.count(slot.term);
  for (const LocalObject& local : function.locals) terms.count(local.base);
  printer.count(function.graph);
  std::string out = "(function " + quoted(function.symbol) + "\n  (display " + quoted(function.display) + ") (unit " +
                    quoted(function.unit) + ") (where " + quoted(function.where.file) + " " +
                    std::to_string(function.where.line) + " " + std::to_string(function.where.column) + ")\n";
  out += "  (flags";
  if (!function.returns) out += " noreturn";
  if (function.internal) out += " internal";
  if (function.is_inline) out += " inline";
  if (function.finite_loops) out += " finite_loops";
  if (function.assumes_no_alias) out += " assumes_no_alias";
  out += ") (address " + hex(function.address) + ") (bytes " + std::to_string(function.bytes) + ")\n";
  for (const AbiSlot& slot : function.parameters)
    out += "  (parameter " + place_text(slot.place) + " " + terms(slot.term) + ")\n";
  for (std::size_t i = 0; i < function.results.size(); ++i)
    out += "  (result " + place_text(function.results[i].place) + " " + std::to_string(function.result_bits[i]) + ")\n";
  for (const LocalObject& local : function.locals)
    out += "  (local " + quoted(local.name) + " " + terms(local.base) + " " + std::to_string(local.bytes) + " " +
           std::to_string(local.alignment) + ")\n";
  return out + printer(function.graph) + ")\n";
}

std::string to_dot(const Graph& graph, std::string_view title) {
  const auto escape = [](const std::string& text) {
    std::string result;
    for (char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c == '\n' ? ' ' : c;
    }
    return result;
  };
  std::string out = "digraph \"" + escape(std::string(title)) + "\" {\n  node [shape=box fontname=monospace];\n";
  for (Graph::NodeId id : reverse_post_order(graph)) {
    const NodeData& data = graph.at(id);
    TermPrinter terms;
    for_each_term(data.node, [&](Term term) { terms.count(term); });
    GraphPrinter printer(terms);
    std::string place;
    if (data.address != 0) place = hex(data.address) + ": ";
    else if (data.where.line != 0) place = std::to_string(data.where.line) + ": ";
    out += "  n" + std::to_string(id) + " [label=\"" + escape(place + printer.node_text(data.node)) + "\"" +
           (id == graph.entry() ? " penwidth=2" : "") + "];\n";
    const std::vector<Graph::NodeId> next = graph.successors(id);
    for (std::size_t index = 0; index < next.size(); ++index) {
      if (next[index] == Graph::none) continue;
      out += "  n" + std::to_string(id) + " -> n" + std::to_string(next[index]);
      if (next.size() == 2) out += index == 0 ? " [label=\"true\"]" : " [label=\"false\"]";
      out += ";\n";
    }
  }
  return out + "}\n";
}

}  // namespace ir
