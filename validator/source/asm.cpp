// SPDX-License-Identifier: Apache-2.0
// Inline assembly: operands get registers of our choice, LLVM assembles the text, the instruction models say what each
// word does, and registers are replaced by the operands' values. What the statement does not declare (a register, a
// branch) is refused. A statement without instructions, such as a compiler barrier, does nothing when it runs.
#include "validator/source/lifter.hpp"

#include <algorithm>
#include <regex>

#include "validator/source/assemble.hpp"

namespace validator::source {

using clang::dyn_cast;
using ir::Term;

namespace {

/// One operand: where it lives while the assembly runs.
struct Operand {
  enum class Kind : std::uint8_t { in_register, memory, immediate } kind = Kind::in_register;
  unsigned index = 0;      ///< register number
  std::string immediate;
  bool zero_register = false;
};

std::string register_name(unsigned index) { return "X" + std::to_string(index); }

/// Number of a general register's name (x0, w0, lr), or -1.
int general_register(const std::string& name) {
  if (name == "lr") {
    return 30;
  }
  if (name.size() >= 2 && name.size() <= 3 && (name[0] == 'x' || name[0] == 'w') && name.find_first_not_of("0123456789", 1) == std::string::npos) {
    const int index = std::stoi(name.substr(1));
    return index <= 30 ? index : -1;
  }
  return -1;
}

/// `register T v asm("x0")`.
int bound_register(const clang::Expr* e) {
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e->IgnoreParenImpCasts());
  const auto* label = reference == nullptr ? nullptr : reference->getDecl()->getAttr<clang::AsmLabelAttr>();
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  return label != nullptr && variable != nullptr && variable->hasLocalStorage() ? general_register(label->getLabel().str()) : -1;
}

}  // namespace

