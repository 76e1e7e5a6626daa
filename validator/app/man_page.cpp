// SPDX-License-Identifier: Apache-2.0
// The man page, in the macros of man(7). It has no date: the same tool writes the same page.
#include <fmt/format.h>

#include "validator/app/command_tree.hpp"

namespace validator::app {
namespace {

/// Text in which roff finds nothing to interpret.
std::string roff(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') result += "\\e";
    else if (c == '-') result += "\\-";
    else if ((c == '.' || c == '\'') && (result.empty() || result.back() == '\n')) result += std::string("\\&") + c;
    else result += c;
  }
  return result;
}

std::string option_text(const OptionNode& option) {
  std::string head;
  for (const std::string& name : option.names) {
    head += head.empty() ? "" : ", ";
    head += option.positional ? fmt::format("\\fI{}\\fR", roff(name)) : fmt::format("\\fB{}\\fR", roff(name));
  }
  if (!option.positional && !option.value.empty()) head += fmt::format(" \\fI{}\\fR", roff(option.value));
  if (option.repeated) head += " ...";
  std::string text = fmt::format(".TP\n{}\n{}", head, roff(option.help));
  if (!option.choices.empty()) text += roff(fmt::format(" ({})", fmt::join(option.choices, ", ")));
  return text + "\n";
}

std::string command_text(const CommandNode& node) {
  std::string text;
  if (node.commands.empty()) {
    text = fmt::format(".SS \"validate\\-kernel {}\"\n{}.\n", roff(node.path), roff(node.help));
    for (const OptionNode& option : node.options) {
      if (option.names.front() != "--help") text += option_text(option);
    }
  }
  for (const CommandNode& sub : node.commands) text += command_text(sub);
  return text;
}

}  // namespace

std::string man_page(const CommandNode& root, const std::string& version) {
  std::string text = ".\\\" Written by `validate-kernel man`.\n";
  text += fmt::format(".TH VALIDATE\\-KERNEL 1 \"\" \"{}\" \"User Commands\"\n", roff(version));
  text += ".SH NAME\nvalidate\\-kernel \\- proves that compiled kernel code does what its source says\n";
  text += ".SH SYNOPSIS\n.B validate\\-kernel\n[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]\n";
  text += fmt::format(".SH DESCRIPTION\n{}\n", roff(root.help));
  text += ".SH COMMANDS\n";
  for (const CommandNode& sub : root.commands) text += command_text(sub);
  text += fmt::format(".SH \"EXIT STATUS\"\n{}\n", roff(root.footer));
  text += ".SH ENVIRONMENT\n";
  const std::pair<const char*, const char*> variables[] = {
      {"NO_COLOR", "Not empty: no colours. There are none where the output is no terminal."},
      {"PAGER", "What show prints through on a terminal; default: less. Empty or cat: nothing."},
      {"SOURCE_DATE_EPOCH", "Seconds since 1970 that stand for today in baseline update."},
      {"SYMBOLON_ISA_MODELS", "Folder of instruction models instead of the tool's own."}};
  for (const auto& [name, help] : variables) text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", name, roff(help));
  text += ".SH FILES\n.TP\n.I validate\\-kernel.toml\nImages, limits, contracts, reports: validator/README.md.\n";
  return text;
}

}  // namespace validator::app
