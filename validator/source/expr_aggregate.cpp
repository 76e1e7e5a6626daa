// SPDX-License-Identifier: Apache-2.0
// Classes, unions and arrays as values: built in place. C's class prvalues (copies of lvalues) and C++17's (constructor
// calls, lists, calls) are the same thing here: an expression that fills given bytes.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::cast;
using clang::dyn_cast;
using clang::QualType;
using ir::Term;

namespace {

constexpr std::uint64_t largest_array = 512;  ///< elements initialised one by one

const clang::Expr* strip(const clang::Expr* e) {
  for (;;) {
    e = e->IgnoreParens();
    if (const auto* full = dyn_cast<clang::ExprWithCleanups>(e)) {
      e = full->getSubExpr();
    } else if (const auto* bound = dyn_cast<clang::CXXBindTemporaryExpr>(e)) {
      e = bound->getSubExpr();
    } else if (const auto* conversion = dyn_cast<clang::CastExpr>(e);
               conversion != nullptr && conversion->isPRValue() && conversion->getSubExpr()->isPRValue() &&
               (conversion->getCastKind() == clang::CK_NoOp || conversion->getCastKind() == clang::CK_ConstructorConversion ||
                conversion->getCastKind() == clang::CK_UserDefinedConversion)) {
      e = conversion->getSubExpr();
    } else {
      return e;
    }
  }
}

bool is_trivial_copy(const clang::CXXConstructExpr* construct) {
  const clang::CXXConstructorDecl* constructor = construct->getConstructor();
  return constructor->isCopyOrMoveConstructor() && constructor->isTrivial() && construct->getNumArgs() == 1;
}

}  // namespace

Place FunctionLifter::source_of(const clang::Expr* e) {
  const clang::Expr* inner = strip(e);
  if (const auto* conversion = dyn_cast<clang::CastExpr>(inner);
      conversion != nullptr && conversion->getCastKind() == clang::CK_LValueToRValue) {
    return place(conversion->getSubExpr());
  }
  if (const auto* copied = dyn_cast<clang::CXXConstructExpr>(inner); copied != nullptr && is_trivial_copy(copied)) {
    return any_place(copied->getArg(0));
  }
  if (const auto* access = dyn_cast<clang::MemberExpr>(inner); access != nullptr && !access->isArrow()) {
    return member(any_place(access->getBase()), cast<clang::FieldDecl>(access->getMemberDecl()), e->getExprLoc());
  }
  if (const auto* subscripted = dyn_cast<clang::ArraySubscriptExpr>(inner)) {
    return subscript(subscripted, false);
  }
  const Place object = temporary(e->getType(), e->getBeginLoc());
  initialise_at(inner, object, true);
  return object;
}

void FunctionLifter::initialise_at(const clang::Expr* e, const Place& at, bool fresh) {
  if (at.kind == Place::Kind::memory && unit_.is_aggregate(at.type)) {
    return construct(e, at, fresh);
  }
  if (at.field != nullptr && at.field->getType()->isReferenceType()) {
    unsupported("reference-member", "members of reference type are outside the subset", e->getBeginLoc());
  }
  const clang::Expr* inner = e;
  if (const auto* full = dyn_cast<clang::ExprWithCleanups>(e)) {
    inner = full->getSubExpr();
  }
  const Term computed = value(inner);
  store(at, computed, e->getBeginLoc());
}

void FunctionLifter::assign_aggregate(const Place& to, const clang::Expr* e) {
  const Place from = e->isGLValue() ? place(e) : source_of(e);
  if (to.is_volatile || from.is_volatile) {
    unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", e->getBeginLoc());
  }
  copy(address(from, e->getBeginLoc()), address(to, e->getBeginLoc()), to.type.getUnqualifiedType(), false, e->getBeginLoc());
}

