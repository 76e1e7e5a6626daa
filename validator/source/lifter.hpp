// SPDX-License-Identifier: Apache-2.0
// The lifter's own classes. A Unit is one parsed translation unit: names, objects, constants, the list of functions
// still to lift. A FunctionLifter turns one body into a graph; its methods are spread over the expr_*.cpp,
// stmt.cpp, abi.cpp ... files by what they lift. An expression has one of three forms, as in C++:
//   value(e)          a scalar: one term (bool: sort Bool; pointers: 64 bits)
//   place(e)          a glvalue: where it is
//   construct(e, at)  a class or array prvalue, built in memory at `at`
// Whatever a method does not know throws Unsupported, which ends this function only.
#pragma once

#include "ir/build.hpp"
#include "ir/function.hpp"
#include "validator/source/builder.hpp"
#include "validator/source/clang_headers.hpp"
#include "validator/source/source.hpp"

namespace validator::source {

/// Thrown out of a function's lifting, caught in Unit; never crosses this folder.
struct Unsupported {
  ir::Error error;
};

/// What the recorded command line says about the dialect.
struct Dialect {
  bool wrapping_signed = false;  ///< -fwrapv, -fno-strict-overflow
  bool wrapping_pointers = false;   ///< -fwrapv-pointer, -fno-strict-overflow; Clang 19: -fwrapv, too
  bool null_is_an_address = false;  ///< -fno-delete-null-pointer-checks
  bool typed_aliasing = false;      ///< without -fno-strict-aliasing: accesses of different types may be taken for disjoint
};

/// AAPCS64 6.4: how one argument or result travels.
struct Passing {
  enum class How : std::uint8_t { ignored, scalar, aggregate, by_reference } how = How::ignored;
  struct Piece {
    ir::AbiPlace place;
    unsigned bits = 0;        ///< significant bits
    std::uint64_t offset = 0; ///< of the piece in the value, bytes
  };
  std::vector<Piece> pieces;
};

/// The placement of all arguments of a call or of a function's parameters.
struct Signature {
  bool has_this = false;
  bool indirect_result = false;  ///< the result's address travels in x8
  Passing result;
  std::vector<Passing> parameters;  ///< `this` first
};

/// Where a glvalue is.
struct Place {
  enum class Kind : std::uint8_t { variable, memory, bit_field } kind = Kind::memory;
  clang::QualType type;
  ir::Term variable;        ///< kind variable
  ir::Term address;         ///< memory, bit_field: of the first byte of the access unit
  std::uint64_t align = 1;  ///< bytes, known
  bool is_volatile = false;
  unsigned bit_offset = 0;  ///< bit_field: from the access unit's first bit
  unsigned bit_width = 0;
  unsigned unit_bytes = 0;  ///< bit_field: bytes of the access unit
  const clang::FieldDecl* field = nullptr;
};

/// What evaluating an expression can do to others evaluated beside it (effects.cpp).
struct Effects {
  bool writes = false;   ///< memory, volatile objects, assembly, unknown calls
  bool reads = false;    ///< memory that somebody else could write
  bool reads_arguments = false;  ///< of a function: what `this` and references designate
  std::set<std::string> unknown;  ///< callees without a visible body: quiet only if they prove to be
  std::set<const clang::VarDecl*> assigned;  ///< locals
  std::set<const clang::VarDecl*> read;
};

/// How the unit uses its objects (unwritten.cpp).
struct Unwritten {
  std::set<const clang::VarDecl*> written;  ///< by something else than a plain read, perhaps
  std::string assembly;                     ///< all texts that may name an object
};

class Unit {
 public:
  Unit(clang::ASTContext& context, const Options& options, Dialect dialect, ir::Module& module, std::string file);

  void lift_everything();

  clang::ASTContext& context;
  const Options& options;
  const Dialect dialect;
  ir::Module& module;
  const std::string file;
  std::size_t lifted = 0;
  std::size_t failed = 0;
  std::set<std::string> internal_names;  ///< linkage names defined here with internal linkage
  std::set<std::string> weak_names;      ///< defined here, but another unit's definition goes first
  const ir::Module* done = nullptr;      ///< what other units have given: inline functions are not lifted again
  std::vector<clang::SourceLocation> parse_errors;

