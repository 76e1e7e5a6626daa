// SPDX-License-Identifier: Apache-2.0
// One walk over every body with a stack of scopes. Kinds are inferred bottom-up; each error is thrown as ir::Error and
// returned at the border.
#include "isa-models/resolve.hpp"

#include "isa-models/builtins.hpp"
#include "isa-models/value.hpp"

namespace isa {
namespace {

ValueKind kind_of_letter(char letter) {
  switch (letter) {
    case 'i': return ValueKind::integer;
    case 'b': return ValueKind::bits;
    case 'c': return ValueKind::boolean;
    case 's': return ValueKind::text;
    default: return ValueKind::none;
  }
}

struct Kind {
  ValueKind kind = ValueKind::none;
  std::vector<ValueKind> items;
};

struct Variable {
  Symbol symbol;
  ValueKind kind;
  bool is_mutable;
};

class Resolver {
 public:
  explicit Resolver(ModelData& data) : data_(data) {}

  void run() {
    for (std::size_t i = 0; i < data_.functions.size(); ++i) {
      const Function& function = data_.functions[i];
      if (find_builtin(function.name) >= 0) fail(function.where, "`" + function.name + "` is a builtin");
      if (!data_.function_index.emplace(function.name, static_cast<int>(i)).second)
        fail(function.where, "a second function `" + function.name + "`");
    }
    for (Function& function : data_.functions) resolve_function(function);
    std::map<std::string, int> groups;
    for (std::size_t i = 0; i < data_.groups.size(); ++i)
      if (!groups.emplace(data_.groups[i].group.name, static_cast<int>(i)).second)
        fail(data_.groups[i].where, "a second instruction \"" + data_.groups[i].group.name + "\"");
    for (GroupData& group : data_.groups) {
      if (!group.group.refines.empty()) {
        const auto general = groups.find(group.group.refines);
        if (general == groups.end()) fail(group.where, "`refines` names no instruction: \"" + group.group.refines + "\"");
        group.refines = general->second;
      }
      resolve_group(group);
    }
  }

 private:
  [[noreturn]] void fail(Position where, std::string message) const { throw model_error(data_, where, std::move(message)); }

  void resolve_function(Function& function) {
    variables_.clear();
    function_ = &function;
    for (Symbol width : function.widths) variables_.push_back({width, ValueKind::integer, false});
    for (Parameter& parameter : function.parameters) {
      if (parameter.width) want(*parameter.width, ValueKind::integer);
      variables_.push_back({parameter.symbol, parameter.kind, false});
    }
    for (Parameter& result : function.results)
      if (result.width) want(*result.width, ValueKind::integer);
    body(function.body);
    function_ = nullptr;
  }

  void resolve_group(GroupData& group) {
    const auto& fields = group.encodings[0].fields;
    for (const Encoding& encoding : group.encodings)
      if (!same_fields(encoding, group.encodings[0]))
        fail(encoding.where, "all encodings of a group must have the same fields");
    variables_.clear();
    for (const Field& field : fields) {
      const std::string& name = data_.symbols.name(field.symbol);
      if (find_builtin(name) >= 0) fail(group.encodings[0].where, "the field `" + name + "` has a builtin's name");
      variables_.push_back({field.symbol, ValueKind::bits, false});
    }
    statements(group.decode);
    const std::size_t mark = variables_.size();
    is_branch_ = false;
    statements(group.execute);
    group.is_branch = is_branch_;
    variables_.resize(mark);
    for (TextRule& rule : group.text) {
      if (rule.condition) want(*rule.condition, ValueKind::boolean);
      pieces(rule.pieces);
    }
    for (ExprPtr& test : group.tests) want(*test, ValueKind::boolean);
  }

  bool same_fields(const Encoding& a, const Encoding& b) const {
    if (a.fields.size() != b.fields.size()) return false;
    for (const Field& field : a.fields) {
      bool found = false;
      for (const Field& other : b.fields) found = found || (other.symbol == field.symbol && other.width() == field.width());
      if (!found) return false;
    }
    return true;
  }

  void pieces(std::vector<TextPiece>& list) {
    for (TextPiece& piece : list) {
      if (!piece.value) continue;
      const Kind kind = infer(*piece.value);
      if (kind.kind == ValueKind::tuple || kind.kind == ValueKind::none) fail(piece.value->where, "this has no text");
      for (auto& alternative : piece.alternatives) pieces(alternative);
    }
  }

  void body(Body& list) {
    const std::size_t mark = variables_.size();
    statements(list);
    variables_.resize(mark);
  }

  void statements(Body& list) {
    for (auto& stmt : list) statement(*stmt);
  }

  void declare(Symbol symbol, ValueKind kind, bool is_mutable, Position where) {
    for (const Variable& variable : variables_)
      if (variable.symbol == symbol) fail(where, "`" + data_.symbols.name(symbol) + "` is already declared");
    variables_.push_back({symbol, kind, is_mutable});
  }

