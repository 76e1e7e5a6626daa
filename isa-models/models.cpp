// SPDX-License-Identifier: Apache-2.0
// Loading a model directory, decoding a word and lifting it: the public face of the folder.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ir/build.hpp"
#include "isa-models/check.hpp"
#include "isa-models/evaluator.hpp"
#include "isa-models/names.hpp"
#include "isa-models/parser.hpp"
#include "isa-models/resolve.hpp"
#include "isa-models/tables.hpp"

namespace isa {
namespace {

namespace fs = std::filesystem;

/// Words checked for each encoding at load time; the unit tests check many more.
constexpr std::uint32_t load_time_words = 48;
constexpr unsigned bucket_bits = 11;
constexpr std::uintmax_t file_limit = 1U << 22;

std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) {
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

ir::Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  std::ifstream input(path, std::ios::binary);
  if (error || !input) return ir::Error{std::string(bad_model), "cannot read the file", {path.string(), 0, 0}};
  if (size > file_limit) return ir::Error{std::string(bad_model), "the file is larger than 4 MiB", {path.string(), 0, 0}};
  std::ostringstream text;
  text << input.rdbuf();
  return std::move(text).str();
}

void fill_buckets(ModelData& data) {
  data.buckets.resize(1U << bucket_bits);
  for (std::size_t g = 0; g < data.groups.size(); ++g)
    for (std::size_t e = 0; e < data.groups[g].encodings.size(); ++e) {
      const Encoding& encoding = data.groups[g].encodings[e];
      const std::uint32_t mask = encoding.mask >> (32 - bucket_bits);
      const std::uint32_t match = encoding.match >> (32 - bucket_bits);
      for (std::uint32_t bucket = 0; bucket < data.buckets.size(); ++bucket)
        if ((bucket & mask) == match)
          data.buckets[bucket].emplace_back(static_cast<std::uint16_t>(g), static_cast<std::uint16_t>(e));
    }
}

/// Names the block that an error of model text lies in: the last `instruction` or `func` above it.
ir::Error with_block(const ModelData& data, ir::Error error) {
  for (std::size_t i = 0; i < data.files.size(); ++i) {
    if (data.files[i] != error.where.file || !data.files[i].ends_with(".isa") || error.where.line == 0) continue;
    std::istringstream text(data.sources[i]);
    std::string line, block;
    for (std::uint32_t number = 1; number <= error.where.line && std::getline(text, line); ++number)
      if (line.starts_with("instruction ") || line.starts_with("func ")) block = line.substr(0, line.find_first_of("({"));
      else if (number == error.where.line && !line.empty() && line[0] > ' ' && !line.starts_with("end")) block.clear();  // between two blocks
    if (!block.empty()) error.message += ", in " + block.substr(0, block.find_last_not_of(" \t\r") + 1);
    break;
  }
  return error;
}

std::string hex8(std::uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", word);
  return text;
}

/// Marks the only access of an instruction without writeback as single-copy, if it has at most 8 bytes (Arm ARM B2.2.1).
void mark_single_copy(Lifted& lifted) {
  unsigned accesses = 0;
  ir::Term loaded;
  for (const MicroOp& op : lifted.ops) {
    accesses += 1;
    if (const auto* load = std::get_if<ir::Load>(&op)) loaded = load->result;
  }
  bool writeback = false;
  for (const ir::Binding& binding : lifted.assignments) {
    const auto used = ir::variables_of(binding.value);
    writeback = writeback || !loaded || std::find(used.begin(), used.end(), loaded) == used.end();
  }
  for (MicroOp& op : lifted.ops) {
    if (auto* load = std::get_if<ir::Load>(&op)) load->single_copy = accesses == 1 && !writeback && load->bytes <= 8;
    if (auto* store = std::get_if<ir::Store>(&op)) store->single_copy = accesses == 1 && !writeback && store->bytes <= 8;
  }
}

}  // namespace

ir::Error model_error(const std::string& file, Position where, std::string message) {
  return {std::string(bad_model), std::move(message), {file, where.line, where.column}};
}
ir::Error model_error(const ModelData& data, Position where, std::string message) {
  return model_error(where.file < data.files.size() ? data.files[where.file] : std::string(), where, std::move(message));
}

