// SPDX-License-Identifier: Apache-2.0
// The documentation that is made of the models: one Markdown page for each group, one for the shared functions, and an index.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "isa-models/conformance/known.hpp"
#include "isa-models/isa.hpp"

namespace isa {

/// (file name, text) of every page; the index is README.md. Links are relative to the folder.
std::vector<std::pair<std::string, std::string>> documentation(const Models& models, const Known& known);
/// The page's file name: "ccmn-ccmp-register-and-immediate.md".
std::string page_name(const Group& group);

}  // namespace isa
