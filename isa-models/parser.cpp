// SPDX-License-Identifier: Apache-2.0
// Recursive descent; one method per construct of the grammar. An error is thrown as ir::Error inside this file and
// returned at its border. Nesting is limited, so that no input can exhaust the stack.
#include "isa-models/parser.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "isa-models/lexer.hpp"

namespace isa {
namespace {

constexpr unsigned nesting_limit = 100;
constexpr std::array<std::string_view, 8> section_words = {"instruction", "func",    "pages", "refines",
                                                           "encoding",    "decode", "execute", "asm"};
constexpr std::array<std::string_view, 6> closing_words = {"end", "else", "elsif", "when", "otherwise", "test"};

struct BinaryRow {
  std::string_view text;
  Operator op;
  int level;  ///< binds tighter when higher
};
constexpr auto binary_rows = std::to_array<BinaryRow>({
    {"||", Operator::lor, 1},      {"&&", Operator::land, 2},      {"==", Operator::eq, 3},
    {"!=", Operator::ne, 3},       {"<", Operator::lt, 3},         {"<=", Operator::le, 3},
    {">", Operator::gt, 3},        {">=", Operator::ge, 3},        {"::", Operator::concat, 4},
    {"AND", Operator::bit_and, 5}, {"OR", Operator::bit_or, 5},    {"EOR", Operator::bit_xor, 5},
    {"+", Operator::add, 6},       {"-", Operator::sub, 6},        {"*", Operator::mul, 7},
    {"DIV", Operator::div, 7},     {"MOD", Operator::mod, 7},      {"<<", Operator::shift_left, 8},
    {">>", Operator::shift_right, 8},
});

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::uint16_t file, ModelData& data)
      : tokens_(std::move(tokens)), file_(file), data_(data) {}

  void run() {
    while (peek().kind != TokenKind::end_of_file) {
      if (accept("func"))
        function();
      else if (accept("instruction"))
        instruction();
      else
        fail(peek().where, "expected `instruction` or `func`, found " + describe(peek()));
    }
  }

  ExprPtr whole_expression() {
    ExprPtr result = expression();
    if (peek().kind != TokenKind::end_of_file) fail(peek().where, "unexpected " + describe(peek()));
    return result;
  }

