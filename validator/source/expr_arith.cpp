// SPDX-License-Identifier: Apache-2.0
// Arithmetic, with its undefined behaviour as assertions. Values are what A64 computes (shift amounts modulo the
// width, x/0 = 0), so that most of them agree without the assertion. Clang has made all conversions explicit.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using clang::QualType;
using ir::Term;

void FunctionLifter::check_no_overflow(clang::BinaryOperatorKind op, Term a, Term b) {
  const unsigned width = a.width();
  if (unit_.dialect.wrapping_signed) {
    return;
  }
  const Term zero = ir::bv(0, width);
  if (op == clang::BO_Mul) {
    if (width > 64) {
      unsupported("int128", "signed 128-bit multiplication is outside the subset", {});
    }
    const Term exact = ir::mul(ir::sext(a, 2 * width), ir::sext(b, 2 * width));
    return check(ir::eq(exact, ir::sext(ir::mul(a, b), 2 * width)), "ub-signed-overflow");
  }
  const bool subtract = op == clang::BO_Sub;
  if (b.is_constant()) {
    // One bound is enough: x + c overflows beyond MAX - c, x - c below MIN + c, and the like for negative c.
    const ir::u128 sign = static_cast<ir::u128>(1) << (width - 1);
    const Term max = ir::bv(sign - 1, width);
    const Term min = ir::bv(sign, width);
    const bool negative = (b.value() & sign) != 0;
    const bool upper = negative == subtract;
    const Term bound = upper ? max : min;
    const Term limit = subtract ? ir::add(bound, b) : ir::sub(bound, b);
    return check(upper ? ir::sle(a, limit) : ir::sle(limit, a), "ub-signed-overflow");
  }
  if (width < 128) {
    const Term wide_a = ir::sext(a, width + 1);
    const Term wide_b = ir::sext(b, width + 1);
    const Term exact = subtract ? ir::sub(wide_a, wide_b) : ir::add(wide_a, wide_b);
    const Term narrow = subtract ? ir::sub(a, b) : ir::add(a, b);
    return check(ir::eq(exact, ir::sext(narrow, width + 1)), "ub-signed-overflow");
  }
  const Term result = subtract ? ir::sub(a, b) : ir::add(a, b);
  const Term differs = ir::bit_and(ir::bit_xor(a, result), subtract ? ir::bit_xor(a, b) : ir::bit_xor(b, result));
  check(ir::sle(zero, differs), "ub-signed-overflow");
}

Term FunctionLifter::arithmetic(clang::BinaryOperatorKind op, Term a, Term b, QualType type, QualType amount_type,
                                clang::SourceLocation where) {
  at(where);
  const bool is_signed = type->isSignedIntegerOrEnumerationType();
  if (a.sort().is_bool() || (op != clang::BO_Shl && op != clang::BO_Shr && b.width() != a.width())) {
    unsupported("expression", "operands of different widths", where);
  }
  const unsigned width = a.width();
  switch (op) {
    case clang::BO_Add:
    case clang::BO_Sub:
    case clang::BO_Mul:
      if (is_signed) {
        check_no_overflow(op, a, b);
      }
      return op == clang::BO_Add ? ir::add(a, b) : op == clang::BO_Sub ? ir::sub(a, b) : ir::mul(a, b);
    case clang::BO_Div:
    case clang::BO_Rem: {
      check(ir::ne(b, ir::bv(0, width)), "ub-div-zero");
      if (!is_signed) {
        return op == clang::BO_Div ? ir::udiv(a, b) : ir::urem(a, b);
      }
      const Term least = ir::bv(static_cast<ir::u128>(1) << (width - 1), width);
      const Term minus_one = ir::bv(ir::mask(width), width);
      check(ir::logical_not(ir::logical_and(ir::eq(a, least), ir::eq(b, minus_one))), "ub-signed-overflow");
      return op == clang::BO_Div ? ir::sdiv(a, b) : ir::srem(a, b);
    }
    case clang::BO_And:
      return ir::bit_and(a, b);
    case clang::BO_Or:
      return ir::bit_or(a, b);
    case clang::BO_Xor:
      return ir::bit_xor(a, b);
    case clang::BO_Shl:
    case clang::BO_Shr: {
      static_cast<void>(amount_type);
      check(ir::ult(b, ir::bv(width, b.width())), "ub-shift");
      const Term amount = ir::bit_and(ir::resize(b, width, false), ir::bv(width - 1, width));
      return op == clang::BO_Shl ? ir::shl(a, amount) : is_signed ? ir::ashr(a, amount) : ir::lshr(a, amount);
    }
    default:
      unsupported("expression", "this binary operator is outside the subset", where);
  }
}

