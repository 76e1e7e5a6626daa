// SPDX-License-Identifier: Apache-2.0
// Soundness of every normal form: terms are grown at random through the constructors, next to a mirror that
// computes the plain meaning of each step on concrete inputs. Whatever shape the constructors choose, the value must
// be the mirror's. Constants are drawn from corners and from masks, so that the rules' side conditions are met and missed.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "ir/text.hpp"

namespace ir {
namespace {

constexpr std::size_t samples = 8;
using Values = std::array<u128, samples>;

struct Entry {
  Term term;
  Values values;
};

u128 low(u128 value, unsigned width) { return value & mask(width); }
u128 sign_extend(u128 value, unsigned from) {
  return from < 128 && ((value >> (from - 1)) & 1) != 0 ? value | ~mask(from) : value;
}
bool signed_less(u128 a, u128 b, unsigned width) {
  const u128 flip = u128{1} << (width - 1);
  return (a ^ flip) < (b ^ flip);
}
u128 divide_signed(u128 x, u128 y, unsigned width) {
  if (y == 0) return 0;
  const bool nx = (x >> (width - 1)) != 0;
  const bool ny = (y >> (width - 1)) != 0;
  const u128 q = (nx ? low(0 - x, width) : x) / (ny ? low(0 - y, width) : y);
  return nx != ny ? low(0 - q, width) : q;
}

class Grower {
 public:
  Grower(unsigned seed, std::vector<unsigned> widths) : random_(seed), widths_(std::move(widths)), bits_(129) {
    for (std::size_t i = 0; i < samples; ++i) {
      auto memory = std::make_shared<ConcreteMemory>(i);
      valuations_[i].memories[var("random.mem", Sort::memory())] = memory;
      memory_values_[i] = memory;
    }
    for (unsigned width : widths_)
      for (unsigned k = 0; k < 3; ++k) {
        const Term variable = var(std::string("r").append(std::to_string(width)).append(".").append(std::to_string(k)), Sort::bitvec(width));
        Values values;
        for (std::size_t i = 0; i < samples; ++i) {
          values[i] = corner(width);
          valuations_[i].scalars[variable] = values[i];
        }
        bits_[width].push_back({variable, values});
      }
    for (unsigned k = 0; k < 3; ++k) {
      const Term variable = var(std::string("rb.").append(std::to_string(k)), Sort::boolean());
      Values values;
      for (std::size_t i = 0; i < samples; ++i) valuations_[i].scalars[variable] = values[i] = random_() & 1;
      bools_.push_back({variable, values});
    }
    memories_.push_back({var("random.mem", Sort::memory()), memory_values_});
  }

  void step() {
    const unsigned width = widths_[random_() % widths_.size()];
    switch (random_() % 15) {
      case 0:
      case 1:
      case 2:
        arithmetic(width);
        break;
      case 3:
      case 4:
        bitwise(width);
        break;
      case 5:
        shift(width);
        break;
      case 6:
        slice(width);
        break;
      case 7:
        join();
        break;
      case 8:
        extend(width);
        break;
      case 9:
      case 10:
        compare(width);
        break;
      case 11:
        boolean_step();
        break;
      case 12:
        choose(width);
        break;
      case 13:
        memory_step();
        break;
      case 14:
        compare_sums(width);
        break;
    }
  }

 private:
  u128 random128() { return (u128{random_()} << 96) ^ (u128{random_()} << 64) ^ (u128{random_()} << 32) ^ random_(); }

  u128 corner(unsigned width) {
    switch (random_() % 9) {
      case 0: return low(random_() % 4, width);
      case 1: return mask(width);
      case 2: return u128{1} << (random_() % width);
      case 3: return mask(random_() % width);
      case 4: return low(~mask(random_() % width), width);
      case 5: return low(mask(width) - random_() % 4, width);
      case 6: return low((mask(width) >> 1) + random_() % 3, width);
      default: return low(random128() >> (random_() % 128), width);
    }
  }

  Entry constant(unsigned width) {
    const u128 value = corner(width);
    Values values;
    values.fill(value);
    return {bv(value, width), values};
  }
  Entry pick(unsigned width) {
    auto& pool = bits_[width];
    if (pool.empty() || random_() % 4 == 0) return constant(width);
    return pool[recent(pool.size())];
  }
  std::size_t recent(std::size_t size) {
    return random_() % 3 == 0 ? random_() % size : size - 1 - random_() % std::min<std::size_t>(size, 6);
  }
  Entry pick_bool() { return bools_[recent(bools_.size())]; }

