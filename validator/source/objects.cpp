// SPDX-License-Identifier: Apache-2.0
// Locals, temporaries and their lifetimes. A lifetime begins at the declaration and ends with the scope, on every way
// out; where a jump may pass a declaration (C11 6.2.4p6) it begins earlier and the declaration begins it anew.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using ir::Term;

bool FunctionLifter::in_memory(const clang::VarDecl* variable) const {
  return addressed_.count(variable) != 0 || variable->getType().isVolatileQualified() ||
         unit_.is_aggregate(variable->getType());
}

bool FunctionLifter::stable(Term term) const {
  for (const Term variable : ir::variables_of(term)) {
    if (unstable_.count(variable.id()) != 0) {
      return false;
    }
  }
  return true;
}

Term FunctionLifter::new_object(const std::string& name, std::uint64_t bytes, std::uint64_t alignment) {
  const Term base = b_.fresh("%" + name, ir::Sort::bitvec(64));
  function_.locals.push_back({base, name, bytes, alignment});
  return base;
}

void FunctionLifter::begin_lifetime(Term object) { b_.emit(ir::Lifetime{object, true}); }

FunctionLifter::Local& FunctionLifter::declare(const clang::VarDecl* variable) {
  const auto found = locals_.find(variable);
  if (found != locals_.end() && early_.count(variable) != 0) {
    begin_lifetime(found->second.term);
    return found->second;
  }
  function_.assumes_no_alias |= variable->getType().isRestrictQualified();
  Local& local = locals_[variable];
  const std::string name = variable->getName().empty() ? "local" : variable->getNameAsString();
  if (variable->getTLSKind() != clang::VarDecl::TLS_None) {
    unsupported("thread-local", name + " is thread_local", variable->getLocation());
  }
  if (variable->getType()->isReferenceType()) {
    local.kind = Local::Kind::reference;
    return local;
  }
  unit_.accept_type(variable->getType(), variable->getLocation());
  if (!in_memory(variable)) {
    if (!local.term) {
      local.term = b_.fresh(name, unit_.sort_of(variable->getType(), variable->getLocation()));
      if (reassigned_.count(variable) != 0) {
        unstable_.insert(local.term.id());
      }
    }
    return local;
  }
  local.kind = Local::Kind::object;
  if (variable == named_result_) {
    local.term = result_address_;
    local.align = unit_.align_of(variable->getType());
    return local;
  }
  if (!local.term) {
    local.align = static_cast<std::uint64_t>(unit_.context.getDeclAlign(variable).getQuantity());
    local.term = new_object(name, unit_.bytes_of(variable->getType()), local.align);
  }
  begin_lifetime(local.term);
  scopes_.back().objects.push_back(local.term);
  return local;
}

void FunctionLifter::declare_early(const clang::Stmt* s, bool recursive) {
  if (s == nullptr) {
    return;
  }
  if (const auto* statement = dyn_cast<clang::DeclStmt>(s)) {
    for (const clang::Decl* one : statement->decls()) {
      const auto* variable = dyn_cast<clang::VarDecl>(one);
      if (variable != nullptr && variable->hasLocalStorage() && !variable->getType()->isReferenceType() &&
          variable != named_result_ && in_memory(variable) && early_.count(variable) == 0) {
        declare(variable);
        early_.insert(variable);
      }
    }
  }
  for (const clang::Stmt* child : s->children()) {
    if (recursive || (child != nullptr && clang::isa<clang::DeclStmt, clang::SwitchCase>(child))) {
      declare_early(child, recursive);
    }
  }
}

void FunctionLifter::declare_statement(const clang::Decl* declaration) {
  const auto* variable = dyn_cast<clang::VarDecl>(declaration);
  if (variable == nullptr) {
    if (clang::isa<clang::TypeDecl, clang::StaticAssertDecl, clang::UsingDecl, clang::UsingDirectiveDecl, clang::EmptyDecl,
                   clang::NamespaceAliasDecl, clang::FunctionDecl, clang::LabelDecl, clang::UsingShadowDecl,
                   clang::UsingEnumDecl>(declaration)) {
      return;
    }
    unsupported("declaration", std::string("a declaration of kind ") + declaration->getDeclKindName(),
                declaration->getLocation());
  }
  at(variable->getLocation());
  if (!variable->hasLocalStorage()) {
    if (variable->isStaticLocal()) {
      static_cast<void>(unit_.address_of(variable));
    }
    return;
  }
  if (variable->getType()->isReferenceType()) {
    return initialise_reference(variable);
  }
  initialise(variable, declare(variable));
}

