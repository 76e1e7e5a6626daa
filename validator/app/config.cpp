// SPDX-License-Identifier: Apache-2.0
// validate-kernel.toml. Unknown keys are errors: a misspelt limit or contract must not be ignored in silence.
#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <set>
#include <toml++/toml.h>

#include "validator/app/options.hpp"
#include "validator/report/formats.hpp"
#include "validator/report/unknown_key.hpp"

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
    known_keys(root, {"image", "assumed", "baseline", "limits", "cache", "function", "reports", "gate", "solver"});
    config_.baseline = path(text(root, "baseline", false));
    for (const toml::table* table : tables(root, "image")) read_image(*table);
    for (const toml::table* table : tables(root, "assumed")) {
      known_keys(*table, {"symbol", "contract"});
      config_.assumed.push_back({text(*table, "symbol"), text(*table, "contract")});
    }
    for (const toml::table* table : tables(root, "function")) read_function(*table);
    if (const toml::table* table = section(root, "limits")) read_limits(*table);
    if (const toml::table* table = section(root, "solver")) read_solver(*table);
    if (const toml::table* table = section(root, "cache")) read_cache(*table);
    if (const toml::table* table = section(root, "reports")) read_reports(*table);
    if (const toml::table* table = section(root, "gate")) read_gate(*table);
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
        fail(report::unknown_key(key.str(), keys), node.source().begin.line);
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

  const toml::table* section(const toml::table& root, const char* key) {
    const toml::node* node = root.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fail(fmt::format("'{}' must be a table", key), node->source().begin.line);
    return node->as_table();
  }

  std::vector<std::string> texts(const toml::table& table, const char* key, const char* of_what) {
    std::vector<std::string> result;
    const toml::node* node = table.get(key);
    if (node == nullptr) return result;
    const toml::array* list = node->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (const auto entry = (*list)[i].value<std::string>()) result.push_back(*entry);
    }
    if (list == nullptr || result.size() != list->size()) fail(fmt::format("'{}' must be a list of {}", key, of_what), node->source().begin.line);
    return result;
  }

  void read_image(const toml::table& table) {
    known_keys(table, {"id", "elf", "sources", "assembly", "absent_features"});
    ImageInput image{text(table, "id"), path(text(table, "elf")), path(text(table, "sources")), {}, {}};
    for (const ImageInput& other : config_.images) {
      if (other.id == image.id) fail(fmt::format("two images have the id '{}'", image.id), table.source().begin.line);
    }
    for (const std::string& entry : texts(table, "assembly", "paths")) image.assembly.push_back(path(entry));
    for (std::string& entry : texts(table, "absent_features", "names, as \"FEAT_PAuth\"")) image.absent_features.insert(std::move(entry));
    config_.images.push_back(std::move(image));
  }

  void read_limits(const toml::table& table) {
    known_keys(table, {"query_units", "function_units", "wall_seconds", "memory_mib"});
    number(table, "query_units", config_.limits.query_units);
    number(table, "function_units", config_.limits.function_units);
    number(table, "wall_seconds", config_.limits.wall_seconds);
    number(table, "memory_mib", config_.memory_mib);
  }

  void read_solver(const toml::table& table) {
    known_keys(table, {"portfolio"});
    if (!table.contains("portfolio")) return;
    config_.portfolio.clear();
    const std::uint32_t line = table.get("portfolio")->source().begin.line;
    for (const std::string& text : texts(table, "portfolio", "solvers, as \"core\" or \"core:7\"")) config_.portfolio.push_back(solver_of(text, line));
    if (config_.portfolio.empty()) fail("'portfolio' needs at least one solver", line);
  }

  Solver solver_of(const std::string& text, std::uint32_t line) {
    Solver solver;
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    if (const auto engine = ir::engine_by_name(name)) {
      solver.engine = *engine;
    } else {
      std::set<std::string_view> known;
      for (const ir::EngineRow& row : ir::engines()) known.insert(row.name);
      fail(report::unknown_name("solver", name, known), line);
    }
    if (colon == std::string::npos) return solver;
    const char* const begin = text.data() + colon + 1;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, solver.seed);
    if (error != std::errc{} || stop != end) fail(fmt::format("'{}': the seed must be a whole number", text), line);
    return solver;
  }

  void read_function(const toml::table& table) {
    known_keys(table, {"name", "query_units", "function_units", "wall_seconds"});
    FunctionLimits entry;
    entry.name = text(table, "name");
    try {
      entry.pattern = std::regex(entry.name, std::regex::ECMAScript);
    } catch (const std::regex_error& e) {
      fail(fmt::format("name '{}' is no regular expression: {}", entry.name, e.what()), table.source().begin.line);
    }
    number(table, "query_units", entry.query_units);
    number(table, "function_units", entry.function_units);
    number(table, "wall_seconds", entry.wall_seconds);
    config_.functions.push_back(std::move(entry));
  }

  void read_reports(const toml::table& table) {
    std::set<std::string_view> names;
    for (const report::Format& format : report::formats()) names.insert(format.name);
    known_keys(table, names);
    for (const std::string_view name : names) {
      const std::string key(name);
      if (table.contains(key)) config_.reports[key] = path(text(table, key.c_str()));
    }
  }

  void read_gate(const toml::table& table) {
    known_keys(table, {"fail_on"});
    const std::string name = text(table, "fail_on");
    if (const auto gate = report::gate_by_name(name)) config_.gate = *gate;
    else fail(fmt::format("fail_on = '{}': expected undecided, stale or refuted", name), table.source().begin.line);
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

  template <typename T>
  void number(const toml::table& table, const char* key, std::optional<T>& into) {
    T value{};
    number(table, key, value);
    if (table.contains(key)) into = value;
  }

  std::string file_;
  fs::path folder_;
  Config config_;
  std::optional<ir::Error> error_;
};

}  // namespace

Limits limits_of(const Config& config, const std::string& symbol, const std::string& display) {
  Limits limits = config.limits;
  limits.engine = config.portfolio.front().engine;
  limits.seed = config.portfolio.front().seed;
  for (const FunctionLimits& entry : config.functions) {
    if (!std::regex_search(symbol, entry.pattern) && !std::regex_search(display, entry.pattern)) continue;
    limits.query_units = entry.query_units.value_or(limits.query_units);
    limits.function_units = entry.function_units.value_or(limits.function_units);
    limits.wall_seconds = entry.wall_seconds.value_or(limits.wall_seconds);
  }
  return limits;
}

ir::Result<Config> read_config(const std::string& path) { return Reader(path).read(); }

}  // namespace validator::app
