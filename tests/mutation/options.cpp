// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/options.hpp"

#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>

namespace mutation {

void stop(const std::string& message) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, message);
  std::exit(2);
}

namespace {

std::uint32_t number(const std::string& name, const char* text) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (*text == '\0' || *end != '\0' || value > UINT32_MAX) stop(fmt::format("{} wants a number, not '{}'", name, text));
  return static_cast<std::uint32_t>(value);
}

std::string usage(const OptionTable& table) {
  std::string text = "usage:";
  for (const auto& [name, value] : table.texts) {
    text += table.required.contains(name) ? fmt::format(" {} TEXT", name) : fmt::format(" [{} TEXT]", name);
  }
  for (const auto& [name, value] : table.numbers) text += fmt::format(" [{} N]", name);
  for (const auto& [name, value] : table.flags) text += fmt::format(" [{}]", name);
  return text;
}

}  // namespace

void read_options(int argc, char** argv, const OptionTable& table) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (const auto flag = table.flags.find(name); flag != table.flags.end()) {
      *flag->second = true;
    } else if (const auto text = table.texts.find(name); text != table.texts.end() && i + 1 < argc) {
      *text->second = argv[++i];
    } else if (const auto known = table.numbers.find(name); known != table.numbers.end() && i + 1 < argc) {
      *known->second = number(name, argv[++i]);
    } else {
      stop(fmt::format("'{}'\n{}", name, usage(table)));
    }
  }
  for (const std::string& name : table.required) {
    if (table.texts.at(name)->empty()) stop(fmt::format("no {}\n{}", name, usage(table)));
  }
}

}  // namespace mutation
