// SPDX-License-Identifier: Apache-2.0
// The concrete meaning of every operator, written as plainly as possible: this is what the normal forms and the
// SMT translation are tested against.
#include "ir/eval.hpp"

#include "ir/internal.hpp"

namespace ir {

ConcreteMemory ConcreteMemory::filled(std::uint8_t byte) {
  ConcreteMemory memory;
  memory.fill_ = byte;
  return memory;
}

ConcreteMemory ConcreteMemory::drawn_from(std::shared_ptr<const std::vector<std::uint64_t>> words, std::uint64_t seed) {
  IR_ASSERT(words && !words->empty());
  ConcreteMemory memory(seed);
  memory.words_ = std::move(words);
  return memory;
}

namespace {

/// splitmix64 (Steele, Lea, Flood, OOPSLA 2014) of seed and address.
std::uint64_t hash(std::uint64_t seed, std::uint64_t address) {
  std::uint64_t z = address + 0x9e3779b97f4a7c15ULL * (seed + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint8_t ConcreteMemory::background(std::uint64_t address) const {
  if (fill_ >= 0) return static_cast<std::uint8_t>(fill_);
  if (!words_) return static_cast<std::uint8_t>(hash(seed_, address));
  return static_cast<std::uint8_t>((*words_)[hash(seed_, address / 8) % words_->size()] >> 8 * (address % 8));
}

std::uint8_t ConcreteMemory::byte(std::uint64_t address) const {
  const auto found = bytes_.find(address);
  return found != bytes_.end() ? found->second : background(address);
}

std::uint64_t ConcreteMemory::fingerprint() const {
  std::uint64_t result = hash(seed_, static_cast<std::uint64_t>(fill_));
  for (const auto& [address, value] : bytes_) {
    if (value != background(address)) result = hash(result ^ value, address);
  }
  return result;
}

u128 ConcreteMemory::load(std::uint64_t address, unsigned bytes) const {
  u128 value = 0;
  for (unsigned i = bytes; i > 0; --i) value = (value << 8) | byte(address + i - 1);
  return value;
}

void ConcreteMemory::store(std::uint64_t address, unsigned bytes, u128 value) {
  for (unsigned i = 0; i < bytes; ++i) set_byte(address + i, static_cast<std::uint8_t>(value >> (8 * i)));
}

struct Evaluator::State {
  const Valuation& valuation;
  std::unordered_map<Term, u128> scalars;
  std::unordered_map<Term, std::shared_ptr<const ConcreteMemory>> memories;

  bool known(Term term) const { return term.sort().is_memory() ? memories.contains(term) : scalars.contains(term); }

  void evaluate(Term term) {
    std::vector<Term> stack{term};
    while (!stack.empty()) {
      const Term top = stack.back();
      if (known(top)) {
        stack.pop_back();
        continue;
      }
      bool ready = true;
      if (!top.is(Op::apply))
        for (Term arg : top.args())
          if (!known(arg)) {
            stack.push_back(arg);
            ready = false;
          }
      if (!ready) continue;
      stack.pop_back();
      if (top.sort().is_memory()) memories.emplace(top, memory_node(top));
      else scalars.emplace(top, scalar_node(top));
    }
  }

  std::shared_ptr<const ConcreteMemory> memory_node(Term term) const {
    switch (term.op()) {
      case Op::ite:
        return memories.at(scalars.at(term.arg(0)) != 0 ? term.arg(1) : term.arg(2));
      case Op::store: {
        auto copy = std::make_shared<ConcreteMemory>(*memories.at(term.arg(0)));
        copy->store(static_cast<std::uint64_t>(scalars.at(term.arg(1))), term.bytes(), scalars.at(term.arg(2)));
        return copy;
      }
      default: {
        const auto found = valuation.memories.find(term);
        return found == valuation.memories.end() ? std::make_shared<ConcreteMemory>() : found->second;
      }
    }
  }

  bool same(Term a, Term b) const {
    if (!a.sort().is_memory()) return scalars.at(a) == scalars.at(b);
    const auto& x = *memories.at(a);
    const auto& y = *memories.at(b);
    for (const auto& [address, value] : x.written())
      if (y.byte(address) != value) return false;
    for (const auto& [address, value] : y.written())
      if (x.byte(address) != value) return false;
    // The backgrounds are equal when they agree on a few addresses that nobody wrote: they are hashes of a seed.
    for (std::uint64_t probe = 0x5bd1e99513579bdfULL, left = 32; left > 0; probe = probe * 6364136223846793005ULL + 1, --left)
      if (x.byte(probe) != y.byte(probe)) return false;
    return true;
  }

  u128 scalar_node(Term term) const {
    const unsigned width = term.width();
    const auto arg = [&](std::size_t index) { return scalars.at(term.arg(index)); };
    const auto fold = [&](auto function) {
      u128 result = arg(0);
      for (std::size_t i = 1; i < term.args().size(); ++i) result = function(result, arg(i));
      return result & mask(width);
    };
    switch (term.op()) {
      case Op::constant:
        return term.value();
      case Op::variable:
      case Op::apply: {
        const auto found = valuation.scalars.find(term);
        return found == valuation.scalars.end() ? 0 : found->second;
      }
      case Op::logical_not:
        return arg(0) == 0 ? 1 : 0;
      case Op::logical_and:
        for (std::size_t i = 0; i < term.args().size(); ++i)
          if (arg(i) == 0) return 0;
        return 1;
      case Op::ite:
        return arg(0) != 0 ? arg(1) : arg(2);
      case Op::equal:
        return same(term.arg(0), term.arg(1)) ? 1 : 0;
      case Op::ult:
        return arg(0) < arg(1) ? 1 : 0;
      case Op::slt:
        return detail::to_signed(arg(0), term.arg(0).width()) < detail::to_signed(arg(1), term.arg(0).width()) ? 1 : 0;
      case Op::sum: {
        u128 total = term.offset();
        for (std::size_t i = 0; i < term.args().size(); ++i) total += term.coefficients()[i] * arg(i);
        return total & mask(width);
      }
      case Op::mul:
        return fold([](u128 a, u128 b) { return a * b; });
      case Op::udiv:
        return arg(1) == 0 ? 0 : arg(0) / arg(1);
      case Op::urem:
        return arg(1) == 0 ? arg(0) : arg(0) % arg(1);
      case Op::sdiv:
        return signed_divide(arg(0), arg(1), width);
      case Op::srem:
        return (arg(0) - signed_divide(arg(0), arg(1), width) * arg(1)) & mask(width);
      case Op::bit_and:
        return fold([](u128 a, u128 b) { return a & b; });
      case Op::bit_or:
        return fold([](u128 a, u128 b) { return a | b; });
      case Op::bit_xor:
        return fold([](u128 a, u128 b) { return a ^ b; });
      case Op::shl:
        return arg(1) >= width ? 0 : (arg(0) << static_cast<unsigned>(arg(1))) & mask(width);
      case Op::lshr:
        return arg(1) >= width ? 0 : arg(0) >> static_cast<unsigned>(arg(1));
      case Op::ashr: {
        const unsigned by = arg(1) >= width ? width - 1 : static_cast<unsigned>(arg(1));
        return static_cast<u128>(detail::to_signed(arg(0), width) >> by) & mask(width);
      }
      case Op::concat: {
        u128 result = 0;
        for (Term piece : term.args()) result = (result << piece.width()) | scalars.at(piece);
        return result;
      }
      case Op::extract:
        return (arg(0) >> term.lo()) & mask(width);
      case Op::sext:
        return static_cast<u128>(detail::to_signed(arg(0), term.arg(0).width())) & mask(width);
      case Op::clz: {
        unsigned count = 0;
        while (count < width && ((arg(0) >> (width - 1 - count)) & 1) == 0) ++count;
        return count;
      }
      case Op::load:
        return memories.at(term.arg(0))->load(static_cast<std::uint64_t>(arg(1)), term.bytes());
      case Op::store:
        break;
    }
    IR_ASSERT(false);
    return 0;
  }

  static u128 signed_divide(u128 x, u128 y, unsigned width) {
    if (y == 0) return 0;
    const bool negative_x = (x >> (width - 1)) != 0;
    const bool negative_y = (y >> (width - 1)) != 0;
    const u128 a = negative_x ? (~x + 1) & mask(width) : x;
    const u128 b = negative_y ? (~y + 1) & mask(width) : y;
    const u128 quotient = a / b;
    return (negative_x != negative_y ? ~quotient + 1 : quotient) & mask(width);
  }
};

Evaluator::Evaluator(const Valuation& valuation) : state_(new State{valuation, {}, {}}) {}
Evaluator::~Evaluator() = default;

u128 Evaluator::scalar(Term term) {
  IR_ASSERT(!term.sort().is_memory());
  state_->evaluate(term);
  return state_->scalars.at(term);
}

std::shared_ptr<const ConcreteMemory> Evaluator::memory(Term term) {
  IR_ASSERT(term.sort().is_memory());
  state_->evaluate(term);
  return state_->memories.at(term);
}

u128 evaluate(Term term, const Valuation& valuation) { return Evaluator(valuation).scalar(term); }
std::shared_ptr<const ConcreteMemory> evaluate_memory(Term term, const Valuation& valuation) {
  return Evaluator(valuation).memory(term);
}

}  // namespace ir