void FunctionLifter::check_pointer(Term pointer, Term index, bool is_signed, std::uint64_t size, bool subtract, bool bounded) {
  const ir::BaseOffset split = ir::base_offset(pointer);
  const bool named = split.base && split.base.is_variable() &&
                     (split.base.name().front() == '@' || split.base.name().front() == '%');
  if (size == 0 || unit_.dialect.wrapping_pointers) {
    return;
  }
  const ir::u128 most = ((static_cast<ir::u128>(1) << 63) - 1) / size;
  const Term limit = ir::bv(most, 64);
  if (!bounded && ir::unsigned_max(index) > most) {
    if (is_signed) {
      if (size != 1) {
        check(ir::logical_and(ir::sle(ir::neg(limit), index), ir::sle(index, limit)), "ub-pointer-overflow");
      }
    } else {
      check(ir::ule(index, limit), "ub-pointer-overflow");
    }
  }
  if (named) {
    return;  // bounds say more
  }
  const Term bytes = ir::mul(index, ir::bv(size, 64));
  const Term sum = subtract ? ir::sub(pointer, bytes) : ir::add(pointer, bytes);
  const Term up = ir::ule(pointer, sum);
  const Term down = ir::ule(sum, pointer);
  const Term negative = is_signed ? ir::slt(index, ir::bv(0, 64)) : ir::boolean(false);
  check(subtract ? ir::ite(negative, up, down) : ir::ite(negative, down, up), "ub-pointer-overflow");
}

Term FunctionLifter::pointer_offset(Term pointer, Term index, QualType index_type, QualType pointer_type, bool subtract,
                                    clang::SourceLocation where) {
  const QualType element = pointer_type->getPointeeType();
  const std::uint64_t size = element->isVoidType() || element->isFunctionType() ? 1 : unit_.bytes_of(element);
  if (element->isVariableArrayType()) {
    unsupported("vla", "pointers to variable length arrays are outside the subset", where);
  }
  if (index.sort().is_bool()) {
    index = ir::bool_to_bv(index, 64);
  }
  const bool is_signed = index_type->isSignedIntegerOrEnumerationType();
  const bool narrow = index.width() <= 32 && size < (1ULL << 31);
  const Term wide = ir::resize(index, 64, is_signed);
  const Term bytes = ir::mul(wide, ir::bv(size, 64));
  check_pointer(pointer, wide, is_signed, size, subtract, narrow);
  return subtract ? ir::sub(pointer, bytes) : ir::add(pointer, bytes);
}

Term FunctionLifter::compare(clang::BinaryOperatorKind op, Term a, Term b, bool is_signed) {
  if (a.sort().is_bool()) {
    a = ir::bool_to_bv(a, 8);
    b = ir::bool_to_bv(b, 8);
  }
  switch (op) {
    case clang::BO_EQ:
      return ir::eq(a, b);
    case clang::BO_NE:
      return ir::ne(a, b);
    case clang::BO_LT:
      return is_signed ? ir::slt(a, b) : ir::ult(a, b);
    case clang::BO_GT:
      return is_signed ? ir::slt(b, a) : ir::ult(b, a);
    case clang::BO_LE:
      return is_signed ? ir::sle(a, b) : ir::ule(a, b);
    default:
      return is_signed ? ir::sle(b, a) : ir::ule(b, a);
  }
}

void FunctionLifter::check_order(const clang::Expr* a, const clang::Expr* b, clang::SourceLocation where) {
  const auto meets = [](const std::set<const clang::VarDecl*>& x, const std::set<const clang::VarDecl*>& y) {
    for (const clang::VarDecl* one : x) {
      if (y.count(one) != 0) {
        return true;
      }
    }
    return false;
  };
  if (a->isIntegerConstantExpr(unit_.context) || b->isIntegerConstantExpr(unit_.context)) {
    return;
  }
  const Effects left = unit_.effects_of(a);
  const Effects right = unit_.effects_of(b);
  if ((left.writes && (right.writes || right.reads)) || (right.writes && left.reads) || meets(left.assigned, right.assigned) ||
      meets(left.assigned, right.read) || meets(right.assigned, left.read)) {
    unit_.orders.push_back({function_.symbol, {}, unit_.location(where)});
    return;
  }
  if ((!left.unknown.empty() && (right.writes || right.reads)) || (!right.unknown.empty() && (left.writes || left.reads))) {
    Unit::Order order{function_.symbol, left.unknown, unit_.location(where)};
    order.quiet.insert(right.unknown.begin(), right.unknown.end());
    unit_.orders.push_back(std::move(order));
  }
}

