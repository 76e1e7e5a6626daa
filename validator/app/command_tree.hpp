// SPDX-License-Identifier: Apache-2.0
// The command line as plain data, read from CLI11's definitions: what completion scripts and the man page are written from, so
// that neither can name an option that does not exist.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace validator::app {

struct OptionNode {
  std::vector<std::string> names;  ///< "--jobs", "-j"; of a positional one: "FUNCTION"
  std::string help;
  std::string value;                 ///< "FILE"; empty: a flag
  std::vector<std::string> choices;  ///< all values there are; empty: any
  bool positional = false;
  bool required = false;
  bool repeated = false;
};

struct CommandNode {
  std::string path;  ///< "isa test"; empty: the tool itself
  std::string help;
  std::string footer;
  std::vector<OptionNode> options;
  std::vector<CommandNode> commands;
};

CommandNode command_tree(const CLI::App& app);
/// "unknown option '--jsn'; did you mean '--json'?" for the first of the words that is no command or option but nearly one; empty when there is none.
std::string misspelt_word(const CommandNode& root, const std::vector<std::string>& words);

/// `shell`: bash, zsh or fish.
std::string completion_script(const CommandNode& root, const std::string& shell);
/// roff with the macros of man(7).
std::string man_page(const CommandNode& root, const std::string& version);

}  // namespace validator::app
