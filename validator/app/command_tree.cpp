// SPDX-License-Identifier: Apache-2.0
#include "validator/app/command_tree.hpp"

#include <CLI/CLI.hpp>

#include <utility>

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

}  // namespace

CommandNode command_tree(const CLI::App& app) { return command_node(app, ""); }

}  // namespace validator::app
