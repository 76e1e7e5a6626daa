// SPDX-License-Identifier: Apache-2.0
// Typing. A number or integer expression where bits are expected takes the width of its neighbour ("(bvand x 1)"),
// as every operator of that shape has operands of one width; without such a neighbour the author writes (bv v n).
#include "rewrite-rules/instance.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace rules {
namespace {

using ir::Sort;

constexpr std::size_t max_instances = 4096;  // of one rule at one width
constexpr std::size_t max_combinations = 16384;  // with those that the conditions leave out
constexpr std::size_t max_nodes = 4096;      // of one expression
constexpr i128 max_integer = static_cast<i128>(1) << 126;

std::string to_text(Sort sort) {
  if (sort.is_bool()) return "bool";
  return "bits " + std::to_string(sort.width);
}

/// Thrown inside this file only; instantiate() turns it into a Result.
struct TypeError {
  std::string message;
  ir::Location where;
};

enum class IntegerOperator : std::uint8_t { none, add, subtract, multiply, shift };
enum class IntegerTest : std::uint8_t { none, less, less_equal, equal, not_equal };

IntegerOperator integer_operator(const std::string& name) {
  if (name == "+") return IntegerOperator::add;
  if (name == "-") return IntegerOperator::subtract;
  if (name == "*") return IntegerOperator::multiply;
  if (name == "<<") return IntegerOperator::shift;
  return IntegerOperator::none;
}

IntegerTest integer_test(const std::string& name) {
  if (name == "<") return IntegerTest::less;
  if (name == "<=") return IntegerTest::less_equal;
  if (name == "=") return IntegerTest::equal;
  if (name == "!=") return IntegerTest::not_equal;
  return IntegerTest::none;
}

class Elaborator {
 public:
  explicit Elaborator(Instance& instance) : instance_(instance) {}

  void declare(const Declaration& declaration) {
    const auto same = [&](const RawVariable& v) { return v.name == declaration.name; };
    if (instance_.parameters.contains(declaration.name) ||
        std::any_of(instance_.variables.begin(), instance_.variables.end(), same)) {
      throw TypeError{"'" + declaration.name + "' is declared twice, expected another name", declaration.where};
    }
    Sort sort = Sort::boolean();
    if (declaration.kind != Declaration::Kind::boolean) {
      sort = Sort::bitvec(small(declaration.width, 1, 128, "a width from 1 to 128"));
    }
    instance_.variables.push_back({declaration.name, sort, declaration.kind == Declaration::Kind::constant});
  }

  i128 integer(const Expr& expr) const {
    if (expr.kind == Expr::Kind::number) return expr.number;
    if (expr.kind == Expr::Kind::name) {
      const auto found = instance_.parameters.find(expr.text);
      if (found == instance_.parameters.end()) {
        throw TypeError{"found '" + expr.text + "', expected w or the name of an integer parameter", expr.where};
      }
      return found->second;
    }
    const IntegerOperator op = integer_operator(expr.text);
    if (op == IntegerOperator::none || expr.args.size() != 2) {
      throw TypeError{"found '(" + expr.text + " ...)', expected an integer: a number, w, an integer parameter, or "
                      "(+ a b), (- a b), (* a b), (<< a b)", expr.where};
    }
    const i128 a = integer(expr.args[0]);
    const i128 b = integer(expr.args[1]);
    i128 out = 0;
    bool overflow = false;
    switch (op) {
      case IntegerOperator::add: overflow = __builtin_add_overflow(a, b, &out); break;
      case IntegerOperator::subtract: overflow = __builtin_sub_overflow(a, b, &out); break;
      case IntegerOperator::multiply: overflow = __builtin_mul_overflow(a, b, &out); break;
      default:
        overflow = b < 0 || b > 125;
        if (!overflow) overflow = __builtin_mul_overflow(a, static_cast<i128>(1) << static_cast<int>(b), &out);
    }
    if (overflow || out > max_integer || out < -max_integer) {
      throw TypeError{"the integer does not fit, expected at most 126 bits", expr.where};
    }
    return out;
  }

  Raw whole(const Expr& expr, std::optional<Sort> expected) {
    Raw raw;
    const std::size_t root = term(expr, expected, raw);
    if (expected && !(raw[root].sort == *expected)) mismatch(expr, raw[root].sort, *expected);
    return raw;
  }

  std::size_t variable(const std::string& name, const ir::Location& where) const {
    for (std::size_t i = 0; i < instance_.variables.size(); ++i) {
      if (instance_.variables[i].name == name) return i;
    }
    throw TypeError{"found '" + name + "', expected a declared name", where};
  }

