// SPDX-License-Identifier: Apache-2.0
// Statements. Loops have one header node; break, continue and return leave scopes, so the lifetimes of these end first.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::cast;
using clang::dyn_cast;
using ir::Term;

void FunctionLifter::full_expression(const clang::Expr* e) {
  begin_full(e);
  discard(e);
  end_full();
}

void FunctionLifter::branch_full(const clang::Expr* e, Edges& yes, Edges& no) {
  begin_full(e);
  branch(e, yes, no);
  const std::vector<Term> temporaries = full_.back().temporaries;
  full_.back().temporaries.clear();
  for (Edges* way : {&yes, &no}) {
    if (!way->empty()) {
      b_.open = *way;
      for (auto it = temporaries.rbegin(); it != temporaries.rend(); ++it) {
        b_.emit(ir::Lifetime{*it, false});
      }
      *way = b_.open;
    }
  }
  b_.open = {};
  end_full();
}

void FunctionLifter::compound(const clang::CompoundStmt* s) {
  push_scope();
  for (const clang::Stmt* child : s->body()) {
    statement(child);
  }
  at(s->getRBracLoc());
  pop_scope();
}

void FunctionLifter::if_statement(const clang::IfStmt* s) {
  push_scope();
  if (s->isConsteval()) {
    unsupported("if-consteval", "if consteval is outside the subset", s->getIfLoc());
  }
  if (s->getInit() != nullptr) {
    statement(s->getInit());
  }
  if (s->isConstexpr()) {
    if (const auto taken = s->getNondiscardedCase(unit_.context)) {
      if (*taken != nullptr) {
        statement(*taken);
      }
      return pop_scope();
    }
  }
  if (const clang::DeclStmt* variable = s->getConditionVariableDeclStmt()) {
    statement(variable);
  }
  Edges yes;
  Edges no;
  branch_full(s->getCond(), yes, no);
  b_.open = yes;
  statement(s->getThen());
  yes = b_.open;
  b_.open = no;
  if (s->getElse() != nullptr) {
    statement(s->getElse());
  }
  b_.open = Builder::join(yes, b_.open);
  pop_scope();
}

void FunctionLifter::while_loop(const clang::WhileStmt* s) {
  const ir::Graph::NodeId header = b_.header();
  push_scope();
  if (const clang::DeclStmt* variable = s->getConditionVariableDeclStmt()) {
    statement(variable);
  }
  Edges yes;
  Edges no;
  branch_full(s->getCond(), yes, no);
  b_.open = yes;
  jumps_.push_back({{}, {}, scopes_.size(), true});
  statement(s->getBody());
  const Jumps jumps = jumps_.back();
  jumps_.pop_back();
  b_.open = Builder::join(b_.open, jumps.continues);
  end_lifetimes(scopes_.size() - 1);
  b_.connect_to(header);
  b_.open = no;
  end_lifetimes(scopes_.size() - 1);
  // break leaves with the condition variable still alive
  const Edges normal = b_.open;
  b_.open = jumps.breaks;
  end_lifetimes(scopes_.size() - 1);
  b_.open = Builder::join(normal, b_.open);
  scopes_.pop_back();
}

void FunctionLifter::do_loop(const clang::DoStmt* s) {
  const ir::Graph::NodeId header = b_.header();
  jumps_.push_back({{}, {}, scopes_.size(), true});
  statement(s->getBody());
  const Jumps jumps = jumps_.back();
  jumps_.pop_back();
  b_.open = Builder::join(b_.open, jumps.continues);
  Edges yes;
  Edges no;
  branch_full(s->getCond(), yes, no);
  b_.open = yes;
  b_.connect_to(header);
  b_.open = Builder::join(no, jumps.breaks);
}

void FunctionLifter::for_loop(const clang::ForStmt* s) {
  push_scope();
  if (s->getInit() != nullptr) {
    statement(s->getInit());
  }
  const ir::Graph::NodeId header = b_.header();
  push_scope();
  if (const clang::DeclStmt* variable = s->getConditionVariableDeclStmt()) {
    statement(variable);
  }
  Edges yes = b_.open;
  Edges no;
  if (s->getCond() != nullptr) {
    branch_full(s->getCond(), yes, no);
  }
  b_.open = yes;
  jumps_.push_back({{}, {}, scopes_.size(), true});
  statement(s->getBody());
  const Jumps jumps = jumps_.back();
  jumps_.pop_back();
  b_.open = Builder::join(b_.open, jumps.continues);
  if (s->getInc() != nullptr) {
    full_expression(s->getInc());
  }
  end_lifetimes(scopes_.size() - 1);
  b_.connect_to(header);
  b_.open = Builder::join(no, jumps.breaks);
  pop_scope();
  pop_scope();
}

