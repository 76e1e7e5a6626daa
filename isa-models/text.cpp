// SPDX-License-Identifier: Apache-2.0
// Comparing disassembly texts. Witnesses choose aliases, number bases and spacing differently, so both texts are cut into tokens and
// brought to one form by data (aliases.tsv, sysregs.tsv, sysops.tsv). What is equal afterwards says the same
// instruction; every rewriting keeps the meaning, so a difference in any operand stays visible.
#include <cctype>

#include "isa-models/alias.hpp"
#include "isa-models/isa.hpp"
#include "isa-models/names.hpp"

namespace isa {
namespace {

constexpr unsigned rewrite_limit = 8;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '?'; }

/// Lower-case words, decimal numbers (negative ones modulo 2^64), and the symbols [ ] !
Tokens cut(std::string_view text) {
  Tokens tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (text.substr(i, 2) == "//" || c == ';') break;
    if (c == '[' || c == ']' || c == '!') {
      tokens.emplace_back(1, c);
      ++i;
      continue;
    }
    const bool negative = c == '-';
    if (negative) ++i;
    std::string word;
    while (i < text.size() && is_word(text[i]))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i++])));
    if (word.empty()) {
      if (!negative) ++i;
      continue;
    }
    const bool hex = word.starts_with("0x");
    std::uint64_t value = 0;
    bool is_number = word.size() > (hex ? 2U : 0U);
    for (std::size_t k = hex ? 2 : 0; k < word.size(); ++k) {
      const char digit = word[k];
      const bool fits = hex ? std::isxdigit(static_cast<unsigned char>(digit)) != 0 : std::isdigit(static_cast<unsigned char>(digit)) != 0;
      is_number = is_number && fits;
      value = value * (hex ? 16 : 10) + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    tokens.push_back(is_number ? std::to_string(negative ? 0 - value : value) : word);
  }
  return tokens;
}

/// "[ x0 0 ]" to "[ x0 ]".
void drop_zero_offsets(Tokens& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i)
    if (tokens[i] == "0" && tokens[i + 1] == "]") tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i));
}

void name_system_registers(const ModelData& data, Tokens& tokens) {
  if (tokens.empty() || (tokens[0] != "mrs" && tokens[0] != "msr")) return;
  for (std::size_t i = 1; i < tokens.size(); ++i)
    if (const auto row = data.register_names.find(tokens[i]); row != data.register_names.end())
      tokens[i] = register_code(row->second);
}

void expand_system_operation(const ModelData& data, Tokens& tokens) {
  if (tokens.empty()) return;
  auto row = data.sys_names.find(tokens[0]);
  std::ptrdiff_t named = 1;
  if (row == data.sys_names.end() && tokens.size() > 1) row = data.sys_names.find(tokens[0] + " " + tokens[named++]);
  if (row == data.sys_names.end()) return;
  const auto field = [&](unsigned lo, unsigned width) { return std::to_string((row->second >> lo) & ((1U << width) - 1)); };
  Tokens result = {"sys", field(11, 3), "c" + field(7, 4), "c" + field(3, 4), field(0, 3)};
  result.insert(result.end(), tokens.begin() + named, tokens.end());
  tokens = std::move(result);
}

}  // namespace

std::string normalise_text(const Models& models, std::string_view text) {
  const ModelData& data = *models.data();
  Tokens tokens = cut(text);
  for (std::string& token : tokens)
    if (const auto row = data.token_aliases.find(token); row != data.token_aliases.end()) token = row->second;
  drop_zero_offsets(tokens);
  name_system_registers(data, tokens);
  expand_system_operation(data, tokens);
  for (unsigned step = 0; step < rewrite_limit && !tokens.empty(); ++step) {
    const auto rows = data.aliases.find(tokens[0]);
    if (rows == data.aliases.end()) break;
    bool changed = false;
    for (const AliasRow& row : rows->second)
      if (auto result = apply_alias(row, tokens)) {
        changed = *result != tokens;
        tokens = std::move(*result);
        break;
      }
    if (!changed) break;
  }
  std::string result;
  for (const std::string& token : tokens) result += (result.empty() ? "" : " ") + token;
  return result;
}

bool texts_agree(const Models& models, std::string_view model_text, std::string_view witness_text) {
  const std::string ours = normalise_text(models, model_text);
  return !ours.empty() && ours == normalise_text(models, witness_text);
}

}  // namespace isa
