// SPDX-License-Identifier: Apache-2.0
// Calls: operands into AAPCS64 slots, one Call node, results out of their slots. Whether a callee with a body is
// inlined is decided later, by the prover.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::cast;
using clang::dyn_cast;
using clang::QualType;
using ir::Term;

/// The bits of one piece of a class; padding inside it is any value.
Term FunctionLifter::pack(const Place& at, QualType type, const Passing::Piece& piece) {
  const std::vector<bool>& value_bytes = unit_.value_bytes(type);
  const unsigned bytes = piece.bits / 8;
  const Term base = ir::add(at.address, ir::bv(piece.offset, 64));
  Term result;
  for (unsigned begin = 0; begin < bytes;) {
    const bool is_value = value_bytes[piece.offset + begin];
    unsigned end = begin;
    while (end < bytes && value_bytes[piece.offset + end] == is_value) {
      ++end;
    }
    Term part;
    if (is_value) {
      part = load_bytes(ir::add(base, ir::bv(begin, 64)), end - begin);
    } else {
      part = b_.fresh("padding", ir::Sort::bitvec(8 * (end - begin)));
      b_.emit(ir::Choice{part, "padding"});
    }
    result = result ? ir::concat(part, result) : part;
    begin = end;
  }
  return result;
}

void FunctionLifter::pass(const clang::Expr* argument, QualType type, const Passing& passing,
                          std::vector<ir::AbiSlot>& slots) {
  const clang::SourceLocation where = argument->getBeginLoc();
  switch (passing.how) {
    case Passing::How::ignored:
      return discard(argument);
    case Passing::How::scalar: {
      const Term term = type->isReferenceType() ? address(place(argument), where) : to_memory(value(argument), type);
      unsigned low = 0;
      for (const Passing::Piece& piece : passing.pieces) {
        slots.push_back({piece.place, ir::extract(low + piece.bits - 1, low, term)});
        low += piece.bits;
      }
      return;
    }
    case Passing::How::aggregate: {
      const Place from = argument->isGLValue() ? place(argument) : source_of(argument);
      if (from.is_volatile) {
        unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", where);
      }
      for (const Passing::Piece& piece : passing.pieces) {
        slots.push_back({piece.place, pack(from, type, piece)});
      }
      return;
    }
    case Passing::How::by_reference: {
      const Place object = temporary(type, where);
      construct(argument, object, true);
      slots.push_back({passing.pieces[0].place, object.address});
      return;
    }
  }
}

Term FunctionLifter::call_function(const clang::FunctionDecl* function, Term target, Term object,
                                   const std::vector<const clang::Expr*>& arguments, QualType result_type, bool no_return,
                                   const Place* destination, clang::SourceLocation where, bool ordered) {
  if (function != nullptr && (function->hasAttr<clang::ReturnsTwiceAttr>() ||
                              function->getType()->castAs<clang::FunctionType>()->getCallConv() != clang::CC_C ||
                              (function->getBuiltinID() != 0 && unit_.context.BuiltinInfo.isReturnsTwice(function->getBuiltinID())))) {
    unsupported("calling-convention", function->getNameAsString() + " returns twice or is not called as AAPCS64 says", where);
  }
  std::vector<QualType> types;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool declared = function != nullptr && i < function->getNumParams();
    const QualType own = arguments[i]->getType();
    types.push_back(declared ? function->getParamDecl(static_cast<unsigned>(i))->getType()
                             : arguments[i]->isGLValue() ? unit_.context.getLValueReferenceType(own) : own);
  }
  const Signature signature = unit_.signature(result_type, types, static_cast<bool>(object), where);
  if (!ordered) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      for (std::size_t j = i + 1; j < arguments.size(); ++j) {
        check_order(arguments[i], arguments[j], where);
      }
    }
  }
  ir::Call node;
  std::size_t next = 0;
  if (object) {
    node.arguments.push_back({signature.parameters[next++].pieces[0].place, object});
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    pass(arguments[i], types[i], signature.parameters[next++], node.arguments);
  }
  Place result;
  if (unit_.is_aggregate(result_type) && !result_type->isVoidType()) {
    result = destination != nullptr ? *destination : temporary(result_type, where);
  }
  if (signature.indirect_result) {
    node.arguments.push_back({{ir::AbiPlace::Kind::x_register, 8}, result.address});
  }
  at(where);
  if (function != nullptr) {
    node.symbol = unit_.symbol(function);
    unit_.need(function);
    no_return = no_return || function->isNoReturn();
  } else {
    node.target = target;
  }
  node.returns = !no_return;
  Term value;
  if (node.returns) {
    for (const Passing::Piece& piece : signature.result.pieces) {
      node.results.push_back({piece.place, b_.fresh("r", ir::Sort::bitvec(piece.bits))});
    }
  }
  const std::vector<ir::AbiSlot> results = node.results;
  b_.emit(node);
  if (signature.result.how == Passing::How::scalar) {
    if (no_return) {
      const ir::Sort sort = unit_.sort_of(result_type, where);
      return sort.is_bool() ? ir::boolean(false) : ir::bv(0, sort.width);
    }
    value = results.size() == 2 ? ir::concat(results[1].term, results[0].term) : results[0].term;
    return from_memory(value, result_type);
  }
  if (signature.result.how == Passing::How::aggregate && !no_return) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      store_bytes(ir::add(result.address, ir::bv(signature.result.pieces[i].offset, 64)), results[i].term);
    }
  }
  return value;
}

