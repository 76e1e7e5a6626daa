// SPDX-License-Identifier: Apache-2.0
// Scalar expressions: the table of expression kinds, conditions, and what joins two paths. A condition whose arms
// have no nodes becomes an ite; otherwise it becomes two paths and a merge variable.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::cast;
using clang::dyn_cast;
using ir::Term;

Term FunctionLifter::constant(const clang::Expr* e) {
  clang::Expr::EvalResult result;
  if (!e->EvaluateAsRValue(result, unit_.context) || result.HasSideEffects || result.HasUndefinedBehavior) {
    unsupported("not-constant", std::string("Clang cannot evaluate this ") + e->getStmtClassName(), e->getBeginLoc());
  }
  const Term term = unit_.term_of(result.Val, e->getType(), e->getBeginLoc());
  if (!term) {
    unsupported("not-constant", "this constant has no scalar value", e->getBeginLoc());
  }
  return term;
}

Term FunctionLifter::read_constant(const clang::Expr* glvalue) {
  const clang::Expr* root = glvalue;
  for (;;) {
    root = root->IgnoreParenImpCasts();
    if (const auto* access = dyn_cast<clang::MemberExpr>(root); access != nullptr && !access->isArrow() &&
                                                                  clang::isa<clang::FieldDecl>(access->getMemberDecl())) {
      root = access->getBase();
    } else if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(root)) {
      root = element->getBase();
    } else {
      break;
    }
  }
  const clang::ValueDecl* declaration = nullptr;
  if (const auto* reference = dyn_cast<clang::DeclRefExpr>(root)) {
    declaration = reference->getDecl();
  } else if (const auto* access = dyn_cast<clang::MemberExpr>(root)) {
    declaration = access->getMemberDecl();
  }
  const auto* variable = declaration == nullptr ? nullptr : dyn_cast<clang::VarDecl>(declaration);
  const bool is_parameter_object = declaration != nullptr && clang::isa<clang::TemplateParamObjectDecl>(declaration);
  if (!is_parameter_object &&
      (variable == nullptr || variable->isWeak() || variable->getType()->isReferenceType() || variable->getType().isVolatileQualified() ||
       !(variable->isConstexpr() || variable->mightBeUsableInConstantExpressions(unit_.context)) ||
       !variable->isUsableInConstantExpressions(unit_.context))) {
    return Term();
  }
  clang::Expr::EvalResult result;
  if (glvalue->HasSideEffects(unit_.context) || !glvalue->EvaluateAsLValue(result, unit_.context)) {
    return Term();
  }
  const auto* read = clang::ImplicitCastExpr::Create(unit_.context, glvalue->getType().getUnqualifiedType(),
                                                     clang::CK_LValueToRValue, const_cast<clang::Expr*>(glvalue), nullptr,
                                                     clang::VK_PRValue, clang::FPOptionsOverride());
  clang::Expr::EvalResult content;
  if (!read->EvaluateAsRValue(content, unit_.context) || content.HasSideEffects) {
    return Term();
  }
  return unit_.term_of(content.Val, read->getType(), glvalue->getBeginLoc());
}

Term FunctionLifter::merge(Term condition, const std::function<Term()>& yes, const std::function<Term()>& no, ir::Sort sort) {
  if (condition.is_true() || condition.is_false()) {
    return condition.is_true() ? yes() : no();
  }
  const Edges before = b_.open;
  Edges yes_end;
  Edges no_end;
  b_.branch(condition, yes_end, no_end);
  const std::size_t size = b_.graph.size();
  b_.open = yes_end;
  const Term yes_value = yes();
  yes_end = b_.open;
  b_.open = no_end;
  const Term no_value = no();
  no_end = b_.open;
  if (b_.graph.size() == size) {
    for (const auto& [node, index] : before.exits) {
      b_.graph.disconnect(node, index);
    }
    b_.open = before;
    if (sort.is_bool() && no_value.is_false()) {
      return ir::logical_and(condition, yes_value);
    }
    if (sort.is_bool() && yes_value.is_true()) {
      return ir::logical_or(condition, no_value);
    }
    return ir::ite(condition, yes_value, no_value);
  }
  const Term merged = b_.fresh("m", sort);
  b_.open = yes_end;
  b_.assign(merged, yes_value);
  yes_end = b_.open;
  b_.open = no_end;
  b_.assign(merged, no_value);
  b_.open = Builder::join(yes_end, b_.open);
  return merged;
}

