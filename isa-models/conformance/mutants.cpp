// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/mutants.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "isa-models/lexer.hpp"
#include "isa-models/model_data.hpp"

namespace isa {
namespace {

/// The one replacement of a token, or nothing.
std::string mutated(const Token& token) {
  static const std::map<std::string, std::string> words = {
      {"==", "!="}, {"!=", "=="}, {"+", "-"}, {"-", "+"}, {"&&", "||"}, {"||", "&&"}, {"<", ">="}, {">", "<="}, {">=", "<"}, {"<=", ">"},
      {"*", "+"}, {"<<", ">>"}, {">>", "<<"}, {"DIV", "MOD"}, {"MOD", "DIV"}, {"AND", "OR"}, {"OR", "AND"}, {"EOR", "OR"},
      {"SignExtend", "ZeroExtend"}, {"ZeroExtend", "SignExtend"}, {"UInt", "SInt"}, {"SInt", "UInt"}, {"LSL", "LSR"}, {"LSR", "ASR"},
      {"ASR", "LSR"}, {"ROR", "LSR"}, {"XSP", "X"}, {"X", "XSP"}, {"UDIV", "SDIV"}, {"SDIV", "UDIV"}, {"n", "m"}, {"m", "n"}, {"t2", "t"},
      {"moved", "base"}, {"address2", "address"}, {"C", "Z"}, {"Z", "N"}, {"N", "C"}, {"V", "C"}, {"TRUE", "FALSE"}, {"FALSE", "TRUE"},
      {"MemAcquire", "Mem"}, {"MemRelease", "Mem"}, {"MemUnprivileged", "Mem"},
      {"MemLimited", "Mem"}};
  if (token.kind == TokenKind::number) return std::to_string(std::strtoull(token.text.c_str(), nullptr, 0) + 1);
  if (token.kind == TokenKind::bits && !token.text.empty()) {
    std::string bits = token.text;
    for (char& c : bits)
      if (c == '0' || c == '1') {
        c = c == '0' ? '1' : '0';
        return "'" + bits + "'";
      }
    return {};
  }
  const auto word = words.find(token.text);
  return word == words.end() || token.kind == TokenKind::text ? std::string() : word->second;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

class File {
 public:
  File(const std::string& name, const std::string& text) : name_(name), text_(text), lines_{0} {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }

  void mutants(std::vector<Mutant>& result) {
    const auto tokens = tokenize(text_, {0, 1, 1}, name_);
    if (!tokens) return;
    Mutant frame{name_, {}, false, 0, {}, {}};
    bool inside = false;
    for (std::size_t i = 0; i + 1 < tokens->size(); ++i) {
      const Token& token = (*tokens)[i];
      if (token.kind == TokenKind::name) {
        if (token.text == "instruction" || token.text == "func") {
          frame.group = (*tokens)[i + 1].text;
          frame.is_function = token.text == "func";
          inside = false;
        }
        if (token.text == "asm") inside = false;
        if (token.text == "decode" || token.text == "execute") inside = true;
      }
      // A function's body begins behind the line of its head.
      if (frame.is_function && i > 0 && token.where.line != (*tokens)[i - 1].where.line) inside = true;
      if (const std::string replacement = inside ? mutated(token) : std::string(); !replacement.empty())
        result.push_back(mutant(frame, token, replacement));
    }
  }

 private:
  Mutant mutant(const Mutant& frame, const Token& token, const std::string& replacement) const {
    const std::size_t begin = lines_[token.where.line - 1], at = begin + token.where.column - 1;
    const std::size_t length = token.text.size() + (token.kind == TokenKind::bits ? 2 : 0);
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    Mutant result = frame;
    result.line = token.where.line;
    result.text = text_;
    result.text.replace(at, length, replacement);
    result.what = trimmed(text_.substr(begin, at - begin) + "«" + text_.substr(at, length) + "→" + replacement + "»" + text_.substr(at + length, end - at - length));
    return result;
  }

  const std::string& name_;
  const std::string& text_;
  std::vector<std::size_t> lines_;
};

/// The functions that bodies and expressions call.
class Calls {
 public:
  explicit Calls(const ModelData& data) : data_(data) {}
  std::set<int> of(const GroupData& group) {
    found_.clear();
    visit(group.decode);
    visit(group.execute);
    return found_;
  }

 private:
  void visit(const Body& body) {
    for (const auto& stmt : body) {
      if (stmt->place) visit(*stmt->place);
      if (stmt->value) visit(*stmt->value);
      for (const ExprPtr& condition : stmt->conditions) visit(*condition);
      for (const Body& inner : stmt->bodies) visit(inner);
    }
  }
  void visit(const Expr& expr) {
    if (expr.kind == ExprKind::call && expr.function >= 0 && found_.insert(expr.function).second)
      visit(data_.functions[static_cast<std::size_t>(expr.function)].body);
    for (const ExprPtr& width : expr.widths) visit(*width);
    for (const ExprPtr& arg : expr.args) visit(*arg);
  }
  const ModelData& data_;
  std::set<int> found_;
};

}  // namespace

ir::Result<ModelFiles> read_model_files(const std::string& directory) {
  std::map<std::string, std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".isa" && extension != ".tsv") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().filename().string()] = text.str();
  }
  if (error) return ir::Error{std::string(bad_model), "cannot read the directory: " + error.message(), {directory, 0, 0}};
  return ModelFiles(files.begin(), files.end());
}

std::vector<Mutant> mutants_of(const ModelFiles& files) {
  std::vector<Mutant> result;
  for (const auto& [name, text] : files)
    if (name.ends_with(".isa")) File(name, text).mutants(result);
  return result;
}

std::vector<std::string> groups_that_use(const Models& models, const std::string& function) {
  const ModelData& data = *models.data();
  std::vector<std::string> names;
  const auto index = data.function_index.find(function);
  if (index == data.function_index.end()) return names;
  Calls calls(data);
  for (const GroupData& group : data.groups)
    if (calls.of(group).contains(index->second)) names.push_back(group.group.name);
  return names;
}

}  // namespace isa