  ir::Location location(clang::SourceLocation where) const;
  [[noreturn]] void unsupported(const char* code, std::string message, clang::SourceLocation where) const;
  bool cplusplus() const { return context.getLangOpts().CPlusPlus; }

  std::string symbol(const clang::NamedDecl* declaration);  ///< functions: C2 constructors
  ir::Term address_of(const clang::FunctionDecl* function);
  ir::Term address_of(const clang::VarDecl* object);
  ir::Term address_of(const clang::StringLiteral* literal);
  /// A constant object without a symbol.
  ir::Term address_of_constant(const clang::APValue& value, clang::QualType type, clang::SourceLocation where);
  void need(const clang::FunctionDecl* function);

  // types.cpp
  ir::Sort sort_of(clang::QualType type, clang::SourceLocation where) const;
  std::uint64_t bytes_of(clang::QualType type) const;
  std::uint64_t align_of(clang::QualType type) const;
  unsigned width_of(clang::QualType type) const { return static_cast<unsigned>(bytes_of(type) * 8); }
  bool is_aggregate(clang::QualType type) const;
  /// Refuses types with floating point, virtual functions, non-trivial destructors, ...
  void accept_type(clang::QualType type, clang::SourceLocation where) const;
  /// One entry per byte: does some member's value live there?
  const std::vector<bool>& value_bytes(clang::QualType type);

  // abi.cpp
  Signature signature(const clang::FunctionDecl* function, clang::SourceLocation where);
  Signature signature(clang::QualType result, const std::vector<clang::QualType>& parameters, bool has_this,
                      clang::SourceLocation where);

  // constants.cpp
  /// The term of a scalar constant; null when it cannot be written as one.
  ir::Term term_of(const clang::APValue& value, clang::QualType type, clang::SourceLocation where);
  /// Writes the bytes of a constant at `offset` of the object.
  bool write_constant(ir::GlobalObject& object, std::uint64_t offset, const clang::APValue& value, clang::QualType type);

  // unwritten.cpp
  /// Does the object keep its initial value for ever?
  bool is_unwritten(const clang::VarDecl* object);
  std::set<std::string> unwritten_names;  ///< bases ("@symbol") of such objects

  // effects.cpp
  Effects effects_of(const clang::Expr* expression);
  const Effects& effects_of_call(const clang::FunctionDecl* function);
  /// Functions whose operands have the only possible order if these callees are quiet; none: they have several orders anyway.
  struct Order {
    std::string function;
    std::set<std::string> quiet;
    ir::Location where;
  };
  std::vector<Order> orders;

 private:
  std::optional<Unwritten> unwritten_;
  void collect(clang::DeclContext* declarations);
  void lift(const clang::FunctionDecl* function);
  void define_object(const clang::VarDecl* object, const std::string& symbol);
  std::string base_name(const clang::APValue& value, clang::SourceLocation where);
  std::optional<std::string> lvalue_symbol(const clang::APValue& value);

  std::unique_ptr<clang::ItaniumMangleContext> mangler_;
  std::vector<const clang::FunctionDecl*> pending_;
  std::set<const clang::FunctionDecl*> wanted_;
  std::map<const clang::Type*, std::vector<bool>> value_bytes_;
  std::map<const clang::FunctionDecl*, Effects> quiet_;
};

class FunctionLifter {
 public:
  FunctionLifter(Unit& unit, const clang::FunctionDecl* function);
  ir::Function lift();

 private:
  // analyse.cpp: which locals need memory
  void analyse(const clang::Stmt* s);
  void analyse_read(const clang::Expr* glvalue);
  bool analyse_target(const clang::Expr* glvalue);

