// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/kept_case.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "isa-models/conformance/difference.hpp"
#include "isa-models/conformance/sandbox.hpp"

namespace isa {
namespace {

using Part = Disagreement::Part;
constexpr std::pair<Part, std::string_view> parts[] = {
    {Part::registers, "registers"}, {Part::upper_half, "upper-half"}, {Part::memory, "memory"}, {Part::refusal, "refusal"}};
constexpr const char* keys[] = {"executor", "part", "words", "citation", "word", "before", "memory", "model", "got"};

class File {
 public:
  explicit File(const std::string& path) : path_(path) {}

  KeptCase read() {
    std::ifstream stream(path_);
    if (!stream) fail("cannot read the case");
    std::map<std::string, std::string> values;
    std::map<std::string, std::uint32_t> lines;
    std::string line;
    while (std::getline(stream, line)) {
      ++line_;
      if (line.empty() || line[0] == '#') continue;
      const std::size_t end = std::min(line.find(' '), line.size()), from = std::min(line.find_first_not_of(' ', end), line.size());
      const std::string key = line.substr(0, end);
      if (std::ranges::find(keys, key) == std::end(keys)) fail("unknown key `" + key + "`");
      if (!values.emplace(key, line.substr(from)).second) fail("`" + key + "` is there twice");
      lines[key] = line_;
    }
    const auto value = [&](const char* key) -> const std::string& {
      line_ = lines[key];
      if (values[key].empty()) fail(std::string("`") + key + "` is missing");
      return values[key];
    };
    KeptCase kept;
    kept.row.executor = value("executor");
    kept.row.citation = value("citation");
    const std::string& part = value("part");
    const auto found = std::ranges::find(parts, std::string_view(part), &std::pair<Part, std::string_view>::second);
    if (found == std::end(parts)) fail("`" + part + "` is none of registers, upper-half, memory, refusal");
    kept.row.part = found->first;
    std::istringstream words(value("words"));
    std::string pattern, mask;
    words >> pattern >> mask;
    kept.row.value = static_cast<std::uint32_t>(number(pattern, 8));
    kept.row.mask = static_cast<std::uint32_t>(number(mask, 8));
    kept.row.example = static_cast<std::uint32_t>(number(value("word"), 8));
    if ((kept.row.value & ~kept.row.mask) != 0) fail("the value has bits outside its mask");
    if ((kept.row.example & kept.row.mask) != kept.row.value) fail("the word is none of the row's words");
    line_ = lines["before"];
    each(values["before"], [&](const std::string& name, const std::string& text) { set(kept.before, name, text); });
    line_ = lines["memory"];
    each(values["memory"], [&](const std::string& name, const std::string& text) {
      auto& bytes = kept.memory[number(name, 16)];
      for (std::size_t i = 0; i < text.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(number(text.substr(i, 2), 2)));
    });
    kept.model = value("model");
    kept.got = value("got");
    return kept;
  }

 private:
  [[noreturn]] void fail(std::string message) const { throw ir::Error{"isa-conformance", std::move(message), {path_, line_, 1}}; }

  std::uint64_t number(const std::string& text, std::size_t digits) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.empty() || text.size() > digits || error != std::errc() || end != text.data() + text.size())
      fail("`" + text + "` is no hexadecimal number of at most " + std::to_string(digits) + " digits");
    return value;
  }

  /// "x0=1 sp=2"
  template <typename Use>
  void each(const std::string& list, Use use) const {
    std::istringstream items(list);
    for (std::string item; items >> item;) {
      const std::size_t equals = item.find('=');
      if (equals == std::string::npos) fail("`" + item + "` is not NAME=VALUE");
      use(item.substr(0, equals), item.substr(equals + 1));
    }
  }

  void set(MachineState& state, const std::string& name, const std::string& text) const {
    unsigned index = 0;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), index);
    const bool numbered = error == std::errc() && end == name.data() + name.size();
    if (name == "sp") {
      state.sp = number(text, 16);
    } else if (name == "nzcv" && text.size() == 4 && text.find_first_not_of("01") == std::string::npos) {
      for (unsigned i = 0; i < 4; ++i) state.nzcv[i] = text[i] == '1';
    } else if (name[0] == 'x' && numbered && index < 31) {
      state.x[index] = number(text, 16);
    } else if (name[0] == 'v' && numbered && index < 32 && text.size() == 32) {
      state.v[index] = ir::u128{number(text.substr(0, 16), 16)} << 64 | number(text.substr(16), 16);
    } else {
      fail("`" + name + "=" + text + "` is no register, or its value does not fit");
    }
  }

  std::string path_;
  std::uint32_t line_ = 0;
};