 private:
  unsigned small(const Expr& expr, i128 low, i128 high, const char* expected) const {
    const i128 value = integer(expr);
    if (value < low || value > high) {
      throw TypeError{"the value is " + rules::to_text(value) + ", expected " + expected, expr.where};
    }
    return static_cast<unsigned>(value);
  }

  [[noreturn]] void mismatch(const Expr& expr, Sort found, Sort expected) const {
    throw TypeError{"found " + to_text(found) + ", expected " + to_text(expected), expr.where};
  }

  bool is_integer(const Expr& expr) const {
    if (expr.kind == Expr::Kind::number) return true;
    if (expr.kind == Expr::Kind::name) return instance_.parameters.contains(expr.text);
    return integer_operator(expr.text) != IntegerOperator::none;
  }

  /// Made of numbers only, so that the width must come from outside.
  bool needs_width(const Expr& expr) const {
    if (expr.kind != Expr::Kind::apply || is_integer(expr)) return is_integer(expr);
    const Operator* op = find_operator(expr.text);
    if (op == nullptr || (op->shape != Shape::bits && op->shape != Shape::choose)) return false;
    const auto first = expr.args.begin() + (op->shape == Shape::choose && !expr.args.empty() ? 1 : 0);
    return std::all_of(first, expr.args.end(), [&](const Expr& arg) { return needs_width(arg); });
  }

  std::size_t push(Raw& raw, RawNode node, const Expr& expr) const {
    if (raw.size() >= max_nodes) throw TypeError{"the expression is too large, expected at most 4096 nodes", expr.where};
    raw.push_back(std::move(node));
    return raw.size() - 1;
  }

  std::size_t constant(Raw& raw, const Expr& expr, i128 value, unsigned width) const {
    const i128 limit = width >= 126 ? max_integer : static_cast<i128>(1) << width;
    if (value >= limit || value < -(limit / 2)) {
      throw TypeError{"the value " + rules::to_text(value) + " does not fit, expected at most " + std::to_string(width) +
                      " bits", expr.where};
    }
    RawNode node;
    node.sort = Sort::bitvec(width);
    node.value = static_cast<ir::u128>(value) & ir::mask(width);
    return push(raw, std::move(node), expr);
  }

  std::size_t term(const Expr& expr, std::optional<Sort> expected, Raw& raw) {
    if (is_integer(expr)) {
      if (!expected) {
        throw TypeError{"the width of this number is not known, expected (bv VALUE WIDTH)", expr.where};
      }
      if (!expected->is_bitvec()) throw TypeError{"found a number, expected " + to_text(*expected), expr.where};
      return constant(raw, expr, integer(expr), expected->width);
    }
    if (expr.kind == Expr::Kind::name) return name(expr, raw);
    if (integer_test(expr.text) != IntegerTest::none) return test(expr, raw);
    const Operator* op = find_operator(expr.text);
    if (op == nullptr) throw TypeError{"found '" + expr.text + "', expected an operator (README.md lists them)", expr.where};
    if (expr.args.size() < op->min_args || expr.args.size() > op->max_args) {
      throw TypeError{"'" + expr.text + "' has " + std::to_string(expr.args.size()) + " operands, expected " +
                      std::to_string(op->min_args) +
                      (op->min_args == op->max_args ? "" : " to " + std::to_string(op->max_args)), expr.where};
    }
    return apply(expr, *op, expected, raw);
  }

  std::size_t name(const Expr& expr, Raw& raw) const {
    if (expr.text == "true" || expr.text == "false") {
      RawNode node;
      node.sort = Sort::boolean();
      node.value = expr.text == "true";
      return push(raw, std::move(node), expr);
    }
    RawNode node;
    node.kind = RawNode::Kind::variable;
    node.variable = variable(expr.text, expr.where);
    node.sort = instance_.variables[node.variable].sort;
    return push(raw, std::move(node), expr);
  }

  std::size_t test(const Expr& expr, Raw& raw) const {
    if (expr.args.size() != 2) throw TypeError{"'" + expr.text + "' expected 2 operands", expr.where};
    const i128 a = integer(expr.args[0]);
    const i128 b = integer(expr.args[1]);
    RawNode node;
    node.sort = Sort::boolean();
    switch (integer_test(expr.text)) {
      case IntegerTest::less: node.value = a < b; break;
      case IntegerTest::less_equal: node.value = a <= b; break;
      case IntegerTest::equal: node.value = a == b; break;
      default: node.value = a != b;
    }
    return push(raw, std::move(node), expr);
  }

