// SPDX-License-Identifier: Apache-2.0
// LLVM's and GNU's assembler and disassemblers as child processes, many words or lines at a time: tests only. Throws
// std::runtime_error when a tool is missing or answers in an unknown form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assemblers {

/// Where the first word of a list stands.
inline constexpr std::uint64_t text_address = 0x40000000;

/// One text a word, lower case, one space between mnemonic and operands, PC-relative operands as absolute addresses; "" for what the
/// disassembler refuses. LLVM knows every feature, GNU what it decodes by default.
std::vector<std::string> llvm_texts(const std::vector<std::uint32_t>& words);
std::vector<std::string> gnu_texts(const std::vector<std::uint32_t>& words);
/// One word a line, or nothing where the assembler reports an error. No line may be empty.
std::vector<std::optional<std::uint32_t>> llvm_words(const std::vector<std::string>& lines, const std::string& features = "+all");

std::string lower(std::string text);
/// "mrs x0, foo" to {"x0", "foo"}.
std::vector<std::string> operands(const std::string& text);
/// "dc civac, x0" to "dc civac"; what has no register stays.
std::string without_last_register(std::string text);

}  // namespace assemblers