Term FunctionLifter::binary(const clang::BinaryOperator* e) {
  const clang::BinaryOperatorKind op = e->getOpcode();
  const clang::Expr* lhs = e->getLHS();
  const clang::Expr* rhs = e->getRHS();
  const clang::SourceLocation where = e->getOperatorLoc();
  if (!(unit_.cplusplus() && e->isShiftOp())) {  // C++17 [expr.shift]p4 orders the operands
    check_order(lhs, rhs, where);
  }
  const Term a = value(lhs);
  const Term b = value(rhs);
  at(where);
  if (e->isComparisonOp()) {
    if (op == clang::BO_Cmp) {
      unsupported("expression", "operator<=> is outside the subset", where);
    }
    return compare(op, a, b, lhs->getType()->isSignedIntegerOrEnumerationType());
  }
  const bool left_pointer = lhs->getType()->isPointerType();
  const bool right_pointer = rhs->getType()->isPointerType();
  if (left_pointer && right_pointer) {
    const QualType element = lhs->getType()->getPointeeType();
    const std::uint64_t size = element->isVoidType() || element->isFunctionType() ? 1 : unit_.bytes_of(element);
    const Term bytes = ir::sub(a, b);
    if (size <= 1) {
      return bytes;
    }
    if ((size & (size - 1)) == 0) {
      const auto bits = static_cast<unsigned>(__builtin_ctzll(size));
      check(ir::eq(ir::extract(bits - 1, 0, bytes), ir::bv(0, bits)), "ub-pointer-difference");
      return ir::ashr(bytes, ir::bv(bits, 64));
    }
    check(ir::eq(ir::srem(bytes, ir::bv(size, 64)), ir::bv(0, 64)), "ub-pointer-difference");
    return ir::sdiv(bytes, ir::bv(size, 64));
  }
  if (left_pointer) {
    return pointer_offset(a, b, rhs->getType(), lhs->getType(), op == clang::BO_Sub, where);
  }
  if (right_pointer) {
    return pointer_offset(b, a, lhs->getType(), rhs->getType(), false, where);
  }
  static_cast<void>(unit_.sort_of(e->getType(), where));
  return arithmetic(op, a, b, e->getType(), rhs->getType(), where);
}

Term FunctionLifter::unary(const clang::UnaryOperator* e) {
  const clang::Expr* sub = e->getSubExpr();
  const clang::SourceLocation where = e->getOperatorLoc();
  switch (e->getOpcode()) {
    case clang::UO_Plus:
    case clang::UO_Extension:
      return value(sub);
    case clang::UO_Minus: {
      const Term a = value(sub);
      if (e->getType()->isSignedIntegerOrEnumerationType()) {
        const Term zero = ir::bv(0, a.width());
        if (!unit_.dialect.wrapping_signed) {
          check(ir::ne(a, ir::bv(static_cast<ir::u128>(1) << (a.width() - 1), a.width())), "ub-signed-overflow");
        }
        return ir::sub(zero, a);
      }
      return ir::neg(a);
    }
    case clang::UO_Not:
      return ir::bit_not(value(sub));
    case clang::UO_LNot: {
      const Term negated = ir::logical_not(condition(sub));
      const ir::Sort sort = unit_.sort_of(e->getType(), where);
      return sort.is_bool() ? negated : ir::bool_to_bv(negated, sort.width);
    }
    case clang::UO_AddrOf: {
      const clang::Expr* target = sub->IgnoreParens();
      if (e->getType()->isMemberPointerType()) {
        unsupported("member-pointer", "pointers to members are outside the subset", where);
      }
      if (const auto* indirect = dyn_cast<clang::UnaryOperator>(target);
          indirect != nullptr && indirect->getOpcode() == clang::UO_Deref) {
        return value(indirect->getSubExpr());  // C11 6.5.3.2p3: neither operator is evaluated
      }
      if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(target)) {
        return address(subscript(element, true), where);
      }
      return address(place(target), where);
    }
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec:
      return increment(e, nullptr, true);
    default:
      unsupported("expression", "this unary operator is outside the subset", where);
  }
}

