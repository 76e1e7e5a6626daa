// SPDX-License-Identifier: Apache-2.0
// Changes of one token, statement or call in the text of a C or C++ file: what a person mistypes. No parser: where a
// change is no program any more, the compiler says so (object_code.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mutation {

struct SourceEdit {
  std::string_view name;
  std::size_t offset = 0;  ///< in the text
  std::size_t length = 0;
  std::string after;  ///< in place of these bytes
  unsigned line = 0;
};

/// All edits inside bodies of functions, in the order of the text.
std::vector<SourceEdit> source_edits_of(const std::string& text);

std::string apply(const SourceEdit& edit, std::string text);

}  // namespace mutation