  // function.cpp
  void enter();
  void bind_parameter(const clang::ParmVarDecl* parameter, const Passing& passing);
  void initialise_members(const clang::CXXConstructorDecl* constructor);
  void fall_off();
  [[noreturn]] void unsupported(const char* code, std::string message, clang::SourceLocation where) {
    unit_.unsupported(code, std::move(message), where);
  }
  void at(clang::SourceLocation where);

  // objects.cpp: locals, scopes, temporaries
  struct Local {
    enum class Kind : std::uint8_t { variable, object, reference } kind = Kind::variable;
    ir::Term term;  ///< the variable; the object's base; the variable that holds the reference's address
    bool known_address = false;  ///< reference: `term` is an address expression, not a variable
    std::uint64_t align = 1;
    std::size_t index = 0;  ///< object: number in function_.locals plus 1; 0: at a given address
  };
  struct Scope {
    std::vector<ir::Term> objects;  ///< lifetimes that end with the scope
  };
  Local& declare(const clang::VarDecl* variable);
  void declare_early(const clang::Stmt* s, bool recursive);
  void declare_statement(const clang::Decl* declaration);
  void initialise(const clang::VarDecl* variable, Local& local);
  void initialise_reference(const clang::VarDecl* variable);
  void begin_lifetime(ir::Term object);
  ir::Term new_object(const std::string& name, std::uint64_t bytes, std::uint64_t alignment);
  /// An object that lives until the end of the full expression.
  Place temporary(clang::QualType type, clang::SourceLocation where);
  void push_scope() { scopes_.emplace_back(); }
  void pop_scope();
  void end_lifetimes(std::size_t down_to);
  struct FullExpression {
    std::vector<ir::Term> temporaries;
    std::set<const clang::VarDecl*> assigned;
  };
  void begin_full(const clang::Stmt* expression);
  void end_full();
  bool is_assigned_here(const clang::VarDecl* variable) const;
  bool in_memory(const clang::VarDecl* variable) const;
  bool stable(ir::Term term) const;

  // access.cpp
  ir::Term load(const Place& place, clang::SourceLocation where);
  void store(const Place& place, ir::Term value, clang::SourceLocation where);
  ir::Term load_bytes(ir::Term address, std::uint64_t bytes);  ///< 1..16 bytes, in natural pieces
  /// The bytes at a constant offset of a constant object (A2 of the theorem), without an access; null: not known.
  ir::Term known_bytes(ir::Term address, std::uint64_t bytes) const;
  /// The initialiser's bytes of a named object; null where it has none or they hold an address.
  ir::Term initial_bytes(ir::Term address, std::uint64_t bytes) const;
  void store_bytes(ir::Term address, ir::Term value);
  ir::Term load_unit(const Place& place);
  void store_unit(const Place& place, ir::Term value);
  /// Bytes of a class or array. `fresh`: the destination's bytes are indeterminate, so that padding needs no Choice.
  void copy(ir::Term from, ir::Term to, clang::QualType type, bool fresh, clang::SourceLocation where);
  void copy_bytes(ir::Term from, ir::Term to, std::uint64_t bytes);
  /// C11 6.5.16.1p3: a copied object and its destination are the same or disjoint.
  void check_overlap(ir::Term from, ir::Term to, std::uint64_t bytes, bool has_padding);
  void zero(ir::Term at, std::uint64_t bytes, clang::SourceLocation where);
  void choose_padding(ir::Term at, clang::QualType type);
  ir::Term from_memory(ir::Term bits, clang::QualType type);
  ir::Term to_memory(ir::Term value, clang::QualType type);
  void check(ir::Term condition, const char* kind);
  /// The object that a pointer or reference designates, with its assertions.
  Place dereference(ir::Term pointer, clang::QualType type, clang::SourceLocation where);
  std::uint64_t known_alignment(ir::Term address) const;

