// SPDX-License-Identifier: Apache-2.0
// Constants: Clang evaluates, this file writes the bytes. An address inside an object is a relocation to a symbol; the eight
// bytes at its offset then hold the addend.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::APValue;
using clang::dyn_cast;
using clang::QualType;
using ir::Term;

namespace {

void put(ir::GlobalObject& object, std::uint64_t offset, const llvm::APInt& value, std::uint64_t bytes) {
  const llvm::APInt wide = value.zextOrTrunc(static_cast<unsigned>(8 * bytes));
  for (std::uint64_t i = 0; i < bytes && offset + i < object.initial.size(); ++i) {
    object.initial[offset + i] = static_cast<std::uint8_t>(wide.extractBitsAsZExtValue(8, static_cast<unsigned>(8 * i)));
  }
}

void put_bits(ir::GlobalObject& object, std::uint64_t bit, unsigned width, const llvm::APInt& value) {
  for (unsigned i = 0; i < width; ++i) {
    const std::uint64_t at = bit + i;
    const auto mask = static_cast<std::uint8_t>(1U << (at % 8));
    if (at / 8 < object.initial.size()) {
      auto& byte = object.initial[at / 8];
      byte = i < value.getBitWidth() && value[i] ? byte | mask : byte & static_cast<std::uint8_t>(~mask);
    }
  }
}

}  // namespace

Term Unit::term_of(const APValue& value, QualType type, clang::SourceLocation where) {
  const ir::Sort sort = sort_of(type, where);
  if (value.isInt()) {
    const llvm::APSInt& number = value.getInt();
    if (sort.is_bool()) {
      return ir::boolean(number.getBoolValue());
    }
    const llvm::APInt bits = number.extOrTrunc(sort.width);
    ir::u128 raw = bits.extractBitsAsZExtValue(std::min(64U, bits.getBitWidth()), 0);
    if (bits.getBitWidth() > 64) {
      raw |= static_cast<ir::u128>(bits.extractBitsAsZExtValue(bits.getBitWidth() - 64, 64)) << 64;
    }
    return ir::bv(raw, sort.width);
  }
  if (value.isLValue() && sort.is_bitvec() && sort.width == 64) {
    const Term offset = ir::bv(static_cast<std::uint64_t>(value.getLValueOffset().getQuantity()), 64);
    const APValue::LValueBase base = value.getLValueBase();
    if (base.isNull()) {
      return offset;
    }
    if (const auto* declaration = base.dyn_cast<const clang::ValueDecl*>()) {
      if (const auto* object = dyn_cast<clang::VarDecl>(declaration)) {
        return object->hasLocalStorage() || object->getType()->isReferenceType() ? Term()
                                                                                 : ir::add(address_of(object), offset);
      }
      if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
        return ir::add(address_of(function), offset);
      }
      if (const auto* object = dyn_cast<clang::TemplateParamObjectDecl>(declaration)) {
        return ir::add(address_of_constant(object->getValue(), object->getType(), where), offset);
      }
      return Term();
    }
    const auto* expression = base.dyn_cast<const clang::Expr*>();
    if (expression != nullptr) {
      if (const auto* predefined = dyn_cast<clang::PredefinedExpr>(expression)) {
        expression = predefined->getFunctionName();
      }
      if (const auto* literal = dyn_cast<clang::StringLiteral>(expression)) {
        return ir::add(address_of(literal), offset);
      }
    }
  }
  return Term();
}

std::optional<std::string> Unit::lvalue_symbol(const APValue& value) {
  const APValue::LValueBase base = value.getLValueBase();
  APValue at_zero(base, clang::CharUnits::Zero(), APValue::NoLValuePath());
  const Term term = term_of(at_zero, context.VoidPtrTy, {});
  if (!term || !term.is_variable()) {
    return std::nullopt;
  }
  return term.name().substr(1);
}