std::string hex(std::uint64_t value, const char* format = "%llx") {
  char text[24];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

std::string bytes_text(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += hex(byte, "%02llx");
  return text;
}

/// The registers of `state` that are not those of `than`.
std::string other_registers(const MachineState& state, const MachineState& than) {
  std::string text;
  const auto add = [&](const std::string& item) { text += (text.empty() ? "" : " ") + item; };
  for (std::size_t i = 0; i < state.x.size(); ++i)
    if (state.x[i] != than.x[i]) add("x" + std::to_string(i) + "=" + hex(state.x[i]));
  for (std::size_t i = 0; i < state.v.size(); ++i)
    if (state.v[i] != than.v[i])
      add("v" + std::to_string(i) + "=" + hex(static_cast<std::uint64_t>(state.v[i] >> 64), "%016llx") + hex(static_cast<std::uint64_t>(state.v[i]), "%016llx"));
  if (state.sp != than.sp) add("sp=" + hex(state.sp));
  if (state.nzcv != than.nzcv) {
    std::string flags;
    for (const bool flag : state.nzcv) flags += flag ? '1' : '0';
    add("nzcv=" + flags);
  }
  return text;
}

using Bytes = std::map<std::uint64_t, std::vector<std::uint8_t>>;

Bytes memory_at(const std::vector<Range>& ranges) {
  Bytes memory;
  for (const Range& range : ranges) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(range.address);
    memory[range.address] = std::vector<std::uint8_t>(from, from + range.bytes);
  }
  return memory;
}

void write(const Bytes& memory) {
  for (const auto& [address, bytes] : memory) std::memcpy(reinterpret_cast<void*>(address), bytes.data(), bytes.size());
}

std::string changes(const MachineState& before, const MachineState& after, const Bytes& old, const Bytes& now) {
  std::string text = other_registers(after, before);
  for (const auto& [address, bytes] : now)
    if (bytes != old.at(address)) text += (text.empty() ? "[" : " [") + hex(address) + "]=" + bytes_text(bytes);
  return text.empty() ? "nothing changes" : text;
}

}  // namespace

std::string_view part_name(Part part) { return std::ranges::find(parts, part, &std::pair<Part, std::string_view>::first)->second; }

ir::Result<KeptCase> read_kept_case(const std::string& path) try {
  return File(path).read();
} catch (const ir::Error& error) {
  return error;
}

std::string print(const KeptCase& kept) {
  std::ostringstream text;
  const auto line = [&](const char* key, const std::string& value) { text << key << std::string(10 - std::strlen(key), ' ') << value << "\n"; };
  text << "# SPDX-License-Identifier: Apache-2.0\n";
  line("executor", kept.row.executor);
  line("part", std::string(part_name(kept.row.part)));
  line("words", hex(kept.row.value, "%08llx") + " " + hex(kept.row.mask, "%08llx"));
  line("citation", kept.row.citation);
  line("word", hex(kept.row.example, "%08llx"));
  if (const std::string before = other_registers(kept.before, {}); !before.empty()) line("before", before);
  std::string memory;
  for (const auto& [address, bytes] : kept.memory) memory += (memory.empty() ? "" : " ") + hex(address) + "=" + bytes_text(bytes);
  if (!memory.empty()) line("memory", memory);
  line("model", kept.model);
  line("got", kept.got);
  return text.str();
}

ir::Result<std::map<std::string, std::string>> replay(const Models& models, const KeptCase& kept) {
  if (!map_sandbox()) return ir::Error{"isa-conformance", "cannot map the sandbox memory at 0x10000000", {}};
  std::vector<Range> given;
  for (const auto& [address, bytes] : kept.memory) given.push_back({address, static_cast<unsigned>(bytes.size())});
  if (!inside_sandbox(given)) return ir::Error{"isa-conformance", "the case's memory lies outside the sandbox", {}};
  const Memory restored(given);
  write(kept.memory);

  std::map<std::string, std::string> results;
  MachineState start = kept.before;
  start.pc = code_begin + 16;
  MachineState after = start;
  Overlay overlay;
  const auto done = interpret(models, kept.row.example, after, overlay);
  if (done && !inside_sandbox(overlay.ranges)) return ir::Error{"isa-conformance", "the case's accesses lie outside the sandbox", {}};
  const Memory accessed(overlay.ranges);
  const Bytes old = memory_at(overlay.ranges);
  Bytes now = old;
  for (auto& [address, bytes] : now)
    for (std::size_t i = 0; i < bytes.size(); ++i)
      if (const auto entry = overlay.written.find(address + i); entry != overlay.written.end()) bytes[i] = entry->second;
  results["model"] = done ? changes(start, after, old, now) : done.error().code == undefined ? "undefined" : done.error().code;

  for (const auto& executor : {make_unicorn(), make_vixl()}) {
    std::memcpy(reinterpret_cast<void*>(start.pc), &kept.row.example, sizeof kept.row.example);
    MachineState state = start;
    const Executor::Outcome outcome = done ? executor->run(state) : executor->accepts(start);
    std::string& result = results[executor->name()];
    switch (outcome) {
      case Executor::Outcome::ran: result = done ? changes(start, state, old, memory_at(overlay.ranges)) : "runs"; break;
      case Executor::Outcome::refused: result = "undefined"; break;
      case Executor::Outcome::faulted: result = "faults"; break;
      case Executor::Outcome::unknown: result = "unknown"; break;
    }
    write(old);
  }
  return results;
}

}  // namespace isa
