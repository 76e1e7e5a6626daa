// SPDX-License-Identifier: Apache-2.0
// One walk over the body before lifting. A scalar local is a variable of the graph if every mention of it reads or
// assigns it; any other mention (address, reference, "m" operand) puts it into memory.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using clang::dyn_cast_or_null;

namespace {

const clang::VarDecl* local_of(const clang::Expr* e) {
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e);
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  return variable != nullptr && variable->hasLocalStorage() ? variable : nullptr;
}

const clang::Expr* strip(const clang::Expr* e) {
  for (;;) {
    e = e->IgnoreParens();
    const auto* cast = dyn_cast<clang::CastExpr>(e);
    if (cast != nullptr && cast->getCastKind() == clang::CK_NoOp && cast->getSubExpr()->isGLValue()) {
      e = cast->getSubExpr();
    } else if (const auto* constant = dyn_cast<clang::ConstantExpr>(e)) {
      e = constant->getSubExpr();
    } else {
      return e;
    }
  }
}

bool is_overflow_builtin(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  return callee != nullptr && callee->getBuiltinID() != 0 && call->getNumArgs() == 3 &&
         callee->getName().ends_with("_overflow");
}

}  // namespace

void FunctionLifter::analyse_read(const clang::Expr* glvalue) {
  const clang::Expr* e = strip(glvalue);
  if (local_of(e) != nullptr) {
    return;
  }
  if (const auto* conditional = dyn_cast<clang::ConditionalOperator>(e)) {
    analyse(conditional->getCond());
    analyse_read(conditional->getTrueExpr());
    analyse_read(conditional->getFalseExpr());
    return;
  }
  const auto* comma = dyn_cast<clang::BinaryOperator>(e);
  if (comma != nullptr && comma->getOpcode() == clang::BO_Comma) {
    analyse(comma->getLHS());
    analyse_read(comma->getRHS());
    return;
  }
  analyse(e);
}

bool FunctionLifter::analyse_target(const clang::Expr* glvalue) {
  const clang::VarDecl* variable = local_of(strip(glvalue));
  if (variable != nullptr) {
    reassigned_.insert(variable);
  }
  return variable != nullptr;
}

void FunctionLifter::analyse(const clang::Stmt* s) {
  if (s == nullptr) {
    return;
  }
  if (const auto* cast = dyn_cast<clang::CastExpr>(s)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue || cast->getCastKind() == clang::CK_ToVoid) {
      return analyse_read(cast->getSubExpr());
    }
  } else if (const auto* binary = dyn_cast<clang::BinaryOperator>(s)) {
    if (binary->isAssignmentOp()) {
      if (!analyse_target(binary->getLHS())) {
        analyse(binary->getLHS());
      }
      return analyse(binary->getRHS());
    }
  } else if (const auto* unary = dyn_cast<clang::UnaryOperator>(s)) {
    if (unary->isIncrementDecrementOp() && analyse_target(unary->getSubExpr())) {
      return;
    }
  } else if (const auto* call = dyn_cast<clang::CallExpr>(s)) {
    if (is_overflow_builtin(call)) {
      analyse(call->getArg(0));
      analyse(call->getArg(1));
      const auto* out = dyn_cast<clang::UnaryOperator>(call->getArg(2)->IgnoreParenImpCasts());
      if (out == nullptr || out->getOpcode() != clang::UO_AddrOf || !analyse_target(out->getSubExpr())) {
        analyse(call->getArg(2));
      }
      return;
    }
  } else if (const auto* reference = dyn_cast<clang::DeclRefExpr>(s)) {
    if (const clang::VarDecl* variable = local_of(reference)) {
      addressed_.insert(variable);
    } else if (const auto* binding = dyn_cast<clang::BindingDecl>(reference->getDecl())) {
      analyse(binding->getBinding());
    }
    return;
  } else if (clang::isa<clang::UnaryExprOrTypeTraitExpr, clang::ConstantExpr, clang::CXXNoexceptExpr, clang::LambdaExpr>(s)) {
    return;
  } else if (const auto* condition = dyn_cast<clang::IfStmt>(s)) {
    if (const auto taken = condition->isConstexpr() ? condition->getNondiscardedCase(unit_.context)
                                                    : std::optional<const clang::Stmt*>()) {
      analyse(condition->getInit());
      return analyse(*taken);
    }
  } else if (const auto* declaration = dyn_cast<clang::DeclStmt>(s)) {
    for (const clang::Decl* one : declaration->decls()) {
      const auto* variable = dyn_cast<clang::VarDecl>(one);
      if (variable != nullptr && variable->hasLocalStorage()) {
        analyse(variable->getInit());
      }
    }
    return;
  } else if (const auto* assembly = dyn_cast<clang::GCCAsmStmt>(s)) {
    for (unsigned i = 0; i < assembly->getNumOutputs(); ++i) {
      const bool in_register = assembly->getOutputConstraint(i).find('m') == llvm::StringRef::npos;
      if (!in_register || !analyse_target(assembly->getOutputExpr(i))) {
        analyse(assembly->getOutputExpr(i));
      }
    }
    for (unsigned i = 0; i < assembly->getNumInputs(); ++i) {
      analyse(assembly->getInputExpr(i));
    }
    return;
  } else if (const auto* returns = dyn_cast<clang::ReturnStmt>(s)) {
    returned_.insert(returns->getNRVOCandidate());
  } else if (const auto* argument = dyn_cast<clang::CXXDefaultArgExpr>(s)) {
    return analyse(argument->getExpr());
  } else if (const auto* field = dyn_cast<clang::CXXDefaultInitExpr>(s)) {
    return analyse(field->getExpr());
  } else if (const auto* opaque = dyn_cast<clang::OpaqueValueExpr>(s)) {
    static_cast<void>(opaque);
    return;
  } else if (clang::isa<clang::LabelStmt, clang::GotoStmt>(s)) {
    has_labels_ = true;
    endless_loop_ = true;
  }
  const clang::Expr* controlling = nullptr;
  bool is_loop = true;
  if (const auto* loop = dyn_cast<clang::WhileStmt>(s)) {
    controlling = loop->getCond();
  } else if (const auto* tail = dyn_cast<clang::DoStmt>(s)) {
    controlling = tail->getCond();
  } else if (const auto* counted = dyn_cast<clang::ForStmt>(s)) {
    controlling = counted->getCond();
  } else {
    is_loop = false;
  }
  if (is_loop) {
    bool always = false;
    endless_loop_ = endless_loop_ || controlling == nullptr ||
                    (!controlling->isValueDependent() && controlling->EvaluateAsBooleanCondition(always, unit_.context) && always);
  }
  if (const auto* range = dyn_cast<clang::CXXForRangeStmt>(s)) {
    for (const clang::Stmt* part : std::initializer_list<const clang::Stmt*>{
             range->getInit(), range->getRangeStmt(), range->getBeginStmt(), range->getEndStmt(), range->getCond(),
             range->getInc(), range->getLoopVarStmt(), range->getBody()}) {
      analyse(part);
    }
    return;
  }
  for (const clang::Stmt* child : s->children()) {
    analyse(child);
  }
}

}  // namespace validator::source
