// SPDX-License-Identifier: Apache-2.0
// Keys of functions with internal linkage. Each lifter writes "name" while the name is unique on its side and
// "name@file" when it is not; the other side may see it differently (a static function of a header stands in every
// unit, but has code in one; the ELF knows base names of files only).
#include <filesystem>

#include "validator/app/pairing.hpp"

namespace validator::app {
namespace {

std::string name_of(const std::string& key) { return key.substr(0, key.find('@')); }

std::string base_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

/// The one source function without code of its own key that has this name and stands in this file.
std::string source_key_for(const ir::Module& source, const binary::LiftedImage& image, const binary::FunctionFacts& facts) {
  std::string found;
  for (auto at = source.functions.lower_bound(facts.name); at != source.functions.end(); ++at) {
    const auto& [key, function] = *at;
    if (name_of(key) != facts.name) break;
    if (!function.internal || image.facts.functions.contains(key)) continue;
    if (base_name(function.unit) != base_name(facts.file)) continue;
    if (!found.empty()) return {};
    found = key;
  }
  return found;
}

void rename_calls(ir::Module& module, const std::map<std::string, std::string>& renamed) {
  for (auto& [key, function] : module.functions) {
    for (const ir::Graph::NodeId id : ir::reverse_post_order(function.graph)) {
      auto* call = std::get_if<ir::Call>(&function.graph.at(id).node);
      if (call == nullptr) continue;
      if (const auto to = renamed.find(call->symbol); to != renamed.end()) call->symbol = to->second;
    }
  }
}

template <typename Value>
void rename_key(std::map<std::string, Value>& map, const std::string& from, const std::string& to) {
  if (auto node = map.extract(from)) {
    node.key() = to;
    map.insert(std::move(node));
  }
}

void rename_in(std::vector<std::string>& names, const std::map<std::string, std::string>& renamed) {
  for (std::string& name : names) {
    if (const auto to = renamed.find(name); to != renamed.end()) name = to->second;
  }
}

}  // namespace

void match_local_keys(const ir::Module& source, binary::LiftedImage& image) {
  std::map<std::string, std::string> renamed;
  for (const auto& [key, facts] : image.facts.functions) {
    const bool matched = source.functions.contains(key) || source.failed.contains(key);
    if (!facts.local || matched) continue;
    if (std::string wanted = source_key_for(source, image, facts); !wanted.empty()) renamed.emplace(key, std::move(wanted));
  }
  // Two functions that want one key stay as they are: neither is then the source's for certain.
  std::map<std::string, unsigned> wanted;
  for (const auto& [from, to] : renamed) ++wanted[to];
  std::erase_if(renamed, [&](const auto& pair) { return wanted[pair.second] > 1; });
  if (renamed.empty()) return;

  rename_calls(image.module, renamed);
  for (const auto& [from, to] : renamed) {
    rename_key(image.module.functions, from, to);
    rename_key(image.module.failed, from, to);
    rename_key(image.facts.functions, from, to);
    rename_key(image.facts.alias_of, from, to);
    if (const auto function = image.module.functions.find(to); function != image.module.functions.end()) {
      function->second.symbol = to;
    }
    image.facts.functions.at(to).symbol = to;
  }
  for (auto& [key, facts] : image.facts.functions) {
    for (auto* names : {&facts.aliases, &facts.covers, &facts.callees, &facts.tail_callees, &facts.callers}) {
      rename_in(*names, renamed);
    }
  }
  for (auto& [address, key] : image.facts.at) {
    if (const auto to = renamed.find(key); to != renamed.end()) key = to->second;
  }
  for (auto& [alias, primary] : image.facts.alias_of) {
    if (const auto to = renamed.find(primary); to != renamed.end()) primary = to->second;
  }
  for (auto& component : image.facts.components) rename_in(component, renamed);
  for (binary::Extent& extent : image.text.extents) {
    if (const auto to = renamed.find(extent.symbol); to != renamed.end()) extent.symbol = to->second;
  }
  if (const auto to = renamed.find(image.facts.entry); to != renamed.end()) image.facts.entry = to->second;
}

}  // namespace validator::app
