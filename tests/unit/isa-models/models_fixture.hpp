// SPDX-License-Identifier: Apache-2.0
// The shipped models, loaded once, and models made of a text.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "isa-models/isa.hpp"

inline std::string shipped_directory() { return std::string(SYMBOLON_SOURCE_DIR) + "/isa-models/aarch64"; }

inline const isa::Models& shipped_models() {
  static const isa::Models models = [] {
    auto loaded = isa::Models::load(shipped_directory());
    if (!loaded) {
      std::fprintf(stderr, "%s\n", loaded.error().to_string().c_str());
      std::abort();
    }
    return *loaded;
  }();
  return models;
}

/// Models made of one file test.isa.
inline ir::Result<isa::Models> models_of(const std::string& text) { return isa::Models::from_files({{"test.isa", text}}); }