void FunctionLifter::range_for(const clang::CXXForRangeStmt* s) {
  push_scope();
  if (s->getInit() != nullptr) {
    statement(s->getInit());
  }
  statement(s->getRangeStmt());
  statement(s->getBeginStmt());
  statement(s->getEndStmt());
  const ir::Graph::NodeId header = b_.header();
  Edges yes;
  Edges no;
  branch_full(s->getCond(), yes, no);
  b_.open = yes;
  push_scope();
  statement(s->getLoopVarStmt());
  jumps_.push_back({{}, {}, scopes_.size(), true});
  statement(s->getBody());
  const Jumps jumps = jumps_.back();
  jumps_.pop_back();
  b_.open = Builder::join(b_.open, jumps.continues);
  end_lifetimes(scopes_.size() - 1);
  full_expression(s->getInc());
  b_.connect_to(header);
  b_.open = jumps.breaks;
  end_lifetimes(scopes_.size() - 1);
  b_.open = Builder::join(no, b_.open);
  scopes_.pop_back();
  pop_scope();
}

void FunctionLifter::switch_statement(const clang::SwitchStmt* s) {
  push_scope();
  if (s->getInit() != nullptr) {
    statement(s->getInit());
  }
  if (const clang::DeclStmt* variable = s->getConditionVariableDeclStmt()) {
    statement(variable);
  }
  declare_early(s->getBody(), false);
  begin_full(s->getCond());
  Term selector = value(s->getCond());
  if (!stable(selector)) {
    const Term snapshot = b_.fresh("t", selector.sort());
    b_.assign(snapshot, selector);
    selector = snapshot;
  }
  end_full();
  if (selector.sort().is_bool()) {
    selector = ir::bool_to_bv(selector, 32);
  }
  const bool is_signed = s->getCond()->getType()->isSignedIntegerOrEnumerationType();
  std::vector<const clang::SwitchCase*> cases;
  for (const clang::SwitchCase* one = s->getSwitchCaseList(); one != nullptr; one = one->getNextSwitchCase()) {
    cases.push_back(one);
  }
  std::reverse(cases.begin(), cases.end());  // Clang lists them backwards
  const clang::SwitchCase* otherwise = nullptr;
  for (const clang::SwitchCase* one : cases) {
    cases_[one] = b_.label();
    const auto* labelled = dyn_cast<clang::CaseStmt>(one);
    if (labelled == nullptr) {
      otherwise = one;
      continue;
    }
    at(one->getKeywordLoc());
    const llvm::APSInt low = labelled->getLHS()->EvaluateKnownConstInt(unit_.context);
    const auto term = [&](const llvm::APSInt& number) {
      return ir::bv(number.extOrTrunc(64).getZExtValue(), selector.width());
    };
    Term matches = ir::eq(selector, term(low));
    if (labelled->getRHS() != nullptr) {
      const llvm::APSInt high = labelled->getRHS()->EvaluateKnownConstInt(unit_.context);
      matches = is_signed ? ir::logical_and(ir::sle(term(low), selector), ir::sle(selector, term(high)))
                          : ir::logical_and(ir::ule(term(low), selector), ir::ule(selector, term(high)));
    }
    Edges yes;
    Edges no;
    b_.branch(matches, yes, no);
    b_.open = yes;
    b_.connect_to(cases_[one]);
    b_.open = no;
  }
  Edges none;
  if (otherwise != nullptr) {
    b_.connect_to(cases_[otherwise]);
  } else {
    none = b_.open;
  }
  b_.open = {};
  jumps_.push_back({{}, {}, scopes_.size(), false});
  statement(s->getBody());
  const Jumps jumps = jumps_.back();
  jumps_.pop_back();
  b_.open = Builder::join(Builder::join(b_.open, jumps.breaks), none);
  pop_scope();
}

void FunctionLifter::return_statement(const clang::ReturnStmt* s) {
  if (!function_.returns) {
    return b_.unreachable("ub-noreturn-returns");
  }
  std::vector<Term> values;
  const clang::Expr* e = s->getRetValue();
  if (e != nullptr) {
    const bool in_place = named_result_ != nullptr && s->getNRVOCandidate() == named_result_;
    begin_full(e);
    if (!in_place) {
      values = return_values(e);
    }
    end_full();
  } else if (!signature_.result.pieces.empty()) {
    return fall_off();
  }
  end_lifetimes(0);
  b_.emit(ir::Return{values});
}