void FunctionLifter::construct_constant(const clang::APValue& value, const Place& at, clang::SourceLocation where) {
  ir::GlobalObject bytes;
  bytes.bytes = unit_.bytes_of(at.type);
  bytes.initial.assign(bytes.bytes, 0);
  if (!unit_.write_constant(bytes, 0, value, at.type)) {
    unsupported("constant", "this constant has no bytes", where);
  }
  if (!bytes.relocations.empty()) {
    const Term object = unit_.address_of_constant(value, at.type, where);
    return copy(object, at.address, at.type, true, where);
  }
  for (std::uint64_t done = 0; done < bytes.bytes;) {
    const std::uint64_t left = bytes.bytes - done;
    const unsigned step = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    std::uint64_t word = 0;
    for (unsigned i = 0; i < step; ++i) {
      word |= static_cast<std::uint64_t>(bytes.initial[done + i]) << (8 * i);
    }
    b_.emit(ir::Store{ir::add(at.address, ir::bv(done, 64)), ir::bv(word, 8 * step), step});
    done += step;
  }
}

void FunctionLifter::construct_conditional(const clang::AbstractConditionalOperator* e, const Place& at, bool fresh) {
  if (clang::isa<clang::BinaryConditionalOperator>(e)) {
    unsupported("expression", "?: without a middle operand on classes is outside the subset", e->getExprLoc());
  }
  Edges yes;
  Edges no;
  branch(e->getCond(), yes, no);
  b_.open = yes;
  construct(e->getTrueExpr(), at, fresh);
  yes = b_.open;
  b_.open = no;
  construct(e->getFalseExpr(), at, fresh);
  b_.open = Builder::join(yes, b_.open);
}

void FunctionLifter::construct_fields(const clang::RecordDecl* record, llvm::ArrayRef<clang::Expr*> inits,
                                      const clang::FieldDecl* union_field, const Place& at, bool fresh,
                                      clang::SourceLocation where) {
  std::size_t next = 0;
  const Term outer = this_;
  const auto one = [&](const Place& target) {
    const clang::Expr* init = inits[next++];
    if (clang::isa<clang::CXXDefaultInitExpr>(init)) {
      this_ = at.address;
    }
    initialise_at(init, target, fresh);
    this_ = outer;
  };
  if (record->isUnion()) {
    if (!fresh) {
      for (std::uint64_t i = 0; i < unit_.bytes_of(at.type); ++i) {
        const Term byte = b_.fresh("padding", ir::Sort::bitvec(8));
        b_.emit(ir::Choice{byte, "padding"});
        b_.emit(ir::Store{ir::add(at.address, ir::bv(i, 64)), byte, 1});
      }
    }
    if (union_field != nullptr && !inits.empty()) {
      if (union_field->isBitField()) {
        zero(at.address, unit_.bytes_of(at.type), where);
      }
      one(member(at, union_field, where));
    }
    return;
  }
  if (const auto* cxx = dyn_cast<clang::CXXRecordDecl>(record)) {
    const clang::ASTRecordLayout& layout = unit_.context.getASTRecordLayout(record);
    for (const clang::CXXBaseSpecifier& base : cxx->bases()) {
      if (next == inits.size()) {
        break;
      }
      const clang::CXXRecordDecl* base_record = base.getType()->getAsCXXRecordDecl();
      if (base_record->isEmpty()) {
        ++next;
        continue;
      }
      Place target = at;
      target.type = base.getType();
      const auto bytes = static_cast<std::uint64_t>(layout.getBaseClassOffset(base_record).getQuantity());
      target.address = ir::add(at.address, ir::bv(bytes, 64));
      target.align = unit_.align_of(base.getType());
      one(target);
    }
  }
  std::set<std::pair<std::uint64_t, unsigned>> cleared;
  for (const clang::FieldDecl* field : record->fields()) {
    if (field->isUnnamedBitField()) {
      continue;
    }
    if (next == inits.size()) {
      break;
    }
    if (field->getType()->isIncompleteArrayType() || field->getType()->isReferenceType()) {
      if (clang::isa<clang::ImplicitValueInitExpr>(inits[next])) {
        ++next;
        continue;
      }
      unsupported("initialiser", "this member cannot be initialised here", where);
    }
    const Place target = member(at, field, where);
    if (target.kind == Place::Kind::bit_field) {
      const auto unit = std::make_pair(static_cast<std::uint64_t>(ir::base_offset(target.address).offset), target.unit_bytes);
      if (cleared.insert(unit).second && fresh) {
        // Units of one run may overlap; the second must not wipe what the first has set.
        bool overlaps = false;
        for (const auto& other : cleared) {
          overlaps = overlaps || (other != unit && other.first < unit.first + unit.second && unit.first < other.first + other.second);
        }
        if (!overlaps) {
          store_bytes(target.address, ir::bv(0, 8 * target.unit_bytes));
        }
      }
    }
    one(target);
  }
  if (!fresh) {
    choose_padding(at.address, at.type.getUnqualifiedType());
  }
}

