// SPDX-License-Identifier: Apache-2.0
// What an expression does besides its value. Two operands that C or C++ evaluates in no fixed order may be lifted left
// to right only if neither can see the other. A callee whose body is visible and that writes nothing but its own
// locals, with no volatile access, assembly or unknown call, is quiet: accessors are, and they are everywhere.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;

namespace {

/// The local object that an lvalue is part of (not through a pointer or reference); null: some other memory.
const clang::VarDecl* owner(const clang::Expr* e, bool& is_this) {
  for (;;) {
    e = e->IgnoreParenImpCasts();
    if (const auto* access = dyn_cast<clang::MemberExpr>(e)) {
      if (access->isArrow()) {
        is_this = clang::isa<clang::CXXThisExpr>(access->getBase()->IgnoreParenImpCasts());
        return nullptr;
      }
      e = access->getBase();
    } else if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(e)) {
      if (!element->getBase()->IgnoreParenImpCasts()->getType()->isArrayType()) {
        return nullptr;
      }
      e = element->getBase();
    } else {
      break;
    }
  }
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e);
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  return variable != nullptr && variable->hasLocalStorage() && !variable->getType()->isReferenceType() ? variable : nullptr;
}

/// `parameter` or `parameter.member...` where the parameter is a reference.
bool is_reference_parameter(const clang::Expr* e) {
  for (;;) {
    e = e->IgnoreParenImpCasts();
    const auto* access = dyn_cast<clang::MemberExpr>(e);
    if (access == nullptr || access->isArrow()) {
      break;
    }
    e = access->getBase();
  }
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e);
  return reference != nullptr && clang::isa<clang::ParmVarDecl>(reference->getDecl()) &&
         reference->getDecl()->getType()->isReferenceType();
}

/// A constexpr object, or a part of one.
bool is_constant(const clang::Expr* e) {
  e = e->IgnoreParenImpCasts();
  if (const auto* access = dyn_cast<clang::MemberExpr>(e); access != nullptr && !access->isArrow() &&
                                                            clang::isa<clang::FieldDecl>(access->getMemberDecl())) {
    return is_constant(access->getBase());
  }
  if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(e)) {
    return is_constant(element->getBase());
  }
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e);
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  return variable != nullptr && variable->hasGlobalStorage() && variable->getType().isConstQualified();
}

std::vector<const clang::Expr*> glvalues(const clang::Expr* const* arguments, unsigned count) {
  std::vector<const clang::Expr*> result;
  for (unsigned i = 0; i < count; ++i) {
    if (arguments[i]->isGLValue()) {
      result.push_back(arguments[i]);
    }
  }
  return result;
}

class Walk {
 public:
  Walk(Unit& unit, bool in_constructor) : unit_(unit), in_constructor_(in_constructor) {}
  Effects effects;

  void target(const clang::Expr* lvalue) {
    bool is_this = false;
    const clang::VarDecl* variable = owner(lvalue, is_this);
    if (variable != nullptr && !lvalue->getType().isVolatileQualified()) {
      effects.assigned.insert(variable);
    } else if (!(is_this && in_constructor_) || lvalue->getType().isVolatileQualified()) {
      effects.writes = true;
    }
  }

  void read(const clang::Expr* lvalue) {
    bool is_this = false;
    const clang::VarDecl* variable = owner(lvalue, is_this);
    if (lvalue->getType().isVolatileQualified()) {
      effects.writes = true;
    } else if (variable != nullptr) {
      effects.read.insert(variable);
    } else if (is_this || is_reference_parameter(lvalue)) {
      effects.reads_arguments = true;
    } else if (!lvalue->isPRValue() && !clang::isa<clang::MaterializeTemporaryExpr>(lvalue->IgnoreParenImpCasts())) {
      effects.reads = effects.reads || !is_constant(lvalue);
    }
  }

  /// `designated`: the object and the glvalue arguments, which the callee may read.
  void call(const clang::FunctionDecl* function, const std::vector<const clang::Expr*>& designated) {
    if (function == nullptr) {
      effects.reads = effects.writes = true;
      return;
    }
    const Effects& inner = unit_.effects_of_call(function);
    effects.writes = effects.writes || inner.writes;
    effects.reads = effects.reads || inner.reads;
    effects.unknown.insert(inner.unknown.begin(), inner.unknown.end());
    if (inner.reads_arguments) {
      for (const clang::Expr* argument : designated) {
        read(argument);
      }
    }
  }

