// SPDX-License-Identifier: Apache-2.0
// Types: which sort a scalar has, which types the lifter refuses, which bytes of a class carry values. Sizes and layouts
// are Clang's for aarch64-linux-gnu.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::QualType;

std::uint64_t Unit::bytes_of(QualType type) const {
  return static_cast<std::uint64_t>(context.getTypeSizeInChars(type.getNonReferenceType()).getQuantity());
}

std::uint64_t Unit::align_of(QualType type) const {
  if (type->isIncompleteType() || type->isFunctionType()) {
    return 1;
  }
  return static_cast<std::uint64_t>(context.getTypeAlignInChars(type).getQuantity());
}

bool Unit::is_aggregate(QualType type) const {
  const QualType canonical = type.getCanonicalType();
  return canonical->isRecordType() || canonical->isArrayType();
}

ir::Sort Unit::sort_of(QualType type, clang::SourceLocation where) const {
  const QualType canonical = type.getCanonicalType();
  if (canonical->isReferenceType() || canonical->isPointerType() || canonical->isNullPtrType()) {
    return ir::Sort::bitvec(64);
  }
  if (const auto* enumeration = canonical->getAs<clang::EnumType>()) {
    const QualType integer = enumeration->getDecl()->getIntegerType();
    if (integer.isNull()) {
      unsupported("incomplete-type", "the enumeration " + type.getAsString() + " is incomplete", where);
    }
    return sort_of(integer, where);
  }
  if (canonical->isBooleanType()) {
    return ir::Sort::boolean();
  }
  if (canonical->isBitIntType()) {
    unsupported("bit-int", "_BitInt is outside the subset", where);
  }
  if (canonical->isIntegerType()) {
    return ir::Sort::bitvec(static_cast<unsigned>(context.getTypeSize(canonical)));
  }
  if (canonical->isFloatingType() || canonical->isAnyComplexType()) {
    unsupported("floating-point", "the type " + type.getAsString() + " is outside the subset", where);
  }
  if (canonical->isAtomicType()) {
    unsupported("atomic-type", "_Atomic objects are outside the subset", where);
  }
  unsupported("type", "values of type " + type.getAsString() + " are outside the subset", where);
}

void Unit::accept_type(QualType type, clang::SourceLocation where) const {
  const QualType canonical = type.getCanonicalType();
  if (canonical->isVariableArrayType()) {
    unsupported("vla", "variable length arrays are outside the subset", where);
  }
  if (const auto* array = context.getAsArrayType(canonical)) {
    return accept_type(array->getElementType(), where);
  }
  if (const auto* record = canonical->getAsRecordDecl()) {
    record = record->getDefinition();
    if (record == nullptr) {
      unsupported("incomplete-type", type.getAsString() + " is incomplete", where);
    }
    if (const auto* cxx = clang::dyn_cast<clang::CXXRecordDecl>(record)) {
      if (cxx->isDynamicClass()) {
        unsupported("virtual", type.getAsString() + " has virtual functions or bases", where);
      }
      if (!cxx->hasTrivialDestructor()) {
        unsupported("destructor", type.getAsString() + " has a destructor that is not trivial", where);
      }
      for (const clang::CXXBaseSpecifier& base : cxx->bases()) {
        accept_type(base.getType(), where);
      }
    }
    for (const clang::FieldDecl* field : record->fields()) {
      if (!field->getType()->isIncompleteArrayType()) {
        accept_type(field->getType(), where);
      }
    }
    return;
  }
  if (canonical->isVoidType() || canonical->isFunctionType() || canonical->isIncompleteArrayType()) {
    return;
  }
  static_cast<void>(sort_of(type, where));
}

namespace {

void mark(const clang::ASTContext& context, QualType type, std::uint64_t offset, std::vector<bool>& out);

void mark_range(std::uint64_t from, std::uint64_t to, std::vector<bool>& out) {
  for (std::uint64_t i = from; i < to && i < out.size(); ++i) {
    out[i] = true;
  }
}

void mark_record(const clang::ASTContext& context, const clang::RecordDecl* record, std::uint64_t offset,
                 std::vector<bool>& out) {
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(record);
  if (record->isUnion()) {
    return mark_range(offset, offset + static_cast<std::uint64_t>(layout.getSize().getQuantity()), out);
  }
  if (const auto* cxx = clang::dyn_cast<clang::CXXRecordDecl>(record)) {
    for (const clang::CXXBaseSpecifier& base : cxx->bases()) {
      const clang::CXXRecordDecl* base_record = base.getType()->getAsCXXRecordDecl();
      if (!base_record->isEmpty()) {
        const auto at = static_cast<std::uint64_t>(layout.getBaseClassOffset(base_record).getQuantity());
        mark_record(context, base_record, offset + at, out);
      }
    }
  }
  for (const clang::FieldDecl* field : record->fields()) {
    const std::uint64_t bit = layout.getFieldOffset(field->getFieldIndex());
    if (field->isBitField()) {
      const std::uint64_t width = field->getBitWidthValue(context);
      if (width != 0 && !field->isUnnamedBitField()) {
        mark_range(offset + bit / 8, offset + (bit + width + 7) / 8, out);
      }
    } else if (!field->getType()->isIncompleteArrayType()) {
      mark(context, field->getType(), offset + bit / 8, out);
    }
  }
}

void mark(const clang::ASTContext& context, QualType type, std::uint64_t offset, std::vector<bool>& out) {
  if (const auto* array = context.getAsConstantArrayType(type)) {
    const auto step = static_cast<std::uint64_t>(context.getTypeSizeInChars(array->getElementType()).getQuantity());
    const std::uint64_t count = array->getSize().getZExtValue();
    for (std::uint64_t i = 0; i < count; ++i) {
      mark(context, array->getElementType(), offset + i * step, out);
    }
    return;
  }
  if (const clang::RecordDecl* record = type->getAsRecordDecl()) {
    const auto* cxx = clang::dyn_cast<clang::CXXRecordDecl>(record);
    if (cxx == nullptr || !cxx->isEmpty()) {
      mark_record(context, record->getDefinition(), offset, out);
    }
    return;
  }
  mark_range(offset, offset + static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity()), out);
}

}  // namespace

const std::vector<bool>& Unit::value_bytes(QualType type) {
  const clang::Type* key = type.getCanonicalType().getTypePtr();
  const auto found = value_bytes_.find(key);
  if (found != value_bytes_.end()) {
    return found->second;
  }
  std::vector<bool> bytes(bytes_of(type), false);
  mark(context, type, 0, bytes);
  return value_bytes_[key] = std::move(bytes);
}

}  // namespace validator::source