ir::Graph::NodeId FunctionLifter::label_node(const clang::LabelDecl* label) {
  const auto [it, added] = labels_.emplace(label, ir::Graph::none);
  if (added) {
    it->second = b_.label();
  }
  return it->second;
}

void FunctionLifter::statement(const clang::Stmt* s) {
  using clang::Stmt;
  if (s == nullptr) {
    return;
  }
  at(s->getBeginLoc());
  if (const auto* e = dyn_cast<clang::Expr>(s)) {
    return full_expression(e);
  }
  switch (s->getStmtClass()) {
    case Stmt::CompoundStmtClass:
      return compound(cast<clang::CompoundStmt>(s));
    case Stmt::NullStmtClass:
      return;
    case Stmt::DeclStmtClass:
      for (const clang::Decl* declaration : cast<clang::DeclStmt>(s)->decls()) {
        declare_statement(declaration);
      }
      return;
    case Stmt::IfStmtClass:
      return if_statement(cast<clang::IfStmt>(s));
    case Stmt::WhileStmtClass:
      return while_loop(cast<clang::WhileStmt>(s));
    case Stmt::DoStmtClass:
      return do_loop(cast<clang::DoStmt>(s));
    case Stmt::ForStmtClass:
      return for_loop(cast<clang::ForStmt>(s));
    case Stmt::CXXForRangeStmtClass:
      return range_for(cast<clang::CXXForRangeStmt>(s));
    case Stmt::SwitchStmtClass:
      return switch_statement(cast<clang::SwitchStmt>(s));
    case Stmt::CaseStmtClass:
    case Stmt::DefaultStmtClass: {
      const auto* one = cast<clang::SwitchCase>(s);
      const auto found = cases_.find(one);
      if (found == cases_.end()) {
        unsupported("switch", "a case label outside the switch that is being lifted", s->getBeginLoc());
      }
      for (std::size_t depth = jumps_.back().scope_depth; depth < scopes_.size(); ++depth) {
        if (!scopes_[depth].objects.empty() || jumps_.back().is_loop) {
          unsupported("switch", "a case label jumps into a block past a declaration", s->getBeginLoc());
        }
      }
      b_.connect_to(found->second);
      b_.continue_at(found->second);
      return statement(one->getSubStmt());
    }
    case Stmt::ReturnStmtClass:
      return return_statement(cast<clang::ReturnStmt>(s));
    case Stmt::BreakStmtClass: {
      Jumps& jumps = jumps_.back();
      end_lifetimes(jumps.scope_depth);
      jumps.breaks = Builder::join(jumps.breaks, b_.open);
      b_.open = {};
      return;
    }
    case Stmt::ContinueStmtClass: {
      std::size_t loop = jumps_.size();
      while (!jumps_[--loop].is_loop) {
      }
      Jumps& jumps = jumps_[loop];
      end_lifetimes(jumps.scope_depth);
      jumps.continues = Builder::join(jumps.continues, b_.open);
      b_.open = {};
      return;
    }
    case Stmt::GotoStmtClass:
      b_.connect_to(label_node(cast<clang::GotoStmt>(s)->getLabel()));
      return;
    case Stmt::LabelStmtClass: {
      const auto* labelled = cast<clang::LabelStmt>(s);
      const ir::Graph::NodeId node = label_node(labelled->getDecl());
      b_.connect_to(node);
      b_.continue_at(node);
      return statement(labelled->getSubStmt());
    }
    case Stmt::AttributedStmtClass: {
      const auto* attributed = cast<clang::AttributedStmt>(s);
      for (const clang::Attr* attribute : attributed->getAttrs()) {
        const auto* assumption = dyn_cast<clang::CXXAssumeAttr>(attribute);
        if (assumption != nullptr && !assumption->getAssumption()->HasSideEffects(unit_.context)) {
          begin_full(assumption->getAssumption());
          check(condition(assumption->getAssumption()), "ub-assume");
          end_full();
        }
      }
      return statement(attributed->getSubStmt());
    }
    case Stmt::GCCAsmStmtClass:
      return assembly(cast<clang::GCCAsmStmt>(s));
    default:
      break;
  }
  unsupported("statement", std::string("statements of kind ") + s->getStmtClassName() + " are outside the subset",
              s->getBeginLoc());
}

}  // namespace validator::source
