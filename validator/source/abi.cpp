// SPDX-License-Identifier: Apache-2.0
// AAPCS64 6.8.2 (parameter passing, stages A to C) and 6.9 (results) for integers, pointers and aggregates; there are no
// floating-point or vector registers. NGRN is the next general register, NSAA the next stacked argument address.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::QualType;

namespace {

struct Allocator {
  unsigned ngrn = 0;
  unsigned nsaa = 0;

  void words(Passing& passing, std::uint64_t bytes, const std::vector<unsigned>& bits) {
    const unsigned count = static_cast<unsigned>((bytes + 7) / 8);
    const bool in_registers = ngrn + count <= 8;
    if (!in_registers) {
      ngrn = 8;
    }
    for (unsigned i = 0; i < count; ++i) {
      Passing::Piece piece;
      if (in_registers) {
        piece.place = {ir::AbiPlace::Kind::x_register, ngrn++};
      } else {
        piece.place = {ir::AbiPlace::Kind::stack, nsaa};
        nsaa += 8;
      }
      piece.bits = bits[i];
      piece.offset = 8ULL * i;
      if (piece.bits != 0) {
        passing.pieces.push_back(piece);
      }
    }
  }
};

/// Significant bits of each 8-byte piece: up to the last byte that carries a value.
std::vector<unsigned> significant(const std::vector<bool>& value_bytes) {
  std::vector<unsigned> bits((value_bytes.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < value_bytes.size(); ++i) {
    if (value_bytes[i]) {
      bits[i / 8] = static_cast<unsigned>(8 * (i % 8 + 1));
    }
  }
  return bits;
}

bool is_empty(const clang::ASTContext& context, QualType type) {
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (record == nullptr) {
    return false;
  }
  if (const auto* cxx = clang::dyn_cast<clang::CXXRecordDecl>(record)) {
    return cxx->isEmpty();
  }
  return context.getTypeSizeInChars(type).isZero();
}

}  // namespace

Signature Unit::signature(QualType result, const std::vector<QualType>& parameters, bool has_this,
                          clang::SourceLocation where) {
  Signature out;
  out.has_this = has_this;
  const auto scalar_bits = [&](QualType type) {
    const ir::Sort sort = sort_of(type, where);
    return sort.is_bool() ? 8U : static_cast<unsigned>(sort.width);  // AAPCS64 6.8.2: bool has 8 significant bits
  };
  const auto by_value = [&](QualType type) {
    accept_type(type, where);
    if (const auto* cxx = type->getAsCXXRecordDecl()) {
      if (!cxx->canPassInRegisters()) {
        unsupported("abi-class", type.getAsString() + " is not trivially copyable, so it travels by address", where);
      }
    }
    const std::uint64_t natural = align_of(type.getCanonicalType());
    if (bytes_of(type) <= 16 && natural > 8) {
      unsupported("abi-alignment", type.getAsString() + " by value is aligned to 16 bytes", where);
    }
  };
  if (!result->isVoidType()) {
    if (is_aggregate(result)) {
      by_value(result);
      if (is_empty(context, result)) {
        out.result.how = Passing::How::aggregate;
      } else if (bytes_of(result) > 16) {
        out.indirect_result = true;
        out.result.how = Passing::How::by_reference;
      } else {
        Allocator registers;
        out.result.how = Passing::How::aggregate;
        registers.words(out.result, bytes_of(result), significant(value_bytes(result)));
      }
    } else {
      Allocator registers;
      out.result.how = Passing::How::scalar;
      const unsigned bits = scalar_bits(result);
      registers.words(out.result, bits / 8, bits == 128 ? std::vector<unsigned>{64, 64} : std::vector<unsigned>{bits});
    }
  }
  Allocator registers;
  if (has_this) {
    Passing passing;
    passing.how = Passing::How::scalar;
    registers.words(passing, 8, {64});
    out.parameters.push_back(passing);
  }
  for (const QualType type : parameters) {
    Passing passing;
    if (is_aggregate(type)) {
      by_value(type);
      if (bytes_of(type) == 0) {
        passing.how = Passing::How::ignored;  // GNU C
      } else if (bytes_of(type) > 16) {
        passing.how = Passing::How::by_reference;
        registers.words(passing, 8, {64});
      } else {
        passing.how = Passing::How::aggregate;
        registers.words(passing, bytes_of(type), significant(value_bytes(type)));
      }
    } else {
      passing.how = Passing::How::scalar;
      const unsigned bits = scalar_bits(type);
      if (bits == 128) {
        registers.ngrn = registers.ngrn >= 7 ? 8 : (registers.ngrn + 1) / 2 * 2;  // C.10
        if (registers.ngrn == 8) {
          registers.nsaa = (registers.nsaa + 15) / 16 * 16;  // C.14
        }
        registers.words(passing, 16, {64, 64});
      } else {
        registers.words(passing, 8, {bits});
      }
    }
    out.parameters.push_back(passing);
  }
  return out;
}

Signature Unit::signature(const clang::FunctionDecl* function, clang::SourceLocation where) {
  std::vector<QualType> parameters;
  for (const clang::ParmVarDecl* parameter : function->parameters()) {
    parameters.push_back(parameter->getType());
  }
  if (function->getType()->castAs<clang::FunctionType>()->getCallConv() != clang::CC_C) {
    unsupported("calling-convention", function->getNameAsString() + " does not have the AAPCS64 calling convention", where);
  }
  const auto* method = clang::dyn_cast<clang::CXXMethodDecl>(function);
  const bool has_this = method != nullptr && method->isInstance();
  const bool no_result = clang::isa<clang::CXXConstructorDecl>(function) || clang::isa<clang::CXXDestructorDecl>(function);
  return signature(no_result ? context.VoidTy : function->getReturnType(), parameters, has_this, where);
}

}  // namespace validator::source
