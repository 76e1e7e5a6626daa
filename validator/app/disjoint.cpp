// SPDX-License-Identifier: Apache-2.0
#include "validator/app/disjoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ir/build.hpp"
#include "validator/check/node_terms.hpp"

namespace validator::app {
namespace {

struct Extent {
  std::uint64_t address = 0, bytes = 0;
  std::string name;
  ir::Location where;
};

ir::Error clash(const std::string& text, const ir::Location& where) { return {"not-disjoint", text, where}; }

void check_objects(const ir::Module& source, const Image& image, std::vector<ir::Error>& errors) {
  std::vector<Extent> objects;
  for (const auto& [name, object] : source.globals) {
    if (object.symbol.empty() || !object.is_definition) continue;
    const Symbol* symbol = image.find(object.symbol);
    if (symbol == nullptr || symbol->kind != SymbolKind::object || symbol->absolute || symbol->bytes == 0) continue;
    objects.push_back({symbol->address, symbol->bytes, object.symbol, object.where});
  }
  std::ranges::sort(objects, {}, &Extent::address);
  for (std::size_t i = 1, widest = 0; i < objects.size(); ++i) {
    const Extent& below = objects[widest];
    if (objects[i].address < below.address + below.bytes) {
      errors.push_back(clash(fmt::format("'{}' and '{}' share bytes at {:#x}", below.name, objects[i].name, objects[i].address), objects[i].where));
    }
    if (objects[i].address + objects[i].bytes > below.address + below.bytes) widest = i;
  }
}

/// Functions that the source uses other than by calling them.
std::set<std::string> taken_functions(const ir::Module& source) {
  std::set<std::string> taken;
  for (const auto& [key, function] : source.functions) {
    for (const ir::Graph::NodeId id : ir::reverse_post_order(function.graph)) {
      check::for_each_read(function.graph.at(id).node, [&](ir::Term term) {
        for (ir::Term variable : ir::variables_of(term)) {
          if (variable.name().starts_with('@')) taken.insert(variable.name().substr(1));
        }
      });
    }
  }
  for (const auto& [name, object] : source.globals) {
    for (const auto& [offset, symbol] : object.relocations) taken.insert(symbol);
  }
  return taken;
}

void check_functions(const ir::Module& source, const binary::BinaryFacts& facts, std::vector<ir::Error>& errors) {
  const std::set<std::string> taken = taken_functions(source);
  std::map<std::uint64_t, std::vector<std::string>> at;
  for (const auto& [key, function] : source.functions) {
    if (const auto code = facts.functions.find(key); code != facts.functions.end()) at[code->second.address].push_back(key);
  }
  for (const auto& [address, keys] : at) {
    if (keys.size() < 2) continue;
    const bool matters = std::ranges::any_of(
        keys, [&](const std::string& key) { return taken.contains(key) || facts.functions.at(key).address_taken; });
    if (!matters) continue;
    errors.push_back(clash(fmt::format("'{}' and '{}' are one function at {:#x}, and an address of theirs is taken", keys[0], keys[1], address),
                           source.functions.at(keys[1]).where));
  }
}

/// Names say which place of the image is whose. An internal name of the sources that is also a global one of the image
/// belongs to two things, and the global one is code or data that no source here defines.
void check_names(const ir::Module& source, const Image& image, std::vector<ir::Error>& errors) {
  std::set<std::string> global;
  for (const Symbol& symbol : image.symbols) {
    if (!symbol.local) global.insert(symbol.name);
  }
  const auto look_at = [&](const std::string& name, const ir::Location& where) {
    if (global.contains(name))
      errors.push_back(clash(
          fmt::format("'{}' is internal in the source, and another thing of the image has this name", name), where));
  };
  for (const auto& [name, object] : source.globals) {
    if (object.internal) look_at(object.symbol, object.where);
  }
  for (const auto& [key, function] : source.functions) {
    if (function.internal) look_at(key, function.where);
  }
}

}  // namespace

std::vector<ir::Error> check_disjoint(const ir::Module& source, const Image& image, const binary::BinaryFacts& facts) {
  std::vector<ir::Error> errors;
  check_objects(source, image, errors);
  check_functions(source, facts, errors);
  check_names(source, image, errors);
  return errors;
}

}  // namespace validator::app
