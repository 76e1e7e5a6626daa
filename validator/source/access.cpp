// SPDX-License-Identifier: Apache-2.0
// Loads, stores and copies: from places to nodes, with the assertions that a typed access implies. Bit-fields
// are read and written by their access unit: the declared type's container, cut to the run of adjacent bit-fields, since a
// run is one memory location (C11 3.14) and compilers write back its other bits.
#include <algorithm>
#include <bit>

#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::QualType;
using ir::Term;

namespace {

constexpr std::uint64_t largest_copy = 4096;  ///< bytes; larger class copies and zeroings are refused

unsigned piece(std::uint64_t bytes) { return bytes >= 8 ? 8 : bytes >= 4 ? 4 : bytes >= 2 ? 2 : 1; }

Term offset(Term address, std::uint64_t bytes) { return ir::add(address, ir::bv(bytes, 64)); }

}  // namespace

void FunctionLifter::check(Term condition, const char* kind) { b_.check(condition, kind, stable(condition)); }

Term FunctionLifter::from_memory(Term bits, QualType type) {
  if (!unit_.sort_of(type, {}).is_bool()) {
    return bits;
  }
  check(ir::ult(bits, ir::bv(2, 8)), "ub-bool");
  return ir::ne(bits, ir::bv(0, 8));
}

Term FunctionLifter::to_memory(Term value, QualType) { return value.sort().is_bool() ? ir::bool_to_bv(value, 8) : value; }

Term FunctionLifter::known_bytes(Term address, std::uint64_t bytes) const {
  const ir::BaseOffset split = ir::base_offset(address);
  if (!split.base || !split.base.is_variable()) {
    return Term();
  }
  const auto found = unit_.module.globals.find(split.base.name());
  return found != unit_.module.globals.end() && found->second.is_const ? initial_bytes(address, bytes) : Term();
}

Term FunctionLifter::initial_bytes(Term address, std::uint64_t bytes) const {
  const ir::BaseOffset split = ir::base_offset(address);
  if (!split.base || !split.base.is_variable() || split.base.name().front() != '@' || split.offset < 0) {
    return Term();
  }
  const auto found = unit_.module.globals.find(split.base.name());
  if (found == unit_.module.globals.end() || !found->second.has_initialiser) {
    return Term();
  }
  const ir::GlobalObject& object = found->second;
  const auto begin = static_cast<std::uint64_t>(split.offset);
  if (begin + bytes > object.initial.size()) {
    return Term();
  }
  for (const auto& [at, symbol] : object.relocations) {
    if (at < begin + bytes && begin < at + 8) {
      return Term();
    }
  }
  ir::u128 value = 0;
  for (std::uint64_t i = 0; i < bytes; ++i) {
    value |= static_cast<ir::u128>(object.initial[begin + i]) << (8 * i);
  }
  return ir::bv(value, static_cast<unsigned>(8 * bytes));
}

Term FunctionLifter::load_bytes(Term address, std::uint64_t bytes) {
  if (const Term known = known_bytes(address, bytes)) {
    return known;
  }
  Term result;
  for (std::uint64_t done = 0; done < bytes;) {
    const unsigned step = piece(bytes - done);
    const Term part = b_.fresh("t", ir::Sort::bitvec(8 * step));
    b_.emit(ir::Load{part, offset(address, done), step});
    result = result ? ir::concat(part, result) : part;
    done += step;
  }
  return result;
}

void FunctionLifter::store_bytes(Term address, Term value) {
  const std::uint64_t bytes = value.width() / 8;
  for (std::uint64_t done = 0; done < bytes;) {
    const unsigned step = piece(bytes - done);
    const unsigned low = static_cast<unsigned>(8 * done);
    b_.emit(ir::Store{offset(address, done), ir::extract(low + 8 * step - 1, low, value), step});
    done += step;
  }
}

Term FunctionLifter::load_unit(const Place& place) {
  if (place.is_volatile) {
    unsupported("volatile-bit-field", "volatile bit-fields are outside the subset", {});
  }
  b_.emit(ir::Touch{place.address, place.unit_bytes});
  return load_bytes(place.address, place.unit_bytes);
}

void FunctionLifter::store_unit(const Place& place, Term value) { store_bytes(place.address, value); }

