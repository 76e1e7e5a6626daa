// SPDX-License-Identifier: Apache-2.0
// Tokens of .isa text. The whole file is cut at once; a bad character is an error with its place, and every file, however
// broken, ends in an `end_of_file` token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/ast.hpp"

namespace isa {

enum class TokenKind : std::uint8_t { name, number, bits, text, symbol, end_of_file };

struct Token {
  TokenKind kind = TokenKind::end_of_file;
  Position where;
  std::string text;  ///< name, digits as written, pattern without quotes, string without quotes, or the symbol
};

/// Cuts `source`; positions count from `start`, and carry start.file. `file` is only for the error.
ir::Result<std::vector<Token>> tokenize(std::string_view source, Position start, const std::string& file);

}  // namespace isa