Term FunctionLifter::increment(const clang::UnaryOperator* e, Place* where_out, bool used) {
  const clang::SourceLocation where = e->getOperatorLoc();
  const Place target = place(e->getSubExpr());
  const bool up = e->isIncrementOp();
  const QualType type = e->getSubExpr()->getType();
  Term old = load(target, where);
  if (target.kind == Place::Kind::variable && used) {
    const Term snapshot = b_.fresh("t", old.sort());
    b_.assign(snapshot, old);
    old = snapshot;
  }
  Term changed;
  if (type->isPointerType()) {
    changed = pointer_offset(old, ir::bv(1, 64), unit_.context.LongTy, type, !up, where);
  } else if (old.sort().is_bool()) {
    changed = up ? ir::boolean(true) : ir::logical_not(old);
  } else {
    const Term one = ir::bv(1, old.width());
    const bool promoted = old.width() < 32 || target.kind == Place::Kind::bit_field;
    if (type->isSignedIntegerOrEnumerationType() && !promoted) {
      check_no_overflow(up ? clang::BO_Add : clang::BO_Sub, old, one);
    }
    changed = up ? ir::add(old, one) : ir::sub(old, one);
  }
  store(target, changed, where);
  if (where_out != nullptr) {
    *where_out = target;
  }
  return e->isPostfix() ? old : changed;
}

Place FunctionLifter::assign(const clang::BinaryOperator* e, Term* stored) {
  const clang::SourceLocation where = e->getOperatorLoc();
  if (!unit_.cplusplus()) {
    const auto* variable = dyn_cast<clang::DeclRefExpr>(e->getLHS()->IgnoreParens());
    if (variable == nullptr) {
      check_order(e->getLHS(), e->getRHS(), where);
    }
  }
  if (unit_.is_aggregate(e->getType())) {
    Place target;
    const clang::Expr* rhs = e->getRHS();
    target = place(e->getLHS());
    assign_aggregate(target, rhs);
    return target;
  }
  const Term computed = value(e->getRHS());
  const Place target = place(e->getLHS());
  store(target, computed, where);
  if (stored != nullptr) {
    *stored = computed;
    if (target.kind == Place::Kind::bit_field && !computed.sort().is_bool()) {
      *stored = ir::resize(ir::extract(target.bit_width - 1, 0, computed), computed.width(),
                           e->getType()->isSignedIntegerOrEnumerationType());
    } else if (target.kind == Place::Kind::variable && !stable(computed)) {
      const Term snapshot = b_.fresh("t", computed.sort());
      b_.assign(snapshot, target.variable);
      *stored = snapshot;
    }
  }
  return target;
}

Place FunctionLifter::compound_assign(const clang::CompoundAssignOperator* e, Term* stored) {
  const clang::SourceLocation where = e->getOperatorLoc();
  const QualType type = e->getLHS()->getType();
  if (!unit_.cplusplus()) {
    check_order(e->getLHS(), e->getRHS(), where);
  }
  const Term right = value(e->getRHS());
  const Place target = place(e->getLHS());
  const Term old = load(target, where);
  const clang::BinaryOperatorKind op = clang::BinaryOperator::getOpForCompoundAssignment(e->getOpcode());
  Term computed;
  if (type->isPointerType()) {
    computed = pointer_offset(old, right, e->getRHS()->getType(), type, op == clang::BO_Sub, where);
  } else {
    const QualType wide = e->getComputationLHSType();
    const Term left = convert(old, type, wide, where);
    const Term result = arithmetic(op, left, right, e->getComputationResultType(), e->getRHS()->getType(), where);
    computed = convert(result, e->getComputationResultType(), type, where);
  }
  const Term kept = b_.fresh("t", computed.sort());
  if (stored != nullptr) {
    b_.assign(kept, computed);
    computed = kept;
  }
  store(target, computed, where);
  if (stored != nullptr) {
    *stored = computed;
    if (target.kind == Place::Kind::bit_field && !computed.sort().is_bool()) {
      *stored = ir::resize(ir::extract(target.bit_width - 1, 0, computed), computed.width(),
                           type->isSignedIntegerOrEnumerationType());
    }
  }
  return target;
}

}  // namespace validator::source
