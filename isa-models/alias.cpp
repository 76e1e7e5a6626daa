// SPDX-License-Identifier: Apache-2.0
// A pattern is matched token by token with one binding per name. What the pieces of a row mean stands in the head
// of aliases.tsv. A row that cannot be computed simply does not apply: the texts then differ, which is an error of the word.
#include "isa-models/alias.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <map>

namespace isa {
namespace {

/// "5" for x5 and w5, "zr", "sp"; empty when the token is no register.
std::string register_number(const std::string& token, bool wide) {
  if (token == (wide ? "sp" : "wsp")) return "sp";
  if (token.size() < 2 || token[0] != (wide ? 'x' : 'w')) return {};
  const std::string rest = token.substr(1);
  if (rest == "zr") return rest;
  const auto number = token_number(rest);
  return number && *number < 31 ? rest : std::string();
}

std::string register_name(const std::string& number, bool wide) {
  if (number == "sp") return wide ? "sp" : "wsp";
  return (wide ? "x" : "w") + number;
}

std::string opposite(const std::string& condition) {
  constexpr std::array<const char*, 16> names = {"eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc",
                                                 "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (condition == names[i]) return names[i ^ 1];
  return {};
}

using Bindings = std::map<std::string, std::string>;

/// {expression} over bound numbers, all operators left-associative on one level except the multiplicative ones.
class Calculator {
 public:
  Calculator(const std::string& text, const Bindings& bindings, bool wide) : text_(text), bindings_(bindings), wide_(wide) {}
  std::optional<std::uint64_t> run() {
    const std::uint64_t value = masked();
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  bool accept(const char* symbol) {
    const std::string wanted = symbol;
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }
  std::uint64_t masked() {
    std::uint64_t value = sum();
    while (accept("&")) value &= sum();
    return value;
  }
  std::uint64_t sum() {
    std::uint64_t value = product();
    for (;;) {
      if (accept("+"))
        value += product();
      else if (accept("-"))
        value -= product();
      else
        return value;
    }
  }
  std::uint64_t product() {
    std::uint64_t value = atom();
    for (;;) {
      if (accept("%")) {
        const std::uint64_t divisor = atom();
        if (divisor == 0) return fail();
        value %= divisor;
      } else if (accept("<<")) {
        const std::uint64_t amount = atom();
        if (amount > 63) return fail();
        value <<= amount;
      } else {
        return value;
      }
    }
  }
  std::uint64_t atom() {
    if (++depth_ > 50) return fail();
    if (accept("~")) return ~atom();
    if (accept("(")) {
      const std::uint64_t value = masked();
      if (!accept(")")) return fail();
      return value;
    }
    if (accept("@W")) return wide_ ? 64 : 32;
    if (accept("@M")) return wide_ ? ~std::uint64_t{0} : 0xffffffffU;
    std::string word;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) word += text_[at_++];
    if (const auto bound = bindings_.find(word); bound != bindings_.end()) word = bound->second;
    const auto number = token_number(word);
    return number ? *number : fail();
  }
  std::uint64_t fail() {
    failed_ = true;
    return 0;
  }

  const std::string& text_;
  const Bindings& bindings_;
  bool wide_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  bool failed_ = false;
};

class Match {
 public:
  Match(const AliasRow& row, const Tokens& tokens, bool wide) : row_(row), tokens_(tokens), wide_(wide) {}

  std::optional<Tokens> run() {
    std::size_t at = 0;
    for (const std::string& pattern : row_.pattern) {
      if (pattern[0] == '*') {
        rest_.assign(tokens_.begin() + static_cast<std::ptrdiff_t>(std::min(at, tokens_.size())), tokens_.end());
        at = tokens_.size();
        break;
      }
      if (at >= tokens_.size() || !match(pattern, tokens_[at])) return std::nullopt;
      ++at;
    }
    if (at != tokens_.size()) return std::nullopt;
    Tokens result;
    for (const std::string& piece : row_.result) {
      if (piece[0] == '*') {
        result.insert(result.end(), rest_.begin(), rest_.end());
        continue;
      }
      const std::string token = produce(piece);
      if (token.empty()) return std::nullopt;
      result.push_back(token);
    }
    return result;
  }

 private:
  bool bind(const std::string& name, const std::string& value) {
    const auto [entry, added] = bindings_.emplace(name, value);
    return added || entry->second == value;
  }
  bool match(const std::string& pattern, const std::string& token) {
    const std::string name = pattern.substr(1);
    switch (pattern[0]) {
      case '@': {
        if (name == "zr") return token == register_name("zr", wide_);
        const std::string number = register_number(token, wide_);
        return !number.empty() && bind(name, number);
      }
      case '%': {
        const bool is_wide = register_number(token, false).empty();
        const std::string number = register_number(token, is_wide);
        other_width_ = is_wide;
        return !number.empty() && bind(name, number);
      }
      case '#': return token_number(token) && bind(name, token);
      case '$': return bind(name, token);
      default:
        if (pattern == "uxt@w") return token == (wide_ ? "uxtx" : "uxtw");
        return pattern == token;
    }
  }
  std::string produce(const std::string& piece) const {
    const std::string name = piece.substr(1);
    const auto bound = [&](const std::string& key) {
      const auto entry = bindings_.find(key);
      return entry == bindings_.end() ? std::string() : entry->second;
    };
    const auto named = [&](bool wide) { return bound(name).empty() ? std::string() : register_name(bound(name), wide); };
    switch (piece[0]) {
      case '@': return name == "zr" ? register_name("zr", wide_) : named(wide_);
      case '%': return named(other_width_);
      case '#':
      case '$': return bound(name);
      case '!': return opposite(bound(name));
      case '{': {
        const std::string text = piece.substr(1, piece.size() - 2);
        const auto value = Calculator(text, bindings_, wide_).run();
        return value ? std::to_string(*value) : std::string();
      }
      default: return piece;
    }
  }

  const AliasRow& row_;
  const Tokens& tokens_;
  bool wide_;
  bool other_width_ = false;
  Bindings bindings_;
  Tokens rest_;
};

}  // namespace

std::optional<std::uint64_t> token_number(const std::string& token) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (token.empty() || error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return value;
}

std::optional<Tokens> apply_alias(const AliasRow& row, const Tokens& tokens) {
  if (auto result = Match(row, tokens, true).run()) return result;
  return Match(row, tokens, false).run();
}

}  // namespace isa
