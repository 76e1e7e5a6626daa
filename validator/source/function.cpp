// SPDX-License-Identifier: Apache-2.0
// One function: its interface, what happens before its first statement, and what happens when control falls off its end.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using ir::Term;

FunctionLifter::FunctionLifter(Unit& unit, const clang::FunctionDecl* function) : unit_(unit), declaration_(function) {}

void FunctionLifter::at(clang::SourceLocation where) {
  if (where.isValid()) {
    b_.where = unit_.location(where);
  }
}

ir::Function FunctionLifter::lift() {
  const clang::SourceLocation where = declaration_->getLocation();
  at(where);
  function_.symbol = unit_.symbol(declaration_);
  function_.display = declaration_->getQualifiedNameAsString();
  function_.unit = unit_.file;
  function_.where = unit_.location(where);
  function_.internal = !declaration_->isExternallyVisible();
  function_.is_inline = function_.internal || declaration_->isInlined() || declaration_->isTemplateInstantiation();
  function_.returns = !declaration_->isNoReturn();
  if (declaration_->isVariadic()) {
    unsupported("variadic", "definitions of variadic functions are outside the subset", where);
  }
  if (declaration_->hasAttr<clang::NakedAttr>()) {
    unsupported("naked", "a naked function has no C body", where);
  }
  const auto* constructor = dyn_cast<clang::CXXConstructorDecl>(declaration_);
  const clang::Stmt* body = declaration_->getBody();
  if (clang::isa<clang::CXXTryStmt>(body)) {
    unsupported("exceptions", "function try blocks are outside the subset", body->getBeginLoc());
  }
  if (constructor != nullptr) {
    for (const clang::CXXCtorInitializer* init : constructor->inits()) {
      analyse(init->getInit());
    }
  }
  analyse(body);
  function_.finite_loops = unit_.cplusplus() || !endless_loop_;
  function_.assumes_no_alias = unit_.dialect.typed_aliasing;
  push_scope();
  enter();
  if (constructor != nullptr) {
    initialise_members(constructor);
  }
  if (has_labels_) {
    declare_early(body, true);
  }
  statement(body);
  at(declaration_->getBodyRBrace());
  fall_off();
  function_.graph = b_.finish();
  if (ir::loop_headers(function_.graph).irreducible) {
    unsupported("irreducible", "a loop of this function has two entries", where);
  }
  const ir::Result<bool> checked = ir::check_graph(function_.graph);
  if (!checked) {
    unsupported("internal-graph", "the lifter built a wrong graph: " + checked.error().to_string(), where);
  }
  return std::move(function_);
}

void FunctionLifter::enter() {
  signature_ = unit_.signature(declaration_, declaration_->getLocation());
  for (const Passing::Piece& piece : signature_.result.pieces) {
    function_.results.push_back({piece.place, Term()});
    function_.result_bits.push_back(piece.bits);
  }
  std::size_t next = 0;
  if (signature_.has_this) {
    this_ = b_.fresh("this", ir::Sort::bitvec(64));
    function_.parameters.push_back({signature_.parameters[next++].pieces[0].place, this_});
  }
  if (signature_.indirect_result) {
    result_address_ = b_.fresh("result", ir::Sort::bitvec(64));
    if (unit_.cplusplus() && returned_.size() == 1 && *returned_.begin() != nullptr) {
      named_result_ = *returned_.begin();
    }
  }
  std::vector<std::pair<const clang::ParmVarDecl*, const Passing*>> parameters;
  for (const clang::ParmVarDecl* parameter : declaration_->parameters()) {
    parameters.emplace_back(parameter, &signature_.parameters[next++]);
  }
  if (this_) {
    const clang::QualType type = clang::cast<clang::CXXMethodDecl>(declaration_)->getThisType()->getPointeeType();
    unit_.accept_type(type, declaration_->getLocation());
    static_cast<void>(dereference(this_, type, declaration_->getLocation()));
    if (!type->getAsCXXRecordDecl()->isEmpty()) {
      b_.emit(ir::Touch{this_, unit_.bytes_of(type)});
    }
  }
  for (const auto& [parameter, passing] : parameters) {
    bind_parameter(parameter, *passing);
  }
  if (result_address_) {
    function_.parameters.push_back({{ir::AbiPlace::Kind::x_register, 8}, result_address_});
    b_.emit(ir::Touch{result_address_, unit_.bytes_of(declaration_->getReturnType())});
  }
}