Symbol SymbolTable::intern(std::string_view name) {
  const auto [entry, added] = numbers_.emplace(std::string(name), static_cast<Symbol>(names_.size()));
  if (added) names_.emplace_back(name);
  return entry->second;
}
Symbol SymbolTable::find(std::string_view name) const {
  const auto entry = numbers_.find(name);
  return entry == numbers_.end() ? -1 : entry->second;
}

std::string Models::default_directory() {
  if (const char* directory = std::getenv("SYMBOLON_ISA_MODELS"); directory != nullptr && *directory != '\0') return directory;
  return SYMBOLON_ISA_MODELS;
}

ir::Result<Models> Models::load(const std::string& directory) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory, error)) paths.push_back(entry.path());
  if (error) return ir::Error{std::string(bad_model), "cannot read the directory: " + error.message(), {directory, 0, 0}};
  std::sort(paths.begin(), paths.end());

  std::vector<std::pair<std::string, std::string>> files;
  for (const fs::path& path : paths) {
    const std::string extension = path.extension().string();
    if (extension != ".isa" && extension != ".tsv") continue;
    auto text = read_file(path);
    if (!text) return text.error();
    files.emplace_back(path.string(), std::move(*text));
  }
  return from_files(files);
}

ir::Result<Models> Models::from_files(const std::vector<std::pair<std::string, std::string>>& files) {
  auto data = std::make_shared<ModelData>();
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const auto& [path, text] : files) {
    const std::string name = fs::path(path).filename().string();
    hash = fnv1a(fnv1a(hash, name), text);
    if (data->files.size() >= 0xffff) return ir::Error{std::string(bad_model), "too many files", {path, 0, 0}};
    data->files.push_back(path);
    data->sources.push_back(text);
    const auto file = static_cast<std::uint16_t>(data->files.size() - 1);
    const auto problem = name.ends_with(".isa") ? parse_file(text, file, *data) : parse_table(name, text, file, *data);
    if (problem) return with_block(*data, *problem);
  }
  if (data->groups.empty()) return ir::Error{std::string(bad_model), "no .isa file with an instruction", {}};
  if (data->groups.size() > 0xffff) return ir::Error{std::string(bad_model), "too many groups", {}};
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  data->identity = digits;
  if (const auto problem = resolve(*data)) return with_block(*data, *problem);
  if (const auto problem = check_overlaps(*data)) return with_block(*data, *problem);
  if (const auto problem = check_widths(*data, load_time_words)) return with_block(*data, *problem);
  fill_buckets(*data);
  Models models;
  models.data_ = std::move(data);
  return models;
}

ir::Result<Models> Models::without(const std::set<std::string>& features) const {
  for (const std::string& feature : features) {
    if (data_->features.contains(feature)) continue;
    std::string known;
    for (const std::string& name : data_->features) known += (known.empty() ? "" : ", ") + name;
    return ir::Error{std::string(bad_model), "no hint depends on a feature `" + feature + "`; known: " + known, {}};
  }
  Models models = *this;
  models.absent_.insert(features.begin(), features.end());
  return models;
}

ir::Result<Decoded> Models::decode(std::uint32_t word) const {
  const GroupData* best = nullptr;
  const Encoding* encoding = nullptr;
  const ModelData& data = *data_;
  for (const auto& [g, e] : data.buckets[word >> (32 - bucket_bits)]) {
    const GroupData& group = data.groups[g];
    const Encoding& candidate = group.encodings[e];
    if ((word & candidate.mask) != candidate.match) continue;
    if (best != nullptr) {
      const auto is_below = [&](const GroupData* a, const GroupData* b) {
        while (a->refines >= 0) {
          a = &data.groups[static_cast<std::size_t>(a->refines)];
          if (a == b) return true;
        }
        return false;
      };
      if (is_below(best, &group)) continue;
      if (!is_below(&group, best))
        return ir::Error{std::string(ambiguous), hex8(word) + " matches \"" + best->group.name + "\" and \"" + group.group.name + "\"", {}};
    }
    best = &group;
    encoding = &candidate;
  }
  if (best == nullptr) return ir::Error{std::string(no_model), "no instruction model matches " + hex8(word), {}};
  if ((word & encoding->should_mask) != encoding->should_match)
    return ir::Error{std::string(unpredictable), hex8(word) + " violates a should-be bit of \"" + best->group.name + "\"", {}};
  try {
    Evaluator(data, *best, *encoding, word, Evaluator::Mode::check).decode();
  } catch (const ir::Error& error) {
    return error;
  }
  Decoded decoded;
  decoded.models_ = data_;
  decoded.data_ = best;
  decoded.encoding_ = static_cast<unsigned>(encoding - best->encodings.data());
  decoded.word_ = word;
  for (const Field& field : encoding->fields)
    decoded.fields_[data.symbols.name(field.symbol)] = (word >> field.lo) & ((1U << field.width()) - 1);
  return decoded;
}