 private:
  [[noreturn]] void fail(Position where, std::string message) {
    throw model_error(data_, where, std::move(message));
  }
  static std::string describe(const Token& token) {
    if (token.kind == TokenKind::end_of_file) return "the end of the text";
    return "`" + token.text + "`";
  }

  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token take() {
    Token token = peek();
    last_line_ = token.where.line;
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool is(std::string_view text) const {
    const Token& token = peek();
    return (token.kind == TokenKind::symbol || token.kind == TokenKind::name) && token.text == text;
  }
  bool accept(std::string_view text) {
    if (!is(text)) return false;
    take();
    return true;
  }
  Position expect(std::string_view text) {
    if (!is(text)) fail(peek().where, "expected `" + std::string(text) + "`, found " + describe(peek()));
    return take().where;
  }
  Token expect_kind(TokenKind kind, const char* what) {
    if (peek().kind != kind) fail(peek().where, std::string("expected ") + what + ", found " + describe(peek()));
    return take();
  }
  Symbol expect_name() {
    const Token token = expect_kind(TokenKind::name, "a name");
    if (contains(section_words, token.text) || contains(closing_words, token.text))
      fail(token.where, "`" + token.text + "` is a reserved word");
    return data_.symbols.intern(token.text);
  }

  struct Nesting {
    explicit Nesting(Parser& parser) : depth(parser.depth_) {
      if (++depth > nesting_limit) {
        --depth;
        parser.fail(parser.peek().where, "nested too deeply (limit " + std::to_string(nesting_limit) + ")");
      }
    }
    ~Nesting() { --depth; }
    unsigned& depth;
  };

  i128 number(const Token& token) {
    const std::string& text = token.text;
    const bool hex = text.size() > 2 && text[0] == '0' && text[1] == 'x';
    u128 value = 0;
    for (std::size_t i = hex ? 2 : 0; i < text.size(); ++i) {
      const char c = text[i];
      unsigned digit = 99;
      if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
      if (hex && c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
      if (hex && c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
      if (digit == 99 || (value >> 64) != 0) fail(token.where, "`" + text + "` is not a number of at most 64 bits");
      value = value * (hex ? 16 : 10) + digit;
    }
    return static_cast<i128>(value);
  }

  BitPattern pattern(const Token& token, bool wildcards) {
    BitPattern result;
    for (char c : token.text) {
      if (c == ' ') continue;
      if (c != '0' && c != '1' && !(wildcards && c == 'x'))
        fail(token.where, std::string("'") + token.text + "' may hold only 0" + (wildcards ? ", 1 and x" : " and 1"));
      result.bits = (result.bits << 1) | static_cast<u128>(c == '1');
      result.care = (result.care << 1) | static_cast<u128>(c != 'x');
      ++result.width;
    }
    if (result.width == 0 || result.width > 128) fail(token.where, "a bit pattern has 1 to 128 bits");
    return result;
  }

  ExprPtr make(ExprKind kind, Position where) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->where = where;
    return expr;
  }

  ExprPtr expression(int level = 1) {
    Nesting nesting(*this);
    ExprPtr left = prefix();
    for (;;) {
      if (level <= 3 && is("IN")) {
        left = matches(std::move(left));
        continue;
      }
      const auto row = std::find_if(binary_rows.begin(), binary_rows.end(),
                                    [&](const BinaryRow& r) { return r.level >= level && is(r.text); });
      if (row == binary_rows.end()) return left;
      ExprPtr node = make(ExprKind::binary, take().where);
      node->op = row->op;
      node->args.push_back(std::move(left));
      node->args.push_back(expression(row->level + 1));
      left = std::move(node);
    }
  }

  ExprPtr matches(ExprPtr value) {
    ExprPtr node = make(ExprKind::matches, expect("IN"));
    node->args.push_back(std::move(value));
    expect("{");
    do {
      node->patterns.push_back(pattern(expect_kind(TokenKind::bits, "a bit pattern"), true));
    } while (accept(","));
    expect("}");
    return node;
  }

  ExprPtr prefix() {
    if (is("-") || is("!")) {
      Nesting nesting(*this);
      const Token token = take();
      ExprPtr node = make(ExprKind::unary, token.where);
      node->op = token.text == "-" ? Operator::negate : Operator::lnot;
      node->args.push_back(prefix());
      return node;
    }
    if (is("if")) return conditional();
    ExprPtr value = primary();
    while (is("[")) {
      ExprPtr node = make(ExprKind::slice, take().where);
      node->args.push_back(std::move(value));
      node->args.push_back(expression());
      if (accept(":")) node->args.push_back(expression());
      expect("]");
      value = std::move(node);
    }
    return value;
  }

  ExprPtr conditional() {
    ExprPtr node = make(ExprKind::conditional, expect("if"));
    do {
      node->args.push_back(expression());
      expect("then");
      node->args.push_back(expression());
    } while (accept("elsif"));
    expect("else");
    node->args.push_back(expression());
    return node;
  }

  ExprPtr primary() {
    const Token token = take();
    switch (token.kind) {
      case TokenKind::number: {
        ExprPtr node = make(ExprKind::integer, token.where);
        node->number = number(token);
        return node;
      }
      case TokenKind::bits: {
        const BitPattern bits = pattern(token, false);
        ExprPtr node = make(ExprKind::bits, token.where);
        node->bits = bits.bits;
        node->width = bits.width;
        return node;
      }
      case TokenKind::text: {
        ExprPtr node = make(ExprKind::text, token.where);
        node->text = token.text;
        return node;
      }
      case TokenKind::symbol:
        if (token.text == "(") {
          ExprPtr first = expression();
          if (!is(",")) {
            expect(")");
            return first;
          }
          ExprPtr node = make(ExprKind::tuple, token.where);
          node->args.push_back(std::move(first));
          while (accept(",")) node->args.push_back(expression());
          expect(")");
          return node;
        }
        break;
      case TokenKind::name:
        return named(token);
      case TokenKind::end_of_file:
        break;
    }
    fail(token.where, "expected an expression, found " + describe(token));
  }

  ExprPtr named(const Token& token) {
    if (token.text == "TRUE" || token.text == "FALSE") {
      ExprPtr node = make(ExprKind::boolean, token.where);
      node->number = token.text == "TRUE";
      return node;
    }
    if (token.text == "PSTATE") {
      expect(".");
      ExprPtr node = make(ExprKind::state, token.where);
      node->text = expect_kind(TokenKind::name, "N, Z, C, V or NZCV").text;
      if (node->text != "N" && node->text != "Z" && node->text != "C" && node->text != "V" && node->text != "NZCV")
        fail(token.where, "PSTATE has N, Z, C, V and NZCV, not `" + node->text + "`");
      return node;
    }
    if (contains(section_words, token.text) || contains(closing_words, token.text))
      fail(token.where, "expected an expression, found the word `" + token.text + "`");
    ExprPtr node = make(ExprKind::name, token.where);
    node->symbol = data_.symbols.intern(token.text);
    if (!is("{") && !is("(")) return node;
    node->kind = ExprKind::call;
    node->text = token.text;
    if (accept("{")) {
      do {
        node->widths.push_back(expression());
      } while (accept(","));
      expect("}");
    }
    expect("(");
    if (!is(")")) {
      do {
        node->args.push_back(expression());
      } while (accept(","));
    }
    expect(")");
    return node;
  }

  Body body() {
    Nesting nesting(*this);
    Body result;
    while (peek().kind != TokenKind::end_of_file) {
      const Token& next = peek();
      if (next.kind == TokenKind::name && (contains(section_words, next.text) || contains(closing_words, next.text))) break;
      result.push_back(statement());
    }
    return result;
  }

  std::unique_ptr<Stmt> statement() {
    auto stmt = std::make_unique<Stmt>();
    stmt->where = peek().where;
    if (is("let") || is("var")) {
      stmt->kind = StmtKind::declare;
      stmt->is_mutable = take().text == "var";
      if (accept("(")) {
        do {
          stmt->targets.push_back(accept("-") ? -1 : expect_name());
        } while (accept(","));
        expect(")");
      } else {
        stmt->targets.push_back(expect_name());
      }
      expect("=");
      stmt->value = expression();
      expect(";");
    } else if (is("if")) {
      if_statement(*stmt);
    } else if (is("case")) {
      case_statement(*stmt);
    } else if (accept("for")) {
      stmt->kind = StmtKind::loop;
      stmt->targets.push_back(expect_name());
      expect("=");
      stmt->conditions.push_back(expression());
      expect("to");
      stmt->conditions.push_back(expression());
      expect("do");
      stmt->bodies.push_back(body());
      finish();
    } else if (accept("return")) {
      stmt->kind = StmtKind::give;
      stmt->value = expression();
      expect(";");
    } else if (accept("UNDEFINED")) {
      stmt->kind = StmtKind::undefined;
      expect(";");
    } else if (accept("UNPREDICTABLE")) {
      stmt->kind = StmtKind::unpredictable;
      expect(";");
    } else if (accept("UNSUPPORTED")) {
      stmt->kind = StmtKind::unsupported;
      if (!is(";")) stmt->value = expression();
      expect(";");
    } else {
      simple_statement(*stmt);
    }
    return stmt;
  }

  void finish() {
    expect("end");
    accept(";");
  }

  void if_statement(Stmt& stmt) {
    stmt.kind = StmtKind::branch;
    expect("if");
    do {
      stmt.conditions.push_back(expression());
      expect("then");
      stmt.bodies.push_back(body());
    } while (accept("elsif"));
    if (accept("else")) stmt.bodies.push_back(body());
    finish();
  }

  void case_statement(Stmt& stmt) {
    stmt.kind = StmtKind::select;
    expect("case");
    stmt.value = expression();
    expect("of");
    while (accept("when")) {
      std::vector<BitPattern> patterns;
      do {
        patterns.push_back(pattern(expect_kind(TokenKind::bits, "a bit pattern"), true));
      } while (accept(","));
      expect("=>");
      stmt.patterns.push_back(std::move(patterns));
      stmt.bodies.push_back(body());
    }
    if (accept("otherwise")) {
      expect("=>");
      stmt.bodies.push_back(body());
    }
    finish();
  }

  void simple_statement(Stmt& stmt) {
    ExprPtr place = prefix();
    if (accept("=")) {
      stmt.kind = StmtKind::assign;
      stmt.place = std::move(place);
      stmt.value = expression();
    } else {
      stmt.kind = StmtKind::call;
      if (place->kind != ExprKind::call) fail(place->where, "expected a statement");
      stmt.value = std::move(place);
    }
    expect(";");
  }

  Parameter type() {
    Parameter parameter;
    const Token token = expect_kind(TokenKind::name, "a type");
    if (token.text == "integer") {
      parameter.kind = ValueKind::integer;
    } else if (token.text == "boolean") {
      parameter.kind = ValueKind::boolean;
    } else if (token.text == "bits") {
      parameter.kind = ValueKind::bits;
      expect("(");
      parameter.width = expression();
      expect(")");
    } else {
      fail(token.where, "expected a type (bits(N), integer, boolean), found " + describe(token));
    }
    return parameter;
  }

  void function() {
    Function result;
    result.where = peek().where;
    result.name = expect_kind(TokenKind::name, "a function's name").text;
    if (accept("{")) {
      do {
        result.widths.push_back(expect_name());
      } while (accept(","));
      expect("}");
    }
    expect("(");
    if (!is(")")) {
      do {
        const Symbol symbol = expect_name();
        expect(":");
        result.parameters.push_back(type());
        result.parameters.back().symbol = symbol;
      } while (accept(","));
    }
    expect(")");
    expect("=>");
    if (accept("(")) {
      do {
        result.results.push_back(type());
      } while (accept(","));
      expect(")");
    } else {
      result.results.push_back(type());
    }
    result.body = body();
    finish();
    data_.functions.push_back(std::move(result));
  }

  void instruction() {
    GroupData data;
    data.where = peek().where;
    data.group.name = expect_kind(TokenKind::text, "the group's name in quotes").text;
    data.group.file = data_.files[file_];
    data.group.line = data.where.line;
    if (accept("pages")) {
      do {
        data.group.pages.push_back(expect_kind(TokenKind::text, "a page title in quotes").text);
      } while (accept(","));
    }
    if (data.group.pages.empty()) data.group.pages.push_back(data.group.name);
    if (accept("refines")) data.group.refines = expect_kind(TokenKind::text, "a group's name in quotes").text;
    while (is("encoding")) {
      data.encodings.push_back(encoding());
      data.group.encodings.push_back(data.encodings.back().text);
    }
    if (data.encodings.empty()) fail(peek().where, "expected `encoding`, found " + describe(peek()));
    if (accept("decode")) data.decode = body();
    expect("execute");
    data.execute = body();
    expect("asm");
    do {
      data.text.push_back(text_rule());
    } while (is("when") || peek().kind == TokenKind::text);
    if (accept("test")) {
      do {
        data.tests.push_back(expression());
      } while (accept(";") && !contains(section_words, peek().text) && peek().kind != TokenKind::end_of_file);
    }
    data.last_line = last_line_;
    data_.groups.push_back(std::move(data));
  }

  Encoding encoding() {
    Encoding result;
    const Position where = expect("encoding");
    result.where = where;
    unsigned at = 32;
    const auto room = [&](unsigned width, Position place) {
      if (width == 0 || width > at) fail(place, "the encoding has more than 32 bits, expected 32");
      at -= width;
    };
    while (peek().where.line == where.line && peek().kind != TokenKind::end_of_file) {
      const Token token = take();
      if (!result.text.empty()) result.text += ' ';
      if (token.kind == TokenKind::number || token.text == "(") {
        const bool should = token.text == "(";
        const Token digits = should ? expect_kind(TokenKind::number, "0 or 1") : token;
        if (should) expect(")");
        room(static_cast<unsigned>(std::min<std::size_t>(digits.text.size(), 33)), digits.where);
        for (std::size_t i = 0; i < digits.text.size(); ++i) {
          if (digits.text[i] != '0' && digits.text[i] != '1') fail(digits.where, "an encoding's digits are 0 and 1");
          const std::uint32_t bit = 1U << (at + digits.text.size() - 1 - i);
          (should ? result.should_mask : result.mask) |= bit;
          if (digits.text[i] == '1') (should ? result.should_match : result.match) |= bit;
        }
        result.text += should ? "(" + digits.text + ")" : digits.text;
      } else if (token.kind == TokenKind::name) {
        unsigned width = 1;
        result.text += token.text;
        if (accept(":")) {
          const Token digits = expect_kind(TokenKind::number, "the field's width");
          const i128 value = number(digits);
          if (value < 1 || value > 26) fail(digits.where, "a field has 1 to 26 bits");
          width = static_cast<unsigned>(value);
          result.text += ":" + digits.text;
        }
        room(width, token.where);
        const Symbol symbol = data_.symbols.intern(token.text);
        for (const Field& field : result.fields)
          if (field.symbol == symbol) fail(token.where, "the field `" + token.text + "` occurs twice");
        result.fields.push_back({symbol, at + width - 1, at});
      } else {
        fail(token.where, "expected bits, (0), (1) or a field, found " + describe(token));
      }
    }
    if (at != 0) fail(where, "the encoding has " + std::to_string(32 - at) + " bits, expected 32");
    return result;
  }

  TextRule text_rule() {
    TextRule rule;
    rule.where = peek().where;
    if (accept("when")) rule.condition = expression();
    const Token token = expect_kind(TokenKind::text, "the text in quotes");
    Position start = token.where;
    ++start.column;
    rule.pieces = pieces(token.text, start);
    return rule;
  }

  std::vector<TextPiece> pieces(std::string_view text, Position where) {
    Nesting nesting(*this);
    std::vector<TextPiece> result;
    std::string literal;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '<') {
        literal += text[i];
        continue;
      }
      std::size_t end = i + 1;
      unsigned depth = 1;
      for (; end < text.size(); ++end) {
        if (text[end] == '<') ++depth;
        if (text[end] == '>' && --depth == 0) break;
      }
      Position place = where;
      place.column += static_cast<std::uint32_t>(i + 1);
      if (end >= text.size()) fail(place, "this `<` has no `>`");
      if (!literal.empty()) result.push_back({std::exchange(literal, {}), nullptr, {}});
      result.push_back(hole(text.substr(i + 1, end - i - 1), place));
      i = end;
    }
    if (!literal.empty()) result.push_back({literal, nullptr, {}});
    return result;
  }