  /// Operands of one common sort, found from the first that knows its own.
  std::vector<std::size_t> alike(const Expr& expr, std::size_t first, std::optional<Sort> sort, Raw& raw) {
    std::vector<std::size_t> out(expr.args.size() - first);
    for (bool integers : {false, true}) {
      for (std::size_t i = first; i < expr.args.size(); ++i) {
        if (needs_width(expr.args[i]) != integers) continue;
        const std::size_t node = term(expr.args[i], sort, raw);
        if (sort && !(raw[node].sort == *sort)) mismatch(expr.args[i], raw[node].sort, *sort);
        sort = raw[node].sort;
        out[i - first] = node;
      }
    }
    return out;
  }

  std::size_t boolean(const Expr& expr, Raw& raw) {
    const std::size_t node = term(expr, Sort::boolean(), raw);
    if (!raw[node].sort.is_bool()) mismatch(expr, raw[node].sort, Sort::boolean());
    return node;
  }

  std::size_t bits(const Expr& expr, Raw& raw) {
    const std::size_t node = term(expr, std::nullopt, raw);
    if (!raw[node].sort.is_bitvec()) throw TypeError{"found bool, expected bits", expr.where};
    return node;
  }

  std::size_t apply(const Expr& expr, const Operator& op, std::optional<Sort> expected, Raw& raw) {
    RawNode node;
    node.kind = RawNode::Kind::apply;
    node.op = &op;
    node.sort = Sort::boolean();
    const std::vector<Expr>& args = expr.args;
    switch (op.shape) {
      case Shape::logical:
        for (const Expr& arg : args) node.args.push_back(boolean(arg, raw));
        break;
      case Shape::bits:
        node.args = alike(expr, 0, expected, raw);
        node.sort = raw[node.args[0]].sort;
        if (!node.sort.is_bitvec()) throw TypeError{"found bool, expected bits", args[0].where};
        break;
      case Shape::compare:
      case Shape::equality:
        node.args = alike(expr, 0, std::nullopt, raw);
        if (op.shape == Shape::compare && !raw[node.args[0]].sort.is_bitvec()) {
          throw TypeError{"found bool, expected bits", args[0].where};
        }
        break;
      case Shape::choose: {
        const std::size_t condition = boolean(args[0], raw);
        node.args = alike(expr, 1, expected, raw);
        node.args.insert(node.args.begin(), condition);
        node.sort = raw[node.args[1]].sort;
        break;
      }
      case Shape::join: {
        unsigned width = 0;
        for (const Expr& arg : args) {
          node.args.push_back(bits(arg, raw));
          width += raw[node.args.back()].sort.width;
        }
        if (width > 128) throw TypeError{"the concatenation is too wide, expected at most 128 bits", expr.where};
        node.sort = Sort::bitvec(width);
        break;
      }
      case Shape::slice: {
        node.args = {bits(args[2], raw)};
        const i128 top = raw[node.args[0]].sort.width - 1;
        node.ints[0] = small(args[0], 0, top, "the index of a bit of the operand");
        node.ints[1] = small(args[1], 0, node.ints[0], "the index of a bit not above the first");
        node.sort = Sort::bitvec(node.ints[0] - node.ints[1] + 1);
        break;
      }
      case Shape::grow: {
        node.args = {bits(args[1], raw)};
        const unsigned from = raw[node.args[0]].sort.width;
        node.sort = Sort::bitvec(small(args[0], from, 128, "a width from the operand's to 128"));
        break;
      }
      case Shape::test: {
        node.args = {bits(args[1], raw)};
        node.ints[0] = small(args[0], 0, raw[node.args[0]].sort.width - 1, "the index of a bit of the operand");
        break;
      }
      case Shape::from_bool:
        node.args = {boolean(args[1], raw)};
        node.sort = Sort::bitvec(small(args[0], 1, 128, "a width from 1 to 128"));
        break;
      case Shape::literal:
        return constant(raw, expr, integer(args[0]), small(args[1], 1, 128, "a width from 1 to 128"));
    }
    if (op.name == "ror" && (node.sort.width & (node.sort.width - 1)) != 0) {
      throw TypeError{"'ror' of " + to_text(node.sort) + ", expected a power of two", expr.where};
    }
    return push(raw, std::move(node), expr);
  }