void FunctionLifter::initialise(const clang::VarDecl* variable, Local& local) {
  const clang::Expr* init = variable->getInit();
  if (local.kind == Local::Kind::variable) {
    const Term term = local.term;
    if (init == nullptr) {
      b_.emit(ir::Choice{term, "uninitialised"});
    } else {
      begin_full(init);
      const Term initial = value(init);
      b_.assign(term, initial);
      end_full();
    }
    return;
  }
  if (init == nullptr) {
    return;
  }
  Place place;
  place.type = variable->getType();
  place.address = local.term;
  place.align = local.align;
  place.is_volatile = place.type.isVolatileQualified();
  begin_full(init);
  initialise_at(init, place, variable != named_result_);
  end_full();
}

void FunctionLifter::initialise_reference(const clang::VarDecl* variable) {
  declare(variable);
  const clang::Expr* init = variable->getInit();
  begin_full(init);
  const Place target = place(init);
  const Term bound = address(target, variable->getLocation());
  Local& again = locals_[variable];
  again.align = target.align;
  if (stable(bound)) {
    again.term = bound;
    again.known_address = true;
  } else {
    again.term = b_.fresh(variable->getName().empty() ? "ref" : variable->getNameAsString(), ir::Sort::bitvec(64));
    b_.assign(again.term, bound);
  }
  end_full();
}

void FunctionLifter::pop_scope() {
  end_lifetimes(scopes_.size() - 1);
  scopes_.pop_back();
}

void FunctionLifter::end_lifetimes(std::size_t down_to) {
  if (b_.open.empty()) {
    return;
  }
  for (std::size_t i = scopes_.size(); i-- > down_to;) {
    for (auto it = scopes_[i].objects.rbegin(); it != scopes_[i].objects.rend(); ++it) {
      b_.emit(ir::Lifetime{*it, false});
    }
  }
}

Place FunctionLifter::temporary(clang::QualType type, clang::SourceLocation where) {
  at(where);
  unit_.accept_type(type, where);
  Place place;
  place.type = type;
  place.align = unit_.align_of(type);
  place.address = new_object("tmp", unit_.bytes_of(type), place.align);
  begin_lifetime(place.address);
  if (full_.empty()) {
    scopes_.back().objects.push_back(place.address);
  } else {
    full_.back().temporaries.push_back(place.address);
  }
  return place;
}

namespace {

void collect_assigned(const clang::Stmt* s, std::set<const clang::VarDecl*>& out) {
  if (s == nullptr) {
    return;
  }
  const clang::Expr* target = nullptr;
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(s)) {
    target = binary->isAssignmentOp() ? binary->getLHS() : nullptr;
  } else if (const auto* unary = dyn_cast<clang::UnaryOperator>(s)) {
    const bool writes = unary->isIncrementDecrementOp() || unary->getOpcode() == clang::UO_AddrOf;
    target = writes ? unary->getSubExpr() : nullptr;
  } else if (const auto* assembly = dyn_cast<clang::GCCAsmStmt>(s)) {
    for (const clang::Expr* output : assembly->outputs()) {
      const auto* reference = dyn_cast<clang::DeclRefExpr>(output->IgnoreParenCasts());
      if (reference != nullptr) {
        out.insert(dyn_cast<clang::VarDecl>(reference->getDecl()));
      }
    }
  }
  if (target != nullptr) {
    if (const auto* reference = dyn_cast<clang::DeclRefExpr>(target->IgnoreParenCasts())) {
      out.insert(dyn_cast<clang::VarDecl>(reference->getDecl()));
    }
  }
  for (const clang::Stmt* child : s->children()) {
    collect_assigned(child, out);
  }
}

}  // namespace

void FunctionLifter::begin_full(const clang::Stmt* expression) {
  full_.emplace_back();
  collect_assigned(expression, full_.back().assigned);
}

void FunctionLifter::end_full() {
  if (!b_.open.empty()) {
    for (auto it = full_.back().temporaries.rbegin(); it != full_.back().temporaries.rend(); ++it) {
      b_.emit(ir::Lifetime{*it, false});
    }
  }
  full_.pop_back();
}

bool FunctionLifter::is_assigned_here(const clang::VarDecl* variable) const {
  for (const FullExpression& full : full_) {
    if (full.assigned.count(variable) != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace validator::source
