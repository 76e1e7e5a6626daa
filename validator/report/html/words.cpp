// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/words.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "ir/term.hpp"

namespace validator::report::html {
namespace {

using ir::Op;
using ir::Term;

/// How many operators one text may have.
constexpr unsigned term_budget = 60;

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

class Printer {
 public:
  std::string operator()(Term term, bool nested = false) {
    if (!term) return "?";
    if (term.is_constant()) return constant(term);
    if (term.is_variable()) return name_text(term.name());
    if (budget_ == 0) return "…";
    --budget_;
    bool atom = false;
    std::string text = compound(term, atom);
    return nested && !atom ? "(" + text + ")" : text;
  }

 private:
  static std::string constant(Term term) {
    if (term.sort().is_bool()) return term.is_true() ? "true" : "false";
    const ir::u128 value = term.value();
    return value < 10 ? std::to_string(static_cast<unsigned>(value)) : hex(value);
  }

  std::string binary(Term term, const char* sign) {
    std::string text;
    for (std::size_t i = 0; i < term.args().size(); ++i)
      text += (i == 0 ? "" : fmt::format(" {} ", sign)) + (*this)(term.arg(i), true);
    return text;
  }

  std::string call(const std::string& name, Term term, bool& atom) {
    atom = true;
    std::string text = name + "(";
    for (std::size_t i = 0; i < term.args().size(); ++i) text += (i == 0 ? "" : ", ") + (*this)(term.arg(i));
    return text + ")";
  }

