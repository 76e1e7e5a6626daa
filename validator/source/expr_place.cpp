// SPDX-License-Identifier: Apache-2.0
// Glvalues: which bytes (or which variable) an expression designates. Addresses are kept as base + constant.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::cast;
using clang::dyn_cast;
using clang::QualType;
using ir::Term;

namespace {

std::uint64_t after_offset(std::uint64_t align, std::uint64_t offset) {
  return offset == 0 ? align : std::min(align, offset & (~offset + 1));
}

/// The access unit of a bit-field, in bytes from the class's start: [first, last).
struct AccessUnit {
  std::uint64_t first;
  std::uint64_t last;
};

AccessUnit access_unit(const clang::ASTContext& context, const clang::FieldDecl* field, std::uint64_t bit, unsigned width) {
  const clang::RecordDecl* record = field->getParent();
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(record);
  std::uint64_t run_begin = bit;
  auto run_end = static_cast<std::uint64_t>(8 * (clang::isa<clang::CXXRecordDecl>(record) ? layout.getDataSize()
                                                                                             : layout.getSize()).getQuantity());
  if (!record->isUnion()) {
    bool in_run = false;
    bool passed = false;
    for (const clang::FieldDecl* other : record->fields()) {
      const std::uint64_t at = layout.getFieldOffset(other->getFieldIndex());
      const bool joins = other->isBitField() && !other->isZeroLengthBitField(context);
      if (!joins) {
        if (passed) {
          run_end = at / 8 * 8;
          break;
        }
        in_run = false;
        continue;
      }
      if (!in_run) {
        in_run = true;
        run_begin = at;
      }
      passed = passed || other == field;
    }
  }
  const AccessUnit least{bit / 8, (bit + width + 7) / 8};
  const std::uint64_t container_bits = context.getTypeSize(field->getType());
  const std::uint64_t container = bit / container_bits * container_bits;
  const AccessUnit unit{std::max(container, run_begin / 8 * 8) / 8, std::min(container + container_bits, run_end) / 8};
  return unit.first <= least.first && least.last <= unit.last ? unit : least;
}

}  // namespace

Term FunctionLifter::address(const Place& place, clang::SourceLocation where) {
  if (place.kind != Place::Kind::memory) {
    unsupported("address-of-register", "the address of something that has none is taken", where);
  }
  return place.address;
}

Place FunctionLifter::member(const Place& base, const clang::FieldDecl* field, clang::SourceLocation where) {
  if (base.kind != Place::Kind::memory) {
    unsupported("expression", "a member of something that is not in memory", where);
  }
  const clang::ASTRecordLayout& layout = unit_.context.getASTRecordLayout(field->getParent());
  const std::uint64_t bit = layout.getFieldOffset(field->getFieldIndex());
  Place place = base;
  place.type = field->getType();
  place.field = field;
  place.is_volatile = base.is_volatile || field->getType().isVolatileQualified();
  if (field->isBitField()) {
    place.kind = Place::Kind::bit_field;
    place.bit_width = field->getBitWidthValue(unit_.context);
    const AccessUnit unit = access_unit(unit_.context, field, bit, place.bit_width);
    place.address = ir::add(base.address, ir::bv(unit.first, 64));
    place.unit_bytes = static_cast<unsigned>(unit.last - unit.first);
    place.bit_offset = static_cast<unsigned>(bit - 8 * unit.first);
    return place;
  }
  place.address = ir::add(base.address, ir::bv(bit / 8, 64));
  place.align = after_offset(base.align, bit / 8);
  if (field->getType()->isReferenceType()) {
    const Term bound = b_.fresh("t", ir::Sort::bitvec(64));
    b_.emit(ir::Load{bound, place.address, 8});
    return dereference(bound, field->getType()->getPointeeType(), where);
  }
  return place;
}