Term FunctionLifter::load(const Place& place, clang::SourceLocation where) {
  at(where);
  if (place.kind == Place::Kind::variable) {
    return place.variable;
  }
  const ir::Sort sort = unit_.sort_of(place.type, where);
  if (place.kind == Place::Kind::bit_field) {
    const Term unit = load_unit(place);
    const Term bits = ir::extract(place.bit_offset + place.bit_width - 1, place.bit_offset, unit);
    return sort.is_bool() ? ir::ne(bits, ir::bv(0, place.bit_width))
                          : ir::resize(bits, sort.width, place.type->isSignedIntegerOrEnumerationType());
  }
  const auto bytes = static_cast<unsigned>(unit_.bytes_of(place.type));
  if (const Term known = place.is_volatile ? Term() : known_bytes(place.address, bytes)) {
    return from_memory(known, place.type);
  }
  const Term loaded = b_.fresh("t", ir::Sort::bitvec(8 * bytes));
  if (bytes == 16 && place.is_volatile) {
    unsupported("volatile-128", "a volatile access of 128 bits is more than one instruction", where);
  }
  ir::Load node{loaded, place.address, bytes};
  node.is_volatile = place.is_volatile;
  b_.emit(node);
  const ir::BaseOffset split = ir::base_offset(place.address);
  if (!place.is_volatile && split.base && split.base.is_variable() && unit_.unwritten_names.count(split.base.name()) != 0) {
    if (const Term initial = initial_bytes(place.address, bytes)) {
      check(ir::eq(loaded, initial), "inv-unwritten");
      return from_memory(initial, place.type);
    }
  }
  return from_memory(loaded, place.type);
}

void FunctionLifter::store(const Place& place, Term value, clang::SourceLocation where) {
  at(where);
  if (place.kind == Place::Kind::variable) {
    b_.assign(place.variable, value);
    return;
  }
  if (place.kind == Place::Kind::bit_field) {
    const Term bits = value.sort().is_bool() ? ir::bool_to_bv(value, place.bit_width)
                                             : ir::resize(value, place.bit_width, false);
    const unsigned unit_bits = 8 * place.unit_bytes;
    Term unit = bits;
    if (place.bit_width != unit_bits) {
      const Term old = load_unit(place);
      const unsigned high = place.bit_offset + place.bit_width;
      if (place.bit_offset != 0) {
        unit = ir::concat(unit, ir::extract(place.bit_offset - 1, 0, old));
      }
      if (high != unit_bits) {
        unit = ir::concat(ir::extract(unit_bits - 1, high, old), unit);
      }
    }
    return store_unit(place, unit);
  }
  const Term bits = to_memory(value, place.type);
  const unsigned bytes = bits.width() / 8;
  if (bytes == 16 && place.is_volatile) {
    unsupported("volatile-128", "a volatile access of 128 bits is more than one instruction", where);
  }
  ir::Store node{place.address, bits, bytes};
  node.is_volatile = place.is_volatile;
  b_.emit(node);
}

void FunctionLifter::copy_bytes(Term from, Term to, std::uint64_t bytes) {
  if (from == to) {
    return;
  }
  if (bytes <= 64) {
    std::vector<Term> parts;
    std::vector<std::uint64_t> at;
    for (std::uint64_t done = 0; done < bytes;) {
      const unsigned step = piece(bytes - done);
      parts.push_back(load_bytes(offset(from, done), step));
      at.push_back(done);
      done += step;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      store_bytes(offset(to, at[i]), parts[i]);
    }
    return;
  }
  for (std::uint64_t done = 0; done < bytes;) {
    const unsigned step = piece(bytes - done);
    store_bytes(offset(to, done), load_bytes(offset(from, done), step));
    done += step;
  }
}

void FunctionLifter::check_overlap(Term from, Term to, std::uint64_t bytes, bool has_padding) {
  const auto named = [](Term address) {
    const ir::BaseOffset split = ir::base_offset(address);
    return split.base && split.base.is_variable() && (split.base.name().front() == '@' || split.base.name().front() == '%');
  };
  const bool in_one_access = std::has_single_bit(bytes) && bytes <= 8 && !has_padding;
  if (in_one_access || named(from) || named(to)) {
    return;  // or an object of its own
  }
  const Term distance = ir::sub(to, from);
  const Term size = ir::bv(bytes, 64);
  const Term apart = ir::logical_and(ir::ule(size, distance), ir::ule(distance, ir::neg(size)));
  check(ir::logical_or(ir::eq(to, from), apart), "ub-overlap");
}