void FunctionLifter::construct_list(const clang::InitListExpr* e, const Place& at, bool fresh) {
  const clang::SourceLocation where = e->getBeginLoc();
  if (e->isTransparent()) {
    return construct(e->getInit(0), at, fresh);
  }
  if (const clang::RecordDecl* record = at.type->getAsRecordDecl()) {
    return construct_fields(record->getDefinition(), e->inits(), e->getInitializedFieldInUnion(), at, fresh, where);
  }
  const auto* array = unit_.context.getAsConstantArrayType(at.type);
  if (array == nullptr) {
    unsupported("initialiser", "an initialiser list for " + at.type.getAsString(), where);
  }
  if (e->isStringLiteralInit()) {
    return construct(e->getInit(0), at, fresh);
  }
  const std::uint64_t count = array->getSize().getZExtValue();
  const std::uint64_t size = unit_.bytes_of(array->getElementType());
  for (unsigned i = 0; i < e->getNumInits(); ++i) {
    initialise_at(e->getInit(i), element(at, i), fresh);
  }
  if (e->getNumInits() < count) {
    const clang::Expr* filler = e->getArrayFiller();
    const std::uint64_t done = e->getNumInits() * size;
    if (filler == nullptr || clang::isa<clang::ImplicitValueInitExpr>(filler)) {
      return zero(ir::add(at.address, ir::bv(done, 64)), count * size - done, where);
    }
    if (count > largest_array) {
      unsupported("large-copy", "an array of " + std::to_string(count) + " elements is initialised one by one", where);
    }
    for (std::uint64_t i = e->getNumInits(); i < count; ++i) {
      initialise_at(filler, element(at, i), fresh);
    }
  }
}

void FunctionLifter::construct_parens(const clang::CXXParenListInitExpr* e, const Place& at, bool fresh) {
  const clang::RecordDecl* record = at.type->getAsRecordDecl();
  if (record == nullptr) {
    unsupported("initialiser", "a parenthesised list for an array is outside the subset", e->getBeginLoc());
  }
  construct_fields(record->getDefinition(), const_cast<clang::CXXParenListInitExpr*>(e)->getInitExprs(),
                   e->getInitializedFieldInUnion(), at, fresh, e->getBeginLoc());
}

void FunctionLifter::construct_class(const clang::CXXConstructExpr* e, const Place& at, bool fresh) {
  const clang::CXXConstructorDecl* constructor = e->getConstructor();
  const clang::SourceLocation where = e->getBeginLoc();
  if (is_trivial_copy(e)) {
    const Place from = any_place(e->getArg(0));
    if (from.is_volatile) {
      unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", where);
    }
    return copy(address(from, where), at.address, at.type.getUnqualifiedType(), fresh, where);
  }
  if (e->requiresZeroInitialization()) {
    zero(at.address, unit_.bytes_of(at.type), where);
  }
  if (constructor->isTrivial() && constructor->isDefaultConstructor()) {
    return;
  }
  if (const auto* array = unit_.context.getAsConstantArrayType(at.type)) {
    const std::uint64_t count = array->getSize().getZExtValue();
    if (count > largest_array) {
      unsupported("large-copy", "an array of " + std::to_string(count) + " elements is constructed one by one", where);
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      construct_class(e, element(at, i), fresh);
    }
    return;
  }
  std::vector<const clang::Expr*> arguments(e->arg_begin(), e->arg_end());
  call_function(constructor, Term(), at.address, arguments, unit_.context.VoidTy, false, nullptr, where, true);
}