  void statement(Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::declare: {
        const Kind value = infer(*stmt.value);
        if (stmt.targets.size() == 1) {
          if (value.kind == ValueKind::tuple || value.kind == ValueKind::none)
            fail(stmt.where, std::string("cannot name ") + kind_name(value.kind));
          return declare(stmt.targets[0], value.kind, stmt.is_mutable, stmt.where);
        }
        if (value.kind != ValueKind::tuple || value.items.size() != stmt.targets.size())
          fail(stmt.where, "expected a tuple of " + std::to_string(stmt.targets.size()) + " values");
        for (std::size_t i = 0; i < stmt.targets.size(); ++i)
          if (stmt.targets[i] >= 0) declare(stmt.targets[i], value.items[i], stmt.is_mutable, stmt.where);
        return;
      }
      case StmtKind::assign: return want(*stmt.value, place(*stmt.place));
      case StmtKind::branch:
        for (ExprPtr& condition : stmt.conditions) want(*condition, ValueKind::boolean);
        for (Body& arm : stmt.bodies) body(arm);
        return;
      case StmtKind::select:
        want(*stmt.value, ValueKind::bits);
        for (Body& arm : stmt.bodies) body(arm);
        return;
      case StmtKind::loop: {
        want(*stmt.conditions[0], ValueKind::integer);
        want(*stmt.conditions[1], ValueKind::integer);
        const std::size_t mark = variables_.size();
        declare(stmt.targets[0], ValueKind::integer, false, stmt.where);
        statements(stmt.bodies[0]);
        variables_.resize(mark);
        return;
      }
      case StmtKind::give: {
        if (function_ == nullptr) fail(stmt.where, "`return` outside a function");
        const Kind value = infer(*stmt.value);
        const auto& results = function_->results;
        if (results.size() == 1 ? value.kind != results[0].kind : value.kind != ValueKind::tuple)
          fail(stmt.where, std::string("returns ") + kind_name(value.kind) + ", which is not the declared type");
        return;
      }
      case StmtKind::call: {
        const Kind value = infer(*stmt.value);
        if (value.kind != ValueKind::none) fail(stmt.where, "the result of this call is not used");
        return;
      }
      case StmtKind::undefined:
      case StmtKind::unpredictable:
      case StmtKind::unsupported:
        if (stmt.value != nullptr) want(*stmt.value, ValueKind::text);
        return;
    }
  }

  ValueKind place(Expr& expr) {
    switch (expr.kind) {
      case ExprKind::name: return variable(expr, true).kind;
      case ExprKind::state: return ValueKind::bits;
      case ExprKind::slice:
        if (expr.args[0]->kind != ExprKind::name || variable(*expr.args[0], true).kind != ValueKind::bits)
          fail(expr.where, "only a slice of a bits variable can be assigned");
        for (std::size_t i = 1; i < expr.args.size(); ++i) want(*expr.args[i], ValueKind::integer);
        return ValueKind::bits;
      case ExprKind::call:
        infer(expr);
        if (expr.builtin < 0 || !builtin_row(static_cast<Builtin>(expr.builtin)).is_place)
          fail(expr.where, "`" + expr.text + "` cannot be assigned");
        return ValueKind::bits;
      default: fail(expr.where, "this cannot be assigned");
    }
  }

  const Variable& variable(const Expr& expr, bool assigned) {
    for (const Variable& variable : variables_)
      if (variable.symbol == expr.symbol) {
        if (assigned && !variable.is_mutable)
          fail(expr.where, "`" + data_.symbols.name(expr.symbol) + "` is not a `var`");
        return variable;
      }
    fail(expr.where, "`" + data_.symbols.name(expr.symbol) + "` is not declared, expected a field or a variable");
  }

  void want(Expr& expr, ValueKind kind) {
    const Kind found = infer(expr);
    if (found.kind != kind)
      fail(expr.where, std::string("expected ") + kind_name(kind) + ", found " + kind_name(found.kind));
  }

