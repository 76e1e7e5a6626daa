// SPDX-License-Identifier: Apache-2.0
#include "validator/check/certificate_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "ir/text.hpp"

namespace validator::check {
namespace {

constexpr std::string_view first_line = "certificate 1";
constexpr std::size_t cut_limit = 1000, reshape_limit = 1000;

struct Failure {
  std::string message;
};

constexpr std::pair<Reshape::Kind, std::string_view> reshape_names[] = {
    {Reshape::Kind::peel, "peel"}, {Reshape::Kind::rotate, "rotate"}, {Reshape::Kind::unroll, "unroll"}};

/// Names may hold anything but a line's end: blanks, backslashes and control characters are written as \xx.
std::string name_text(const std::string& name) {
  if (name.empty()) return "\\";
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte <= ' ' || byte == '\\' || byte >= 0x7f ? fmt::format("\\{:02x}", byte) : std::string(1, c);
  }
  return text;
}

std::string place_text(const Place& place) {
  return fmt::format("{} {} {}", name_text(place.variable), place.offset, place.bytes);
}

/// One line, word by word.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  std::string_view word() {
    if (rest_.empty()) throw Failure{"the line ends too early"};
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view result = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (result.empty()) throw Failure{"two blanks, or one at the end"};
    return result;
  }
  template <typename T>
  T number(int base = 10) {
    const std::string_view text = word();
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) throw Failure{fmt::format("'{}' is no number", text)};
    return value;
  }
  std::string name() {
    const std::string_view text = word();
    if (text == "\\") return {};
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        result += text[i];
        continue;
      }
      unsigned byte = 0;
      const std::string_view digits = text.substr(i + 1, 2);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2)
        throw Failure{"a bad escape in a name"};
      result += static_cast<char>(byte);
      i += 2;
    }
    return result;
  }
  Place place() {
    Place result;
    result.variable = name();
    result.offset = number<std::int64_t>();
    result.bytes = number<unsigned>();
    if (result.bytes > 16) throw Failure{"a place has at most 16 bytes"};
    return result;
  }
  Term term() {
    const ir::Result<Term> read = ir::read_term(rest_, "");
    if (!read) throw Failure{"no term: " + read.error().message};
    rest_ = {};
    return *read;
  }
  void end() const {
    if (!rest_.empty()) throw Failure{fmt::format("'{}' is too much", rest_)};
  }

 private:
  std::string_view rest_;
};

class Reader {
 public:
  SavedProof read(std::string_view text, std::uint32_t& line) {
    bool begun = false;
    for (line = 1; !text.empty(); ++line) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) throw Failure{"the last line has no end"};
      const std::string_view content = text.substr(0, end);
      text.remove_prefix(end + 1);
      if (!begun) {
        if (content != first_line) throw Failure{fmt::format("expected '{}'", first_line)};
        begun = true;
        continue;
      }
      if (done_) throw Failure{"text after 'end'"};
      entry(content);
    }
    if (!done_) throw Failure{"'end' is missing"};
    return std::move(proof_);
  }

 private:
  Cut& cut() {
    if (proof_.certificate.cuts.empty()) throw Failure{"this belongs to a cut"};
    return proof_.certificate.cuts.back();
  }

  Meeting& meeting() {
    if (meeting_ == nullptr) throw Failure{"this belongs to a meeting"};
    return *meeting_;
  }

  bool reshape(std::string_view keyword, Line& line) {
    for (const auto& [kind, name] : reshape_names) {
      if (keyword != name) continue;
      if (proof_.reshapes.size() >= reshape_limit) throw Failure{"too many changes of loops"};
      const std::string_view half = line.word();
      if (half != "source" && half != "binary") throw Failure{"a half is 'source' or 'binary'"};
      Reshape& added = proof_.reshapes.emplace_back();
      added.kind = kind;
      added.binary = half == "binary";
      added.header = line.number<ir::Graph::NodeId>();
      added.number = line.number<ir::Graph::NodeId>();
      return true;
    }
    return false;
  }

  void entry(std::string_view content) {
    Line line(content);
    const std::string_view keyword = line.word();
    if (keyword == "function") {
      proof_.symbol = line.name();
    } else if (keyword == "inline") {
      proof_.inline_both.insert(line.number<std::uint64_t>(16));
    } else if (reshape(keyword, line)) {
    } else if (keyword == "placement") {
      std::string name = line.name();
      proof_.certificate.placements[std::move(name)] = line.number<std::int64_t>();
    } else if (keyword == "cut") {
      if (proof_.certificate.cuts.size() >= cut_limit) throw Failure{"too many cuts"};
      Cut& added = proof_.certificate.cuts.emplace_back();
      added.source_header = line.number<ir::Graph::NodeId>();
      added.binary_header = line.number<ir::Graph::NodeId>();
    } else if (keyword == "memory") {
      cut().memory = true;
    } else if (keyword == "count") {
      cut().count = true;
    } else if (keyword == "source") {
      cut().source_variables.insert(line.name());
    } else if (keyword == "local") {
      cut().source_places.insert(line.place());
    } else if (keyword == "binary") {
      cut().binary_variables.insert(line.name());
    } else if (keyword == "stack") {
      cut().binary_places.insert(line.place());
    } else if (keyword == "relation") {
      const Place place = line.place();
      cut().relations[place] = line.term();
    } else if (keyword == "invariant") {
      const Term term = line.term();
      if (!term.sort().is_bool()) throw Failure{"an invariant is true or false"};
      cut().invariants.push_back(term);
    } else if (keyword == "apart") {
      proof_.certificate.apart.insert(line.number<ir::Graph::NodeId>());
    } else if (keyword == "meeting") {
      const auto [at, is_new] = proof_.certificate.meetings.try_emplace(line.number<ir::Graph::NodeId>());
      if (!is_new) throw Failure{"this node has a meeting already"};
      meeting_ = &at->second;
    } else if (keyword == "meeting-path") {
      meeting().path = line.number<ir::Graph::NodeId>();
    } else if (keyword == "meeting-memory") {
      meeting().memory = line.number<ir::Graph::NodeId>();
    } else if (keyword == "meeting-value") {
      std::string name = line.name();
      SourceValue& value = meeting().values[std::move(name)];
      value.node = line.number<ir::Graph::NodeId>();
      value.index = line.number<std::size_t>();
    } else if (keyword == "end") {
      done_ = true;
    } else {
      throw Failure{fmt::format("unknown keyword '{}'", keyword)};
    }
    line.end();
  }

  SavedProof proof_;
  Meeting* meeting_ = nullptr;
  bool done_ = false;
};

}  // namespace

