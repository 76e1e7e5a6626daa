// SPDX-License-Identifier: Apache-2.0
// Static objects inside functions of C. Clang calls one `function.name`, as the source graphs do; GCC calls it `name.N`, with
// a number of its own. Where file, name and size leave one object and one symbol, they belong together. Any such pairing
// that gives each object its own bytes would do for a proof, since nobody outside of the image can name the object; a wrong one could
// refute right code, so that nothing is matched where there is a choice.
#include <algorithm>
#include <filesystem>

#include "validator/app/pairing.hpp"

namespace validator::app {
namespace {

/// What GCC and the source have in common.
struct LocalName {
  std::string file, name;
  std::uint64_t bytes = 0;
  friend auto operator<=>(const LocalName&, const LocalName&) = default;
};

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void match_local_objects(const ir::Module& source, Image& image) {
  std::map<LocalName, std::vector<std::string>> wanted;
  for (const auto& [key, object] : source.globals) {
    const std::string own = object.symbol.substr(0, object.symbol.find('@'));
    const std::size_t dot = own.rfind('.');
    if (!object.internal || dot == std::string::npos || image.find(object.symbol) != nullptr) continue;
    const std::string file = std::filesystem::path(object.where.file).filename().string();
    wanted[{file, own.substr(dot + 1), object.bytes}].push_back(object.symbol);
  }
  std::map<LocalName, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < image.symbols.size(); ++i) {
    const Symbol& symbol = image.symbols[i];
    const std::size_t dot = symbol.name.rfind('.');
    if (symbol.kind != SymbolKind::object || !symbol.local || dot == std::string::npos || !is_number(symbol.name.substr(dot + 1))) continue;
    found[{symbol.file, symbol.name.substr(0, dot), symbol.bytes}].push_back(i);
  }
  for (const auto& [name, objects] : wanted) {
    const auto symbols = found.find(name);
    if (symbols == found.end() || objects.size() != 1 || symbols->second.size() != 1) continue;
    image.symbols[symbols->second.front()].name = objects.front();
  }
}

}  // namespace validator::app