  Kind infer(Expr& expr) {
    switch (expr.kind) {
      case ExprKind::integer: return {ValueKind::integer, {}};
      case ExprKind::bits: return {ValueKind::bits, {}};
      case ExprKind::text: return {ValueKind::text, {}};
      case ExprKind::boolean: return {ValueKind::boolean, {}};
      case ExprKind::state: return {ValueKind::bits, {}};
      case ExprKind::name: return {variable(expr, false).kind, {}};
      case ExprKind::unary: {
        const ValueKind kind = expr.op == Operator::negate ? ValueKind::integer : ValueKind::boolean;
        want(*expr.args[0], kind);
        return {kind, {}};
      }
      case ExprKind::binary: return {binary(expr), {}};
      case ExprKind::conditional: {
        const Kind first = infer(*expr.args[1]);
        for (std::size_t i = 0; i < expr.args.size(); ++i) {
          const bool is_condition = i + 1 < expr.args.size() && i % 2 == 0;
          want(*expr.args[i], is_condition ? ValueKind::boolean : first.kind);
        }
        return first;
      }
      case ExprKind::call: return call(expr);
      case ExprKind::slice: {
        const Kind value = infer(*expr.args[0]);
        if (value.kind != ValueKind::bits && value.kind != ValueKind::integer)
          fail(expr.where, std::string("cannot slice ") + kind_name(value.kind));
        for (std::size_t i = 1; i < expr.args.size(); ++i) want(*expr.args[i], ValueKind::integer);
        return {ValueKind::bits, {}};
      }
      case ExprKind::tuple: {
        Kind result{ValueKind::tuple, {}};
        for (ExprPtr& item : expr.args) result.items.push_back(infer(*item).kind);
        return result;
      }
      case ExprKind::matches:
        want(*expr.args[0], ValueKind::bits);
        return {ValueKind::boolean, {}};
    }
    return {};
  }

  ValueKind binary(Expr& expr) {
    const auto both = [&](ValueKind kind) {
      want(*expr.args[0], kind);
      want(*expr.args[1], kind);
      return kind;
    };
    const ValueKind left = infer(*expr.args[0]).kind;
    switch (expr.op) {
      case Operator::land:
      case Operator::lor: return both(ValueKind::boolean);
      case Operator::div:
      case Operator::mod:
      case Operator::shift_left:
      case Operator::shift_right: return both(ValueKind::integer);
      case Operator::lt:
      case Operator::le:
      case Operator::gt:
      case Operator::ge:
        both(ValueKind::integer);
        return ValueKind::boolean;
      case Operator::eq:
      case Operator::ne:
        if (left == ValueKind::tuple || left == ValueKind::none) fail(expr.where, std::string("cannot compare ") + kind_name(left));
        both(left);
        return ValueKind::boolean;
      case Operator::bit_and:
      case Operator::bit_or:
      case Operator::bit_xor: return both(ValueKind::bits);
      case Operator::concat:
        if (left != ValueKind::text && left != ValueKind::bits) fail(expr.where, "`::` joins bits or texts");
        return both(left);
      default:
        if (left != ValueKind::integer && left != ValueKind::bits)
          fail(expr.where, std::string("this operator does not take ") + kind_name(left));
        return both(left);
    }
  }

  Kind call(Expr& expr) {
    for (ExprPtr& width : expr.widths) want(*width, ValueKind::integer);
    const auto arity = [&](std::size_t widths, std::size_t arguments) {
      if (expr.widths.size() != widths)
        fail(expr.where, "`" + expr.text + "` takes " + std::to_string(widths) + " width(s) in braces");
      if (expr.args.size() != arguments)
        fail(expr.where, "`" + expr.text + "` takes " + std::to_string(arguments) + " argument(s)");
    };
    expr.builtin = find_builtin(expr.text);
    if (expr.builtin >= 0) {
      const auto builtin = static_cast<Builtin>(expr.builtin);
      const BuiltinRow& row = builtin_row(builtin);
      arity(row.widths, row.parameters.size());
      for (std::size_t i = 0; i < expr.args.size(); ++i) {
        if (row.parameters[i] == 'v') {
          const ValueKind kind = infer(*expr.args[i]).kind;
          if (kind != ValueKind::integer && kind != ValueKind::bits) fail(expr.args[i]->where, "expected integer or bits");
        } else {
          want(*expr.args[i], kind_of_letter(row.parameters[i]));
        }
      }
      if (builtin == Builtin::FeatureHint) {
        if (expr.args[0]->kind != ExprKind::text) fail(expr.args[0]->where, "expected the feature's name as a text");
        data_.features.insert(expr.args[0]->text);
      }
      is_branch_ = is_branch_ || (builtin >= Builtin::BranchTo && builtin <= Builtin::ReturnTo) ||
                   builtin == Builtin::ExceptionReturn;
      return {kind_of_letter(row.result), {}};
    }
    const auto found = data_.function_index.find(expr.text);
    if (found == data_.function_index.end()) fail(expr.where, "no function `" + expr.text + "`");
    expr.function = found->second;
    const Function& function = data_.functions[static_cast<std::size_t>(found->second)];
    arity(function.widths.size(), function.parameters.size());
    for (std::size_t i = 0; i < expr.args.size(); ++i) want(*expr.args[i], function.parameters[i].kind);
    if (function.results.size() == 1) return {function.results[0].kind, {}};
    Kind result{ValueKind::tuple, {}};
    for (const Parameter& item : function.results) result.items.push_back(item.kind);
    return result;
  }

  ModelData& data_;
  const Function* function_ = nullptr;
  std::vector<Variable> variables_;
  bool is_branch_ = false;
};

}  // namespace

std::optional<ir::Error> resolve(ModelData& data) {
  try {
    Resolver(data).run();
  } catch (const ir::Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace isa