std::string print(const SavedProof& proof) {
  std::string text = fmt::format("{}\nfunction {}\n", first_line, name_text(proof.symbol));
  for (const std::uint64_t address : proof.inline_both) text += fmt::format("inline {:x}\n", address);
  for (const Reshape& how : proof.reshapes) {
    const auto name = std::find_if(std::begin(reshape_names), std::end(reshape_names),
                                   [&](const auto& row) { return row.first == how.kind; });
    text += fmt::format("{} {} {} {}\n", name->second, how.binary ? "binary" : "source", how.header, how.number);
  }
  for (const auto& [name, offset] : proof.certificate.placements)
    text += fmt::format("placement {} {}\n", name_text(name), offset);
  for (const Cut& cut : proof.certificate.cuts) {
    text += fmt::format("cut {} {}\n", cut.source_header, cut.binary_header);
    if (cut.memory) text += "memory\n";
    if (cut.count) text += "count\n";
    for (const std::string& name : cut.source_variables) text += fmt::format("source {}\n", name_text(name));
    for (const Place& place : cut.source_places) text += fmt::format("local {}\n", place_text(place));
    for (const std::string& name : cut.binary_variables) text += fmt::format("binary {}\n", name_text(name));
    for (const Place& place : cut.binary_places) text += fmt::format("stack {}\n", place_text(place));
    for (const auto& [place, term] : cut.relations)
      text += fmt::format("relation {} {}\n", place_text(place), ir::print(term));
    for (Term term : cut.invariants) text += fmt::format("invariant {}\n", ir::print(term));
  }
  for (const ir::Graph::NodeId node : proof.certificate.apart) text += fmt::format("apart {}\n", node);
  for (const auto& [node, meeting] : proof.certificate.meetings) {
    if (!meeting.path && !meeting.memory && meeting.values.empty()) continue;
    text += fmt::format("meeting {}\n", node);
    if (meeting.path) text += fmt::format("meeting-path {}\n", *meeting.path);
    if (meeting.memory) text += fmt::format("meeting-memory {}\n", *meeting.memory);
    for (const auto& [name, value] : meeting.values)
      text += fmt::format("meeting-value {} {} {}\n", name_text(name), value.node, value.index);
  }
  return text + "end\n";
}

ir::Result<SavedProof> read_certificate(std::string_view text, const std::string& file) {
  std::uint32_t line = 0;
  try {
    return Reader().read(text, line);
  } catch (const Failure& failure) {
    return ir::Error{"certificate-invalid", failure.message, {file, line, 0}};
  }
}

}  // namespace validator::check