Place FunctionLifter::subscript(const clang::ArraySubscriptExpr* e, bool address_only) {
  const clang::SourceLocation where = e->getExprLoc();
  if (!unit_.cplusplus()) {
    check_order(e->getLHS(), e->getRHS(), where);
  }
  const auto* decay = dyn_cast<clang::CastExpr>(e->getBase()->IgnoreParens());
  const bool whole_array = decay != nullptr && decay->getCastKind() == clang::CK_ArrayToPointerDecay;
  if (!whole_array) {
    const Term base = value(e->getBase());
    const Term index = value(e->getIdx());
    return dereference(pointer_offset(base, index, e->getIdx()->getType(), e->getBase()->getType(), false, where),
                       e->getType(), where);
  }
  const clang::Expr* array = decay->getSubExpr();
  const Place base = any_place(array);
  Term index = value(e->getIdx());
  if (index.sort().is_bool()) {
    index = ir::bool_to_bv(index, 64);
  }
  const Term wide = ir::resize(index, 64, e->getIdx()->getType()->isSignedIntegerOrEnumerationType());
  const std::uint64_t size = unit_.bytes_of(e->getType());
  const auto* access = dyn_cast<clang::MemberExpr>(array->IgnoreParens());
  const auto* field = access == nullptr ? nullptr : dyn_cast<clang::FieldDecl>(access->getMemberDecl());
  bool trailing = false;  // may be used as a flexible array member, as both compilers allow
  if (field != nullptr) {
    trailing = field->getParent()->isUnion();
    for (const clang::FieldDecl* other : field->getParent()->fields()) {
      trailing = trailing || (other == field && other->getFieldIndex() + 1 ==
                                                    static_cast<unsigned>(std::distance(field->getParent()->field_begin(),
                                                                                        field->getParent()->field_end())));
    }
  }
  const auto* bounded = unit_.context.getAsConstantArrayType(array->getType());
  if (bounded != nullptr && !trailing) {
    const Term limit = ir::bv(bounded->getSize().getZExtValue(), 64);
    check(address_only ? ir::ule(wide, limit) : ir::ult(wide, limit), "ub-bounds");
  }
  if (!wide.is_constant() || bounded == nullptr || trailing) {
    check_pointer(address(base, where), wide, e->getIdx()->getType()->isSignedIntegerOrEnumerationType(), size, false,
                  bounded != nullptr && !trailing);
  }
  Place place = base;
  place.field = nullptr;
  place.type = e->getType();
  place.address = ir::add(address(base, where), ir::mul(wide, ir::bv(size, 64)));
  place.is_volatile = base.is_volatile || e->getType().isVolatileQualified();
  place.align = wide.is_constant() ? after_offset(base.align, wide.value64() * size) : after_offset(base.align, size);
  return place;
}

Place FunctionLifter::element(const Place& array, std::uint64_t index) {
  Place place = array;
  place.type = unit_.context.getAsArrayType(array.type)->getElementType();
  const std::uint64_t offset = index * unit_.bytes_of(place.type);
  place.address = ir::add(array.address, ir::bv(offset, 64));
  place.align = after_offset(array.align, offset);
  place.is_volatile = array.is_volatile || place.type.isVolatileQualified();
  return place;
}

Place FunctionLifter::base_class(const Place& derived, const clang::CastExpr* cast) {
  Place place = derived;
  std::int64_t offset = 0;
  QualType type = cast->getSubExpr()->getType();
  type = type->isPointerType() ? type->getPointeeType() : type;
  const bool down = cast->getCastKind() == clang::CK_BaseToDerived;
  const clang::CXXRecordDecl* current = (down ? (cast->getType()->isPointerType() ? cast->getType()->getPointeeType()
                                                                                  : cast->getType())
                                              : type)->getAsCXXRecordDecl();
  for (auto it = cast->path_begin(); it != cast->path_end(); ++it) {
    const clang::CXXRecordDecl* base = (*it)->getType()->getAsCXXRecordDecl();
    if ((*it)->isVirtual()) {
      unsupported("virtual", "virtual bases are outside the subset", cast->getExprLoc());
    }
    offset += unit_.context.getASTRecordLayout(current).getBaseClassOffset(base).getQuantity();
    current = base;
  }
  const QualType to = cast->getType()->isPointerType() ? cast->getType()->getPointeeType() : cast->getType();
  place.type = to;
  place.address = ir::add(derived.address, ir::bv(static_cast<std::uint64_t>(down ? -offset : offset), 64));
  place.align = unit_.align_of(to);
  return place;
}

