// SPDX-License-Identifier: Apache-2.0
#include "validator/app/data_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace validator::app {
namespace {

using report::DataResult;
using report::DataRow;

constexpr unsigned address_bytes = 8;

/// The image's symbol of a source object (match_local_objects has renamed what GCC numbers).
const Symbol* symbol_of(const ir::GlobalObject& object, const Image& image) {
  const Symbol* symbol = image.find(object.symbol);
  return symbol != nullptr && symbol->kind == SymbolKind::object && !symbol->absolute ? symbol : nullptr;
}

std::uint64_t little_endian(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < address_bytes; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
  return value;
}

void put_little_endian(std::uint64_t value, std::uint8_t* bytes) {
  for (unsigned i = 0; i < address_bytes; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void set(DataRow& row, DataResult result, std::string text) {
  row.result = result;
  row.text = std::move(text);
}

/// The bytes that the object must have; false when some symbol in it has no address.
bool expected_bytes(const ir::GlobalObject& object, const Image& image, std::vector<std::uint8_t>& bytes, DataRow& row) {
  bytes = object.initial;
  bytes.resize(object.bytes, 0);
  for (const auto& [offset, name] : object.relocations) {
    const Symbol* target = image.find(name);
    if (target == nullptr || offset + address_bytes > bytes.size()) {
      set(row, DataResult::unsupported, fmt::format("address of '{}' at offset {}: no such symbol in the image", name, offset));
      return false;
    }
    // What the initialiser adds to the address stands in the bytes themselves.
    put_little_endian(target->address + little_endian(&bytes[offset]), &bytes[offset]);
  }
  return true;
}

DataRow check_object(const ir::GlobalObject& object, const Image& image) {
  DataRow row;
  row.symbol = object.symbol;
  row.source = object.where;
  row.bytes = object.bytes;
  const Symbol* symbol = symbol_of(object, image);
  if (symbol == nullptr && image.find(object.symbol) != nullptr) {
    // The code's uses of the name mean this place, so that its bytes may not go unread.
    set(row, DataResult::unsupported, "the image's symbol of this name is no object with a size");
    return row;
  }
  if (symbol == nullptr) {
    set(row, DataResult::absent, "no symbol in the image");
    return row;
  }
  row.address = symbol->address;
  if (!object.has_initialiser) {
    set(row, DataResult::unsupported, "the initialiser was not evaluated");
    return row;
  }
  if (symbol->bytes != object.bytes) {
    set(row, object.internal ? DataResult::unsupported : DataResult::differs,
        fmt::format("{} bytes in the image, {} in the source", symbol->bytes, object.bytes));
    return row;
  }
  std::vector<std::uint8_t> expected;
  if (!expected_bytes(object, image, expected, row)) return row;
  const auto found = image.initial(symbol->address, object.bytes);
  if (!found) {
    set(row, DataResult::differs, "outside every segment");
    return row;
  }
  const auto [want, have] = std::mismatch(expected.begin(), expected.end(), found->begin());
  if (want != expected.end()) {
    set(row, DataResult::differs,
        fmt::format("offset {}: {:02x} in the image, {:02x} in the source", want - expected.begin(), *have, *want));
  }
  return row;
}

}  // namespace

std::vector<DataRow> check_data(const ir::Module& source, const Image& image) {
  std::vector<DataRow> rows;
  for (const auto& [name, object] : source.globals) {
    if (!object.symbol.empty() && object.is_definition) rows.push_back(check_object(object, image));
  }
  std::sort(rows.begin(), rows.end(), [](const DataRow& a, const DataRow& b) { return a.symbol < b.symbol; });
  return rows;
}

}  // namespace validator::app
