// SPDX-License-Identifier: Apache-2.0
// One translation unit: linkage names, which functions the compiler would emit, and lifting each of them with its
// errors kept apart. Functions that only constant expressions use are never reached.
#include "validator/source/lifter.hpp"

#include <regex>

namespace validator::source {

using clang::dyn_cast;

Unit::Unit(clang::ASTContext& context, const Options& options, Dialect dialect, ir::Module& module, std::string file)
    : context(context), options(options), dialect(dialect), module(module), file(std::move(file)),
      mangler_(clang::ItaniumMangleContext::create(context, context.getDiagnostics())) {}

ir::Location Unit::location(clang::SourceLocation where) const {
  const clang::PresumedLoc presumed = context.getSourceManager().getPresumedLoc(where);
  if (presumed.isInvalid()) {
    return {file, 0, 0};
  }
  return {presumed.getFilename(), presumed.getLine(), presumed.getColumn()};
}

void Unit::unsupported(const char* code, std::string message, clang::SourceLocation where) const {
  throw Unsupported{{code, std::move(message), where.isValid() ? location(where) : ir::Location{}}};
}

std::string Unit::symbol(const clang::NamedDecl* declaration) {
  if (const auto* label = declaration->getAttr<clang::AsmLabelAttr>()) {
    return label->getLabel().ltrim('\01').str();
  }
  if (const auto* object = dyn_cast<clang::VarDecl>(declaration); object != nullptr && object->isStaticLocal() && !cplusplus()) {
    const auto* function = dyn_cast<clang::FunctionDecl>(object->getDeclContext());
    return (function != nullptr ? function->getNameAsString() + "." : std::string()) + object->getNameAsString();
  }
  if (!mangler_->shouldMangleDeclName(declaration)) {
    return declaration->getNameAsString();
  }
  std::string name;
  llvm::raw_string_ostream out(name);
  if (const auto* constructor = dyn_cast<clang::CXXConstructorDecl>(declaration)) {
    mangler_->mangleName(clang::GlobalDecl(constructor, clang::Ctor_Base), out);
  } else if (const auto* destructor = dyn_cast<clang::CXXDestructorDecl>(declaration)) {
    mangler_->mangleName(clang::GlobalDecl(destructor, clang::Dtor_Base), out);
  } else if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
    mangler_->mangleName(clang::GlobalDecl(function), out);
  } else {
    mangler_->mangleName(clang::GlobalDecl(clang::cast<clang::VarDecl>(declaration)), out);
  }
  out.flush();
  return name;
}

void Unit::need(const clang::FunctionDecl* function) {
  const clang::FunctionDecl* definition = nullptr;
  if (!function->hasBody(definition)) {
    return;
  }
  if (wanted_.insert(definition->getCanonicalDecl()).second) {
    pending_.push_back(definition);
  }
}

void Unit::collect(clang::DeclContext* declarations) {
  for (clang::Decl* declaration : declarations->decls()) {
    if (declaration->isTemplated()) {
      if (const auto* functions = dyn_cast<clang::FunctionTemplateDecl>(declaration)) {
        for (const clang::FunctionDecl* instance : functions->specializations()) {
          if (instance->getTemplateSpecializationKind() == clang::TSK_ExplicitInstantiationDefinition) {
            need(instance);
          }
        }
      } else if (const auto* classes = dyn_cast<clang::ClassTemplateDecl>(declaration)) {
        for (clang::ClassTemplateSpecializationDecl* instance : classes->specializations()) {
          if (instance->getSpecializationKind() == clang::TSK_ExplicitInstantiationDefinition) {
            collect(instance);
          }
        }
      }
      continue;
    }
    if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
      if (function->doesThisDeclarationHaveABody() && context.DeclMustBeEmitted(function)) {
        if (options.function_filter.empty() ||
            std::regex_search(symbol(function), std::regex(options.function_filter))) {
          need(function);
        }
      }
    } else if (const auto* object = dyn_cast<clang::VarDecl>(declaration)) {
      if (object->hasGlobalStorage() && object->isThisDeclarationADefinition() != clang::VarDecl::DeclarationOnly &&
          object->getTLSKind() == clang::VarDecl::TLS_None && !object->getType()->isReferenceType() &&
          object->getStorageClass() != clang::SC_Register && !object->isInvalidDecl() && context.DeclMustBeEmitted(object)) {
        define_object(object, symbol(object));
      }
    } else if (auto* inner = dyn_cast<clang::DeclContext>(declaration)) {
      if (clang::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl, clang::RecordDecl>(declaration)) {
        collect(inner);
      }
    }
  }
}

void Unit::lift_everything() {
  try {
    collect(context.getTranslationUnitDecl());
  } catch (const Unsupported& problem) {
    module.failed["<" + file + ">"] = problem.error;
  }
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    lift(pending_[i]);
  }
}

void Unit::lift(const clang::FunctionDecl* function) {
  const std::string name = symbol(function);
  if (!function->isExternallyVisible()) {
    internal_names.insert(name);
  } else if (done != nullptr && function->isInlined() && done->functions.count(name) != 0) {
    // Already lifted from another unit, but what it needs may be internal to this one only in form.
    return;
  }
  if (module.functions.count(name) != 0) {
    return;
  }
  if (function->isWeak()) {
    weak_names.insert(name);
  }
  try {
    for (const clang::SourceLocation error : parse_errors) {
      const clang::SourceManager& sources = context.getSourceManager();
      const clang::SourceLocation at = sources.getExpansionLoc(error);
      const clang::SourceLocation begin = sources.getExpansionLoc(function->getBeginLoc());
      const clang::SourceLocation end = sources.getExpansionLoc(function->getEndLoc());
      if (!sources.isBeforeInTranslationUnit(at, begin) && !sources.isBeforeInTranslationUnit(end, at)) {
        unsupported("parse-error", "Clang found an error in this function", error);
      }
    }
    if (function->isInvalidDecl()) {
      unsupported("parse-error", "Clang found an error in this declaration", function->getLocation());
    }
    FunctionLifter lifter(*this, function);
    module.functions[name] = lifter.lift();
    ++lifted;
  } catch (Unsupported& problem) {
    if (problem.error.where.file.empty()) {
      problem.error.where = location(function->getLocation());
    }
    module.failed[name] = problem.error;
    ++failed;
  }
}

}  // namespace validator::source