bool Unit::write_constant(ir::GlobalObject& object, std::uint64_t offset, const APValue& value, QualType type) {
  const QualType canonical = type.getCanonicalType();
  switch (value.getKind()) {
    case APValue::None:
    case APValue::Indeterminate:
      return true;
    case APValue::Int:
      put(object, offset, value.getInt(), bytes_of(type));
      return true;
    case APValue::LValue: {
      const auto addend = static_cast<std::uint64_t>(value.getLValueOffset().getQuantity());
      if (!value.getLValueBase().isNull()) {
        const std::optional<std::string> symbol = lvalue_symbol(value);
        if (!symbol || bytes_of(type) != 8) {
          return false;
        }
        object.relocations.emplace_back(offset, *symbol);
      }
      put(object, offset, llvm::APInt(64, addend), 8);
      return true;
    }
    case APValue::Array: {
      const auto* array = context.getAsArrayType(canonical);
      const QualType element = array->getElementType();
      const std::uint64_t size = bytes_of(element);
      for (unsigned i = 0; i < value.getArraySize(); ++i) {
        const bool given = i < value.getArrayInitializedElts();
        if (!given && !value.hasArrayFiller()) {
          break;
        }
        if (!write_constant(object, offset + i * size, given ? value.getArrayInitializedElt(i) : value.getArrayFiller(), element)) {
          return false;
        }
      }
      return true;
    }
    case APValue::Union: {
      const clang::FieldDecl* field = value.getUnionField();
      if (field == nullptr) {
        return true;
      }
      if (field->isBitField()) {
        if (!value.getUnionValue().isInt()) {
          return value.getUnionValue().isAbsent() || value.getUnionValue().isIndeterminate();
        }
        put_bits(object, 8 * offset, field->getBitWidthValue(context), value.getUnionValue().getInt());
        return true;
      }
      return write_constant(object, offset, value.getUnionValue(), field->getType());
    }
    case APValue::Struct: {
      const clang::RecordDecl* record = canonical->getAsRecordDecl()->getDefinition();
      const clang::ASTRecordLayout& layout = context.getASTRecordLayout(record);
      if (const auto* cxx = dyn_cast<clang::CXXRecordDecl>(record)) {
        unsigned i = 0;
        for (const clang::CXXBaseSpecifier& base : cxx->bases()) {
          const auto at = static_cast<std::uint64_t>(
              layout.getBaseClassOffset(base.getType()->getAsCXXRecordDecl()).getQuantity());
          if (!write_constant(object, offset + at, value.getStructBase(i++), base.getType())) {
            return false;
          }
        }
      }
      for (const clang::FieldDecl* field : record->fields()) {
        if (field->isUnnamedBitField()) {
          continue;
        }
        const APValue& content = value.getStructField(field->getFieldIndex());
        const std::uint64_t bit = layout.getFieldOffset(field->getFieldIndex());
        if (field->isBitField()) {
          if (content.isInt()) {
            put_bits(object, 8 * offset + bit, field->getBitWidthValue(context), content.getInt());
          } else if (content.hasValue()) {
            return false;
          }
        } else if (!write_constant(object, offset + bit / 8, content, field->getType())) {
          return false;
        }
      }
      return true;
    }
    default:
      return false;
  }
}

namespace {

/// A name for constant contents, the same in every unit: FNV-1a over everything that tells two objects apart.
std::string content_name(const ir::GlobalObject& object) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3; };
  for (const std::uint8_t byte : object.initial) {
    mix(byte);
  }
  for (const auto& [offset, symbol] : object.relocations) {
    mix(static_cast<std::uint8_t>(offset));
    for (const char c : symbol) {
      mix(static_cast<std::uint8_t>(c));
    }
  }
  mix(static_cast<std::uint8_t>(object.alignment));
  mix(static_cast<std::uint8_t>(object.bytes));
  return std::to_string(hash);
}

/// Finds or adds the constant; another content under the same name (a hash collision) gets the next number.
Term add_constant(ir::Module& module, ir::GlobalObject object) {
  object.is_const = true;
  object.internal = true;
  object.is_definition = true;
  object.has_initialiser = true;
  const std::string stem = "@literal." + content_name(object);
  for (unsigned i = 0;; ++i) {
    const std::string name = i == 0 ? stem : stem + "." + std::to_string(i);
    const auto found = module.globals.find(name);
    if (found == module.globals.end()) {
      object.base = ir::var(name, ir::Sort::bitvec(64));
      module.globals[name] = object;
      return object.base;
    }
    if (found->second.initial == object.initial && found->second.relocations == object.relocations &&
        found->second.alignment == object.alignment) {
      return found->second.base;
    }
  }
}

}  // namespace

Term Unit::address_of(const clang::StringLiteral* literal) {
  ir::GlobalObject object;
  const unsigned width = literal->getCharByteWidth();
  object.bytes = bytes_of(literal->getType());
  object.alignment = width;
  object.where = location(literal->getBeginLoc());
  object.initial.assign(object.bytes, 0);
  for (unsigned i = 0; i < literal->getLength(); ++i) {
    put(object, static_cast<std::uint64_t>(i) * width, llvm::APInt(32, literal->getCodeUnit(i)), width);
  }
  return add_constant(module, std::move(object));
}