void FunctionLifter::bind_parameter(const clang::ParmVarDecl* parameter, const Passing& passing) {
  at(parameter->getLocation());
  const std::string name = parameter->getName().empty() ? "parameter" : parameter->getNameAsString();
  const clang::QualType type = parameter->getType();
  function_.assumes_no_alias |= type.isRestrictQualified();
  std::vector<Term> terms;
  for (const Passing::Piece& piece : passing.pieces) {
    terms.push_back(b_.fresh(name, ir::Sort::bitvec(piece.bits)));
    function_.parameters.push_back({piece.place, terms.back()});
  }
  if (passing.how == Passing::How::by_reference) {
    Local& local = locals_[parameter];
    local.kind = Local::Kind::object;
    local.term = terms[0];
    local.align = std::max<std::uint64_t>(8, unit_.align_of(type));
    b_.emit(ir::Touch{terms[0], unit_.bytes_of(type)});
    return;
  }
  if (type->isReferenceType()) {
    Local& local = locals_[parameter];
    local.kind = Local::Kind::reference;
    local.known_address = true;
    local.term = terms[0];
    const clang::QualType target = type->getPointeeType();
    local.align = unit_.align_of(target);
    if (!target->isIncompleteType() && !target->isFunctionType()) {
      static_cast<void>(dereference(terms[0], target, parameter->getLocation()));
      const auto* record = target->getAsCXXRecordDecl();
      if ((record == nullptr || !record->isEmpty()) && unit_.bytes_of(target) != 0) {
        b_.emit(ir::Touch{terms[0], unit_.bytes_of(target)});
      }
    }
    return;
  }
  if (passing.how == Passing::How::scalar) {
    Term whole = terms.size() == 2 ? ir::concat(terms[1], terms[0]) : terms[0];
    if (!in_memory(parameter) && whole.is_variable() && !type->isBooleanType() &&
        !unit_.sort_of(type, {}).is_bool()) {
      locals_[parameter].term = whole;
      if (reassigned_.count(parameter) != 0) {
        unstable_.insert(whole.id());
      }
      return;
    }
    whole = from_memory(whole, type);
    Local& local = declare(parameter);
    if (local.kind == Local::Kind::variable) {
      b_.assign(local.term, whole);
    } else {
      Place place;
      place.type = type;
      place.address = local.term;
      place.is_volatile = type.isVolatileQualified();
      store(place, whole, parameter->getLocation());
    }
    return;
  }
  const Local& local = declare(parameter);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    store_bytes(ir::add(local.term, ir::bv(passing.pieces[i].offset, 64)), terms[i]);
  }
}

void FunctionLifter::initialise_members(const clang::CXXConstructorDecl* constructor) {
  Place self;
  self.type = unit_.context.getRecordType(constructor->getParent());
  self.address = this_;
  self.align = unit_.align_of(self.type);
  const clang::ASTRecordLayout& layout = unit_.context.getASTRecordLayout(constructor->getParent());
  for (const clang::CXXCtorInitializer* init : constructor->inits()) {
    at(init->getSourceLocation());
    Place target = self;
    if (init->isBaseInitializer()) {
      const clang::QualType base(init->getBaseClass(), 0);
      const auto bytes = layout.getBaseClassOffset(base->getAsCXXRecordDecl()).getQuantity();
      target.type = base;
      target.address = ir::add(self.address, ir::bv(static_cast<std::uint64_t>(bytes), 64));
      target.align = unit_.align_of(base);
      if (base->getAsCXXRecordDecl()->isEmpty()) {
        continue;
      }
    } else if (init->isMemberInitializer()) {
      target = member(self, init->getMember(), init->getSourceLocation());
    } else if (init->isIndirectMemberInitializer()) {
      for (const clang::NamedDecl* step : init->getIndirectMember()->chain()) {
        target = member(target, clang::cast<clang::FieldDecl>(step), init->getSourceLocation());
      }
    } else if (!init->isDelegatingInitializer()) {
      unsupported("constructor", "this kind of constructor initialiser is outside the subset", init->getSourceLocation());
    }
    begin_full(init->getInit());
    initialise_at(init->getInit(), target, false);
    end_full();
  }
}

void FunctionLifter::fall_off() {
  if (b_.open.empty()) {
    return;
  }
  const bool is_void = signature_.result.how == Passing::How::ignored;
  if (!function_.returns) {
    return b_.unreachable("ub-noreturn-returns");
  }
  if (!is_void && unit_.cplusplus() && !declaration_->isMain()) {
    return b_.unreachable("ub-missing-return");
  }
  end_lifetimes(0);
  ir::Return result;
  for (const Passing::Piece& piece : signature_.result.pieces) {
    Term any = ir::bv(0, piece.bits);
    if (!declaration_->isMain()) {
      any = b_.fresh("missing", ir::Sort::bitvec(piece.bits));
      b_.emit(ir::Choice{any, "missing-return"});
    }
    result.values.push_back(any);
  }
  b_.emit(result);
}

}  // namespace validator::source