Place FunctionLifter::place_of(const clang::ValueDecl* declaration, const clang::Expr* e) {
  const clang::SourceLocation where = e->getBeginLoc();
  Place place;
  place.type = declaration->getType();
  if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
    place.address = unit_.address_of(function);
    return place;
  }
  if (const auto* binding = dyn_cast<clang::BindingDecl>(declaration)) {
    if (binding->getHoldingVar() != nullptr) {
      unsupported("structured-binding", "tuple-like structured bindings are outside the subset", where);
    }
    return this->place(binding->getBinding());
  }
  if (const auto* object = dyn_cast<clang::TemplateParamObjectDecl>(declaration)) {
    place.address = unit_.address_of_constant(object->getValue(), object->getType(), where);
    place.align = unit_.align_of(object->getType());
    return place;
  }
  const auto* variable = dyn_cast<clang::VarDecl>(declaration);
  if (variable == nullptr) {
    unsupported("expression", std::string("a reference to a ") + declaration->getDeclKindName(), where);
  }
  if (const auto found = locals_.find(variable); found != locals_.end()) {
    const Local& local = found->second;
    if (local.kind == Local::Kind::variable) {
      place.kind = Place::Kind::variable;
      place.variable = local.term;
      return place;
    }
    place.address = local.term;
    place.align = local.align;
    if (local.kind == Local::Kind::reference) {
      place.type = variable->getType()->getPointeeType();
    }
    place.is_volatile = place.type.isVolatileQualified();
    return place;
  }
  if (variable->hasLocalStorage()) {
    unsupported("expression", "the local " + variable->getNameAsString() + " is used before its declaration", where);
  }
  if (variable->getTLSKind() != clang::VarDecl::TLS_None) {
    unsupported("thread-local", variable->getNameAsString() + " is thread_local", where);
  }
  if (variable->getType()->isReferenceType()) {
    clang::Expr::EvalResult target;
    if (e->EvaluateAsLValue(target, unit_.context)) {
      if (const Term term = unit_.term_of(target.Val, unit_.context.VoidPtrTy, where)) {
        return dereference(term, variable->getType()->getPointeeType(), where);
      }
    }
    unsupported("reference", "the reference " + variable->getNameAsString() + " has no constant initialiser", where);
  }
  place.address = unit_.address_of(variable);
  place.align = static_cast<std::uint64_t>(unit_.context.getDeclAlign(variable).getQuantity());
  place.is_volatile = place.type.isVolatileQualified();
  return place;
}

Place FunctionLifter::any_place(const clang::Expr* e) {
  return e->isGLValue() ? place(e) : source_of(e);
}

Place FunctionLifter::materialise(const clang::Expr* e, const clang::VarDecl*) {
  const auto* temporary_expression = cast<clang::MaterializeTemporaryExpr>(e);
  const clang::Expr* inner = temporary_expression->getSubExpr();
  if (temporary_expression->getStorageDuration() != clang::SD_FullExpression &&
      temporary_expression->getStorageDuration() != clang::SD_Automatic) {
    unsupported("temporary", "a temporary that lives as long as the program", e->getBeginLoc());
  }
  Place object = temporary(inner->getType(), e->getBeginLoc());
  if (temporary_expression->getStorageDuration() == clang::SD_Automatic && !full_.empty()) {
    full_.back().temporaries.pop_back();
    scopes_.back().objects.push_back(object.address);
  }
  initialise_at(inner, object, true);
  return object;
}

