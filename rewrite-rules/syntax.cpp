// SPDX-License-Identifier: Apache-2.0
// Reader of *.rules. One token of look-ahead, recursive descent with a depth limit, the first error ends the file: a
// rule file is short, and a second message after the first is usually noise.
#include "rewrite-rules/syntax.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace rules {
namespace {

constexpr unsigned max_depth = 64;       // nesting of expressions
constexpr std::size_t max_args = 16;     // operands of one application
constexpr unsigned max_width = 128;      // ir's widest bit vector

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_delimiter(char c) { return is_space(c) || c == '(' || c == ')' || c == '{' || c == '}' || c == ':' || c == '#'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text.substr(0, 40)) out += (c >= 0x20 && c < 0x7f) ? c : '?';
  return out + "'";
}

/// "-12", "0x1f" or "300"; nothing when it is not a number or has more than 126 bits.
std::optional<i128> read_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const unsigned base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  if (text.empty()) return std::nullopt;
  i128 value = 0;
  for (char c : text) {
    unsigned digit = 99;
    if (is_digit(c)) digit = static_cast<unsigned>(c - '0');
    if (base == 16 && c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (digit >= base || value >= (static_cast<i128>(1) << 122)) return std::nullopt;
    value = value * base + digit;
  }
  return negative ? -value : value;
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) { advance(); }

  ir::Result<std::vector<RuleSyntax>> parse() {
    std::vector<RuleSyntax> rules;
    std::set<std::string> names;
    while (!error_ && !token_.empty()) {
      rule_name_.clear();
      RuleSyntax rule = parse_rule();
      if (!error_ && !names.insert(rule.name).second) fail_at(rule.where, "the name is taken by an earlier rule");
      rules.push_back(std::move(rule));
    }
    if (error_) return *error_;
    return rules;
  }

 private:
  RuleSyntax parse_rule() {
    RuleSyntax rule;
    expect("rule", "'rule' or the end of the file");
    rule.where = where_;
    rule.name = take_name("a rule's name");
    rule_name_ = rule.name;
    expect("{", "'{'");
    std::set<std::string> seen;
    while (!error_ && token_ != "}") parse_field(rule, seen);
    expect("}", "a field or '}'");
    for (const char* field : {"origin", "widths", "match", "result", "wrong"}) {
      if (!seen.contains(field)) fail_at(rule.where, std::string("there is no '") + field + ":', expected in every rule");
    }
    return rule;
  }

  void parse_field(RuleSyntax& rule, std::set<std::string>& seen) {
    const std::string field(token_);
    const ir::Location where = where_;
    if (field == "var" || field == "const" || field == "int") {
      advance();
      rule.declarations.push_back(parse_declaration(field));
      return;
    }
    const bool known = field == "origin" || field == "widths" || field == "when" || field == "order" ||
                       field == "match" || field == "result" || field == "wrong";
    if (!known) {
      fail("a field (origin, widths, var, const, int, when, order, match, result, wrong) or '}'");
      return;
    }
    if (field != "when" && !seen.insert(field).second) {
      fail_at(where, "'" + field + ":' stands twice in this rule");
      return;
    }
    advance();
    if (field == "origin") {
      rule.origin = take_line();
      if (!error_ && rule.origin.empty()) fail_at(where, "'origin:' is empty, expected where the idiom is from");
      return;
    }
    expect(":", "':'");
    if (error_) return;
    if (field == "widths") {
      parse_widths(rule);
    } else if (field == "order") {
      rule.first = take_name("the name of a variable");
      if (!error_) rule.second = take_name("the name of a second variable");
    } else if (field == "when") {
      rule.conditions.push_back(parse_expr(0));
    } else {
      (field == "match" ? rule.match : field == "result" ? rule.result : rule.wrong) = parse_expr(0);
    }
  }

  /// `8 16 32` or `2..64` or both.
  void parse_widths(RuleSyntax& rule) {
    while (!error_ && !token_.empty() && is_digit(token_[0])) {
      const std::size_t dots = token_.find("..");
      const std::optional<i128> low = read_number(token_.substr(0, dots));
      const std::optional<i128> high = dots == std::string_view::npos ? low : read_number(token_.substr(dots + 2));
      if (!low || !high || *low < 1 || *high > max_width || *low > *high) {
        fail("a width from 1 to 128, or a range like 2..64");
        return;
      }
      for (i128 width = *low; width <= *high && !error_; ++width) {
        if (std::find(rule.widths.begin(), rule.widths.end(), width) != rule.widths.end()) {
          fail("a width that is not listed yet");
        }
        rule.widths.push_back(static_cast<unsigned>(width));
      }
      advance();
    }
    if (!error_ && rule.widths.empty()) fail("a width from 1 to 128, or a range like 2..64");
  }

  Declaration parse_declaration(const std::string& keyword) {
    Declaration declaration;
    declaration.where = where_;
    declaration.name = take_name("a name");
    expect(":", "':'");
    if (error_) return declaration;
    if (keyword == "int") {
      declaration.kind = Declaration::Kind::integer;
      declaration.low = parse_expr(0);
      expect("..", "'..'");
      if (!error_) declaration.high = parse_expr(0);
      return declaration;
    }
    if (keyword == "var" && token_ == "bool") {
      declaration.kind = Declaration::Kind::boolean;
      advance();
      return declaration;
    }
    declaration.kind = keyword == "var" ? Declaration::Kind::bits : Declaration::Kind::constant;
    expect("bits", keyword == "var" ? "'bits' or 'bool'" : "'bits'");
    if (!error_) declaration.width = parse_expr(0);
    return declaration;
  }

  Expr parse_expr(unsigned depth) {
    Expr expr;
    expr.where = where_;
    if (depth > max_depth) {
      fail("an expression nested at most 64 deep");
      return expr;
    }
    if (token_ == "(") {
      advance();
      expr.kind = Expr::Kind::apply;
      expr.text = take_operator();
      while (!error_ && token_ != ")") {
        if (expr.args.size() == max_args) {
          fail("')' after at most 16 operands");
          return expr;
        }
        expr.args.push_back(parse_expr(depth + 1));
      }
      expect(")", "an expression or ')'");
      return expr;
    }
    if (const std::optional<i128> number = read_number(token_)) {
      expr.number = *number;
      advance();
      return expr;
    }
    expr.kind = Expr::Kind::name;
    expr.text = take_name("an expression");
    return expr;
  }

  std::string take_operator() {
    if (token_.empty() || is_delimiter(token_[0])) {
      fail("an operator");
      return {};
    }
    return take();
  }

  std::string take_name(const char* expected) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    bool good = !token_.empty() && is_letter(token_[0]);
    for (char c : token_) good = good && (is_letter(c) || is_digit(c) || c == '-');
    if (!good) {
      fail(expected);
      return {};
    }
    return take();
  }

  std::string take() {
    std::string out(token_);
    advance();
    return out;
  }

  /// The rest of the line after ':', without white space at its ends.
  std::string take_line() {
    if (token_ != ":") {
      fail("':'");
      return {};
    }
    std::size_t begin = position_;
    std::size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) end = text_.size();
    while (position_ < end) step();
    while (begin < end && is_space(text_[begin])) ++begin;
    while (begin < end && is_space(text_[end - 1])) --end;
    const std::string_view line = text_.substr(begin, end - begin);
    advance();
    return std::string(line);
  }

  void expect(std::string_view wanted, const char* expected) {
    if (error_) return;
    if (token_ != wanted) {
      fail(expected);
    } else {
      advance();
    }
  }

  void step() {
    if (text_[position_] == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    ++position_;
  }

  /// Reads the next token into token_ (empty: end of the file).
  void advance() {
    while (position_ < text_.size() && (is_space(text_[position_]) || text_[position_] == '#')) {
      if (text_[position_] == '#') {
        while (position_ < text_.size() && text_[position_] != '\n') step();
      } else {
        step();
      }
    }
    where_ = {file_, line_, column_};
    const std::size_t begin = position_;
    if (position_ < text_.size()) step();
    if (position_ > begin && !is_delimiter(text_[begin])) {
      while (position_ < text_.size() && !is_delimiter(text_[position_])) step();
    }
    token_ = text_.substr(begin, position_ - begin);
  }

  void fail(const std::string& expected) {
    fail_at(where_, "found " + (token_.empty() ? std::string("the end of the file") : quoted(token_)) + ", expected " +
                        expected);
  }

  void fail_at(const ir::Location& where, const std::string& message) {
    if (error_) return;
    error_ = ir::Error{"rules-syntax", rule_name_.empty() ? message : "rule '" + rule_name_ + "': " + message, where};
  }

  std::string_view text_;
  std::string file_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::string_view token_;
  ir::Location where_;
  std::string rule_name_;
  std::optional<ir::Error> error_;
};

}  // namespace

ir::Result<std::vector<RuleSyntax>> parse_syntax(std::string_view text, const std::string& file) {
  return Parser(text, file).parse();
}

std::string to_text(i128 number) {
  if (number < 0) return "-" + to_text(-number);
  if (number >= 10) return to_text(number / 10) + static_cast<char>('0' + static_cast<int>(number % 10));
  return std::string(1, static_cast<char>('0' + static_cast<int>(number)));
}

std::string to_text(const Expr& expr) {
  if (expr.kind == Expr::Kind::number) return to_text(expr.number);
  if (expr.kind == Expr::Kind::name) return expr.text;
  std::string out = "(" + expr.text;
  for (const Expr& arg : expr.args) out += " " + to_text(arg);
  return out + ")";
}

}  // namespace rules