  Instance& instance_;
};

bool has_variables(const Raw& raw) {
  return std::any_of(raw.begin(), raw.end(), [](const RawNode& n) { return n.kind == RawNode::Kind::variable; });
}

/// Walks the declarations in order; an integer parameter branches over its range.
void enumerate(const RuleSyntax& rule, std::size_t position, const Instance& prefix, std::size_t& combinations,
               std::vector<Instance>& out) {
  if (position < rule.declarations.size()) {
    const Declaration& declaration = rule.declarations[position];
    Instance next = prefix;
    Elaborator elaborator(next);
    if (declaration.kind != Declaration::Kind::integer) {
      elaborator.declare(declaration);
      enumerate(rule, position + 1, next, combinations, out);
      return;
    }
    if (prefix.parameters.contains(declaration.name)) {
      throw TypeError{"'" + declaration.name + "' is declared twice, expected another name", declaration.where};
    }
    const i128 low = elaborator.integer(declaration.low);
    const i128 high = elaborator.integer(declaration.high);
    if (high - low >= static_cast<i128>(max_instances)) {
      throw TypeError{"the range is too long, expected at most 4096 values", declaration.where};
    }
    for (i128 value = low; value <= high; ++value) {
      next.parameters[declaration.name] = value;
      enumerate(rule, position + 1, next, combinations, out);
    }
    return;
  }
  if (++combinations > max_combinations) {
    throw TypeError{"too many combinations of integer parameters, expected at most 16384 at one width", rule.where};
  }
  Instance instance = prefix;
  Elaborator elaborator(instance);
  for (const Expr& condition : rule.conditions) {
    Raw raw = elaborator.whole(condition, Sort::boolean());
    if (has_variables(raw)) {
      instance.conditions.push_back(std::move(raw));
    } else if (evaluate(raw, {}) == 0) {
      return;
    }
  }
  if (!rule.first.empty()) {
    instance.first = elaborator.variable(rule.first, rule.where);
    instance.second = elaborator.variable(rule.second, rule.where);
  }
  instance.match = elaborator.whole(rule.match, std::nullopt);
  instance.result = elaborator.whole(rule.result, instance.match.back().sort);
  instance.wrong = elaborator.whole(rule.wrong, instance.match.back().sort);
  if (out.size() >= max_instances) {
    throw TypeError{"too many combinations of integer parameters, expected at most 4096 at one width", rule.where};
  }
  out.push_back(std::move(instance));
}

}  // namespace

std::string Instance::describe() const {
  std::string out = "w=" + std::to_string(width);
  for (const auto& [name, value] : parameters) {
    if (name != "w") out += " " + name + "=" + rules::to_text(value);
  }
  return out;
}

ir::Result<std::vector<Instance>> instantiate(const RuleSyntax& rule, unsigned width) {
  Instance prefix;
  prefix.width = width;
  prefix.parameters["w"] = width;
  std::vector<Instance> out;
  try {
    std::size_t combinations = 0;
    enumerate(rule, 0, prefix, combinations, out);
  } catch (const TypeError& error) {
    return ir::Error{"rules-type", "rule '" + rule.name + "' at w=" + std::to_string(width) + ": " + error.message,
                     error.where};
  }
  return out;
}

ir::Term build(const Raw& raw, const std::vector<ir::Term>& variables) {
  std::vector<ir::Term> terms;
  terms.reserve(raw.size());
  for (const RawNode& node : raw) {
    if (node.kind == RawNode::Kind::variable) {
      terms.push_back(variables[node.variable]);
    } else if (node.kind == RawNode::Kind::constant) {
      terms.push_back(node.sort.is_bool() ? ir::boolean(node.value != 0) : ir::bv(node.value, node.sort.width));
    } else {
      std::vector<ir::Term> args;
      for (std::size_t arg : node.args) args.push_back(terms[arg]);
      terms.push_back(node.op->build(args, node.sort.width, node.ints));
    }
  }
  return terms.back();
}

ir::u128 evaluate(const Raw& raw, const std::vector<ir::u128>& variables) {
  std::vector<ir::u128> results;
  results.reserve(raw.size());
  std::vector<ir::u128> values;
  std::vector<unsigned> widths;
  for (const RawNode& node : raw) {
    ir::u128 value = node.value;
    if (node.kind == RawNode::Kind::variable) {
      value = variables[node.variable];
    } else if (node.kind == RawNode::Kind::apply) {
      values.clear();
      widths.clear();
      for (std::size_t arg : node.args) {
        values.push_back(results[arg]);
        widths.push_back(raw[arg].sort.width);
      }
      value = node.op->meaning({values, widths, node.sort.width, node.ints});
    }
    results.push_back(node.sort.is_bool() ? value & 1 : value & ir::mask(node.sort.width));
  }
  return results.back();
}

std::vector<ir::Term> pattern_variables(const Instance& instance) {
  std::vector<ir::Term> out;
  for (const RawVariable& variable : instance.variables) {
    out.push_back(ir::var("?" + variable.name + ":" + std::to_string(variable.sort.width), variable.sort));
  }
  return out;
}

}  // namespace rules