Term Unit::address_of_constant(const APValue& value, QualType type, clang::SourceLocation where) {
  ir::GlobalObject object;
  object.bytes = bytes_of(type);
  object.alignment = align_of(type);
  object.where = location(where);
  object.initial.assign(object.bytes, 0);
  if (!write_constant(object, 0, value, type)) {
    unsupported("constant", "this constant has no bytes", where);
  }
  return add_constant(module, std::move(object));
}

namespace {

bool has_volatile(QualType type, const clang::ASTContext& context) {
  const QualType element = context.getBaseElementType(type);
  if (element.isVolatileQualified()) {
    return true;
  }
  const clang::RecordDecl* record = element->getAsRecordDecl();
  if (record == nullptr || !record->isCompleteDefinition()) {
    return false;
  }
  for (const clang::FieldDecl* field : record->fields()) {
    if (has_volatile(field->getType(), context)) {
      return true;
    }
  }
  const auto* derived = dyn_cast<clang::CXXRecordDecl>(record);
  if (derived == nullptr) {
    return false;
  }
  for (const clang::CXXBaseSpecifier& base : derived->bases()) {
    if (has_volatile(base.getType(), context)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void Unit::define_object(const clang::VarDecl* object, const std::string& symbol) {
  ir::GlobalObject& global = module.globals["@" + symbol];
  if (global.base) {
    return;
  }
  global.base = ir::var("@" + symbol, ir::Sort::bitvec(64));
  global.symbol = symbol;
  global.where = location(object->getLocation());
  const clang::VarDecl* definition = object->getDefinition(context);
  if (definition == nullptr) {
    definition = const_cast<clang::VarDecl*>(object)->getActingDefinition();
  }
  const clang::VarDecl* shown = definition != nullptr ? definition : object->getMostRecentDecl();
  QualType type = shown->getType();
  global.bytes = type->isIncompleteType() ? 0 : bytes_of(type);
  global.alignment = static_cast<std::uint64_t>(context.getDeclAlign(shown).getQuantity());
  global.internal = !shown->isExternallyVisible();
  if (global.internal) {
    internal_names.insert(symbol);
  }
  global.is_definition = definition != nullptr;
  global.has_volatile = has_volatile(type, context);
  if (!type.isConstQualified() && !global.has_volatile && is_unwritten(object)) {
    unwritten_names.insert("@" + symbol);
  }
  const bool constant_type = type.isConstantStorage(context, true, false);
  global.is_const = constant_type && !shown->isWeak();  // a weak object may be replaced when linking
  if (definition == nullptr) {
    return;
  }
  const clang::VarDecl* initialising = nullptr;
  const clang::Expr* init = definition->getAnyInitializer(initialising);
  if (init != nullptr && !type->isIncompleteType()) {
    global.bytes += static_cast<std::uint64_t>(definition->getFlexibleArrayInitChars(context).getQuantity());
  }
  global.initial.assign(global.bytes, 0);
  global.has_initialiser = true;
  if (init == nullptr) {
    return;
  }
  if (const auto* construct = dyn_cast<clang::CXXConstructExpr>(init->IgnoreImplicit());
      construct != nullptr && construct->getConstructor()->isTrivial() && construct->getConstructor()->isDefaultConstructor()) {
    return;
  }
  const bool constant = !cplusplus() || initialising->hasConstantInitialization();
  const APValue* value = constant && !definition->isInvalidDecl() ? initialising->evaluateValue() : nullptr;
  if (value == nullptr || !write_constant(global, 0, *value, type)) {
    global.has_initialiser = false;
    global.is_const = false;
    global.initial.clear();
    global.relocations.clear();
    const std::string code = constant ? "constant" : "dynamic-initialisation";
    module.failed[symbol] = {code, "the initial value of " + symbol + " is not known at compile time", global.where};
  }
}

Term Unit::address_of(const clang::VarDecl* object) {
  if (object->getTLSKind() != clang::VarDecl::TLS_None) {
    unsupported("thread-local", object->getNameAsString() + " is thread_local", object->getLocation());
  }
  if (object->getStorageClass() == clang::SC_Register) {
    unsupported("register-variable", object->getNameAsString() + " is a global register variable", object->getLocation());
  }
  const std::string name = symbol(object);
  define_object(object, name);
  const auto failed_object = module.failed.find(name);
  if (failed_object != module.failed.end() && failed_object->second.code == "dynamic-initialisation") {
    unsupported("dynamic-initialisation", failed_object->second.message, object->getLocation());
  }
  return module.globals.at("@" + name).base;
}

Term Unit::address_of(const clang::FunctionDecl* function) {
  need(function);
  return ir::var("@" + symbol(function), ir::Sort::bitvec(64));
}

}  // namespace validator::source