Term FunctionLifter::short_circuit(const clang::BinaryOperator* e) {
  const bool is_and = e->getOpcode() == clang::BO_LAnd;
  const Term left = condition(e->getLHS());
  const auto right = [&] { return condition(e->getRHS()); };
  const auto decided = [&] { return ir::boolean(!is_and); };
  return is_and ? merge(left, right, decided, ir::Sort::boolean()) : merge(left, decided, right, ir::Sort::boolean());
}

Term FunctionLifter::condition(const clang::Expr* e) {
  const clang::Expr* inner = e->IgnoreParens();
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(inner)) {
    if (binary->isLogicalOp()) {
      return short_circuit(binary);
    }
    if (binary->isComparisonOp() && binary->getOpcode() != clang::BO_Cmp) {
      return this->binary(binary);
    }
  }
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(inner); unary != nullptr && unary->getOpcode() == clang::UO_LNot) {
    return ir::logical_not(condition(unary->getSubExpr()));
  }
  if (const auto* cast = dyn_cast<clang::CastExpr>(inner)) {
    // C: the int of a comparison, converted back; C++: the bool of one, promoted.
    if (cast->getCastKind() == clang::CK_IntegralToBoolean ||
        (cast->getCastKind() == clang::CK_IntegralCast && cast->getSubExpr()->getType()->isBooleanType())) {
      return condition(cast->getSubExpr());
    }
  }
  const Term result = value(inner);
  return result.sort().is_bool() ? result : ir::ne(result, ir::bv(0, result.width()));
}

void FunctionLifter::branch(const clang::Expr* e, Edges& yes, Edges& no) {
  const clang::Expr* inner = e->IgnoreParens();
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(inner); binary != nullptr && binary->isLogicalOp()) {
    Edges left_yes;
    Edges left_no;
    branch(binary->getLHS(), left_yes, left_no);
    const bool is_and = binary->getOpcode() == clang::BO_LAnd;
    b_.open = is_and ? left_yes : left_no;
    branch(binary->getRHS(), yes, no);
    (is_and ? no : yes) = Builder::join(is_and ? left_no : left_yes, is_and ? no : yes);
    b_.open = {};
    return;
  }
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(inner); unary != nullptr && unary->getOpcode() == clang::UO_LNot) {
    return branch(unary->getSubExpr(), no, yes);
  }
  if (const auto* cleanups = dyn_cast<clang::ExprWithCleanups>(inner)) {
    return branch(cleanups->getSubExpr(), yes, no);
  }
  if (const auto* cast = dyn_cast<clang::ImplicitCastExpr>(inner);
      cast != nullptr && cast->getCastKind() == clang::CK_IntegralToBoolean) {
    return branch(cast->getSubExpr(), yes, no);
  }
  at(inner->getBeginLoc());
  const Term decided = condition(inner);
  b_.branch(decided, yes, no);
}

Term FunctionLifter::conditional(const clang::AbstractConditionalOperator* e) {
  const ir::Sort sort = unit_.sort_of(e->getType(), e->getBeginLoc());
  Term decided;
  if (const auto* binary = dyn_cast<clang::BinaryConditionalOperator>(e)) {
    const clang::OpaqueValueExpr* common = binary->getOpaqueValue();
    if (binary->getCommon()->isGLValue()) {
      opaque_places_[common] = place(binary->getCommon());
    } else {
      opaque_terms_[common] = value(binary->getCommon());
    }
    decided = condition(binary->getCond());
  } else {
    decided = condition(e->getCond());
  }
  return merge(decided, [&] { return value(e->getTrueExpr()); }, [&] { return value(e->getFalseExpr()); }, sort);
}

Term FunctionLifter::statement_expression(const clang::StmtExpr* e, const Place* destination) {
  const clang::CompoundStmt* block = e->getSubStmt();
  push_scope();
  Term result;
  for (const clang::Stmt* s : block->body()) {
    const auto* last = s == block->body_back() ? dyn_cast<clang::Expr>(s) : nullptr;
    if (last != nullptr && !last->getType()->isVoidType()) {
      begin_full(last);
      if (destination != nullptr) {
        construct(last, *destination, false);
      } else {
        const Term computed = value(last);
        result = b_.fresh("s", computed.sort());
        b_.assign(result, computed);
      }
      end_full();
    } else {
      statement(s);
    }
  }
  pop_scope();
  return result;
}

