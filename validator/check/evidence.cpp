// SPDX-License-Identifier: Apache-2.0
#include "validator/check/evidence.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ir/text.hpp"

namespace validator::check {
namespace {

std::string body_text(const ir::Function* function) {
  if (function == nullptr) return "none";
  ir::Function bare = *function;
  bare.display.clear();
  bare.unit.clear();
  bare.where = {};
  for (ir::Graph::NodeId node = 0; node < bare.graph.size(); ++node) bare.graph.at(node).where = {};
  return ir::print(bare);
}

std::string number_text(std::optional<std::uint64_t> value) { return value ? fmt::format("{:x}", *value) : "none"; }

std::string symbol_text(const std::optional<Symbol>& symbol) {
  if (!symbol) return "none";
  return fmt::format("{:x} {:x} {} {} {} {}", symbol->address, symbol->bytes, static_cast<unsigned>(symbol->kind),
                     symbol->local, symbol->absolute, symbol->name);
}

/// A question is its kind, then its numbers in hexadecimal, then perhaps a name to the end of the text.
class QuestionReader {
 public:
  explicit QuestionReader(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view result = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return result;
  }
  std::uint64_t number() {
    const std::string_view text = word();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    good_ = good_ && error == std::errc() && end == text.data() + text.size();
    return value;
  }
  std::string name() {
    std::string result(rest_);
    rest_ = {};
    return result;
  }
  bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

const ir::Function* Evidence::source_body(const std::string& symbol) const {
  questions_.insert("source " + symbol);
  return around_.source_body(symbol);
}

const ir::Function* Evidence::binary_body(std::uint64_t address) const {
  questions_.insert(fmt::format("binary {:x}", address));
  return around_.binary_body(address);
}

const ir::Function* Evidence::binary_named(const std::string& symbol) const {
  questions_.insert("code " + symbol);
  return around_.binary_named(symbol);
}

bool Evidence::is_pair(std::uint64_t address) const {
  questions_.insert(fmt::format("pair {:x}", address));
  return around_.is_pair(address);
}

std::optional<std::uint64_t> Evidence::address_of(const std::string& name) const {
  questions_.insert("address " + name);
  return around_.address_of(name);
}

std::optional<std::uint64_t> Evidence::constant_bytes(const std::string& name, std::uint64_t offset,
                                                      unsigned bytes) const {
  questions_.insert(fmt::format("constant {:x} {:x} {}", offset, bytes, name));
  return around_.constant_bytes(name, offset, bytes);
}

bool Evidence::writes_no_memory(std::uint64_t address) const {
  questions_.insert(fmt::format("no-writes {:x}", address));
  return around_.writes_no_memory(address);
}

bool Evidence::is_plain_object(std::uint64_t address, std::uint64_t bytes) const {
  questions_.insert(fmt::format("plain {:x} {:x}", address, bytes));
  return around_.is_plain_object(address, bytes);
}

bool Evidence::x18_reserved() const {
  questions_.insert("x18");
  return around_.x18_reserved();
}

std::set<std::string> Evidence::preserved(std::uint64_t callee) const {
  questions_.insert(fmt::format("preserved {:x}", callee));
  return around_.preserved(callee);
}

std::optional<std::uint64_t> Evidence::read_only(std::uint64_t address, unsigned bytes) const {
  questions_.insert(fmt::format("read-only {:x} {:x}", address, bytes));
  return around_.read_only(address, bytes);
}

std::optional<Symbol> Evidence::containing(std::uint64_t address) const {
  questions_.insert(fmt::format("containing {:x}", address));
  return around_.containing(address);
}

std::optional<std::string> answer_to(const std::string& question, const Surroundings& around) {
  QuestionReader reader(question);
  const std::string_view kind = reader.word();
  std::optional<std::string> answer;
  if (kind == "source") {
    answer = body_text(around.source_body(reader.name()));
  } else if (kind == "binary") {
    answer = body_text(around.binary_body(reader.number()));
  } else if (kind == "code") {
    answer = body_text(around.binary_named(reader.name()));
  } else if (kind == "pair") {
    answer = around.is_pair(reader.number()) ? "yes" : "no";
  } else if (kind == "address") {
    answer = number_text(around.address_of(reader.name()));
  } else if (kind == "constant") {
    const std::uint64_t offset = reader.number();
    const auto bytes = static_cast<unsigned>(reader.number());
    answer = number_text(around.constant_bytes(reader.name(), offset, bytes));
  } else if (kind == "no-writes") {
    answer = around.writes_no_memory(reader.number()) ? "yes" : "no";
  } else if (kind == "plain") {
    const std::uint64_t address = reader.number();
    answer = around.is_plain_object(address, reader.number()) ? "yes" : "no";
  } else if (kind == "x18") {
    answer = around.x18_reserved() ? "reserved" : "temporary";
  } else if (kind == "preserved") {
    answer = fmt::format("{}", fmt::join(around.preserved(reader.number()), " "));
  } else if (kind == "read-only") {
    const std::uint64_t address = reader.number();
    answer = number_text(around.read_only(address, static_cast<unsigned>(reader.number())));
  } else if (kind == "containing") {
    answer = symbol_text(around.containing(reader.number()));
  }
  return reader.done() ? answer : std::nullopt;
}

}  // namespace validator::check
