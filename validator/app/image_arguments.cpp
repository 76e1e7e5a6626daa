// SPDX-License-Identifier: Apache-2.0
#include "validator/app/image_arguments.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "validator/report/unknown_key.hpp"

namespace validator::app {
namespace {

ir::Result<bool> keep_image(Config& config, const std::string& id) {
  if (id.empty()) return true;
  for (const ImageInput& image : config.images) {
    if (image.id != id) config.left_out.push_back(image.id);
  }
  std::erase_if(config.images, [&](const ImageInput& image) { return image.id != id; });
  if (!config.images.empty()) return true;
  return ir::Error{"config-invalid", report::unknown_name("image", id, {config.image_ids.begin(), config.image_ids.end()}), {}};
}

}  // namespace

ir::Result<Config> merge(const ImageArguments& arguments) {
  const bool own_config = arguments.config.empty();
  const std::string path = own_config ? (std::filesystem::path(SYMBOLON_SOURCE_DIR) / "validate-kernel.toml").string() : arguments.config;
  Config config;
  // An ELF from the command line is judged by its own configuration or none, not by this repository's.
  if (arguments.elf.empty() || !own_config) {
    ir::Result<Config> read = read_config(path);
    if (!read) return read.error();
    config = std::move(*read);
  }
  for (const ImageInput& image : config.images) config.image_ids.insert(image.id);
  if (arguments.elf.empty() != arguments.sources.empty()) {
    return ir::Error{"config-invalid", "--elf and --sources go together", {}};
  }
  if (!arguments.elf.empty()) {
    config.images = {{arguments.image.empty() ? "image" : arguments.image, arguments.elf, arguments.sources, arguments.assembly, {}}};
    config.image_ids.insert(config.images.front().id);
  } else if (ir::Result<bool> kept = keep_image(config, arguments.image); !kept) {
    return kept.error();
  }
  for (ImageInput& image : config.images) image.absent_features.insert(arguments.absent_features.begin(), arguments.absent_features.end());
  if (config.images.empty()) return ir::Error{"config-invalid", fmt::format("{} lists no [[image]]", path), {path, 0, 0}};
  if (arguments.wall_seconds != 0) config.limits.wall_seconds = arguments.wall_seconds;
  if (arguments.memory_mib != 0) config.memory_mib = arguments.memory_mib;
  return config;
}

ir::Result<report::Baseline> read_baseline_of(const Config& config, const std::string& path) {
  ir::Result<report::Baseline> baseline = report::read_baseline(path);
  if (!baseline) return baseline;
  if (const ir::Result<bool> known = report::check_images(*baseline, {config.image_ids.begin(), config.image_ids.end()}); !known) return known.error();
  return baseline;
}

void add_image_options(CLI::App& command, ImageArguments& arguments) {
  command.add_option("--elf", arguments.elf, "Linked AArch64 image; together with --sources");
  command.add_option("--sources", arguments.sources, "compile_commands.json of the image's sources");
  command.add_option("--assembly", arguments.assembly, "Assembly files, or folders of them, whose functions are assumed");
  command.add_option("--absent-feature", arguments.absent_features, "A feature that the processor lacks, as FEAT_PAuth: its hints do nothing");
  command.add_option("--image", arguments.image, "Only the image with this id");
  command.add_option("--config", arguments.config, "Configuration instead of the repository's validate-kernel.toml");
  command.add_option("--wall", arguments.wall_seconds, "Wall-clock limit for one function, in seconds");
  command.add_option("--memory", arguments.memory_mib, "Memory limit for one function, in MiB");
}

ir::Result<std::vector<std::regex>> compile_selection(const std::vector<std::string>& patterns) {
  std::vector<std::regex> list;
  for (const std::string& pattern : patterns) {
    try {
      list.emplace_back(pattern, std::regex::ECMAScript);
    } catch (const std::regex_error& e) {
      return ir::Error{"config-invalid", fmt::format("--function '{}' is no regular expression: {}", pattern, e.what()), {}};
    }
  }
  return list;
}

}  // namespace validator::app
