// SPDX-License-Identifier: Apache-2.0
// One pass over the bytes. Comments run from // to the end of the line; strings do not cross lines.
#include "isa-models/lexer.hpp"

#include <array>
#include <cctype>

#include "isa-models/model_data.hpp"

namespace isa {
namespace {

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

constexpr std::array<std::string_view, 10> two_characters = {"==", "!=", "<=", ">=", "&&", "||", "::", "<<", ">>", "=>"};
constexpr std::string_view one_character = "(){}[],;:=<>!+-*.";

class Lexer {
 public:
  Lexer(std::string_view source, Position start, const std::string& file)
      : source_(source), place_(start), file_(file) {}

  ir::Result<std::vector<Token>> run() {
    while (skip_blank()) {
      const Position start = place_;
      Token token{TokenKind::symbol, start, {}};
      const char c = source_[at_];
      if (is_name_start(c)) {
        token.kind = TokenKind::name;
        while (at_ < source_.size() && is_name(source_[at_])) token.text += take();
      } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        token.kind = TokenKind::number;
        while (at_ < source_.size() && is_name(source_[at_])) token.text += take();
      } else if (c == '\'' || c == '"') {
        token.kind = c == '"' ? TokenKind::text : TokenKind::bits;
        take();
        while (at_ < source_.size() && source_[at_] != c && source_[at_] != '\n') token.text += take();
        if (at_ >= source_.size() || source_[at_] != c)
          return model_error(file_, start, std::string("this ") + c + " is not closed on its line");
        take();
      } else if (auto symbol = take_symbol(); !symbol.empty()) {
        token.text = symbol;
      } else {
        return model_error(file_, start, "unexpected character " + printable(c));
      }
      tokens_.push_back(std::move(token));
    }
    tokens_.push_back({TokenKind::end_of_file, place_, {}});
    return std::move(tokens_);
  }

 private:
  char take() {
    const char c = source_[at_++];
    if (c == '\n') {
      ++place_.line;
      place_.column = 1;
    } else {
      ++place_.column;
    }
    return c;
  }
  bool skip_blank() {
    while (at_ < source_.size()) {
      if (std::isspace(static_cast<unsigned char>(source_[at_])) != 0) {
        take();
      } else if (source_.substr(at_, 2) == "//") {
        while (at_ < source_.size() && source_[at_] != '\n') take();
      } else {
        return true;
      }
    }
    return false;
  }
  std::string take_symbol() {
    for (std::string_view symbol : two_characters)
      if (source_.substr(at_, 2) == symbol) {
        take();
        take();
        return std::string(symbol);
      }
    if (one_character.find(source_[at_]) == std::string_view::npos) return {};
    return std::string(1, take());
  }
  static std::string printable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isprint(byte) != 0) return std::string("'") + c + "'";
    constexpr std::string_view digits = "0123456789abcdef";
    return std::string("0x") + digits[byte >> 4] + digits[byte & 15];
  }

  std::string_view source_;
  std::size_t at_ = 0;
  Position place_;
  const std::string& file_;
  std::vector<Token> tokens_;
};

}  // namespace

ir::Result<std::vector<Token>> tokenize(std::string_view source, Position start, const std::string& file) {
  return Lexer(source, start, file).run();
}

}  // namespace isa
