// SPDX-License-Identifier: Apache-2.0
// The shipped models, loaded once, and models made of a text.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
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

/// Loads a directory that holds only `text` as the file test.isa.
inline ir::Result<isa::Models> models_of(const std::string& text) {
  namespace fs = std::filesystem;
  const fs::path directory = fs::temp_directory_path() / ("symbolon-isa-test-" + std::to_string(getpid()));
  fs::create_directories(directory);
  std::ofstream(directory / "test.isa", std::ios::binary) << text;
  auto result = isa::Models::load(directory.string());
  fs::remove_all(directory);
  return result;
}
