// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/source_edits.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace mutation {

namespace {

/// One token for another.
struct Row {
  std::string_view name, before, after;
};

constexpr Row rows[] = {
    {"sum", "+", "-"},
    {"sum", "-", "+"},
    {"product", "*", "+"},
    {"quotient", "/", "*"},
    {"remainder", "%", "/"},
    {"shift", "<<", ">>"},
    {"shift", ">>", "<<"},
    {"bits", "&", "|"},
    {"bits", "|", "&"},
    {"bits", "^", "|"},
    {"complement", "~", ""},
    {"order", "<", "<="},
    {"order", "<=", "<"},
    {"order", ">", ">="},
    {"order", ">=", ">"},
    {"equality", "==", "!="},
    {"equality", "!=", "=="},
    {"logic", "&&", "||"},
    {"logic", "||", "&&"},
    {"negation", "!", ""},
    {"step", "++", "--"},
    {"step", "--", "++"},
    {"assignment", "+=", "-="},
    {"assignment", "-=", "+="},
    {"assignment", "|=", "&="},
    {"assignment", "&=", "|="},
    {"assignment", "+=", "="},
    {"constant", "true", "false"},
    {"constant", "false", "true"},
};

constexpr std::string_view operators[] = {
    "<<=", ">>=", "<=>", "...", "->*", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
    "++",  "--",  "+=",  "-=",  "*=",  "/=", "%=", "&=", "|=", "^=", "->", "::", "##"};

enum class Kind { word, number, text, sign };

struct Token {
  Kind kind;
  std::size_t offset;
  std::string_view text;
  unsigned line;
};

bool is_word(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\n')
        ++line_, ++at_, fresh_ = true;
      else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
        ++at_;
      else if (text_.substr(at_).starts_with("//") || (fresh_ && text_[at_] == '#'))
        skip_line();
      else if (text_.substr(at_).starts_with("/*"))
        skip_to("*/");
      else
        token();
    }
    return std::move(tokens_);
  }

 private:
  void skip_line() {
    while (at_ < text_.size() && (text_[at_] != '\n' || text_[at_ - 1] == '\\')) line_ += text_[at_++] == '\n' ? 1 : 0;
  }
  void skip_to(std::string_view end) {
    const std::size_t to = std::min(text_.find(end, at_ + 2), text_.size());
    line_ += static_cast<unsigned>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                              text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = std::min(to + end.size(), text_.size());
  }
  void token() {
    const std::size_t from = at_;
    const char first = text_[at_];
    Kind kind = Kind::sign;
    if (std::isdigit(static_cast<unsigned char>(first)) != 0) {
      kind = Kind::number;
      while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '\'')) ++at_;
    } else if (is_word(first)) {
      kind = Kind::word;
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    } else if (first == '"' || first == '\'') {
      kind = Kind::text;
      for (++at_; at_ < text_.size() && text_[at_] != first; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
      ++at_;
    } else {
      const auto known = std::find_if(std::begin(operators), std::end(operators),
                                      [&](auto each) { return text_.substr(at_).starts_with(each); });
      at_ += known == std::end(operators) ? 1 : known->size();
    }
    tokens_.push_back({kind, from, text_.substr(from, at_ - from), line_});
    fresh_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  bool fresh_ = true;  ///< nothing but space on this line so far
  std::vector<Token> tokens_;
};

/// Is each token inside the body of a function? A body's brace follows the parameters and what may stand behind them.
std::vector<bool> inside_bodies(const std::vector<Token>& tokens) {
  static const std::set<std::string_view> qualifiers{"const", "noexcept", "override", "final"};
  std::vector<bool> result(tokens.size());
  std::vector<bool> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].text == "{") {
      std::size_t before = i;
      while (before > 0 && qualifiers.contains(tokens[before - 1].text)) --before;
      open.push_back((!open.empty() && open.back()) || (before > 0 && tokens[before - 1].text == ")"));
    } else if (tokens[i].text == "}" && !open.empty()) {
      open.pop_back();
    }
    result[i] = !open.empty() && open.back();
  }
  return result;
}