Place FunctionLifter::conditional_place(const clang::AbstractConditionalOperator* e) {
  if (clang::isa<clang::BinaryConditionalOperator>(e)) {
    unsupported("expression", "?: without a middle operand as a glvalue is outside the subset", e->getExprLoc());
  }
  Place result;
  Place other;
  const Term chosen = merge(condition(e->getCond()),
                            [&] { return address(result = place(e->getTrueExpr()), e->getExprLoc()); },
                            [&] { return address(other = place(e->getFalseExpr()), e->getExprLoc()); }, ir::Sort::bitvec(64));
  if (!result.address) {
    return other;
  }
  result.align = other.address ? std::min(result.align, other.align) : result.align;
  result.is_volatile = result.is_volatile || other.is_volatile;
  result.address = chosen;
  result.type = e->getType();
  return result;
}

Place FunctionLifter::place(const clang::Expr* e) {
  using clang::Stmt;
  const clang::SourceLocation where = e->getExprLoc();
  at(where);
  if (!e->isGLValue() && !e->getType()->isFunctionType()) {  // C: a function designator is no lvalue
    return source_of(e);
  }
  switch (e->getStmtClass()) {
    case Stmt::ParenExprClass:
      return place(cast<clang::ParenExpr>(e)->getSubExpr());
    case Stmt::ExprWithCleanupsClass:
    case Stmt::ConstantExprClass:
      return place(cast<clang::FullExpr>(e)->getSubExpr());
    case Stmt::SubstNonTypeTemplateParmExprClass:
      return place(cast<clang::SubstNonTypeTemplateParmExpr>(e)->getReplacement());
    case Stmt::GenericSelectionExprClass:
      return place(cast<clang::GenericSelectionExpr>(e)->getResultExpr());
    case Stmt::ChooseExprClass:
      return place(cast<clang::ChooseExpr>(e)->getChosenSubExpr());
    case Stmt::CXXDefaultArgExprClass:
      return place(cast<clang::CXXDefaultArgExpr>(e)->getExpr());
    case Stmt::CXXDefaultInitExprClass:
      return place(cast<clang::CXXDefaultInitExpr>(e)->getExpr());
    case Stmt::OpaqueValueExprClass: {
      const auto found = opaque_places_.find(cast<clang::OpaqueValueExpr>(e));
      if (found != opaque_places_.end()) {
        return found->second;
      }
      if (const clang::Expr* source = cast<clang::OpaqueValueExpr>(e)->getSourceExpr()) {
        return place(source);
      }
      break;
    }
    case Stmt::DeclRefExprClass:
      return place_of(cast<clang::DeclRefExpr>(e)->getDecl(), e);
    case Stmt::MemberExprClass: {
      const auto* access = cast<clang::MemberExpr>(e);
      const auto* field = dyn_cast<clang::FieldDecl>(access->getMemberDecl());
      if (field == nullptr) {
        discard(access->getBase());
        return place_of(access->getMemberDecl(), e);
      }
      if (access->isArrow()) {
        const bool is_this = clang::isa<clang::CXXThisExpr>(access->getBase()->IgnoreParenImpCasts());
        const Term pointer = value(access->getBase());
        const QualType type = access->getBase()->getType()->getPointeeType();
        Place object;
        if (is_this) {
          object.type = type;
          object.address = pointer;
          object.align = unit_.align_of(type);
          object.is_volatile = type.isVolatileQualified();
        } else {
          object = dereference(pointer, type, where);
        }
        return member(object, field, where);
      }
      return member(any_place(access->getBase()), field, where);
    }
    case Stmt::ArraySubscriptExprClass:
      return subscript(cast<clang::ArraySubscriptExpr>(e), false);
    case Stmt::UnaryOperatorClass: {
      const auto* operation = cast<clang::UnaryOperator>(e);
      if (operation->getOpcode() == clang::UO_Deref) {
        return dereference(value(operation->getSubExpr()), e->getType(), where);
      }
      if (operation->isPrefix() && operation->isIncrementDecrementOp()) {
        Place target;
        increment(operation, &target, false);
        return target;
      }
      if (operation->getOpcode() == clang::UO_Extension) {
        return place(operation->getSubExpr());
      }
      break;
    }
    case Stmt::BinaryOperatorClass:
    case Stmt::CompoundAssignOperatorClass: {
      const auto* operation = cast<clang::BinaryOperator>(e);
      if (const auto* compound = dyn_cast<clang::CompoundAssignOperator>(operation)) {
        return compound_assign(compound, nullptr);
      }
      if (operation->isAssignmentOp()) {
        return assign(operation, nullptr);
      }
      if (operation->getOpcode() == clang::BO_Comma) {
        discard(operation->getLHS());
        return place(operation->getRHS());
      }
      break;
    }
    case Stmt::ConditionalOperatorClass:
    case Stmt::BinaryConditionalOperatorClass:
      return conditional_place(cast<clang::AbstractConditionalOperator>(e));
    case Stmt::StringLiteralClass: {
      Place place;
      place.type = e->getType();
      place.address = unit_.address_of(cast<clang::StringLiteral>(e));
      return place;
    }
    case Stmt::PredefinedExprClass:
      return place(cast<clang::PredefinedExpr>(e)->getFunctionName());
    case Stmt::CompoundLiteralExprClass: {
      const auto* literal = cast<clang::CompoundLiteralExpr>(e);
      if (literal->isFileScope()) {
        unsupported("compound-literal", "a compound literal outside a function", where);
      }
      Place object = temporary(e->getType(), where);
      if (!full_.empty()) {  // C11 6.5.2.5p5: it lives as long as the enclosing block
        full_.back().temporaries.pop_back();
        scopes_.back().objects.push_back(object.address);
      }
      initialise_at(literal->getInitializer(), object, true);
      return object;
    }
    case Stmt::MaterializeTemporaryExprClass:
      return materialise(e, nullptr);
    case Stmt::CallExprClass:
    case Stmt::CXXMemberCallExprClass:
    case Stmt::CXXOperatorCallExprClass: {
      const auto* made = cast<clang::CallExpr>(e);
      Place target;
      if (trivial_member_call(made, &target)) {
        return target;
      }
      if (const clang::FunctionDecl* callee = made->getDirectCallee();
          callee != nullptr && callee->getBuiltinID() != 0 &&
          unit_.context.BuiltinInfo.isInStdNamespace(callee->getBuiltinID())) {
        return builtin_place(made);
      }
      return dereference(call(made, nullptr), e->getType(), where);
    }
    default:
      if (const auto* conversion = dyn_cast<clang::CastExpr>(e)) {
        const clang::Expr* sub = conversion->getSubExpr();
        switch (conversion->getCastKind()) {
          case clang::CK_NoOp:
          case clang::CK_UserDefinedConversion:
          case clang::CK_ConstructorConversion:
          case clang::CK_LValueBitCast: {
            Place target = any_place(sub);
            target.type = e->getType();
            target.is_volatile = e->getType().isVolatileQualified();
            if (conversion->getCastKind() == clang::CK_LValueBitCast) {
              return dereference(address(target, where), e->getType(), where);
            }
            return target;
          }
          case clang::CK_UncheckedDerivedToBase:
          case clang::CK_DerivedToBase:
          case clang::CK_BaseToDerived:
            return base_class(any_place(sub), conversion);
          default:
            break;
        }
      }
      break;
  }
  unsupported("expression", std::string("glvalues of kind ") + e->getStmtClassName() + " are outside the subset",
              e->getBeginLoc());
}

}  // namespace validator::source