  /// `expr`, or `a|b|c : expr`.
  TextPiece hole(std::string_view text, Position where) {
    TextPiece piece;
    std::vector<std::pair<std::size_t, std::size_t>> parts;
    std::size_t begin = 0;
    std::size_t value = std::string_view::npos;
    unsigned depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '<') ++depth;
      if (text[i] == '>') --depth;
      if (depth == 0 && text[i] == '|') {
        parts.emplace_back(begin, i);
        begin = i + 1;
      }
      if (depth == 0 && text[i] == ':' && !parts.empty() && value == std::string_view::npos) {
        parts.emplace_back(begin, i);
        value = i + 1;
        begin = text.size();
      }
    }
    if (!parts.empty() && value == std::string_view::npos) fail(where, "alternatives need `: expression` at their end");
    const auto place = [&](std::size_t offset) {
      Position result = where;
      result.column += static_cast<std::uint32_t>(offset);
      return result;
    };
    for (const auto& [from, to] : parts) piece.alternatives.push_back(pieces(text.substr(from, to - from), place(from)));
    const std::size_t from = parts.empty() ? 0 : value;
    auto tokens = tokenize(text.substr(from), place(from), data_.files[file_]);
    if (!tokens) throw tokens.error();
    Parser inner(std::move(*tokens), file_, data_);
    inner.depth_ = depth_;
    piece.value = inner.whole_expression();
    return piece;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  std::uint32_t last_line_ = 0;  ///< of the last token taken
  std::uint16_t file_;
  ModelData& data_;
};

}  // namespace

std::optional<ir::Error> parse_file(std::string_view source, std::uint16_t file, ModelData& data) {
  auto tokens = tokenize(source, {file, 1, 1}, data.files[file]);
  if (!tokens) return tokens.error();
  try {
    Parser(std::move(*tokens), file, data).run();
  } catch (const ir::Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace isa
