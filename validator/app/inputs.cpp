// SPDX-License-Identifier: Apache-2.0
#include "validator/app/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace validator::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_of(const nlohmann::json& entry) {
  if (entry.contains("arguments")) return entry.at("arguments").get<std::vector<std::string>>();
  std::istringstream stream(entry.at("command").get<std::string>());
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_assembly(const fs::path& path) { return path.extension() == ".S" || path.extension() == ".s"; }

bool is_symbol_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '$';
}

/// "name" when the line begins (after blanks) with "name:".
std::string label_of(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  std::size_t end = begin;
  while (end < line.size() && is_symbol_character(line[end])) ++end;
  return end > begin && end < line.size() && line[end] == ':' ? line.substr(begin, end - begin) : std::string();
}

}  // namespace

ir::Result<CommandFacts> read_command_facts(const std::string& compile_commands) {
  std::ifstream stream(compile_commands);
  if (!stream) {
    return ir::Error{"source-database", fmt::format("cannot read '{}'", compile_commands), {compile_commands, 0, 0}};
  }
  CommandFacts facts;
  std::set<std::string> levels;
  try {
    const nlohmann::json database = nlohmann::json::parse(stream);
    for (const nlohmann::json& entry : database) {
      const fs::path file = fs::path(entry.at("directory").get<std::string>()) / entry.at("file").get<std::string>();
      if (is_assembly(file)) {
        facts.assembly_files.push_back(file.lexically_normal().string());
        continue;
      }
      std::string level;
      for (const std::string& word : words_of(entry)) {
        if (word.starts_with("-O")) level = word;
        if (word == "-ffixed-x18") facts.x18_reserved = true;
        if (word.starts_with("-flto")) facts.link_time_optimisation = true;
      }
      levels.insert(level);
    }
  } catch (const nlohmann::json::exception& e) {
    return ir::Error{"source-database", fmt::format("not a compilation database: {}", e.what()), {compile_commands, 0, 0}};
  }
  if (levels.size() == 1) facts.level = *levels.begin();
  return facts;
}

ir::Result<std::map<std::string, std::string>> assembly_symbols(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code code;
    if (!fs::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(path, code)) {
      if (is_assembly(entry.path())) files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  std::map<std::string, std::string> symbols;
  for (const std::string& file : files) {
    std::ifstream stream(file);
    if (!stream) return ir::Error{"config-invalid", fmt::format("cannot read assembly file '{}'", file), {file, 0, 0}};
    for (std::string line; std::getline(stream, line);) {
      if (std::string label = label_of(line); !label.empty()) symbols.emplace(std::move(label), file);
    }
  }
  return symbols;
}

}  // namespace validator::app