/// The number plus one, in its base and with its suffix.
std::optional<std::string> next_number(std::string_view text) {
  std::string digits;
  for (char letter : text)
    if (letter != '\'') digits += letter;
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X"), binary = digits.starts_with("0b");
  std::size_t used = 0;
  unsigned long long value = 0;
  try {
    value = std::stoull(binary ? digits.substr(2) : digits, &used, hex ? 16 : binary ? 2 : 10);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const std::string suffix = digits.substr(used + (binary ? 2 : 0));
  if (suffix.find_first_not_of("uUlL") != std::string::npos) return std::nullopt;
  return hex ? fmt::format("{:#x}{}", value + 1, suffix) : fmt::format("{}{}", value + 1, suffix);
}

class Finder {
 public:
  Finder(const std::string& text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)), inside_(inside_bodies(tokens_)) {}

  std::vector<SourceEdit> run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!inside_[i]) continue;
      const Token& token = tokens_[i];
      for (const Row& row : rows)
        if (token.text == row.before && token.kind != Kind::text) add(row.name, i, i, std::string(row.after));
      if (token.kind == Kind::number)
        if (const auto next = next_number(token.text)) add("constant", i, i, *next);
      drop_statement(i);
      swap_arguments(i);
    }
    return std::move(edits_);
  }

 private:
  void add(std::string_view name, std::size_t first, std::size_t last, std::string after) {
    const std::size_t from = tokens_[first].offset, to = tokens_[last].offset + tokens_[last].text.size();
    edits_.push_back({name, from, to - from, std::move(after), tokens_[first].line});
  }

  /// An assignment or a call that stands alone. Other statements are no program without themselves, or leave without a
  /// value.
  void drop_statement(std::size_t first) {
    static const std::set<std::string_view> not_dropped{"return", "break",   "continue", "goto",
                                                        "case",   "default", "using",    "static_assert"};
    const bool begins = first > 0 && (tokens_[first - 1].text == ";" || tokens_[first - 1].text == "{" ||
                                      tokens_[first - 1].text == "}");
    if (!begins || not_dropped.contains(tokens_[first].text)) return;
    std::size_t last = first;
    while (last < tokens_.size() && tokens_[last].text != ";" && tokens_[last].text != "{" && tokens_[last].text != "}")
      ++last;
    if (last < tokens_.size() && last > first && tokens_[last].text == ";") add("dropped statement", first, last, ";");
  }

  /// The first two arguments of a call.
  void swap_arguments(std::size_t name) {
    if (tokens_[name].kind != Kind::word || name + 1 >= tokens_.size() || tokens_[name + 1].text != "(") return;
    std::vector<std::size_t> ends;  // the tokens behind the arguments
    unsigned depth = 0;
    for (std::size_t i = name + 1; i < tokens_.size(); ++i) {
      const std::string_view text = tokens_[i].text;
      if (text == ";") return;
      if (text == "(" || text == "[" || text == "{") ++depth;
      if (text == ")" || text == "]" || text == "}") --depth;
      if (depth == 0 || (depth == 1 && text == ",")) ends.push_back(i);
      if (depth == 0) break;
    }
    if (ends.size() < 2) return;
    const std::string first = between(name + 1, ends[0]), second = between(ends[0], ends[1]);
    if (first != second) add("swapped arguments", name + 2, ends[1] - 1, second + ", " + first);
  }

  std::string between(std::size_t before, std::size_t behind) const {
    const std::size_t from = tokens_[before + 1].offset,
                      to = tokens_[behind - 1].offset + tokens_[behind - 1].text.size();
    return text_.substr(from, to - from);
  }

  const std::string& text_;
  const std::vector<Token> tokens_;
  const std::vector<bool> inside_;
  std::vector<SourceEdit> edits_;
};

}  // namespace

std::vector<SourceEdit> source_edits_of(const std::string& text) { return Finder(text, Scanner(text).run()).run(); }

std::string apply(const SourceEdit& edit, std::string text) {
  return text.replace(edit.offset, edit.length, edit.after);
}

}  // namespace mutation