  void visit(const clang::Stmt* s) {
    if (s == nullptr || clang::isa<clang::UnaryExprOrTypeTraitExpr, clang::ConstantExpr, clang::CXXNoexceptExpr>(s)) {
      return;
    }
    if (const auto* binary = dyn_cast<clang::BinaryOperator>(s); binary != nullptr && binary->isAssignmentOp()) {
      target(binary->getLHS());
    } else if (const auto* unary = dyn_cast<clang::UnaryOperator>(s); unary != nullptr && unary->isIncrementDecrementOp()) {
      target(unary->getSubExpr());
    } else if (const auto* read = dyn_cast<clang::CastExpr>(s);
               read != nullptr && read->getCastKind() == clang::CK_LValueToRValue) {
      this->read(read->getSubExpr());
    } else if (const auto* construct = dyn_cast<clang::CXXConstructExpr>(s)) {
      if (!construct->getConstructor()->isTrivial()) {
        call(construct->getConstructor(), glvalues(construct->getArgs(), construct->getNumArgs()));
      } else if (construct->getNumArgs() == 1 && construct->getArg(0)->isGLValue()) {
        this->read(construct->getArg(0));
      }
    } else if (const auto* made = dyn_cast<clang::CallExpr>(s)) {
      const clang::FunctionDecl* callee = made->getDirectCallee();
      const auto* method = dyn_cast_or_null<clang::CXXMethodDecl>(callee);
      if (method != nullptr && method->isTrivial() && clang::isa<clang::CXXOperatorCallExpr>(made)) {
        target(made->getArg(0));
      } else if (callee == nullptr || callee->getBuiltinID() == 0) {
        std::vector<const clang::Expr*> designated = glvalues(made->getArgs(), made->getNumArgs());
        if (const auto* member_call = dyn_cast<clang::CXXMemberCallExpr>(made)) {
          designated.push_back(member_call->getImplicitObjectArgument());
        }
        call(callee, designated);
      } else if (unit_.context.BuiltinInfo.isPure(callee->getBuiltinID()) ||
                 unit_.context.BuiltinInfo.isConst(callee->getBuiltinID()) ||
                 unit_.context.BuiltinInfo.isInStdNamespace(callee->getBuiltinID())) {
        // no side effect
      } else if (callee->getName().ends_with("_overflow") && made->getNumArgs() == 3) {
        const auto* out = dyn_cast<clang::UnaryOperator>(made->getArg(2)->IgnoreParenImpCasts());
        if (out != nullptr && out->getOpcode() == clang::UO_AddrOf) {
          target(out->getSubExpr());
        } else {
          effects.writes = true;
        }
      } else if (!callee->getName().starts_with("__builtin_expect") && !callee->getName().starts_with("__builtin_is_") &&
                 !callee->getName().starts_with("__builtin_unreachable") && !callee->getName().starts_with("__builtin_assume")) {
        effects.writes = true;
      }
    } else if (const auto* assembly = dyn_cast<clang::GCCAsmStmt>(s);
               assembly != nullptr && !assembly->isVolatile() && assembly->getNumOutputs() != 0 &&
               assembly->getNumClobbers() == 0) {
      for (const clang::Expr* output : assembly->outputs()) {
        target(output);  // a computation; one with effects is refused by asm.cpp
      }
    } else if (clang::isa<clang::AsmStmt, clang::AtomicExpr, clang::GotoStmt, clang::CXXThrowExpr, clang::CXXNewExpr,
                          clang::CXXDeleteExpr>(s)) {
      effects.writes = true;
    } else if (const auto* argument = dyn_cast<clang::CXXDefaultArgExpr>(s)) {
      visit(argument->getExpr());
    } else if (const auto* field = dyn_cast<clang::CXXDefaultInitExpr>(s)) {
      visit(field->getExpr());
    }
    for (const clang::Stmt* child : s->children()) {
      visit(child);
    }
  }

 private:
  Unit& unit_;
  bool in_constructor_;
};

}  // namespace

Effects Unit::effects_of(const clang::Expr* expression) {
  Walk walk(*this, false);
  walk.visit(expression);
  walk.effects.reads = walk.effects.reads || walk.effects.reads_arguments;
  return walk.effects;
}

const Effects& Unit::effects_of_call(const clang::FunctionDecl* function) {
  const clang::FunctionDecl* definition = nullptr;
  if (!function->hasBody(definition)) {
    definition = function->getCanonicalDecl();
  }
  const auto found = quiet_.find(definition);
  if (found != quiet_.end()) {
    return found->second;  // a recursive call adds nothing to what the outer walk finds, but it may not return
  }
  Effects& known = quiet_[definition];
  known.writes = true;
  if (function->hasAttr<clang::ConstAttr>() || function->hasAttr<clang::PureAttr>()) {
    known.writes = false;
    known.reads = function->hasAttr<clang::PureAttr>();
    return known;
  }
  if (function->isNoReturn()) {
    return known;
  }
  if (definition->getBody() == nullptr) {
    known.writes = false;
    known.reads = true;
    known.unknown.insert(symbol(function));  // merging the units will tell
    return known;
  }
  const auto* constructor = dyn_cast<clang::CXXConstructorDecl>(definition);
  Walk walk(*this, constructor != nullptr);
  if (constructor != nullptr) {
    for (const clang::CXXCtorInitializer* init : constructor->inits()) {
      walk.visit(init->getInit());
    }
  }
  walk.visit(definition->getBody());
  walk.effects.assigned.clear();
  walk.effects.read.clear();
  return quiet_[definition] = walk.effects;
}

}  // namespace validator::source