  // expr_place.cpp
  Place place(const clang::Expr* e);
  Place place_of(const clang::ValueDecl* declaration, const clang::Expr* e);
  Place member(const Place& base, const clang::FieldDecl* field, clang::SourceLocation where);
  Place subscript(const clang::ArraySubscriptExpr* e, bool address_only);
  Place materialise(const clang::Expr* e, const clang::VarDecl* extending);
  Place conditional_place(const clang::AbstractConditionalOperator* e);
  ir::Term address(const Place& place, clang::SourceLocation where);
  Place base_class(const Place& derived, const clang::CastExpr* cast);
  /// A glvalue or a class prvalue, which gets a temporary.
  Place any_place(const clang::Expr* e);

  // expr_value.cpp
  ir::Term value(const clang::Expr* e);
  void discard(const clang::Expr* e);
  void branch(const clang::Expr* e, Edges& yes, Edges& no);
  ir::Term condition(const clang::Expr* e);
  ir::Term constant(const clang::Expr* e);  ///< by Clang's evaluator; an error when it is none
  ir::Term read_constant(const clang::Expr* glvalue);  ///< the value of a constexpr object; null: none
  ir::Term conditional(const clang::AbstractConditionalOperator* e);
  ir::Term short_circuit(const clang::BinaryOperator* e);
  ir::Term merge(ir::Term condition, const std::function<ir::Term()>& yes, const std::function<ir::Term()>& no, ir::Sort sort);
  ir::Term statement_expression(const clang::StmtExpr* e, const Place* destination);

  // expr_cast.cpp
  ir::Term cast_value(const clang::CastExpr* e);
  ir::Term read(const clang::Expr* glvalue);
  ir::Term convert(ir::Term value, clang::QualType from, clang::QualType to, clang::SourceLocation where);

  // expr_arith.cpp
  ir::Term binary(const clang::BinaryOperator* e);
  ir::Term arithmetic(clang::BinaryOperatorKind op, ir::Term a, ir::Term b, clang::QualType type, clang::QualType amount_type,
                      clang::SourceLocation where);
  ir::Term pointer_offset(ir::Term pointer, ir::Term index, clang::QualType index_type, clang::QualType pointer_type,
                          bool subtract, clang::SourceLocation where);
  /// [expr.add]p4: the offset is that of an object of at most PTRDIFF_MAX bytes, and the sum does not wrap.
  void check_pointer(ir::Term pointer, ir::Term index, bool is_signed, std::uint64_t size, bool subtract, bool bounded);
  ir::Term compare(clang::BinaryOperatorKind op, ir::Term a, ir::Term b, bool is_signed);
  ir::Term unary(const clang::UnaryOperator* e);
  Place assign(const clang::BinaryOperator* e, ir::Term* stored);
  Place compound_assign(const clang::CompoundAssignOperator* e, ir::Term* stored);
  ir::Term increment(const clang::UnaryOperator* e, Place* where, bool used);
  void check_no_overflow(clang::BinaryOperatorKind op, ir::Term a, ir::Term b);
  void check_order(const clang::Expr* a, const clang::Expr* b, clang::SourceLocation where);

  // expr_aggregate.cpp
  void construct(const clang::Expr* e, const Place& at, bool fresh);
  void construct_list(const clang::InitListExpr* e, const Place& at, bool fresh);
  void construct_class(const clang::CXXConstructExpr* e, const Place& at, bool fresh);
  void construct_conditional(const clang::AbstractConditionalOperator* e, const Place& at, bool fresh);
  void construct_constant(const clang::APValue& value, const Place& at, clang::SourceLocation where);
  void construct_fields(const clang::RecordDecl* record, llvm::ArrayRef<clang::Expr*> inits,
                        const clang::FieldDecl* union_field, const Place& at, bool fresh, clang::SourceLocation where);
  void construct_loop(const clang::ArrayInitLoopExpr* e, const Place& at);
  /// Where a class prvalue's bytes are: the copied object itself if it is a plain copy, else a temporary.
  Place source_of(const clang::Expr* e);
  void construct_string(const clang::StringLiteral* e, const Place& at);
  void construct_parens(const clang::CXXParenListInitExpr* e, const Place& at, bool fresh);
  /// Any initialiser of any type into memory (scalars, bit-fields, references, classes, arrays).
  void initialise_at(const clang::Expr* e, const Place& at, bool fresh);
  void assign_aggregate(const Place& to, const clang::Expr* e);
  Place element(const Place& array, std::uint64_t index);