void FunctionLifter::discard(const clang::Expr* e) {
  e = e->IgnoreParens();
  at(e->getBeginLoc());
  if (const auto* cleanups = dyn_cast<clang::ExprWithCleanups>(e)) {
    return discard(cleanups->getSubExpr());
  }
  if (const auto* cast = dyn_cast<clang::CastExpr>(e)) {
    if (cast->getCastKind() == clang::CK_ToVoid || (cast->getCastKind() == clang::CK_NoOp && cast->isPRValue())) {
      return discard(cast->getSubExpr());
    }
    if (cast->getCastKind() == clang::CK_LValueToRValue && !cast->getSubExpr()->getType().isVolatileQualified()) {
      return discard(cast->getSubExpr());
    }
  }
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(e)) {
    if (binary->getOpcode() == clang::BO_Comma) {
      discard(binary->getLHS());
      return discard(binary->getRHS());
    }
    if (const auto* compound = dyn_cast<clang::CompoundAssignOperator>(binary)) {
      compound_assign(compound, nullptr);
      return;
    }
    if (binary->isAssignmentOp()) {
      assign(binary, nullptr);
      return;
    }
  }
  if (clang::isa<clang::DeclRefExpr>(e)) {
    return;
  }
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(e); unary != nullptr && unary->isIncrementDecrementOp()) {
    increment(unary, nullptr, false);
    return;
  }
  if (const auto* conditional = dyn_cast<clang::ConditionalOperator>(e);
      conditional != nullptr && (e->getType()->isVoidType() || unit_.is_aggregate(e->getType()))) {
    Edges yes;
    Edges no;
    branch(conditional->getCond(), yes, no);
    b_.open = yes;
    discard(conditional->getTrueExpr());
    yes = b_.open;
    b_.open = no;
    discard(conditional->getFalseExpr());
    b_.open = Builder::join(yes, b_.open);
    return;
  }
  if (e->isGLValue()) {
    static_cast<void>(place(e));
    return;
  }
  if (const auto* statements = dyn_cast<clang::StmtExpr>(e); statements != nullptr && e->getType()->isVoidType()) {
    statement_expression(statements, nullptr);
    return;
  }
  if (const auto* selected = dyn_cast<clang::GenericSelectionExpr>(e)) {
    return discard(selected->getResultExpr());
  }
  if (const auto* chosen = dyn_cast<clang::ChooseExpr>(e)) {
    return discard(chosen->getChosenSubExpr());
  }
  if (const auto* operation = dyn_cast<clang::AtomicExpr>(e)) {
    atomic(operation);
    return;
  }
  if (const auto* argument = dyn_cast<clang::CallExpr>(e); argument != nullptr && e->getType()->isVoidType()) {
    call(argument, nullptr);
    return;
  }
  if (e->getType()->isVoidType() && clang::isa<clang::CXXScalarValueInitExpr>(e)) {
    return;
  }
  if (unit_.is_aggregate(e->getType())) {
    construct(e, temporary(e->getType(), e->getBeginLoc()), true);
    return;
  }
  static_cast<void>(value(e));
}

