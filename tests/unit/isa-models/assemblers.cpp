// SPDX-License-Identifier: Apache-2.0
#include "assemblers.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

namespace assemblers {
namespace {

std::string path_of(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("symbolon-" + std::to_string(getpid()) + "-" + name)).string();
}

std::string contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Output {
  std::string out;
  std::string err;
};

Output run(const std::string& command) {
  const std::string out = path_of("out");
  const std::string err = path_of("err");
  // The tools end with 1 for one bad line or word; what they say about it is read below.
  std::ignore = std::system((command + " >" + out + " 2>" + err).c_str());
  Output result{contents(out), contents(err)};
  std::remove(out.c_str());
  std::remove(err.c_str());
  return result;
}

/// An object file whose code section holds the words at text_address.
std::string object_of(const std::vector<std::uint32_t>& words) {
  const std::string raw = path_of("words.bin");
  std::ofstream stream(raw, std::ios::binary);
  for (const std::uint32_t word : words)
    for (unsigned byte = 0; byte < 4; ++byte) stream.put(static_cast<char>(word >> (8 * byte)));
  stream.close();
  const std::string object = path_of("words.o");
  std::ostringstream command;
  command << "aarch64-linux-gnu-objcopy -I binary -O elf64-littleaarch64 --rename-section .data=.text,alloc,load,readonly,code,contents"
          << " --change-section-address .data=" << text_address << ' ' << raw << ' ' << object;
  const std::string problem = run(command.str()).err;
  if (!problem.empty()) throw std::runtime_error(problem);
  std::remove(raw.c_str());
  return object;
}

/// "40000004:\tb\t4000000c <start+0xc>  // note" to "b 0x4000000c"; GNU writes addresses without 0x.
std::string text_of(const std::string& line, bool addresses_are_bare) {
  std::string text = lower(line.substr(line.find(":") + 1));
  text = text.substr(0, std::min(text.find("//"), text.find(';')));
  if (const std::size_t symbol = text.find(" <"); symbol != std::string::npos && symbol != 0) {
    text.resize(symbol);
    const std::size_t address = text.find_last_of(" \t,") + 1;
    if (addresses_are_bare) text.insert(address, "0x");
  }
  std::istringstream stream(text);
  std::string result;
  for (std::string word; stream >> word;) result += (result.empty() ? "" : " ") + word;
  return result == "<unknown>" || result.starts_with(".inst") ? std::string() : result;
}

std::vector<std::string> texts_by(const std::string& tool, const std::vector<std::uint32_t>& words, bool addresses_are_bare) {
  const std::string object = object_of(words);
  std::istringstream lines(run(tool + " -d -z --no-show-raw-insn " + object).out);
  std::remove(object.c_str());
  std::vector<std::string> texts;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(":");
    const std::size_t start = line.find_first_not_of(' ');
    if (colon == std::string::npos || start >= colon) continue;
    std::uint64_t address = 0;
    const auto [end, error] = std::from_chars(line.data() + start, line.data() + colon, address, 16);
    if (error != std::errc() || end != line.data() + colon) continue;
    texts.push_back(text_of(line, addresses_are_bare));
  }
  return texts;
}

/// Numbers of the lines that the assembler reports an error for, from 0.
std::set<std::size_t> bad_lines(const std::string& errors) {
  std::set<std::size_t> bad;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    if (first == std::string::npos || line.find(": error: ") == std::string::npos) continue;
    const std::size_t number = std::strtoul(line.c_str() + first + 1, nullptr, 10);
    if (number != 0) bad.insert(number - 1);
  }
  return bad;
}

/// "[0x20,0x00,0x02,0x8b]" after "encoding: ".
std::optional<std::uint32_t> encoding_of(const std::string& line) {
  std::size_t at = line.find("encoding: [");
  if (at == std::string::npos) return std::nullopt;
  std::uint32_t word = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    at = line.find("0x", at);
    word |= static_cast<std::uint32_t>(std::strtoul(line.c_str() + at, nullptr, 16)) << (8 * byte);
    at += 2;
  }
  return word;
}

}  // namespace

std::vector<std::string> llvm_texts(const std::vector<std::uint32_t>& words) { return texts_by("llvm-objdump-19 --mattr=+all", words, false); }

std::vector<std::string> gnu_texts(const std::vector<std::uint32_t>& words) { return texts_by("aarch64-linux-gnu-objdump", words, true); }

std::vector<std::optional<std::uint32_t>> llvm_words(const std::vector<std::string>& lines, const std::string& features) {
  const std::string source = path_of("lines.s");
  std::ofstream stream(source);
  for (const std::string& line : lines) stream << line << '\n';
  stream.close();
  const Output output = run("llvm-mc-19 --triple=aarch64 --mattr=" + features + " -show-encoding " + source);
  std::remove(source.c_str());
  const std::set<std::size_t> bad = bad_lines(output.err);
  std::vector<std::uint32_t> encodings;
  std::istringstream text(output.out);
  for (std::string line; std::getline(text, line);)
    if (const auto word = encoding_of(line)) encodings.push_back(*word);
  std::vector<std::optional<std::uint32_t>> words(lines.size());
  if (encodings.size() + bad.size() != lines.size()) throw std::runtime_error("llvm-mc-19: " + output.err.substr(0, 2000));
  for (std::size_t i = 0, next = 0; i < lines.size() && next < encodings.size(); ++i)
    if (!bad.contains(i)) words[i] = encodings[next++];
  return words;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<std::string> operands(const std::string& text) {
  std::istringstream stream(text);
  std::string word;
  stream >> word;
  std::vector<std::string> result;
  while (stream >> word) {
    if (word.ends_with(',')) word.pop_back();
    result.push_back(word);
  }
  return result;
}

std::string without_last_register(std::string text) {
  const std::size_t space = text.find_last_of(' ');
  if (space == std::string::npos) return text;
  const std::string last = text.substr(space + 1);
  if (last != "xzr" && (last.size() < 2 || last[0] != 'x' || std::isdigit(static_cast<unsigned char>(last[1])) == 0)) return text;
  text.resize(space);
  if (text.ends_with(',')) text.pop_back();
  return text;
}

}  // namespace assemblers