  // expr_call.cpp
  /// A scalar result, or null; class results go to `destination`.
  ir::Term call(const clang::CallExpr* e, const Place* destination);
  ir::Term call_function(const clang::FunctionDecl* function, ir::Term target, ir::Term object,
                         const std::vector<const clang::Expr*>& arguments, clang::QualType result_type, bool no_return,
                         const Place* destination, clang::SourceLocation where, bool reverse);
  void pass(const clang::Expr* argument, clang::QualType type, const Passing& passing, std::vector<ir::AbiSlot>& slots);
  ir::Term pack(const Place& at, clang::QualType type, const Passing::Piece& piece);
  std::vector<ir::Term> return_values(const clang::Expr* e);
  bool trivial_member_call(const clang::CallExpr* e, Place* result);

  // builtins.cpp
  bool builtin(const clang::CallExpr* e, unsigned id, ir::Term* result);
  Place builtin_place(const clang::CallExpr* e);
  ir::Term atomic(const clang::AtomicExpr* e);
  ir::Term overflow_builtin(const clang::CallExpr* e, clang::BinaryOperatorKind op);

  // stmt.cpp
  void statement(const clang::Stmt* s);
  void compound(const clang::CompoundStmt* s);
  void if_statement(const clang::IfStmt* s);
  void while_loop(const clang::WhileStmt* s);
  void do_loop(const clang::DoStmt* s);
  void for_loop(const clang::ForStmt* s);
  void range_for(const clang::CXXForRangeStmt* s);
  void switch_statement(const clang::SwitchStmt* s);
  void return_statement(const clang::ReturnStmt* s);
  void full_expression(const clang::Expr* e);
  void branch_full(const clang::Expr* e, Edges& yes, Edges& no);
  ir::Graph::NodeId label_node(const clang::LabelDecl* label);

  // asm.cpp
  void assembly(const clang::GCCAsmStmt* s);

  struct Jumps {
    Edges breaks;
    Edges continues;
    std::size_t scope_depth = 0;
    bool is_loop = false;
  };

  Unit& unit_;
  const clang::FunctionDecl* declaration_;
  Builder b_;
  ir::Function function_;
  Signature signature_;
  std::map<const clang::VarDecl*, Local> locals_;
  std::set<const clang::VarDecl*> addressed_;   ///< locals that must live in memory
  std::set<const clang::VarDecl*> reassigned_;  ///< scalar locals written after their initialisation
  std::set<std::uint32_t> unstable_;  ///< ids of variables that are assigned more than once
  std::vector<Scope> scopes_;
  std::vector<FullExpression> full_;
  std::vector<Jumps> jumps_;
  std::map<const clang::SwitchCase*, ir::Graph::NodeId> cases_;
  std::map<const clang::LabelDecl*, ir::Graph::NodeId> labels_;
  std::map<const clang::OpaqueValueExpr*, const clang::Expr*> opaque_;
  std::map<const clang::OpaqueValueExpr*, ir::Term> opaque_terms_;
  std::map<const clang::OpaqueValueExpr*, Place> opaque_places_;
  ir::Term this_;
  ir::Term result_address_;  ///< x8, if the result is indirect
  const clang::VarDecl* named_result_ = nullptr;  ///< the local that lives in the result (NRVO)
  std::set<const clang::VarDecl*> early_;  ///< declared before their declaration, because a jump may pass it
  std::set<const clang::VarDecl*> returned_;  ///< NRVO candidates of the return statements; null: some have none
  bool has_labels_ = false;
  bool endless_loop_ = false;  ///< some loop's controlling expression is constant (C11 6.8.5p6), or a goto goes back
  std::vector<ir::Term> array_index_;  ///< ArrayInitLoopExpr: the current index, innermost last
};

}  // namespace validator::source