void FunctionLifter::copy(Term from, Term to, QualType type, bool fresh, clang::SourceLocation where) {
  at(where);
  if (type.isVolatileQualified()) {
    unsupported("volatile-aggregate", "copies of volatile classes have no fixed access width", where);
  }
  const std::vector<bool>& value_bytes = unit_.value_bytes(type);
  if (value_bytes.size() > largest_copy) {
    unsupported("large-copy", "a copy of " + std::to_string(value_bytes.size()) + " bytes; the limit is " +
                                  std::to_string(largest_copy), where);
  }
  if (from == to) {
    return;
  }
  check_overlap(from, to, value_bytes.size(), std::ranges::count(value_bytes, false) != 0);
  // Pieces never cross a padding byte.
  for (std::uint64_t begin = 0; begin < value_bytes.size();) {
    std::uint64_t end = begin;
    while (end < value_bytes.size() && value_bytes[end]) {
      ++end;
    }
    if (end != begin) {
      copy_bytes(offset(from, begin), offset(to, begin), end - begin);
    }
    begin = end == begin ? begin + 1 : end;
  }
  if (!fresh) {
    choose_padding(to, type);
  }
}

void FunctionLifter::choose_padding(Term at, QualType type) {
  const std::vector<bool>& value_bytes = unit_.value_bytes(type);
  std::uint64_t bytes = value_bytes.size();
  if (const auto* record = type->getAsCXXRecordDecl()) {
    // Tail padding may hold members of a derived class (Itanium C++ ABI 2.4).
    const auto data = unit_.context.getASTRecordLayout(record).getDataSize().getQuantity();
    bytes = record->isEmpty() ? 0 : std::min<std::uint64_t>(bytes, static_cast<std::uint64_t>(data));
  }
  for (std::uint64_t i = 0; i < bytes; ++i) {
    if (!value_bytes[i]) {
      const Term byte = b_.fresh("padding", ir::Sort::bitvec(8));
      b_.emit(ir::Choice{byte, "padding"});
      b_.emit(ir::Store{offset(at, i), byte, 1});
    }
  }
}

void FunctionLifter::zero(Term at, std::uint64_t bytes, clang::SourceLocation where) {
  if (bytes > largest_copy) {
    unsupported("large-copy", "zero-initialisation of " + std::to_string(bytes) + " bytes; the limit is " +
                                  std::to_string(largest_copy), where);
  }
  for (std::uint64_t done = 0; done < bytes;) {
    const unsigned step = piece(bytes - done);
    b_.emit(ir::Store{offset(at, done), ir::bv(0, 8 * step), step});
    done += step;
  }
}

std::uint64_t FunctionLifter::known_alignment(Term address) const {
  const ir::BaseOffset split = ir::base_offset(address);
  std::uint64_t align = 4096;
  if (split.base) {
    align = 1;
    if (split.base.is_variable()) {
      for (const ir::LocalObject& local : function_.locals) {
        if (local.base == split.base) {
          align = local.alignment;
        }
      }
      const auto global = unit_.module.globals.find(split.base.name());
      if (global != unit_.module.globals.end() && global->second.base == split.base) {
        align = global->second.alignment;
      }
    }
  }
  const auto low = static_cast<std::uint64_t>(split.offset);
  return low == 0 ? align : std::min<std::uint64_t>(align, low & (~low + 1));
}

Place FunctionLifter::dereference(Term pointer, QualType type, clang::SourceLocation where) {
  at(where);
  Place place;
  place.type = type;
  place.address = pointer;
  place.is_volatile = type.isVolatileQualified();
  place.align = unit_.align_of(type);
  if (type->isFunctionType()) {
    return place;
  }
  const ir::BaseOffset split = ir::base_offset(pointer);
  const bool named = split.base && split.base.is_variable() &&
                     (split.base.name().front() == '@' || split.base.name().front() == '%');
  if (!named && !unit_.dialect.null_is_an_address) {
    check(ir::ne(pointer, ir::bv(0, 64)), "ub-null");
  }
  if (place.align > 1 && known_alignment(pointer) < place.align) {
    const auto bits = static_cast<unsigned>(__builtin_ctzll(place.align));
    check(ir::eq(ir::extract(bits - 1, 0, pointer), ir::bv(0, bits)), "ub-align");
  }
  return place;
}

}  // namespace validator::source
