// SPDX-License-Identifier: Apache-2.0
// Conversions, by Clang's cast kinds, and the reading of glvalues.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using ir::Term;

Term FunctionLifter::convert(Term value, clang::QualType from, clang::QualType to, clang::SourceLocation where) {
  const ir::Sort target = unit_.sort_of(to, where);
  if (target.is_bool()) {
    return value.sort().is_bool() ? value : ir::ne(value, ir::bv(0, value.width()));
  }
  if (value.sort().is_bool()) {
    return ir::bool_to_bv(value, target.width);
  }
  return ir::resize(value, target.width, from->isSignedIntegerOrEnumerationType());
}

Term FunctionLifter::read(const clang::Expr* glvalue) {
  const clang::Expr* e = glvalue->IgnoreParens();
  if (const Term known = read_constant(e)) {
    return known;
  }
  if (const auto* conditional = dyn_cast<clang::ConditionalOperator>(e)) {
    return merge(condition(conditional->getCond()), [&] { return read(conditional->getTrueExpr()); },
                 [&] { return read(conditional->getFalseExpr()); }, unit_.sort_of(e->getType(), e->getBeginLoc()));
  }
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(e)) {
    if (binary->getOpcode() == clang::BO_Comma) {
      discard(binary->getLHS());
      return read(binary->getRHS());
    }
    if (binary->isAssignmentOp() && !binary->getLHS()->getType().isVolatileQualified()) {
      Term stored;
      if (const auto* compound = dyn_cast<clang::CompoundAssignOperator>(binary)) {
        compound_assign(compound, &stored);
      } else {
        assign(binary, &stored);
      }
      return stored;
    }
  }
  const Place from = place(e);
  const Term result = load(from, glvalue->getExprLoc());
  const auto* reference = dyn_cast<clang::DeclRefExpr>(e->IgnoreParenCasts());
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  if (from.kind == Place::Kind::variable && !stable(result) && (variable == nullptr || is_assigned_here(variable))) {
    const Term snapshot = b_.fresh("t", result.sort());
    b_.assign(snapshot, result);
    return snapshot;
  }
  return result;
}

Term FunctionLifter::cast_value(const clang::CastExpr* e) {
  const clang::Expr* sub = e->getSubExpr();
  const clang::SourceLocation where = e->getExprLoc();
  switch (e->getCastKind()) {
    case clang::CK_LValueToRValue:
      return read(sub);
    case clang::CK_NoOp:
    case clang::CK_BitCast:
    case clang::CK_UserDefinedConversion:
    case clang::CK_ConstructorConversion:
    case clang::CK_AddressSpaceConversion: {
      if (sub->isGLValue()) {
        return read(sub);
      }
      static_cast<void>(unit_.sort_of(e->getType(), where));
      return value(sub);
    }
    case clang::CK_IntegralCast:
    case clang::CK_BooleanToSignedIntegral:
    case clang::CK_IntegralToPointer:
    case clang::CK_PointerToIntegral:
      return convert(value(sub), sub->getType(), e->getType(), where);
    case clang::CK_IntegralToBoolean:
    case clang::CK_PointerToBoolean:
      return condition(sub);
    case clang::CK_NullToPointer:
      discard(sub);
      return ir::bv(0, 64);
    case clang::CK_ArrayToPointerDecay:
      return address(any_place(sub), where);
    case clang::CK_FunctionToPointerDecay:
      return place(sub).address;
    case clang::CK_UncheckedDerivedToBase:
    case clang::CK_DerivedToBase:
    case clang::CK_BaseToDerived: {
      const Term pointer = value(sub);
      Place from;
      from.address = pointer;
      from.type = sub->getType()->getPointeeType();
      const Term moved = base_class(from, e).address;
      return moved == pointer ? pointer : ir::ite(ir::eq(pointer, ir::bv(0, 64)), pointer, moved);
    }
    case clang::CK_LValueToRValueBitCast: {
      const Place from = any_place(sub);
      const ir::Sort sort = unit_.sort_of(e->getType(), where);
      if (from.kind == Place::Kind::bit_field || from.is_volatile) {
        unsupported("bit-cast", "a bit cast of this object is outside the subset", where);
      }
      if (from.kind == Place::Kind::variable) {
        const Term bits = to_memory(from.variable, from.type);
        return sort.is_bool() ? from_memory(bits, e->getType()) : bits;
      }
      const Term bits = load_bytes(from.address, unit_.bytes_of(e->getType()));
      return from_memory(bits, e->getType());
    }
    default:
      if (sub->getType()->isFloatingType() || e->getType()->isFloatingType()) {
        unsupported("floating-point", "a conversion from or to floating point is outside the subset", where);
      }
      unsupported("cast", std::string("casts of kind ") + e->getCastKindName() + " are outside the subset", where);
  }
}

}  // namespace validator::source
