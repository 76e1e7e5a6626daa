// SPDX-License-Identifier: Apache-2.0
// Callees that a source module defines, each compiled once. `bodies` stand in for the module's own; both may be null.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "validator/replay/run.hpp"

namespace validator::replay {

class ModuleCallees : public Callees {
 public:
  ModuleCallees(const ir::Module* module, const std::map<std::string, ir::Function>* bodies)
      : module_(module), bodies_(bodies) {}

  Kind find(const std::string& symbol, const Program** program) override {
    if (module_ == nullptr) return Kind::external;
    if (auto known = programs_.find(symbol); known != programs_.end()) {
      *program = &known->second;
      return Kind::defined;
    }
    if (module_->failed.contains(symbol)) return Kind::opaque;
    auto function = module_->functions.find(symbol);
    if (function == module_->functions.end()) return Kind::external;
    const ir::Function* body = &function->second;
    if (bodies_ != nullptr)
      if (auto other = bodies_->find(symbol); other != bodies_->end()) body = &other->second;
    *program = &programs_.try_emplace(symbol, *body, Side::source).first->second;
    return Kind::defined;
  }

 private:
  const ir::Module* module_;
  const std::map<std::string, ir::Function>* bodies_;
  std::unordered_map<std::string, Program> programs_;
};

}  // namespace validator::replay
