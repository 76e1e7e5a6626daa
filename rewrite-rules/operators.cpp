// SPDX-License-Identifier: Apache-2.0
// The rows. A new operator is one row here; parser, typing, matcher and both proofs follow from it.
#include "rewrite-rules/operators.hpp"

#include <algorithm>

#include "ir/build.hpp"

namespace rules {
namespace {

using ir::Term;
using ir::u128;
using Args = std::span<const Term>;
using Ints = std::array<unsigned, 2>;

constexpr unsigned many = 16;

u128 ones(unsigned width) { return width == 128 ? ~static_cast<u128>(0) : (static_cast<u128>(1) << width) - 1; }
bool sign(u128 value, unsigned width) { return ((value >> (width - 1)) & 1) != 0; }
u128 negated(u128 value, unsigned width) { return (~value + 1) & ones(width); }
u128 magnitude(u128 value, unsigned width) { return sign(value, width) ? negated(value, width) : value; }
/// Signed order is unsigned order with the sign bits flipped.
u128 biased(u128 value, unsigned width) { return value ^ (static_cast<u128>(1) << (width - 1)); }

u128 unsigned_quotient(u128 a, u128 b) { return b == 0 ? 0 : a / b; }
u128 unsigned_remainder(u128 a, u128 b) { return b == 0 ? a : a % b; }

u128 signed_quotient(u128 a, u128 b, unsigned width) {
  const u128 size = unsigned_quotient(magnitude(a, width), magnitude(b, width));
  return sign(a, width) != sign(b, width) ? negated(size, width) : size;
}

/// The remainder has the sign of the dividend.
u128 signed_remainder(u128 a, u128 b, unsigned width) {
  const u128 size = unsigned_remainder(magnitude(a, width), magnitude(b, width));
  return sign(a, width) ? negated(size, width) : size;
}

u128 leading_zeros(u128 value, unsigned width) {
  unsigned count = 0;
  while (count < width && !sign(value << count, width)) ++count;
  return count;
}

u128 reversed(u128 value, unsigned width) {
  u128 out = 0;
  for (unsigned i = 0; i < width; ++i) out |= ((value >> i) & 1) << (width - 1 - i);
  return out;
}

u128 shifted_left(u128 value, u128 amount, unsigned width) { return amount >= width ? 0 : value << amount; }
u128 shifted_right(u128 value, u128 amount, unsigned width) { return amount >= width ? 0 : value >> amount; }

u128 shifted_arithmetically(u128 value, u128 amount, unsigned width) {
  return sign(value, width) ? ~shifted_right(~value & ones(width), amount, width) : shifted_right(value, amount, width);
}

template <Term (*constructor)(Term, Term)>
Term fold(Args args, unsigned, Ints) {
  Term out = args[0];
  for (Term arg : args.subspan(1)) out = constructor(out, arg);
  return out;
}

template <Term (*constructor)(Term)>
Term one(Args args, unsigned, Ints) {
  return constructor(args[0]);
}

template <Term (*constructor)(Term, Term)>
Term two(Args args, unsigned, Ints) {
  return constructor(args[0], args[1]);
}

template <Term (*constructor)(Term, Term)>
Term swapped(Args args, unsigned, Ints) {
  return constructor(args[1], args[0]);
}

const Operator rows[] = {
    {"not", Shape::logical, 1, 1, one<ir::logical_not>, [](const Operands& o) { return o.values[0] ^ 1; }},
    {"and", Shape::logical, 2, many, fold<ir::logical_and>,
     [](const Operands& o) { return *std::min_element(o.values.begin(), o.values.end()); }},
    {"or", Shape::logical, 2, many, fold<ir::logical_or>,
     [](const Operands& o) { return *std::max_element(o.values.begin(), o.values.end()); }},
    {"implies", Shape::logical, 2, 2, two<ir::implies>, [](const Operands& o) { return u128(o.values[0] <= o.values[1]); }},
    {"ite", Shape::choose, 3, 3, [](Args a, unsigned, Ints) { return ir::ite(a[0], a[1], a[2]); },
     [](const Operands& o) { return o.values[0] != 0 ? o.values[1] : o.values[2]; }},
    {"eq", Shape::equality, 2, 2, two<ir::eq>, [](const Operands& o) { return u128(o.values[0] == o.values[1]); }},
    {"ne", Shape::equality, 2, 2, two<ir::ne>, [](const Operands& o) { return u128(o.values[0] != o.values[1]); }},
    {"ult", Shape::compare, 2, 2, two<ir::ult>, [](const Operands& o) { return u128(o.values[0] < o.values[1]); }},
    {"ule", Shape::compare, 2, 2, two<ir::ule>, [](const Operands& o) { return u128(o.values[0] <= o.values[1]); }},
    {"ugt", Shape::compare, 2, 2, swapped<ir::ult>, [](const Operands& o) { return u128(o.values[0] > o.values[1]); }},
    {"uge", Shape::compare, 2, 2, swapped<ir::ule>, [](const Operands& o) { return u128(o.values[0] >= o.values[1]); }},
    {"slt", Shape::compare, 2, 2, two<ir::slt>,
     [](const Operands& o) { return u128(biased(o.values[0], o.widths[0]) < biased(o.values[1], o.widths[1])); }},
    {"sle", Shape::compare, 2, 2, two<ir::sle>,
     [](const Operands& o) { return u128(biased(o.values[0], o.widths[0]) <= biased(o.values[1], o.widths[1])); }},
    {"sgt", Shape::compare, 2, 2, swapped<ir::slt>,
     [](const Operands& o) { return u128(biased(o.values[0], o.widths[0]) > biased(o.values[1], o.widths[1])); }},
    {"sge", Shape::compare, 2, 2, swapped<ir::sle>,
     [](const Operands& o) { return u128(biased(o.values[0], o.widths[0]) >= biased(o.values[1], o.widths[1])); }},
    {"add", Shape::bits, 2, many, fold<ir::add>,
     [](const Operands& o) {
       u128 out = 0;
       for (u128 value : o.values) out += value;
       return out;
     }},
    {"sub", Shape::bits, 2, 2, two<ir::sub>, [](const Operands& o) { return o.values[0] - o.values[1]; }},
    {"neg", Shape::bits, 1, 1, one<ir::neg>, [](const Operands& o) { return negated(o.values[0], o.width); }},
    {"mul", Shape::bits, 2, 2, two<ir::mul>, [](const Operands& o) { return o.values[0] * o.values[1]; }},
    {"udiv", Shape::bits, 2, 2, two<ir::udiv>,
     [](const Operands& o) { return unsigned_quotient(o.values[0], o.values[1]); }},
    {"urem", Shape::bits, 2, 2, two<ir::urem>,
     [](const Operands& o) { return unsigned_remainder(o.values[0], o.values[1]); }},
    {"sdiv", Shape::bits, 2, 2, two<ir::sdiv>,
     [](const Operands& o) { return signed_quotient(o.values[0], o.values[1], o.width); }},
    {"srem", Shape::bits, 2, 2, two<ir::srem>,
     [](const Operands& o) { return signed_remainder(o.values[0], o.values[1], o.width); }},
    {"bvand", Shape::bits, 2, many, fold<ir::bit_and>,
     [](const Operands& o) {
       u128 out = ones(o.width);
       for (u128 value : o.values) out &= value;
       return out;
     }},
    {"bvor", Shape::bits, 2, many, fold<ir::bit_or>,
     [](const Operands& o) {
       u128 out = 0;
       for (u128 value : o.values) out |= value;
       return out;
     }},
    {"bvxor", Shape::bits, 2, many, fold<ir::bit_xor>,
     [](const Operands& o) {
       u128 out = 0;
       for (u128 value : o.values) out ^= value;
       return out;
     }},
    {"bvnot", Shape::bits, 1, 1, one<ir::bit_not>, [](const Operands& o) { return ~o.values[0]; }},
    {"shl", Shape::bits, 2, 2, two<ir::shl>,
     [](const Operands& o) { return shifted_left(o.values[0], o.values[1], o.width); }},
    {"lshr", Shape::bits, 2, 2, two<ir::lshr>,
     [](const Operands& o) { return shifted_right(o.values[0], o.values[1], o.width); }},
    {"ashr", Shape::bits, 2, 2, two<ir::ashr>,
     [](const Operands& o) { return shifted_arithmetically(o.values[0], o.values[1], o.width); }},
    {"ror", Shape::bits, 2, 2, two<ir::ror>,
     [](const Operands& o) {
       const u128 amount = o.values[1] % o.width;
       return shifted_right(o.values[0], amount, o.width) | shifted_left(o.values[0], o.width - amount, o.width);
     }},
    {"clz", Shape::bits, 1, 1, one<ir::clz>, [](const Operands& o) { return leading_zeros(o.values[0], o.width); }},
    {"ctz", Shape::bits, 1, 1, one<ir::ctz>,
     [](const Operands& o) { return leading_zeros(reversed(o.values[0], o.width), o.width); }},
    {"rbit", Shape::bits, 1, 1, one<ir::rbit>, [](const Operands& o) { return reversed(o.values[0], o.width); }},
    {"concat", Shape::join, 2, many, [](Args a, unsigned, Ints) { return ir::concat(a); },
     [](const Operands& o) {
       u128 out = 0;
       for (std::size_t i = 0; i < o.values.size(); ++i) out = (out << o.widths[i]) | o.values[i];
       return out;
     }},
    {"extract", Shape::slice, 3, 3, [](Args a, unsigned, Ints i) { return ir::extract(i[0], i[1], a[0]); },
     [](const Operands& o) { return o.values[0] >> o.ints[1]; }},
    {"zext", Shape::grow, 2, 2, [](Args a, unsigned width, Ints) { return ir::zext(a[0], width); },
     [](const Operands& o) { return o.values[0]; }},
    {"sext", Shape::grow, 2, 2, [](Args a, unsigned width, Ints) { return ir::sext(a[0], width); },
     [](const Operands& o) {
       return sign(o.values[0], o.widths[0]) ? o.values[0] | ~ones(o.widths[0]) : o.values[0];
     }},
    {"bit", Shape::test, 2, 2, [](Args a, unsigned, Ints i) { return ir::bit(a[0], i[0]); },
     [](const Operands& o) { return (o.values[0] >> o.ints[0]) & 1; }},
    {"bool_to_bv", Shape::from_bool, 2, 2, [](Args a, unsigned width, Ints) { return ir::bool_to_bv(a[0], width); },
     [](const Operands& o) { return o.values[0]; }},
    {"bv", Shape::literal, 2, 2, nullptr, nullptr},
};

}  // namespace

const Operator* find_operator(std::string_view name) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Operator& r) { return r.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

std::span<const Operator> all_operators() { return rows; }

unsigned integer_operands(Shape shape) {
  switch (shape) {
    case Shape::slice:
    case Shape::literal:
      return 2;
    case Shape::grow:
    case Shape::test:
    case Shape::from_bool:
      return 1;
    default:
      return 0;
  }
}

}  // namespace rules
