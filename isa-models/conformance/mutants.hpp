// SPDX-License-Identifier: Apache-2.0
// One-token mutants of the models: wrong models that are nearly right. A judge that cannot tell a mutant from the model would not
// have noticed the mistake either.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/result.hpp"
#include "isa-models/isa.hpp"

namespace isa {

/// (file name, text) of every *.isa and *.tsv file of a model directory, in order of name.
using ModelFiles = std::vector<std::pair<std::string, std::string>>;
ir::Result<ModelFiles> read_model_files(const std::string& directory);

struct Mutant {
  std::string file;
  std::string group;    ///< the group's name, or the shared function's
  bool is_function = false;
  std::uint32_t line = 0;
  std::string what;     ///< the line, with the replaced token as «old→new»: stable while other lines move
  std::string text;     ///< the whole file with the replacement
};

/// Mutants of the decode and execute sections of every group, and of the bodies of shared functions.
std::vector<Mutant> mutants_of(const ModelFiles& files);

/// Names of the groups whose decode or execute sections call the shared function, directly or not.
std::vector<std::string> groups_that_use(const Models& models, const std::string& function);

}  // namespace isa