void FunctionLifter::construct_string(const clang::StringLiteral* e, const Place& at) {
  const unsigned width = e->getCharByteWidth();
  const std::uint64_t count = unit_.bytes_of(at.type) / width;
  if (count * width > largest_array * 8) {
    unsupported("large-copy", "a string of " + std::to_string(count) + " characters", e->getBeginLoc());
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint32_t unit = i < e->getLength() ? e->getCodeUnit(i) : 0;
    b_.emit(ir::Store{ir::add(at.address, ir::bv(i * width, 64)), ir::bv(unit, 8 * width), width});
  }
}

void FunctionLifter::construct_loop(const clang::ArrayInitLoopExpr* e, const Place& at) {
  const std::uint64_t count = e->getArraySize().getZExtValue();
  if (count > largest_array) {
    unsupported("large-copy", "an array of " + std::to_string(count) + " elements is copied one by one", e->getBeginLoc());
  }
  opaque_places_[e->getCommonExpr()] = place(e->getCommonExpr()->getSourceExpr());
  for (std::uint64_t i = 0; i < count; ++i) {
    array_index_.push_back(ir::bv(i, 64));
    initialise_at(e->getSubExpr(), element(at, i), false);
    array_index_.pop_back();
  }
}

void FunctionLifter::construct(const clang::Expr* e, const Place& at, bool fresh) {
  using clang::Stmt;
  e = strip(e);
  const clang::SourceLocation where = e->getBeginLoc();
  this->at(where);
  if (at.is_volatile) {
    unsupported("volatile-aggregate", "volatile classes and arrays are not initialised as a whole", where);
  }
  if (e->isGLValue() && !clang::isa<clang::StringLiteral>(e)) {
    const Place from = place(e);
    return copy(address(from, where), at.address, at.type.getUnqualifiedType(), fresh, where);
  }
  switch (e->getStmtClass()) {
    case Stmt::ConstantExprClass: {
      const auto* constant_expression = cast<clang::ConstantExpr>(e);
      if (constant_expression->hasAPValueResult()) {
        return construct_constant(constant_expression->getAPValueResult(), at, where);
      }
      return construct(constant_expression->getSubExpr(), at, fresh);
    }
    case Stmt::SubstNonTypeTemplateParmExprClass:
      return construct(cast<clang::SubstNonTypeTemplateParmExpr>(e)->getReplacement(), at, fresh);
    case Stmt::GenericSelectionExprClass:
      return construct(cast<clang::GenericSelectionExpr>(e)->getResultExpr(), at, fresh);
    case Stmt::ChooseExprClass:
      return construct(cast<clang::ChooseExpr>(e)->getChosenSubExpr(), at, fresh);
    case Stmt::CXXDefaultArgExprClass:
      return construct(cast<clang::CXXDefaultArgExpr>(e)->getExpr(), at, fresh);
    case Stmt::CXXDefaultInitExprClass:
      return construct(cast<clang::CXXDefaultInitExpr>(e)->getExpr(), at, fresh);
    case Stmt::CXXRewrittenBinaryOperatorClass:
      return construct(cast<clang::CXXRewrittenBinaryOperator>(e)->getSemanticForm(), at, fresh);
    case Stmt::InitListExprClass:
      return construct_list(cast<clang::InitListExpr>(e), at, fresh);
    case Stmt::CXXParenListInitExprClass:
      return construct_parens(cast<clang::CXXParenListInitExpr>(e), at, fresh);
    case Stmt::CXXConstructExprClass:
    case Stmt::CXXTemporaryObjectExprClass:
      return construct_class(cast<clang::CXXConstructExpr>(e), at, fresh);
    case Stmt::ImplicitValueInitExprClass:
    case Stmt::CXXScalarValueInitExprClass:
      return zero(at.address, unit_.bytes_of(at.type), where);
    case Stmt::StringLiteralClass:
      return construct_string(cast<clang::StringLiteral>(e), at);
    case Stmt::PredefinedExprClass:
      return construct_string(cast<clang::PredefinedExpr>(e)->getFunctionName(), at);
    case Stmt::ArrayInitLoopExprClass:
      return construct_loop(cast<clang::ArrayInitLoopExpr>(e), at);
    case Stmt::CompoundLiteralExprClass:
      return construct(cast<clang::CompoundLiteralExpr>(e)->getInitializer(), at, fresh);
    case Stmt::ConditionalOperatorClass:
    case Stmt::BinaryConditionalOperatorClass:
      return construct_conditional(cast<clang::AbstractConditionalOperator>(e), at, fresh);
    case Stmt::StmtExprClass:
      statement_expression(cast<clang::StmtExpr>(e), &at);
      return;
    case Stmt::OpaqueValueExprClass:
      if (const clang::Expr* source = cast<clang::OpaqueValueExpr>(e)->getSourceExpr()) {
        return construct(source, at, fresh);
      }
      break;
    case Stmt::BinaryOperatorClass: {
      const auto* operation = cast<clang::BinaryOperator>(e);
      if (operation->getOpcode() == clang::BO_Comma) {
        discard(operation->getLHS());
        return construct(operation->getRHS(), at, fresh);
      }
      if (operation->getOpcode() == clang::BO_Assign) {
        const Place from = assign(operation, nullptr);
        return copy(address(from, where), at.address, at.type.getUnqualifiedType(), fresh, where);
      }
      break;
    }
    case Stmt::CallExprClass:
    case Stmt::CXXMemberCallExprClass:
    case Stmt::CXXOperatorCallExprClass:
    case Stmt::UserDefinedLiteralClass:
      call(cast<clang::CallExpr>(e), &at);
      if (!fresh) {
        choose_padding(at.address, at.type.getUnqualifiedType());
      }
      return;
    case Stmt::MemberExprClass:
    case Stmt::ArraySubscriptExprClass: {
      const Place from = source_of(e);
      return copy(address(from, where), at.address, at.type.getUnqualifiedType(), fresh, where);
    }
    default:
      if (const auto* conversion = dyn_cast<clang::CastExpr>(e)) {
        const clang::Expr* sub = conversion->getSubExpr();
        switch (conversion->getCastKind()) {
          case clang::CK_LValueToRValue: {
            const Place from = place(sub);
            if (from.is_volatile) {
              unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", where);
            }
            return copy(address(from, where), at.address, at.type.getUnqualifiedType(), fresh, where);
          }
          case clang::CK_NoOp:
          case clang::CK_UserDefinedConversion:
          case clang::CK_ConstructorConversion:
            return construct(sub, at, fresh);
          case clang::CK_LValueToRValueBitCast: {
            const Place from = any_place(sub);
            if (from.kind == Place::Kind::variable) {
              return store_bytes(at.address, to_memory(from.variable, from.type));
            }
            return copy_bytes(address(from, where), at.address, unit_.bytes_of(at.type));
          }
          case clang::CK_ToUnion: {
            for (const clang::FieldDecl* field : at.type->getAsRecordDecl()->getDefinition()->fields()) {
              if (unit_.context.hasSameUnqualifiedType(field->getType(), sub->getType())) {
                return initialise_at(sub, member(at, field, where), fresh);
              }
            }
            break;
          }
          default:
            break;
        }
      }
      break;
  }
  unsupported("expression", std::string("class values of kind ") + e->getStmtClassName() + " are outside the subset", where);
}

}  // namespace validator::source