  void check(const char* what, const Entry& entry) {
    for (std::size_t i = 0; i < samples; ++i) {
      const u128 got = evaluate(entry.term, valuations_[i]);
      ASSERT_TRUE(got == entry.values[i]) << what << " gave " << print(entry.term);
      if (!entry.term.sort().is_bitvec()) continue;
      ASSERT_TRUE(got <= unsigned_max(entry.term)) << what << " bound of " << print(entry.term);
    }
  }
  void keep(const char* what, Term term, const Values& values) {
    const Entry entry{term, values};
    check(what, entry);
    if (term.is_constant()) return;
    auto& pool = term.sort().is_bool() ? bools_ : bits_[term.width()];
    pool.push_back(entry);
    if (pool.size() > 24) pool.erase(pool.begin() + 3);
  }
  template <typename Function>
  Values map(const Entry& a, const Entry& b, Function function) {
    Values values;
    for (std::size_t i = 0; i < samples; ++i) values[i] = function(a.values[i], b.values[i]);
    return values;
  }

  void arithmetic(unsigned width) {
    const Entry a = pick(width);
    const Entry b = pick(width);
    const auto wrap = [width](auto f) { return [width, f](u128 x, u128 y) { return low(f(x, y), width); }; };
    switch (random_() % 9) {
      case 0: keep("add", add(a.term, b.term), map(a, b, wrap([](u128 x, u128 y) { return x + y; }))); break;
      case 1: keep("sub", sub(a.term, b.term), map(a, b, wrap([](u128 x, u128 y) { return x - y; }))); break;
      case 2: keep("neg", neg(a.term), map(a, b, wrap([](u128 x, u128) { return 0 - x; }))); break;
      case 3:
      case 4: keep("mul", mul(a.term, b.term), map(a, b, wrap([](u128 x, u128 y) { return x * y; }))); break;
      case 5: keep("udiv", udiv(a.term, b.term), map(a, b, [](u128 x, u128 y) { return y == 0 ? 0 : x / y; })); break;
      case 6: keep("urem", urem(a.term, b.term), map(a, b, [](u128 x, u128 y) { return y == 0 ? x : x % y; })); break;
      case 7:
        keep("sdiv", sdiv(a.term, b.term), map(a, b, [width](u128 x, u128 y) { return divide_signed(x, y, width); }));
        break;
      case 8:
        keep("srem", srem(a.term, b.term),
             map(a, b, wrap([width](u128 x, u128 y) { return x - divide_signed(x, y, width) * y; })));
        break;
    }
  }
  void bitwise(unsigned width) {
    const Entry a = pick(width);
    const Entry b = pick(width);
    switch (random_() % 4) {
      case 0: keep("and", bit_and(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x & y; })); break;
      case 1: keep("or", bit_or(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x | y; })); break;
      case 2: keep("xor", bit_xor(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x ^ y; })); break;
      case 3: keep("not", bit_not(a.term), map(a, b, [width](u128 x, u128) { return low(~x, width); })); break;
    }
  }
  void shift(unsigned width) {
    const Entry a = pick(width);
    Entry by = pick(width);
    if (random_() % 3 != 0) {
      const u128 amount = low(random_() % (width + 2), width);
      by.term = bv(amount, width);
      by.values.fill(amount);
    }
    switch (random_() % 6) {
      case 0:
        keep("shl", shl(a.term, by.term),
             map(a, by, [width](u128 x, u128 n) { return n >= width ? 0 : low(x << static_cast<unsigned>(n), width); }));
        break;
      case 1:
        keep("lshr", lshr(a.term, by.term),
             map(a, by, [width](u128 x, u128 n) { return n >= width ? 0 : x >> static_cast<unsigned>(n); }));
        break;
      case 2:
        keep("ashr", ashr(a.term, by.term), map(a, by, [width](u128 x, u128 n) {
               const u128 wide = sign_extend(x, width);
               const bool negative = (x >> (width - 1)) != 0;
               if (n >= width) return negative ? mask(width) : u128{0};
               const auto s = static_cast<unsigned>(n);
               u128 result = wide >> s;
               if (negative && s > 0) result |= ~(~u128{0} >> s);
               return low(result, width);
             }));
        break;
      case 3:
        if ((width & (width - 1)) == 0)
          keep("ror", ror(a.term, by.term), map(a, by, [width](u128 x, u128 n) {
                 const auto s = static_cast<unsigned>(n % width);
                 return s == 0 ? x : low((x >> s) | (x << (width - s)), width);
               }));
        break;
      case 4:
        keep("clz", clz(a.term), map(a, by, [width](u128 x, u128) {
               u128 count = 0;
               for (unsigned i = width; i > 0 && ((x >> (i - 1)) & 1) == 0; --i) ++count;
               return low(count, width);
             }));
        break;
      case 5:
        if (width % 8 == 0)
          keep("byte_swap", byte_swap(a.term), map(a, by, [width](u128 x, u128) {
                 u128 result = 0;
                 for (unsigned i = 0; i < width; i += 8) result = (result << 8) | ((x >> i) & 0xff);
                 return result;
               }));
        break;
    }
  }
  void slice(unsigned width) {
    const Entry a = pick(width);
    const unsigned lo = random_() % width;
    const unsigned hi = random_() % 3 == 0 ? width - 1 : lo + random_() % (width - lo);
    const unsigned start = random_() % 4 == 0 ? 0 : lo;
    keep("extract", extract(hi, start, a.term),
         map(a, a, [&](u128 x, u128) { return low(x >> start, hi - start + 1); }));
  }
  unsigned any_width() {
    for (;;) {
      const unsigned width = 1 + random_() % 128;
      if (!bits_[width].empty()) return width;
    }
  }
  void join() {
    const Entry a = pick(any_width());
    const Entry b = pick(any_width());
    const unsigned width = a.term.width() + b.term.width();
    if (width > 128) return;
    keep("concat", concat(a.term, b.term),
         map(a, b, [&](u128 x, u128 y) { return (x << b.term.width()) | y; }));
  }
  void extend(unsigned width) {
    const Entry a = pick(any_width());
    const unsigned from = a.term.width();
    if (from > width) return;
    if (random_() % 2 == 0) keep("zext", zext(a.term, width), a.values);
    else keep("sext", sext(a.term, width), map(a, a, [&](u128 x, u128) { return low(sign_extend(x, from), width); }));
  }
  void compare(unsigned width) {
    if (random_() % 2 == 0) width = any_width();
    const Entry a = pick(width);
    const Entry b = pick(width);
    switch (random_() % 3) {
      case 0: keep("eq", eq(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x == y; })); break;
      case 1: keep("ult", ult(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x < y; })); break;
      case 2: keep("slt", slt(a.term, b.term), map(a, b, [&](u128 x, u128 y) { return signed_less(x, y, width); })); break;
    }
  }
  /// Plus and minus, and the coefficient that is its own negative.
  Entry weighted(unsigned width) {
    const Entry atom = pick(width);
    const u128 factor = random_() % 2 == 0 ? low(random_() % 2 == 0 ? 1 : mask(width), width) : corner(width);
    Entry result = atom;
    result.term = mul(atom.term, bv(factor, width));
    for (u128& value : result.values) value = low(value * factor, width);
    return result;
  }
  Entry sum(unsigned width) {
    Entry result = weighted(width);
    for (unsigned more = 1 + random_() % 2; more > 0; --more) {
      const Entry next = weighted(width);
      result.term = add(result.term, next.term);
      result.values = map(result, next, [width](u128 x, u128 y) { return low(x + y, width); });
    }
    return result;
  }
  /// Orders and equations of sums, and what they say together. Sums that differ in one constant or are equal meet on some samples.
  void compare_sums(unsigned width) {
    const Entry a = sum(width);
    Entry b = sum(width);
    if (random_() % 2 == 0) {
      for (std::size_t i = 0; i < samples / 2; ++i) {
        if (a.values[i] != b.values[i]) continue;
        b.term = add(b.term, bv(low(random_() % 2, width), width));
        for (std::size_t j = 0; j < samples; ++j) b.values[j] = evaluate(b.term, valuations_[j]);
        break;
      }
    }
    const bool is_signed = random_() % 2 == 0;
    const auto less = [&](u128 x, u128 y) { return is_signed ? signed_less(x, y, width) : x < y; };
    const Term order = is_signed ? slt(a.term, b.term) : ult(a.term, b.term);
    const Term turned = is_signed ? slt(b.term, a.term) : ult(b.term, a.term);
    const Term same = eq(sub(a.term, b.term), bv(0, width)), also_same = eq(b.term, a.term);
    keep("order", order, map(a, b, less));
    keep("turned", turned, map(a, b, [&](u128 x, u128 y) { return less(y, x); }));
    keep("same", same, map(a, b, [](u128 x, u128 y) { return x == y; }));
    keep("at most", logical_and(logical_not(turned), logical_not(same)), map(a, b, less));
    keep("at most, equal", logical_and(logical_not(turned), also_same), map(a, b, [](u128 x, u128 y) { return x == y; }));
    keep("less, unequal", logical_and(order, logical_not(also_same)), map(a, b, less));
    keep("less, equal", logical_and(order, same), map(a, b, [](u128, u128) { return 0; }));
    keep("complements", is_signed ? slt(bit_not(b.term), bit_not(a.term)) : ult(bit_not(b.term), bit_not(a.term)), map(a, b, less));
    const Entry c = pick_bool();
    Values with;
    for (std::size_t i = 0; i < samples; ++i) with[i] = c.values[i] & static_cast<u128>(a.values[i] != b.values[i]) & static_cast<u128>(!less(b.values[i], a.values[i]));
    keep("with another", logical_and(std::vector<Term>{logical_not(same), c.term, logical_not(turned)}), with);
  }
  void boolean_step() {
    const Entry a = pick_bool();
    const Entry b = pick_bool();
    const Entry c = pick_bool();
    switch (random_() % 5) {
      case 0: keep("and", logical_and(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x & y; })); break;
      case 1: keep("or", logical_or(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x | y; })); break;
      case 2: keep("eq", eq(a.term, b.term), map(a, b, [](u128 x, u128 y) { return x == y; })); break;
      case 3: keep("not", logical_not(a.term), map(a, b, [](u128 x, u128) { return x ^ 1; })); break;
      case 4: {
        Values values;
        for (std::size_t i = 0; i < samples; ++i) values[i] = c.values[i] != 0 ? a.values[i] : b.values[i];
        keep("ite", ite(c.term, a.term, b.term), values);
        break;
      }
    }
  }
  void choose(unsigned width) {
    const Entry c = pick_bool();
    Entry a = pick(width);
    Entry b = pick(width);
    if (random_() % 3 == 0) {
      const Entry k = constant(width);
      b.term = add(a.term, k.term);
      b.values = map(a, k, [width](u128 x, u128 y) { return low(x + y, width); });
    }
    Values values;
    for (std::size_t i = 0; i < samples; ++i) values[i] = c.values[i] != 0 ? a.values[i] : b.values[i];
    keep("ite", ite(c.term, a.term, b.term), values);
  }

  using Memories = std::array<std::shared_ptr<const ConcreteMemory>, samples>;
  Entry address() {
    Entry base = pick(64);
    const u128 offset = random_() % 24;
    base.term = add(base.term, bv(offset, 64));
    for (u128& value : base.values) value = low(value + offset, 64);
    return base;
  }
  void memory_step() {
    if (bits_[64].empty()) return;
    const auto& [memory, values] = memories_[random_() % memories_.size()];
    if (random_() % 2 == 0) {
      const unsigned bytes = 1 + random_() % 16;
      const Entry at = address();
      Values loaded;
      for (std::size_t i = 0; i < samples; ++i) loaded[i] = values[i]->load(static_cast<std::uint64_t>(at.values[i]), bytes);
      keep("load", load(memory, at.term, bytes), loaded);
      return;
    }
    Term next;
    Memories after;
    if (random_() % 4 == 0) {
      const auto& [other, other_values] = memories_[random_() % memories_.size()];
      const Entry c = pick_bool();
      next = ite(c.term, memory, other);
      for (std::size_t i = 0; i < samples; ++i) after[i] = c.values[i] != 0 ? values[i] : other_values[i];
    } else {
      const Entry at = address();
      const unsigned width = any_width();
      if (width % 8 != 0) return;
      const Entry value = pick(width);
      next = store(memory, at.term, value.term);
      for (std::size_t i = 0; i < samples; ++i) {
        auto copy = std::make_shared<ConcreteMemory>(*values[i]);
        copy->store(static_cast<std::uint64_t>(at.values[i]), width / 8, value.values[i]);
        after[i] = copy;
      }
    }
    for (std::size_t i = 0; i < samples; ++i) {
      const auto got = evaluate_memory(next, valuations_[i]);
      for (const auto& [address, byte] : after[i]->written())
        ASSERT_EQ(got->byte(address), byte) << "store gave " << print(next);
      for (const auto& [address, byte] : got->written()) ASSERT_EQ(after[i]->byte(address), byte) << "store gave " << print(next);
    }
    memories_.emplace_back(next, after);
    if (memories_.size() > 8) memories_.erase(memories_.begin() + 1);
  }

  std::mt19937 random_;
  std::vector<unsigned> widths_;
  std::vector<std::vector<Entry>> bits_;
  std::vector<Entry> bools_;
  std::array<Valuation, samples> valuations_;
  Memories memory_values_;
  std::vector<std::pair<Term, Memories>> memories_;
};

void grow(unsigned first_seed, unsigned rounds, const std::vector<unsigned>& widths, unsigned steps) {
  for (unsigned seed = first_seed; seed < first_seed + rounds; ++seed) {
    SCOPED_TRACE(seed);
    Grower grower(seed, widths);
    for (unsigned i = 0; i < steps; ++i) {
      grower.step();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(RandomTerms, NarrowWidths) { grow(1, 40, {1, 2, 7, 8}, 400); }
TEST(RandomTerms, MachineWidths) { grow(1000, 40, {8, 16, 32, 64}, 400); }
TEST(RandomTerms, OddWidths) { grow(2000, 40, {31, 33, 63, 65}, 400); }
TEST(RandomTerms, WideWidths) { grow(3000, 40, {64, 65, 128}, 400); }
TEST(RandomTerms, OneWidth) { grow(4000, 40, {32}, 400); }

}  // namespace
}  // namespace ir
