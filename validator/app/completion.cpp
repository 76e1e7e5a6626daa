// SPDX-License-Identifier: Apache-2.0
// Completion scripts. Each walks the words to find which command they are in; values are completed from the choices that an
// option has, else as file names. Options without a command belong to `run`.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ir/assert.hpp"
#include "validator/app/command_tree.hpp"

namespace validator::app {
namespace {

std::string last_word(const std::string& path) { return path.substr(path.rfind(' ') + 1); }

void each_command(const CommandNode& node, const auto& use) {
  use(node);
  for (const CommandNode& sub : node.commands) each_command(sub, use);
}

/// In single quotes of a shell.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

/// `case` branches that go from a command to its sub-commands.
std::string steps(const CommandNode& root) {
  std::string text;
  each_command(root, [&](const CommandNode& node) {
    for (const CommandNode& sub : node.commands) {
      text += fmt::format("      {}) command={} ;;\n", quoted(node.path + "/" + last_word(sub.path)), quoted(sub.path));
    }
  });
  return text;
}

/// A command's own; without one those of `run`, too.
std::vector<OptionNode> options_offered(const CommandNode& node, const CommandNode& root) {
  std::vector<OptionNode> list = node.options;
  if (!node.path.empty()) return list;
  for (const CommandNode& sub : root.commands) {
    if (sub.path != "run") continue;
    for (const OptionNode& option : sub.options) {
      const bool known = std::any_of(node.options.begin(), node.options.end(), [&](const OptionNode& own) { return own.names == option.names; });
      if (!known && !option.positional) list.push_back(option);
    }
  }
  return list;
}

/// What may stand where no value is due.
std::string words(const CommandNode& node, const CommandNode& root) {
  std::string text;
  for (const CommandNode& sub : node.commands) text += last_word(sub.path) + " ";
  for (const OptionNode& option : options_offered(node, root)) {
    for (const std::string& word : option.positional ? option.choices : option.names) text += word + " ";
  }
  return text;
}

std::string bash(const CommandNode& root) {
  std::string values, lists;
  each_command(root, [&](const CommandNode& node) {
    for (const OptionNode& option : node.options) {
      if (option.positional || option.value.empty()) continue;
      std::string names;
      for (const std::string& name : option.names) {
        names += (names.empty() ? "" : " | ") + quoted(node.path + "/" + name);
        if (node.path == "run") names += " | " + quoted("/" + name);
      }
      std::string list;
      for (const std::string& choice : option.choices) list += choice + " ";
      values += option.choices.empty()
                    ? fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n", names)
                    : fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -W {} -- \"$cur\"); return ;;\n", names, quoted(list));
    }
    lists += fmt::format("    {}) words={} ;;\n", quoted(node.path), quoted(words(node, root)));
  });
  return "# bash completion of validate-kernel; written by `validate-kernel completion bash`.\n"
         "_validate_kernel() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word words=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$command/$word\" in\n" +
         steps(root) + "    esac\n  done\n  case \"$command/$previous\" in\n" + values + "  esac\n  case \"$command\" in\n" + lists +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
         "  if [[ ${#COMPREPLY[@]} -eq 0 ]]; then mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); fi\n"
         "}\n"
         "complete -o filenames -F _validate_kernel validate-kernel\n";
}

/// A specification of _arguments: brackets and colons end its parts.
std::string zsh_text(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '[' || c == ']' || c == ':' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return result;
}

std::string zsh(const CommandNode& root) {
  std::string lists;
  each_command(root, [&](const CommandNode& node) {
    lists += fmt::format("    {})\n", quoted(node.path));
    if (!node.commands.empty()) {
      lists += "      local -a commands=(";
      for (const CommandNode& sub : node.commands) lists += quoted(last_word(sub.path) + ":" + zsh_text(sub.help)) + " ";
      lists += ")\n      _describe command commands\n";
    }
    lists += "      _arguments ";
    for (const OptionNode& option : options_offered(node, root)) {
      std::string list;
      for (const std::string& choice : option.choices) list += choice + " ";
      const std::string value = option.choices.empty() ? "_files" : "(" + list + ")";
      if (option.positional) lists += quoted("*:" + zsh_text(option.names.front()) + ":" + value) + " ";
      else for (const std::string& name : option.names) {
        lists += quoted((option.repeated ? "*" : "") + name + "[" + zsh_text(option.help) + "]" +
                        (option.value.empty() ? "" : ":" + zsh_text(option.value) + ":" + value)) + " ";
      }
    }
    lists += "\n      ;;\n";
  });
  return "#compdef validate-kernel\n"
         "# zsh completion of validate-kernel; written by `validate-kernel completion zsh`.\n"
         "_validate_kernel() {\n  local command= word\n"
         "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n    case \"$command/$word\" in\n" +
         steps(root) +
         "    esac\n  done\n"
         // _arguments takes the words of the command for arguments, behind which it offers nothing.
         "  local -a before=(${=command})\n  local -i depth=${#before}\n"
         "  words=(\"${words[1]}\" \"${(@)words[depth+2,-1]}\")\n  (( CURRENT -= depth ))\n"
         "  case \"$command\" in\n" +
         lists + "  esac\n}\n_validate_kernel \"$@\"\n";
}

std::string fish(const CommandNode& root) {
  std::string text = "# fish completion of validate-kernel; written by `validate-kernel completion fish`.\n";
  each_command(root, [&](const CommandNode& node) {
    std::string when = "__fish_use_subcommand";
    if (!node.path.empty()) {
      when.clear();
      std::string word;
      for (const char c : node.path + " ") {
        if (c != ' ') word += c;
        else when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + std::exchange(word, ""));
      }
    }
    const std::string begin = fmt::format("complete -c validate-kernel -n {}", quoted(when));
    for (const CommandNode& sub : node.commands) {
      text += fmt::format("{} -f -a {} -d {}\n", begin, last_word(sub.path), quoted(sub.help));
    }
    for (const OptionNode& option : options_offered(node, root)) {
      std::string list;
      for (const std::string& choice : option.choices) list += (list.empty() ? "" : " ") + choice;
      if (option.positional) {
        if (!list.empty()) text += fmt::format("{} -f -a {}\n", begin, quoted(list));
        continue;
      }
      text += begin;
      for (const std::string& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.value.empty()) text += list.empty() ? " -r" : " -x -a " + quoted(list);
      text += " -d " + quoted(option.help) + "\n";
    }
  });
  return text;
}

}  // namespace

std::string completion_script(const CommandNode& root, const std::string& shell) {
  if (shell == "bash") return bash(root);
  if (shell == "zsh") return zsh(root);
  IR_ASSERT(shell == "fish");
  return fish(root);
}

}  // namespace validator::app