ir::Result<Lifted> Models::lift(std::uint32_t word, std::uint64_t address) const {
  const auto decoded = decode(word);
  if (!decoded) return decoded.error();
  return lift(*decoded, address);
}

ir::Result<Lifted> Models::lift(const Decoded& decoded, std::uint64_t address) const {
  try {
    Evaluator evaluator(*data_, *decoded.data_, decoded.data_->encodings[decoded.encoding_], decoded.word_,
                        Evaluator::Mode::lift);
    evaluator.set_address(address);
    evaluator.set_absent(absent_);
    evaluator.decode();
    evaluator.execute();
    Lifted lifted = evaluator.result();
    mark_single_copy(lifted);
    return lifted;
  } catch (const ir::Error& error) {
    return error;
  }
}

const Group& Decoded::group() const { return data_->group; }
bool Decoded::is_branch() const { return data_->is_branch; }

std::string Decoded::text(std::uint64_t address) const {
  Evaluator evaluator(*models_, *data_, data_->encodings[encoding_], word_, Evaluator::Mode::check);
  evaluator.set_address(address);
  try {
    evaluator.decode();
    return evaluator.text();
  } catch (const ir::Error& error) {
    return "(" + error.to_string() + ")";
  }
}

std::vector<std::pair<std::string, std::string>> Decoded::values() const {
  Evaluator evaluator(*models_, *data_, data_->encodings[encoding_], word_, Evaluator::Mode::check);
  evaluator.decode();
  return evaluator.values();
}

std::vector<std::string> Models::source_of(const Group& group) const {
  std::vector<std::string> lines;
  for (const GroupData& data : data_->groups) {
    if (&data.group != &group) continue;
    std::istringstream text(data_->sources.at(data.where.file));
    std::string line;
    for (std::uint32_t number = 1; number <= data.last_line && std::getline(text, line); ++number)
      if (number >= data.where.line) lines.push_back(line);
  }
  return lines;
}

void Models::for_each_group(const std::function<void(const Group&)>& visit) const {
  for (const GroupData& group : data_->groups) visit(group.group);
}

const Group* Models::find_group(std::string_view name) const {
  for (const GroupData& group : data_->groups)
    if (group.group.name == name) return &group.group;
  return nullptr;
}

std::string Models::identity() const {
  std::string text = data_->identity;
  for (const std::string& feature : absent_) text += " -" + feature;
  return text;
}

AccessSets access_sets(const Lifted& lifted) {
  std::array<bool, 68> read{};
  std::array<std::string, 68> names;
  for (unsigned i = 0; i < 31; ++i) names[i] = numbered("X", i);
  names[31] = "SP";
  for (unsigned i = 0; i < 32; ++i) names[32 + i] = numbered("V", i);
  names[64] = "N";
  names[65] = "Z";
  names[66] = "C";
  names[67] = "V";
  const auto note = [&](ir::Term term) {
    if (!term) return;
    for (ir::Term variable : ir::variables_of(term))
      for (std::size_t i = 0; i < names.size(); ++i) read[i] = read[i] || names[i] == variable.name();
  };
  for (const MicroOp& op : lifted.ops) {
    if (const auto* load = std::get_if<ir::Load>(&op)) note(load->address);
    if (const auto* store = std::get_if<ir::Store>(&op)) {
      note(store->address);
      note(store->value);
    }
    if (const auto* effect = std::get_if<ir::Effect>(&op))
      for (ir::Term operand : effect->operands) note(operand);
  }
  AccessSets sets;
  for (const ir::Binding& binding : lifted.assignments) {
    note(binding.value);
    sets.writes.push_back(binding.variable.name());
  }
  note(lifted.transfer.condition);
  note(lifted.transfer.indirect_target);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (read[i]) sets.reads.push_back(names[i]);
  return sets;
}

}  // namespace isa
