// SPDX-License-Identifier: Apache-2.0
// JSON of counterexamples. Numbers are strings in hexadecimal: JSON's own are doubles in many readers.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "validator/replay/counterexample.hpp"

namespace validator::replay {

namespace {

using nlohmann::ordered_json;

constexpr int schema = 1;

/// Thrown inside this file only: the text is well-formed JSON but not a counterexample.
struct Malformed {
  std::string message;
};

u128 number(const ordered_json& json) {
  if (!json.is_string()) throw Malformed{"expected a hexadecimal string, found " + json.dump()};
  const std::string text = json.get<std::string>();
  if (!text.starts_with("0x") || text.size() < 3 || text.size() > 34) throw Malformed{"no hexadecimal number: " + text};
  u128 value = 0;
  for (char digit : text.substr(2)) {
    const auto position = std::string_view("0123456789abcdef").find(digit);
    if (position == std::string_view::npos) throw Malformed{"no hexadecimal number: " + text};
    value = value << 4 | position;
  }
  return value;
}

std::uint64_t number64(const ordered_json& json) {
  const u128 value = number(json);
  if (value >> 64 != 0) throw Malformed{"more than 64 bits: " + hex(value)};
  return static_cast<std::uint64_t>(value);
}

std::uint8_t byte_of(const ordered_json& json) {
  const u128 value = number(json);
  if (value > 0xff) throw Malformed{"more than 8 bits: " + hex(value)};
  return static_cast<std::uint8_t>(value);
}

template <typename Bytes>
ordered_json runs_of_bytes(const Bytes& bytes) {
  // Consecutive addresses share one row: [address, "0a0b..."].
  ordered_json rows = ordered_json::array();
  std::string digits;
  std::uint64_t begin = 0, next = 0;
  auto flush = [&] {
    if (!digits.empty()) rows.push_back({hex(begin), digits});
    digits.clear();
  };
  for (const auto& [address, byte] : bytes) {
    if (digits.empty() || address != next) {
      flush();
      begin = address;
    }
    digits += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    next = address + 1;
  }
  flush();
  return rows;
}

template <typename Add>
void read_bytes(const ordered_json& rows, Add&& add) {
  for (const ordered_json& row : rows) {
    const std::uint64_t address = number64(row.at(0));
    const std::string digits = row.at(1).get<std::string>();
    if (digits.size() % 2 != 0) throw Malformed{"odd number of digits: " + digits};
    for (std::size_t i = 0; i < digits.size(); i += 2)
      add(address + i / 2, byte_of(ordered_json("0x" + digits.substr(i, 2))));
  }
}

ordered_json entry_json(const EntryState& entry) {
  ordered_json json;
  for (unsigned i = 0; i < 31; ++i) json["x"].push_back(hex(entry.x[i]));
  json["sp"] = hex(entry.sp);
  json["nzcv"] = hex(u128{entry.n} << 3 | u128{entry.z} << 2 | u128{entry.c} << 1 | u128{entry.v});
  json["globals"] = ordered_json::object();
  for (const auto& [name, placed] : entry.globals) json["globals"][name] = {hex(placed.address), hex(placed.bytes)};
  json["locals"] = ordered_json::object();
  for (const auto& [name, address] : entry.locals) json["locals"][name] = hex(address);
  json["extra"] = ordered_json::object();
  for (const auto& [name, value] : entry.extra) json["extra"][name] = hex(value);
  json["memory"]["seed"] = hex(entry.memory.seed);
  json["memory"]["bytes"] = runs_of_bytes(entry.memory.bytes);
  return json;
}

EntryState read_entry(const ordered_json& json) {
  EntryState entry;
  if (json.at("x").size() != 31) throw Malformed{"expected 31 registers"};
  for (unsigned i = 0; i < 31; ++i) entry.x[i] = number64(json.at("x").at(i));
  entry.sp = number64(json.at("sp"));
  const u128 nzcv = number(json.at("nzcv"));
  entry.n = (nzcv & 8) != 0;
  entry.z = (nzcv & 4) != 0;
  entry.c = (nzcv & 2) != 0;
  entry.v = (nzcv & 1) != 0;
  for (const auto& [name, placed] : json.at("globals").items())
    entry.globals[name] = {number64(placed.at(0)), number64(placed.at(1))};
  for (const auto& [name, address] : json.at("locals").items()) entry.locals[name] = number64(address);
  for (const auto& [name, value] : json.at("extra").items()) entry.extra[name] = number(value);
  entry.memory.seed = number64(json.at("memory").at("seed"));
  read_bytes(json.at("memory").at("bytes"),
             [&](std::uint64_t address, std::uint8_t byte) { entry.memory.bytes[address] = byte; });
  return entry;
}

ordered_json environment_json(const Environment& environment) {
  ordered_json json;
  json["seed"] = hex(environment.seed);
  json["invents_opaque"] = environment.invents_opaque;
  json["answers"] = ordered_json::array();
  const Answer* before = nullptr;
  for (const Answer& answer : environment.answers) {
    if (before != nullptr && answer == *before) {
      ordered_json& times = json["answers"].back()["times"];
      times = times.is_null() ? 2 : times.get<std::size_t>() + 1;
      continue;
    }
    before = &answer;
    ordered_json row;
    row["seed"] = hex(answer.seed);
    row["x"] = ordered_json::object();
    for (const auto& [number, value] : answer.x) row["x"][std::to_string(number)] = hex(value);
    if (answer.has_value) row["value"] = hex(answer.value);
    row["writes"] = runs_of_bytes(answer.writes);
    json["answers"].push_back(std::move(row));
  }
  return json;
}

Environment read_environment(const ordered_json& json) {
  Environment environment;
  environment.seed = number64(json.at("seed"));
  environment.invents_opaque = json.at("invents_opaque").get<bool>();
  for (const ordered_json& row : json.at("answers")) {
    Answer answer;
    answer.seed = number64(row.at("seed"));
    for (const auto& [name, value] : row.at("x").items()) {
      if (name.empty() || name.size() > 2 || name.find_first_not_of("0123456789") != std::string::npos)
        throw Malformed{"no register number: " + name};
      answer.x[static_cast<unsigned>(std::stoul(name))] = number64(value);
    }
    if (row.contains("value")) {
      answer.has_value = true;
      answer.value = number(row.at("value"));
    }
    read_bytes(row.at("writes"),
               [&](std::uint64_t address, std::uint8_t byte) { answer.writes.emplace_back(address, byte); });
    const std::size_t times = row.value("times", std::size_t{1});
    if (times > patient_limits.events) throw Malformed{"more answers than a run has events"};
    environment.answers.insert(environment.answers.end(), times, answer);
  }
  return environment;
}

DifferenceKind kind_of(const std::string& name) {
  for (unsigned i = 0; i <= static_cast<unsigned>(DifferenceKind::merged_locals); ++i)
    if (difference_name(static_cast<DifferenceKind>(i)) == name) return static_cast<DifferenceKind>(i);
  throw Malformed{"no kind of difference: " + name};
}

}  // namespace

std::string to_json(const Counterexample& counterexample) {
  ordered_json json;
  json["schema"] = schema;
  json["symbol"] = counterexample.symbol;
  json["inlined"] = ordered_json::array();
  for (std::uint64_t address : counterexample.inlined) json["inlined"].push_back(hex(address));
  json["entry"] = entry_json(counterexample.entry);
  json["environment"] = environment_json(counterexample.environment);
  const Difference& difference = counterexample.difference;
  json["difference"] = {{"kind", difference_name(difference.kind)},
                        {"event", difference.event},
                        {"text", difference.text},
                        {"address", hex(difference.address)},
                        {"source", hex(difference.source_value)},
                        {"binary", hex(difference.binary_value)},
                        {"bits", difference.bits}};
  return json.dump(1) + "\n";
}

ir::Result<Counterexample> read_counterexample(std::string_view text, const std::string& file) {
  auto error = [&](std::string message) {
    return ir::Error{"counterexample-syntax", "not a counterexample: " + std::move(message), {file, 0, 0}};
  };
  try {
    const ordered_json json = ordered_json::parse(text);
    if (json.at("schema") != schema) return error("unknown schema " + json.at("schema").dump());
    Counterexample result;
    result.symbol = json.at("symbol").get<std::string>();
    for (const ordered_json& address : json.at("inlined")) result.inlined.push_back(number64(address));
    result.entry = read_entry(json.at("entry"));
    result.environment = read_environment(json.at("environment"));
    const ordered_json& difference = json.at("difference");
    result.difference.kind = kind_of(difference.at("kind").get<std::string>());
    result.difference.event = difference.at("event").get<std::size_t>();
    result.difference.text = difference.at("text").get<std::string>();
    result.difference.address = number64(difference.at("address"));
    result.difference.source_value = number(difference.at("source"));
    result.difference.binary_value = number(difference.at("binary"));
    result.difference.bits = difference.at("bits").get<unsigned>();
    return result;
  } catch (const ordered_json::exception& problem) {
    return error(problem.what());
  } catch (const Malformed& problem) {
    return error(problem.message);
  }
}

}  // namespace validator::replay