  std::string sum(Term term) {
    const ir::u128 half = static_cast<ir::u128>(1) << (term.width() - 1);
    const auto magnitude = [&](ir::u128 value, bool& negative) {
      negative = value > half;
      return negative ? (half - value) + half : value;
    };
    std::string text;
    const auto sign = [&](bool negative) { text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + "); };
    for (std::size_t i = 0; i < term.args().size(); ++i) {
      bool negative = false;
      const ir::u128 factor = magnitude(term.coefficients()[i], negative);
      sign(negative);
      if (factor != 1) text += fmt::format("{}*", static_cast<std::uint64_t>(factor));
      text += (*this)(term.arg(i), true);
    }
    bool negative = false;
    const ir::u128 offset = magnitude(term.offset(), negative);
    if (offset == 0) return text;
    sign(negative);
    return text + (offset < 10 ? std::to_string(static_cast<unsigned>(offset)) : hex(offset));
  }

  /// Disjunctions are negated conjunctions, and "<=" is a negated "<".
  std::string negation(Term inner, bool& atom) {
    if (inner.is(Op::logical_and)) {
      std::string text;
      for (std::size_t i = 0; i < inner.args().size(); ++i) {
        const Term part = inner.arg(i);
        bool whole = false;
        text += (i == 0 ? "" : " || ") +
                (part.is(Op::logical_not) ? (*this)(part.arg(0), true) : wrapped(negation(part, whole), whole));
      }
      return text;
    }
    const char* sign = inner.is(Op::equal) ? "!=" : inner.is(Op::ult) ? ">=" : inner.is(Op::slt) ? ">=ₛ" : nullptr;
    if (sign != nullptr) return binary(inner, sign);
    atom = true;
    return "!" + (*this)(inner, true);
  }

  static std::string wrapped(const std::string& text, bool atom) { return atom ? text : "(" + text + ")"; }

  std::string concatenation(Term term, bool& atom) {
    // Zero extension is the usual case.
    if (term.args().size() == 2 && term.arg(0).is_constant() && term.arg(0).value() == 0) {
      atom = true;
      return (*this)(term.arg(1), true);
    }
    atom = true;
    std::string text = "{";
    for (std::size_t i = 0; i < term.args().size(); ++i) text += (i == 0 ? "" : " : ") + (*this)(term.arg(i));
    return text + "}";
  }

  std::string compound(Term term, bool& atom) {
    switch (term.op()) {
      case Op::logical_not:
        return negation(term.arg(0), atom);
      case Op::logical_and:
        return binary(term, "&&");
      case Op::ite:
        return fmt::format("{} ? {} : {}", (*this)(term.arg(0), true), (*this)(term.arg(1), true),
                           (*this)(term.arg(2), true));
      case Op::equal:
        return binary(term, "==");
      case Op::ult:
        return binary(term, "<");
      case Op::slt:
        return binary(term, "<ₛ");
      case Op::sum:
        return sum(term);
      case Op::mul:
        return binary(term, "*");
      case Op::udiv:
        return binary(term, "/");
      case Op::sdiv:
        return binary(term, "/ₛ");
      case Op::urem:
        return binary(term, "%");
      case Op::srem:
        return binary(term, "%ₛ");
      case Op::bit_and:
        return binary(term, "&");
      case Op::bit_or:
        return binary(term, "|");
      case Op::bit_xor:
        return binary(term, "^");
      case Op::shl:
        return binary(term, "<<");
      case Op::lshr:
        return binary(term, ">>");
      case Op::ashr:
        return binary(term, ">>ₛ");
      case Op::concat:
        return concatenation(term, atom);
      case Op::extract:
        atom = true;
        return term.lo() == 0 ? fmt::format("(u{}){}", term.hi() + 1, (*this)(term.arg(0), true))
                              : fmt::format("{}[{}:{}]", (*this)(term.arg(0), true), term.hi(), term.lo());
      case Op::sext:
        atom = true;
        return fmt::format("(s{}){}", term.width(), (*this)(term.arg(0), true));
      case Op::apply:
        return call(term.name(), term, atom);
      default:
        return call(std::string(ir::op_name(term.op())), term, atom);
    }
  }

  unsigned budget_ = term_budget;
};

std::string call_text(const ir::Call& call, const Display& display) {
  std::string text;
  for (const ir::AbiSlot& slot : call.results) text += (text.empty() ? "" : ", ") + term_text(slot.term);
  if (!text.empty()) text += " = ";
  text += call.symbol.empty() ? "(*" + term_text(call.target) + ")" : display(call.symbol);
  text += "(";
  for (std::size_t i = 0; i < call.arguments.size(); ++i)
    text += (i == 0 ? "" : ", ") + term_text(call.arguments[i].term);
  return text + (call.returns ? ")" : ")  does not return");
}

std::string effect_text(const ir::Effect& effect) {
  std::string text = effect.result ? term_text(effect.result) + " = " : "";
  text += effect.detail.empty() ? "effect" : effect.detail;
  for (std::size_t i = 0; i < effect.operands.size(); ++i)
    text += (i == 0 ? " " : ", ") + term_text(effect.operands[i]);
  return text;
}

}  // namespace

std::string hex(ir::u128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64), low = static_cast<std::uint64_t>(value);
  return high == 0 ? fmt::format("{:#x}", low) : fmt::format("{:#x}{:016x}", high, low);
}

std::string name_text(const std::string& variable) {
  std::string name = variable.substr(0, variable.find('@', 1));
  if (name.size() >= 2 && name[0] == 'X' && is_number(std::string_view(name).substr(1))) return "x" + name.substr(1);
  if (name == "SP") return "sp";
  // Numbers behind "~" are the inliner's, those behind dots the lifter's.
  if (const std::size_t copy = name.find('~'); copy != std::string::npos && copy > 0) name.resize(copy);
  for (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.')) {
    if (!is_number(std::string_view(name).substr(dot + 1))) break;
    name.resize(dot);
  }
  if (!name.empty() && (name[0] == '%' || name[0] == '@')) name[0] = '&';
  return name;
}

std::string term_text(Term term) { return Printer()(term); }

std::string node_text(const ir::Node& node, const Display& display) {
  if (const auto* basic = std::get_if<ir::Basic>(&node)) {
    std::string text;
    for (const ir::Binding& binding : basic->assignments) {
      text += (text.empty() ? "" : "; ") + term_text(binding.variable) + " = " + term_text(binding.value);
    }
    return text;
  }
  if (const auto* load = std::get_if<ir::Load>(&node)) {
    return fmt::format("{} = {}u{}[{}]", term_text(load->result), load->is_volatile ? "volatile " : "", 8 * load->bytes,
                       term_text(load->address));
  }
  if (const auto* store = std::get_if<ir::Store>(&node)) {
    return fmt::format("{}u{}[{}] = {}", store->is_volatile ? "volatile " : "", 8 * store->bytes,
                       term_text(store->address), term_text(store->value));
  }
  if (const auto* cond = std::get_if<ir::Cond>(&node)) return "if " + term_text(cond->condition);
  if (const auto* call = std::get_if<ir::Call>(&node)) return call_text(*call, display);
  if (const auto* effect = std::get_if<ir::Effect>(&node)) return effect_text(*effect);
  if (const auto* assertion = std::get_if<ir::Assert>(&node))
    return fmt::format("assume {}  ({})", term_text(assertion->condition), assertion->kind);
  if (const auto* choice = std::get_if<ir::Choice>(&node))
    return fmt::format("{} = unspecified ({})", term_text(choice->variable), choice->kind);
  if (const auto* touch = std::get_if<ir::Touch>(&node))
    return fmt::format("{} bytes at {} are live", touch->bytes, term_text(touch->address));
  if (const auto* life = std::get_if<ir::Lifetime>(&node))
    return fmt::format("{} {}", name_text(life->object.name()).substr(1), life->begins ? "begins" : "ends");
  if (const auto* end = std::get_if<ir::Return>(&node)) {
    std::string text = "return";
    for (const Term value : end->values) text += " " + term_text(value);
    return text;
  }
  if (const auto* unreachable = std::get_if<ir::Unreachable>(&node)) return "unreachable: " + unreachable->reason;
  return {};
}

}  // namespace validator::report::html
