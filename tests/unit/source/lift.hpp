// SPDX-License-Identifier: Apache-2.0
// Helpers of the lifter's tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "isa-models/isa.hpp"
#include "validator/source/isa_asm.hpp"
#include "validator/source/source.hpp"

namespace lifting {

inline const validator::source::AsmLifter* models() {
  static const validator::source::IsaAsmLifter* lifter = [] {
    auto loaded = isa::Models::load(isa::Models::default_directory());
    return loaded ? new validator::source::IsaAsmLifter(*loaded) : nullptr;
  }();
  return lifter;
}

inline ir::Module lift(const std::string& text, const std::string& file = "/t.cpp", std::vector<std::string> flags = {}) {
  validator::source::Options options;
  options.asm_lifter = models();
  flags.push_back(file.ends_with(".c") ? "-std=gnu11" : "-std=c++20");
  auto module = validator::source::lift_text(text, file, flags, options);
  EXPECT_TRUE(module) << module.error().to_string();
  return module ? std::move(*module) : ir::Module();
}

/// All nodes of one kind, in order.
template <typename Kind>
std::vector<Kind> nodes(const ir::Module& module, const std::string& name) {
  std::vector<Kind> result;
  const auto found = module.functions.find(name);
  if (found == module.functions.end()) {
    const auto error = module.failed.find(name);
    ADD_FAILURE() << name << " was not lifted: " << (error == module.failed.end() ? "unknown" : error->second.to_string());
    return result;
  }
  const ir::Graph& graph = found->second.graph;
  for (const ir::Graph::NodeId id : ir::reverse_post_order(graph)) {
    if (const auto* node = std::get_if<Kind>(&graph.at(id).node)) {
      result.push_back(*node);
    }
  }
  return result;
}

/// The kinds of the assertions, in order, without repetition of neighbours.
inline std::vector<std::string> assertions(const ir::Module& module, const std::string& name) {
  std::vector<std::string> result;
  for (const ir::Assert& node : nodes<ir::Assert>(module, name)) {
    result.push_back(node.kind);
  }
  return result;
}

}  // namespace lifting