void FunctionLifter::assembly(const clang::GCCAsmStmt* s) {
  const clang::SourceLocation where = s->getAsmLoc();
  if (s->isAsmGoto()) {
    unsupported("asm-goto", "asm goto is outside the subset", where);
  }
  const bool is_volatile = s->isVolatile() || s->getNumOutputs() == 0;
  std::set<int> taken = {18, 29, 30};
  std::set<std::string> writable;  // registers that the statement may change
  bool memory_clobber = false;
  for (unsigned i = 0; i < s->getNumClobbers(); ++i) {
    const std::string clobber = s->getClobber(i).str();
    memory_clobber = memory_clobber || clobber == "memory";
    const int index = general_register(clobber);
    if (index >= 0) {
      taken.insert(index);
      writable.insert(register_name(static_cast<unsigned>(index)));
    }
  }
  llvm::SmallVector<clang::GCCAsmStmt::AsmStringPiece, 8> pieces;
  unsigned offset = 0;
  if (s->AnalyzeAsmString(pieces, unit_.context, offset) != 0) {
    unsupported("asm-syntax", "the assembly template is malformed", where);
  }
  const std::string text = s->getAsmString()->getString().str();
  const std::regex named("[xwXW]([0-9]+)");
  for (std::sregex_iterator it(text.begin(), text.end(), named), end; it != end; ++it) {
    taken.insert(std::stoi((*it)[1]));
  }
  bool bound_operand = false;
  const unsigned outputs = s->getNumOutputs();
  const unsigned inputs = s->getNumInputs();
  for (unsigned i = 0; i < outputs + inputs; ++i) {
    const int bound = bound_register(i < outputs ? s->getOutputExpr(i) : s->getInputExpr(i - outputs));
    if (bound >= 0) {
      taken.insert(bound);
      bound_operand = true;
    }
  }
  const auto pick = [&](const clang::Expr* e) {
    const int bound = bound_register(e);
    if (bound >= 0) {
      return static_cast<unsigned>(bound);
    }
    for (int index = 1; index < 29; ++index) {
      if (taken.insert(index).second) {
        return static_cast<unsigned>(index);
      }
    }
    unsupported("asm-operands", "too many operands", where);
  };

  // Operand values, left to right.
  std::map<std::string, Term> state;
  std::vector<Operand> operands;
  std::vector<Place> results;
  begin_full(s);
  const auto widen = [&](Term value) {
    Term bits = value.sort().is_bool() ? ir::bool_to_bv(value, 8) : value;
    if (bits.width() > 64) {
      unsupported("asm-operands", "an operand of more than 64 bits", where);
    }
    if (bits.width() < 64) {
      const Term any = b_.fresh("upper", ir::Sort::bitvec(64 - bits.width()));
      b_.emit(ir::Choice{any, "upper-bits"});
      bits = ir::concat(any, bits);
    }
    return bits;
  };
  const auto in_memory_constraint = [](llvm::StringRef constraint) {
    return constraint.find_first_of("mQo") != llvm::StringRef::npos && constraint.find('r') == llvm::StringRef::npos;
  };
  for (unsigned i = 0; i < outputs; ++i) {
    const llvm::StringRef constraint = s->getOutputConstraint(i);
    const clang::Expr* e = s->getOutputExpr(i);
    Operand operand;
    results.push_back(place(e));
    operand.index = pick(e);
    if (in_memory_constraint(constraint)) {
      operand.kind = Operand::Kind::memory;
      state[register_name(operand.index)] = address(results.back(), where);
    } else if (constraint.find('r') == llvm::StringRef::npos) {
      unsupported("asm-constraint", "the constraint \"" + constraint.str() + "\" is outside the subset", where);
    } else {
      writable.insert(register_name(operand.index));
      if (constraint.front() == '+') {
        state[register_name(operand.index)] = widen(load(results.back(), where));
      }
    }
    operands.push_back(operand);
  }
  for (unsigned i = 0; i < inputs; ++i) {
    const llvm::StringRef constraint = s->getInputConstraint(i);
    const clang::Expr* e = s->getInputExpr(i);
    Operand operand;
    unsigned tied = 0;
    if (!constraint.getAsInteger(10, tied) && tied < outputs) {
      operand = operands[tied];
      state[register_name(operand.index)] = widen(value(e));
    } else if (in_memory_constraint(constraint)) {
      operand.kind = Operand::Kind::memory;
      operand.index = pick(e);
      state[register_name(operand.index)] = address(place(e), where);
    } else if (clang::Expr::EvalResult number; constraint.find_first_of("inIJKLMNZ") != llvm::StringRef::npos &&
                                               e->EvaluateAsInt(number, unit_.context) &&
                                               (constraint.find('r') == llvm::StringRef::npos || number.Val.getInt() == 0)) {
      operand.kind = Operand::Kind::immediate;
      llvm::SmallString<24> digits;
      number.Val.getInt().toString(digits, 10);
      operand.immediate = digits.str().str();
      operand.zero_register = constraint.find('Z') != llvm::StringRef::npos && number.Val.getInt() == 0;
      if (constraint.find('r') != llvm::StringRef::npos && !operand.zero_register) {
        operand.kind = Operand::Kind::in_register;
        operand.index = pick(e);
        state[register_name(operand.index)] = widen(value(e));
      }
    } else if (constraint.find('r') != llvm::StringRef::npos) {
      operand.index = pick(e);
      state[register_name(operand.index)] = widen(value(e));
    } else {
      unsupported("asm-constraint", "the constraint \"" + constraint.str() + "\" is outside the subset", where);
    }
    operands.push_back(operand);
  }

  std::string code;
  for (const clang::GCCAsmStmt::AsmStringPiece& piece : pieces) {
    if (piece.isString()) {
      const std::string& part = piece.getString();
      for (std::size_t i = 0; i < part.size(); ++i) {
        code += part[i];
        i += part.compare(i, 2, "$$") == 0 ? 1 : 0;  // Clang's escape for LLVM
      }
      continue;
    }
    if (piece.getOperandNo() >= operands.size()) {
      unsupported("asm-operands", "an operand number that does not exist", where);
    }
    const Operand& operand = operands[piece.getOperandNo()];
    const char modifier = piece.getModifier();
    if (modifier != '\0' && modifier != 'w' && modifier != 'x' && modifier != 'c' && modifier != 'a') {
      unsupported("asm-operands", std::string("the operand modifier ") + modifier + " is outside the subset", where);
    }
    const std::string number = std::to_string(operand.index);
    if (operand.kind == Operand::Kind::immediate) {
      code += operand.zero_register ? (modifier == 'w' ? "wzr" : "xzr") : operand.immediate;
    } else if (operand.kind == Operand::Kind::memory || modifier == 'a') {
      code += "[x" + number + "]";
    } else {
      code += (modifier == 'w' ? "w" : "x") + number;
    }
  }
  at(where);
  const ir::Result<std::vector<std::uint32_t>> words = assemble(code + "\n");
  if (!words) {
    unsupported(words.error().code.c_str(), words.error().message, where);
  }
  if (!words->empty() && unit_.options.asm_lifter == nullptr) {
    unsupported("asm-no-models", "inline assembly needs instruction models", where);
  }

  const bool in_registers = std::any_of(operands.begin(), operands.end(), [](const Operand& o) { return o.kind != Operand::Kind::immediate; });
  bool sets_register = false;
  bool stopped = false;
  std::uint64_t pc = 0;
  for (const std::uint32_t word : *words) {
    const ir::Result<AsmStep> step = unit_.options.asm_lifter->lift(word, pc);
    pc += 4;
    if (!step) {
      unsupported(step.error().code.c_str(), "inline assembly: " + step.error().message, where);
    }
    if (!step->falls_through && !step->stops) {
      unsupported("asm-branch", "inline assembly that branches is outside the subset", where);
    }
    std::map<std::string, Term> temporaries;
    const auto resolve = [&](Term term) {
      if (!term) {
        return term;
      }
      ir::Substitution substitution;
      for (const Term variable : ir::variables_of(term)) {
        const std::string& name = variable.name();
        if (const auto found = temporaries.find(name); found != temporaries.end()) {
          substitution[variable] = found->second;
          continue;
        }
        auto known = state.find(name);
        if (known == state.end() && writable.count(name) != 0) {
          const Term any = b_.fresh("clobbered", variable.sort());
          b_.emit(ir::Choice{any, "uninitialised"});
          known = state.emplace(name, any).first;
        }
        if (known == state.end()) {
          unsupported("asm-register", "inline assembly reads " + name + ", which is none of its operands", where);
        }
        substitution[variable] = known->second;
      }
      return ir::substitute(term, substitution);
    };
    const auto rename = [&](Term result) {
      if (!result) {
        return result;
      }
      const Term renamed = b_.fresh("a", result.sort());
      temporaries[result.name()] = renamed;
      return renamed;
    };
    for (const auto& op : step->ops) {
      if (!is_volatile && !std::holds_alternative<ir::Load>(op)) {
        unsupported("asm-not-volatile", "this assembly has an effect but is not volatile", where);
      }
      if (const auto* load_op = std::get_if<ir::Load>(&op)) {
        ir::Load node = *load_op;
        node.address = resolve(node.address);
        node.result = rename(node.result);
        node.is_volatile = is_volatile;
        b_.emit(node);
      } else if (const auto* store_op = std::get_if<ir::Store>(&op)) {
        ir::Store node = *store_op;
        node.address = resolve(node.address);
        node.value = resolve(node.value);
        node.is_volatile = true;
        b_.emit(node);
      } else {
        ir::Effect node = std::get<ir::Effect>(op);
        // Who takes the exception sees the registers and may change them, and no node says which ones.
        const bool taken_elsewhere = node.kind == ir::EffectKind::exception && (in_registers || !writable.empty());
        const bool left_for_good = node.kind == ir::EffectKind::exception_return && (bound_operand || sets_register);
        if (taken_elsewhere || left_for_good) {
          unsupported("asm-exception", "inline assembly that hands registers over by an exception is outside the subset", where);
        }
        for (Term& operand : node.operands) {
          operand = resolve(operand);
        }
        node.result = rename(node.result);
        node.memory_clobber = memory_clobber;
        b_.emit(node);
      }
    }
    std::vector<std::pair<std::string, Term>> changes;
    for (const ir::Binding& binding : step->assignments) {
      const std::string& name = binding.variable.name();
      const bool is_flag = binding.variable.sort().is_bool();
      if (!is_flag && writable.count(name) == 0) {
        unsupported("asm-clobber", "inline assembly writes " + name + " and does not say so", where);
      }
      changes.emplace_back(name, resolve(binding.value));
      sets_register = sets_register || !is_flag;
    }
    for (auto& [name, term] : changes) {
      state[name] = term;
    }
    stopped = stopped || step->stops;
  }
  if (stopped) {
    if (!b_.open.empty()) {
      b_.unreachable("asm-does-not-continue");
    }
    return end_full();
  }

  // All values first: an output may be a variable that another output's value speaks of.
  std::vector<Term> outgoing(outputs);
  for (unsigned i = 0; i < outputs; ++i) {
    if (operands[i].kind == Operand::Kind::memory) {
      continue;
    }
    const std::string name = register_name(operands[i].index);
    auto found = state.find(name);
    if (found == state.end()) {
      const Term any = b_.fresh("clobbered", ir::Sort::bitvec(64));
      b_.emit(ir::Choice{any, "uninitialised"});
      found = state.emplace(name, any).first;
    }
    const clang::QualType type = s->getOutputExpr(i)->getType();
    const ir::Sort sort = unit_.sort_of(type, where);
    const Term bits = ir::extract(sort.is_bool() ? 7U : sort.width - 1U, 0, found->second);
    const Term kept = b_.fresh("o", bits.sort());
    b_.assign(kept, bits);
    outgoing[i] = sort.is_bool() ? from_memory(kept, type) : kept;
  }
  for (unsigned i = 0; i < outputs; ++i) {
    if (outgoing[i]) {
      store(results[i], outgoing[i], where);
    }
  }
  end_full();
}

}  // namespace validator::source
