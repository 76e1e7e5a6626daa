// SPDX-License-Identifier: Apache-2.0
#include "validator/app/certificate_files.hpp"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "validator/app/blob_store.hpp"
#include "validator/report/output_file.hpp"

namespace validator::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 200;

std::string file_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '$' || (c == '.' && !name.empty());
    name += plain ? std::string(1, c) : fmt::format("%{:02x}", byte);
  }
  if (name.size() <= longest_name) return name;
  return name.substr(0, longest_name - 17) + "-" + sha256_hex(text).substr(0, 16);
}

}  // namespace

std::string certificate_path(const std::string& folder, const std::string& image, const std::string& symbol) {
  return (fs::path(folder) / file_name(image) / (file_name(symbol) + ".cert")).string();
}

ir::Result<bool> write_certificates(const std::string& folder, const report::Run& run) {
  for (const report::ImageRow& image : run.images) {
    std::error_code error;
    fs::create_directories(fs::path(folder) / file_name(image.id), error);
    if (error) return ir::Error{"cli-output", fmt::format("cannot write into '{}': {}", folder, error.message()), {}};
    for (const report::FunctionRow& row : image.functions) {
      const std::string path = certificate_path(folder, image.id, row.symbol);
      if (row.outcome.verdict != Verdict::proved) {
        fs::remove(path, error);
        continue;
      }
      ir::Result<report::OutputFile> file = report::OutputFile::create(path);
      if (!file) return file.error();
      if (const ir::Result<bool> written = file->commit(row.outcome.certificate); !written) return written.error();
    }
  }
  return true;
}

std::optional<std::string> read_certificate_file(const std::string& folder, const std::string& image,
                                                 const std::string& symbol) {
  std::ifstream stream(certificate_path(folder, image, symbol), std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace validator::app
