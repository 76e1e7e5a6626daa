// SPDX-License-Identifier: Apache-2.0
// validate-kernel.toml. Unknown keys are errors: a misspelt limit or contract must not be ignored in silence.
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <toml++/toml.h>

#include "validator/app/options.hpp"

namespace validator::app {
namespace {

namespace fs = std::filesystem;

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)), folder_(fs::path(file_).parent_path()) {}

  ir::Result<Config> read() {
    toml::table root;
    try {
      root = toml::parse_file(file_);
    } catch (const toml::parse_error& e) {
      return fail(std::string(e.description()), e.source().begin.line);
    }
    known_keys(root, {"image", "assumed", "baseline", "limits", "cache"});
    config_.baseline = path(text(root, "baseline", false));
    for (const toml::table* table : tables(root, "image")) read_image(*table);
    for (const toml::table* table : tables(root, "assumed")) {
      known_keys(*table, {"symbol", "contract"});
      config_.assumed.push_back({text(*table, "symbol"), text(*table, "contract")});
    }
    if (const toml::node* limits = root.get("limits")) {
      if (const toml::table* table = limits->as_table()) read_limits(*table);
      else fail("'limits' must be a table", limits->source().begin.line);
    }
    if (const toml::node* cache = root.get("cache")) {
      if (const toml::table* table = cache->as_table()) read_cache(*table);
      else fail("'cache' must be a table", cache->source().begin.line);
    }
    if (error_) return *error_;
    return config_;
  }

 private:
  ir::Error fail(const std::string& message, std::uint32_t line) {
    if (!error_) error_ = ir::Error{"config-invalid", message, {file_, line, 0}};
    return *error_;
  }

  void known_keys(const toml::table& table, const std::set<std::string_view>& keys) {
    for (const auto& [key, node] : table) {
      if (!keys.contains(key.str())) {
        fail(fmt::format("unknown key '{}'; known here: {}", key.str(), fmt::join(keys, ", ")), node.source().begin.line);
      }
    }
  }

  std::string text(const toml::table& table, const char* key, bool required = true) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) fail(fmt::format("'{}' is missing", key), table.source().begin.line);
      return {};
    }
    const auto value = node->value<std::string>();
    if (!value || !node->is_string()) fail(fmt::format("'{}' must be a string", key), node->source().begin.line);
    return value.value_or("");
  }

  std::string path(const std::string& value) const {
    if (value.empty() || folder_.empty()) return value;
    return (folder_ / value).lexically_normal().string();
  }

  std::vector<const toml::table*> tables(const toml::table& root, const char* key) {
    std::vector<const toml::table*> result;
    const toml::node* node = root.get(key);
    if (node == nullptr) return result;
    const toml::array* list = node->as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
      fail(fmt::format("write '[[{}]]' for each {}", key, key), node->source().begin.line);
      return result;
    }
    for (const toml::node& entry : *list) result.push_back(entry.as_table());
    return result;
  }

  void read_image(const toml::table& table) {
    known_keys(table, {"id", "elf", "sources", "assembly"});
    ImageInput image{text(table, "id"), path(text(table, "elf")), path(text(table, "sources")), {}};
    for (const ImageInput& other : config_.images) {
      if (other.id == image.id) fail(fmt::format("two images have the id '{}'", image.id), table.source().begin.line);
    }
    if (const toml::node* node = table.get("assembly")) {
      const toml::array* list = node->as_array();
      if (list == nullptr) fail("'assembly' must be a list of paths", node->source().begin.line);
      for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const auto entry = (*list)[i].value<std::string>();
        if (!entry) fail("'assembly' must be a list of paths", node->source().begin.line);
        image.assembly.push_back(path(entry.value_or("")));
      }
    }
    config_.images.push_back(std::move(image));
  }

  void read_limits(const toml::table& table) {
    known_keys(table, {"query_units", "function_units", "wall_seconds", "memory_mib", "seed"});
    number(table, "query_units", config_.limits.query_units);
    number(table, "function_units", config_.limits.function_units);
    number(table, "wall_seconds", config_.limits.wall_seconds);
    number(table, "memory_mib", config_.memory_mib);
    number(table, "seed", config_.limits.seed);
  }

  void read_cache(const toml::table& table) {
    known_keys(table, {"folder", "limit_mib", "undecided"});
    config_.cache.folder = path(text(table, "folder", false));
    number(table, "limit_mib", config_.cache.limit_mib);
    const toml::node* node = table.get("undecided");
    if (node != nullptr && !node->is_boolean()) fail("'undecided' must be true or false", node->source().begin.line);
    config_.cache.undecided = node != nullptr && node->value_or(false);
  }

  template <typename T>
  void number(const toml::table& table, const char* key, T& into) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > std::numeric_limits<T>::max()) {
      fail(fmt::format("'{}' must be a whole number that is not negative", key), node->source().begin.line);
      return;
    }
    into = static_cast<T>(*value);
  }

  std::string file_;
  fs::path folder_;
  Config config_;
  std::optional<ir::Error> error_;
};

}  // namespace

ir::Result<Config> read_config(const std::string& path) { return Reader(path).read(); }

}  // namespace validator::app
