// SPDX-License-Identifier: Apache-2.0
#include "validator/app/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "validator/report/unknown_key.hpp"

namespace validator::app {
namespace {

/// CLI11 keeps a set of values as a part of the type's name: "TEXT:{normal,quiet}".
std::vector<std::string> choices_in(const std::string& type) {
  std::vector<std::string> list;
  const std::size_t begin = type.find('{'), end = type.rfind('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return list;
  std::string word;
  for (const char c : type.substr(begin + 1, end - begin - 1) + ",") {
    if (c != ',') word += c;
    else list.push_back(std::exchange(word, ""));
  }
  return list;
}

OptionNode option_node(const CLI::Option& option) {
  OptionNode node;
  for (const std::string& name : option.get_lnames()) node.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) node.names.push_back("-" + name);
  node.positional = !option.nonpositional();
  if (node.positional) node.names.push_back(option.get_name());
  node.help = option.get_description();
  node.required = option.get_required();
  node.repeated = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() == 0 || option.get_type_size_max() == 0) return node;
  const std::string type = option.get_type_name();
  node.choices = choices_in(type);
  node.value = node.positional ? node.names.front() : type.substr(0, type.find_first_of(": "));
  return node;
}

CommandNode command_node(const CLI::App& app, const std::string& path) {
  CommandNode node{path, app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    node.options.push_back(option_node(*option));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    node.commands.push_back(command_node(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name()));
  }
  return node;
}

std::string meant(std::string_view what, const std::string& word, const std::set<std::string_view>& known) {
  const std::string_view near = report::nearest_name(word, known);
  return known.contains(word) || near.empty() ? std::string() : fmt::format("unknown {} '{}'; did you mean '{}'?", what, word, near);
}

}  // namespace

std::string misspelt_word(const CommandNode& root, const std::vector<std::string>& words) {
  const CommandNode* node = &root;
  for (const std::string& word : words) {
    std::set<std::string_view> known;
    if (word.starts_with("--")) {
      for (const OptionNode& option : node->options) known.insert(option.names.begin(), option.names.end());
      if (std::string text = meant("option", word.substr(0, word.find('=')), known); !text.empty()) return text;
    } else if (!node->commands.empty()) {
      const auto name = [](const CommandNode& command) { return std::string_view(command.path).substr(command.path.rfind(' ') + 1); };
      const auto sub = std::find_if(node->commands.begin(), node->commands.end(), [&](const CommandNode& command) { return name(command) == word; });
      for (const CommandNode& command : node->commands) known.insert(name(command));
      if (sub == node->commands.end()) return meant("command", word, known);
      node = &*sub;
    }
  }
  return {};
}

CommandNode command_tree(const CLI::App& app) { return command_node(app, ""); }

}  // namespace validator::app