/// Defaulted assignment that copies bytes: no call, and it is a glvalue.
bool FunctionLifter::trivial_member_call(const clang::CallExpr* e, Place* result) {
  const auto* method = dyn_cast_or_null<clang::CXXMethodDecl>(e->getDirectCallee());
  if (method == nullptr || !method->isTrivial() || !(method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator())) {
    return false;
  }
  const clang::Expr* left = nullptr;
  const clang::Expr* right = nullptr;
  if (const auto* member_call = dyn_cast<clang::CXXMemberCallExpr>(e)) {
    left = member_call->getImplicitObjectArgument();
    right = member_call->getArg(0);
  } else {
    left = e->getArg(0);
    right = e->getArg(1);
  }
  // C++17 [expr.ass]p1: the right operand is sequenced before the left one.
  const Place from = any_place(right);
  Place to;
  if (left->getType()->isPointerType()) {
    to = dereference(value(left), left->getType()->getPointeeType(), e->getExprLoc());
  } else {
    to = any_place(left);
  }
  if (to.is_volatile || from.is_volatile) {
    unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", e->getExprLoc());
  }
  const QualType type = unit_.context.getRecordType(method->getParent());
  copy(address(from, e->getExprLoc()), address(to, e->getExprLoc()), type, false, e->getExprLoc());
  to.type = type;
  *result = to;
  return true;
}

Term FunctionLifter::call(const clang::CallExpr* e, const Place* destination) {
  const clang::SourceLocation where = e->getExprLoc();
  at(where);
  const clang::FunctionDecl* function = e->getDirectCallee();
  Place ignored;
  if (trivial_member_call(e, &ignored)) {
    if (destination != nullptr) {
      copy(ignored.address, destination->address, ignored.type, false, where);
    }
    return Term();
  }
  if (function != nullptr) {
    const unsigned id = function->getBuiltinID();
    Term result;
    if (id != 0 && builtin(e, id, &result)) {
      return result;
    }
  }
  const clang::Expr* callee = e->getCallee()->IgnoreParens();
  if (clang::isa<clang::CXXPseudoDestructorExpr>(callee)) {
    return Term();
  }
  std::vector<const clang::Expr*> arguments(e->arg_begin(), e->arg_end());
  const QualType result_type = e->getCallReturnType(unit_.context);
  const bool no_return = function == nullptr && callee->getType()->isPointerType() &&
                         callee->getType()->getPointeeType()->castAs<clang::FunctionType>()->getNoReturnAttr();
  const auto* method = dyn_cast_or_null<clang::CXXMethodDecl>(function);
  if (method != nullptr && method->isInstance()) {
    if (method->isVirtual()) {
      unsupported("virtual", "virtual calls are outside the subset", where);
    }
    if (clang::isa<clang::CXXDestructorDecl>(method) && method->isTrivial()) {
      return Term();
    }
    const clang::Expr* object = nullptr;
    if (const auto* member_call = dyn_cast<clang::CXXMemberCallExpr>(e)) {
      object = member_call->getImplicitObjectArgument();
    } else {
      object = arguments.front();
      arguments.erase(arguments.begin());
    }
    Term self;
    if (object->getType()->isPointerType()) {
      self = value(object);
    } else {
      self = address(any_place(object), where);
    }
    return call_function(function, Term(), self, arguments, result_type, false, destination, where, false);
  }
  if (method != nullptr) {
    if (const auto* access = dyn_cast<clang::MemberExpr>(callee)) {
      discard(access->getBase());
    }
  }
  if (function != nullptr) {
    const auto* overloaded = dyn_cast<clang::CXXOperatorCallExpr>(e);
    const bool ordered = overloaded != nullptr && (overloaded->getOperator() == clang::OO_LessLess ||
                                                   overloaded->getOperator() == clang::OO_GreaterGreater);
    return call_function(function, Term(), Term(), arguments, result_type, false, destination, where, ordered);
  }
  if (clang::isa<clang::CXXMemberCallExpr>(e)) {
    unsupported("member-pointer", "calls through pointers to members are outside the subset", where);
  }
  const Term target = value(e->getCallee());
  return call_function(nullptr, target, Term(), arguments, result_type, no_return, destination, where, false);
}

std::vector<Term> FunctionLifter::return_values(const clang::Expr* e) {
  const QualType type = declaration_->getReturnType();
  std::vector<Term> values;
  const clang::SourceLocation where = e->getBeginLoc();
  switch (signature_.result.how) {
    case Passing::How::ignored:
      discard(e);
      break;
    case Passing::How::scalar: {
      const Term term = type->isReferenceType() ? address(place(e), where) : to_memory(value(e), type);
      unsigned low = 0;
      for (const Passing::Piece& piece : signature_.result.pieces) {
        values.push_back(ir::extract(low + piece.bits - 1, low, term));
        low += piece.bits;
      }
      break;
    }
    case Passing::How::aggregate: {
      const Place from = any_place(e);
      if (from.is_volatile) {
        unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", where);
      }
      for (const Passing::Piece& piece : signature_.result.pieces) {
        values.push_back(pack(from, type, piece));
      }
      break;
    }
    case Passing::How::by_reference: {
      Place result;
      result.type = type.getUnqualifiedType();
      result.address = result_address_;
      result.align = unit_.align_of(type);
      construct(e, result, false);
      break;
    }
  }
  return values;
}

}  // namespace validator::source
