// SPDX-License-Identifier: Apache-2.0
// Objects with internal linkage that nothing writes (SOUNDNESS 15): they hold their initial value for ever, and compilers
// know it. The whole unit is looked at, also functions that cannot be lifted: every mention of the object must be
// a plain read of it or of a part. One that goes anywhere else (its address, a reference, a name in assembly text, an
// attribute for the linker) makes it an ordinary object.
#include <clang/AST/RecursiveASTVisitor.h>

#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;

namespace {

/// The object that an lvalue is part of, as it is named there; null: reached in another way.
const clang::DeclRefExpr* named_object(const clang::Expr* e) {
  for (;;) {
    e = e->IgnoreParens();
    if (const auto* access = dyn_cast<clang::MemberExpr>(e)) {
      if (access->isArrow()) return nullptr;
      e = access->getBase();
    } else if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(e)) {
      const auto* decayed = dyn_cast<clang::ImplicitCastExpr>(element->getBase()->IgnoreParens());
      if (decayed == nullptr || decayed->getCastKind() != clang::CK_ArrayToPointerDecay) return nullptr;
      e = decayed->getSubExpr();
    } else {
      return dyn_cast<clang::DeclRefExpr>(e);
    }
  }
}

class Uses : public clang::RecursiveASTVisitor<Uses> {
 public:
  explicit Uses(Unwritten& found) : found_(found) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; }

  bool VisitCastExpr(clang::CastExpr* cast) {
    if (cast->getCastKind() == clang::CK_LValueToRValue && !cast->getSubExpr()->getType().isVolatileQualified()) {
      if (const clang::DeclRefExpr* read = named_object(cast->getSubExpr())) reads_.insert(read);
    }
    return true;
  }
  bool VisitDeclRefExpr(clang::DeclRefExpr* mention) {
    const auto* object = dyn_cast<clang::VarDecl>(mention->getDecl());
    if (object != nullptr && reads_.count(mention) == 0) found_.written.insert(object->getCanonicalDecl());
    return true;
  }
  bool VisitGCCAsmStmt(clang::GCCAsmStmt* assembly) {
    found_.assembly += assembly->getAsmString()->getString().str() + "\n";
    return true;
  }
  bool VisitFileScopeAsmDecl(clang::FileScopeAsmDecl* assembly) {
    found_.assembly += assembly->getAsmString()->getString().str() + "\n";
    return true;
  }
  bool VisitAliasAttr(clang::AliasAttr* alias) {
    found_.assembly += alias->getAliasee().str() + "\n";
    return true;
  }

 private:
  Unwritten& found_;
  std::set<const clang::DeclRefExpr*> reads_;
};

}  // namespace

bool Unit::is_unwritten(const clang::VarDecl* object) {
  if (object->isExternallyVisible() || !parse_errors.empty() || object->getType().isVolatileQualified() ||
      object->hasAttr<clang::SectionAttr>() || object->hasAttr<clang::UsedAttr>() || object->hasAttr<clang::WeakAttr>()) {
    return false;
  }
  if (!unwritten_) {
    unwritten_.emplace();
    Uses(*unwritten_).TraverseDecl(context.getTranslationUnitDecl());
  }
  return unwritten_->written.count(object->getCanonicalDecl()) == 0 &&
         unwritten_->assembly.find(object->getNameAsString()) == std::string::npos;
}

}  // namespace validator::source