Term FunctionLifter::value(const clang::Expr* e) {
  at(e->getBeginLoc());
  using clang::Stmt;
  const clang::SourceLocation where = e->getBeginLoc();
  switch (e->getStmtClass()) {
    case Stmt::ParenExprClass:
      return value(cast<clang::ParenExpr>(e)->getSubExpr());
    case Stmt::ExprWithCleanupsClass:
      return value(cast<clang::FullExpr>(e)->getSubExpr());
    case Stmt::ConstantExprClass: {
      const auto* constant_expression = cast<clang::ConstantExpr>(e);
      if (constant_expression->hasAPValueResult()) {
        const Term term = unit_.term_of(constant_expression->getAPValueResult(), e->getType(), where);
        if (term) {
          return term;
        }
      }
      return value(constant_expression->getSubExpr());
    }
    case Stmt::SubstNonTypeTemplateParmExprClass:
      return value(cast<clang::SubstNonTypeTemplateParmExpr>(e)->getReplacement());
    case Stmt::GenericSelectionExprClass:
      return value(cast<clang::GenericSelectionExpr>(e)->getResultExpr());
    case Stmt::ChooseExprClass:
      return value(cast<clang::ChooseExpr>(e)->getChosenSubExpr());
    case Stmt::CXXDefaultArgExprClass:
      return value(cast<clang::CXXDefaultArgExpr>(e)->getExpr());
    case Stmt::CXXDefaultInitExprClass:
      return value(cast<clang::CXXDefaultInitExpr>(e)->getExpr());
    case Stmt::CXXRewrittenBinaryOperatorClass:
      return value(cast<clang::CXXRewrittenBinaryOperator>(e)->getSemanticForm());
    case Stmt::OpaqueValueExprClass: {
      const auto found = opaque_terms_.find(cast<clang::OpaqueValueExpr>(e));
      if (found != opaque_terms_.end()) {
        return found->second;
      }
      if (const clang::Expr* source = cast<clang::OpaqueValueExpr>(e)->getSourceExpr()) {
        return value(source);
      }
      break;
    }
    case Stmt::IntegerLiteralClass:
    case Stmt::CharacterLiteralClass:
    case Stmt::CXXBoolLiteralExprClass:
    case Stmt::CXXNullPtrLiteralExprClass:
    case Stmt::GNUNullExprClass:
    case Stmt::UnaryExprOrTypeTraitExprClass:
    case Stmt::OffsetOfExprClass:
    case Stmt::TypeTraitExprClass:
    case Stmt::SizeOfPackExprClass:
    case Stmt::ConceptSpecializationExprClass:
    case Stmt::RequiresExprClass:
    case Stmt::CXXNoexceptExprClass:
    case Stmt::SourceLocExprClass:
    case Stmt::ArrayTypeTraitExprClass:
      return constant(e);
    case Stmt::ImplicitValueInitExprClass:
    case Stmt::CXXScalarValueInitExprClass: {
      const ir::Sort sort = unit_.sort_of(e->getType(), where);
      return sort.is_bool() ? ir::boolean(false) : ir::bv(0, sort.width);
    }
    case Stmt::ArrayInitIndexExprClass:
      if (!array_index_.empty()) {
        return array_index_.back();
      }
      break;
    case Stmt::InitListExprClass: {
      const auto* list = cast<clang::InitListExpr>(e);
      if (list->getNumInits() == 1) {
        return value(list->getInit(0));
      }
      const ir::Sort sort = unit_.sort_of(e->getType(), where);
      return sort.is_bool() ? ir::boolean(false) : ir::bv(0, sort.width);
    }
    case Stmt::CXXParenListInitExprClass:
      break;
    case Stmt::CXXThisExprClass:
      return this_;
    case Stmt::DeclRefExprClass:
      // Enumerators and template parameters are prvalues; everything else is read through a cast.
      return constant(e);
    case Stmt::MemberExprClass:
      if (clang::isa<clang::EnumConstantDecl>(cast<clang::MemberExpr>(e)->getMemberDecl())) {
        return constant(e);
      }
      return load(place(e), where);  // C: a member of a class prvalue
    case Stmt::ArraySubscriptExprClass:
      return load(place(e), where);
    case Stmt::ConditionalOperatorClass:
    case Stmt::BinaryConditionalOperatorClass:
      return conditional(cast<clang::AbstractConditionalOperator>(e));
    case Stmt::BinaryOperatorClass:
    case Stmt::CompoundAssignOperatorClass: {
      const auto* operation = cast<clang::BinaryOperator>(e);
      if (operation->isAssignmentOp()) {
        Term stored;
        if (const auto* compound = dyn_cast<clang::CompoundAssignOperator>(operation)) {
          compound_assign(compound, &stored);
        } else {
          assign(operation, &stored);
        }
        return stored;
      }
      if (operation->getOpcode() == clang::BO_Comma) {
        discard(operation->getLHS());
        return value(operation->getRHS());
      }
      if (operation->isLogicalOp() || operation->isComparisonOp()) {
        const Term decided = condition(operation);
        const ir::Sort sort = unit_.sort_of(e->getType(), where);
        return sort.is_bool() ? decided : ir::bool_to_bv(decided, sort.width);
      }
      return binary(operation);
    }
    case Stmt::UnaryOperatorClass:
      return unary(cast<clang::UnaryOperator>(e));
    case Stmt::CallExprClass:
    case Stmt::CXXMemberCallExprClass:
    case Stmt::CXXOperatorCallExprClass:
    case Stmt::UserDefinedLiteralClass:
      return call(cast<clang::CallExpr>(e), nullptr);
    case Stmt::AtomicExprClass:
      return atomic(cast<clang::AtomicExpr>(e));
    case Stmt::StmtExprClass:
      return statement_expression(cast<clang::StmtExpr>(e), nullptr);
    default:
      if (const auto* conversion = dyn_cast<clang::CastExpr>(e)) {
        return cast_value(conversion);
      }
      break;
  }
  unsupported("expression", std::string("expressions of kind ") + e->getStmtClassName() + " are outside the subset", where);
}

}  // namespace validator::source
