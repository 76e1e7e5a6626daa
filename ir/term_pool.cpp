// SPDX-License-Identifier: Apache-2.0
// The interning pool: one open-addressing table of nodes that live in an arena until the process ends.
// The upper bound of every value is computed when its node is made, from its operands' bounds, so that asking
// for it never recurses.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>

#include "ir/internal.hpp"
#include "ir/result.hpp"

namespace ir {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
  std::abort();
}

std::string Error::to_string() const {
  std::string text;
  if (!where.file.empty()) text += where.file + ":";
  if (where.line != 0) text += std::to_string(where.line) + ":";
  if (where.column != 0) text += std::to_string(where.column) + ":";
  if (!text.empty()) text += " ";
  text += message;
  if (!code.empty()) text += " [" + code + "]";
  return text;
}

std::string_view op_name(Op op) {
  static constexpr std::string_view names[] = {
#define OP(enumerator, text, smt) text,
#include "ir/ops.def"
#undef OP
  };
  return names[static_cast<std::size_t>(op)];
}

Op Term::op() const { return node_->op; }
Sort Term::sort() const { return node_->sort; }
unsigned Term::width() const { return node_->sort.width; }
std::uint32_t Term::id() const { return node_->id; }
std::span<const Term> Term::args() const { return {node_->args, node_->arg_count}; }
bool Term::is_true() const { return node_->op == Op::constant && node_->sort.is_bool() && node_->value == 1; }
bool Term::is_false() const { return node_->op == Op::constant && node_->sort.is_bool() && node_->value == 0; }
u128 Term::value() const {
  IR_ASSERT(node_->op == Op::constant);
  return node_->value;
}
std::uint64_t Term::value64() const { return static_cast<std::uint64_t>(value()); }
const std::string& Term::name() const {
  IR_ASSERT(node_->name != nullptr);
  return *node_->name;
}
std::span<const u128> Term::coefficients() const {
  IR_ASSERT(node_->op == Op::sum);
  return {node_->coefficients, node_->arg_count};
}
u128 Term::offset() const {
  IR_ASSERT(node_->op == Op::sum);
  return node_->value;
}
unsigned Term::hi() const {
  IR_ASSERT(node_->op == Op::extract);
  return node_->hi;
}
unsigned Term::lo() const {
  IR_ASSERT(node_->op == Op::extract);
  return node_->lo;
}
unsigned Term::bytes() const {
  IR_ASSERT(node_->op == Op::load || node_->op == Op::store);
  return node_->hi;
}

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
  hash *= 0xff51afd7ed558ccdULL;
  return hash ^ (hash >> 32);
}
std::uint64_t mix(std::uint64_t hash, u128 value) {
  return mix(mix(hash, static_cast<std::uint64_t>(value)), static_cast<std::uint64_t>(value >> 64));
}

class Arena {
 public:
  template <typename T>
  T* allocate(std::size_t count) {
    const std::size_t bytes = (count * sizeof(T) + 15) & ~std::size_t{15};
    if (bytes > left_) {
      const std::size_t block = bytes > block_bytes ? bytes : block_bytes;
      blocks_.push_back(std::make_unique<std::max_align_t[]>(block / sizeof(std::max_align_t) + 1));
      next_ = reinterpret_cast<char*>(blocks_.back().get());
      left_ = block;
    }
    T* result = reinterpret_cast<T*>(next_);
    next_ += bytes;
    left_ -= bytes;
    return result;
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 20;
  std::vector<std::unique_ptr<std::max_align_t[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

struct Pool {
  Arena arena;
  std::vector<TermNode*> table = std::vector<TermNode*>(std::size_t{1} << 14);
  std::uint32_t count = 0;
  std::unordered_map<std::string_view, const std::string*> names;
  std::deque<std::string> name_storage;
  std::uint64_t next_fresh = 0;
};

Pool& pool() {
  static Pool* instance = new Pool;  // never destroyed: nodes live until the process ends
  return *instance;
}

u128 saturating_add(u128 a, u128 b) { return a + b < a ? ~u128{0} : a + b; }
u128 saturating_mul(u128 a, u128 b) {
  if (a == 0 || b == 0) return 0;
  return a > ~u128{0} / b ? ~u128{0} : a * b;
}

// ite(x < k, x, b): the condition bounds the value of the branch that it guards.
u128 guarded_max(Term condition, bool holds, Term value) {
  if (condition.is(Op::logical_not)) return guarded_max(condition.arg(0), !holds, value);
  const u128 top = value.node()->unsigned_max;
  if (!holds) return top;
  u128 best = top;
  const auto look = [&](Term literal) {
    if (literal.is(Op::ult) && literal.arg(0) == value && literal.arg(1).is_constant())
      best = std::min(best, literal.arg(1).value() - 1);
    if (literal.is(Op::equal) && literal.arg(1).is_constant() && literal.arg(1).sort().is_bitvec() &&
        literal.arg(1).value() == 0 && literal.arg(0).is(Op::extract) && literal.arg(0).arg(0) == value &&
        literal.arg(0).hi() == value.width() - 1)
      best = std::min(best, (u128{1} << literal.arg(0).lo()) - 1);
  };
  if (condition.is(Op::logical_and)) {
    for (Term literal : condition.args()) look(literal);
  } else {
    look(condition);
  }
  return best;
}

u128 compute_max(const TermNode& node) {
  const unsigned width = node.sort.width;
  const u128 full = mask(width);
  const auto arg_max = [&](unsigned index) { return node.args[index].node()->unsigned_max; };
  switch (node.op) {
    case Op::constant:
      return node.value;
    case Op::concat: {
      u128 result = 0;
      for (unsigned i = 0; i < node.arg_count; ++i) {
        const unsigned piece = node.args[i].width();
        result = piece >= 128 ? arg_max(i) : (result << piece) | arg_max(i);
      }
      return result;
    }
    case Op::ite:
      return std::max(guarded_max(node.args[0], true, node.args[1]), guarded_max(node.args[0], false, node.args[2]));
    case Op::extract: {
      const u128 bound = arg_max(0);
      return std::min(full, bound >> node.lo);
    }
    case Op::udiv:
      if (node.args[1].is_constant() && node.args[1].value() != 0) return arg_max(0) / node.args[1].value();
      return arg_max(0);
    case Op::urem:
      return arg_max(0);
    case Op::sum: {
      u128 total = node.value;
      for (unsigned i = 0; i < node.arg_count; ++i)
        total = saturating_add(total, saturating_mul(node.coefficients[i], arg_max(i)));
      return std::min(full, total);
    }
    case Op::mul: {
      u128 total = 1;
      for (unsigned i = 0; i < node.arg_count; ++i) total = saturating_mul(total, std::max(arg_max(i), u128{1}));
      return std::min(full, total);
    }
    case Op::clz:
      return width;
    case Op::lshr:
      return arg_max(0);
    case Op::bit_and: {
      u128 result = full;
      for (unsigned i = 0; i < node.arg_count; ++i) result = std::min(result, arg_max(i));
      return result;
    }
    case Op::bit_or:
    case Op::bit_xor: {
      unsigned bits = 0;
      for (unsigned i = 0; i < node.arg_count; ++i) bits = std::max(bits, detail::bit_length(arg_max(i)));
      return mask(bits);
    }
    default:
      return full;
  }
}

bool same_node(const TermNode& a, const TermNode& b) {
  if (a.hash != b.hash || a.op != b.op || !(a.sort == b.sort) || a.arg_count != b.arg_count || a.value != b.value ||
      a.name != b.name || a.hi != b.hi || a.lo != b.lo)
    return false;
  for (unsigned i = 0; i < a.arg_count; ++i)
    if (a.args[i] != b.args[i]) return false;
  if (a.coefficients != nullptr)
    for (unsigned i = 0; i < a.arg_count; ++i)
      if (a.coefficients[i] != b.coefficients[i]) return false;
  return true;
}

void grow(Pool& p) {
  std::vector<TermNode*> bigger(p.table.size() * 2);
  for (TermNode* node : p.table) {
    if (node == nullptr) continue;
    std::size_t slot = node->hash & (bigger.size() - 1);
    while (bigger[slot] != nullptr) slot = (slot + 1) & (bigger.size() - 1);
    bigger[slot] = node;
  }
  p.table.swap(bigger);
}

}  // namespace

namespace detail {

Term make(Op op, Sort sort, std::span<const Term> args, const Payload& payload) {
  Pool& p = pool();
  TermNode key;
  key.op = op;
  key.sort = sort;
  key.arg_count = static_cast<std::uint32_t>(args.size());
  key.args = args.data();
  key.name = payload.name;
  key.coefficients = payload.coefficients.empty() ? nullptr : payload.coefficients.data();
  key.value = payload.value;
  key.hi = static_cast<std::uint8_t>(payload.hi);
  key.lo = static_cast<std::uint8_t>(payload.lo);
  std::uint64_t hash = (static_cast<std::uint64_t>(op) << 40) ^ (static_cast<std::uint64_t>(sort.kind) << 32) ^
                       (std::uint64_t{sort.width} << 16) ^ (std::uint64_t{key.hi} << 8) ^ key.lo;
  for (Term arg : args) hash = mix(hash, std::uint64_t{arg.id()});
  hash = mix(hash, payload.value);
  for (u128 coefficient : payload.coefficients) hash = mix(hash, coefficient);
  if (payload.name != nullptr) hash = mix(hash, reinterpret_cast<std::uint64_t>(payload.name));
  key.hash = hash;

  std::size_t slot = hash & (p.table.size() - 1);
  while (p.table[slot] != nullptr) {
    if (same_node(*p.table[slot], key)) return Term(p.table[slot]);
    slot = (slot + 1) & (p.table.size() - 1);
  }
  auto* node = new (p.arena.allocate<TermNode>(1)) TermNode(key);
  auto* own_args = p.arena.allocate<Term>(args.size());
  std::uninitialized_copy(args.begin(), args.end(), own_args);
  node->args = own_args;
  if (key.coefficients != nullptr) {
    auto* own = p.arena.allocate<u128>(args.size());
    std::uninitialized_copy(payload.coefficients.begin(), payload.coefficients.end(), own);
    node->coefficients = own;
  }
  node->id = ++p.count;
  IR_ASSERT(p.count < 0xfffffff0U);
  if (op == Op::ite) {
    const auto is_leaf = [](Term t) { return t.is_constant() || t.node()->constant_leaves; };
    node->constant_leaves = is_leaf(args[1]) && is_leaf(args[2]);
  }
  if (sort.is_bitvec()) node->unsigned_max = compute_max(*node);
  p.table[slot] = node;
  if (std::size_t{p.count} * 2 > p.table.size()) grow(p);
  return Term(node);
}

const std::string* intern_name(std::string_view name) {
  Pool& p = pool();
  if (const auto found = p.names.find(name); found != p.names.end()) return found->second;
  p.name_storage.emplace_back(name);
  const std::string* stored = &p.name_storage.back();
  p.names.emplace(*stored, stored);
  return stored;
}

namespace {
std::size_t spread(u128 key) { return mix(0, key); }
}  // namespace

Term Memo::find(u128 key) const {
  if (slots_.empty()) return {};
  for (std::size_t slot = spread(key) & (slots_.size() - 1); slots_[slot].first != 0;
       slot = (slot + 1) & (slots_.size() - 1))
    if (slots_[slot].first == key) return slots_[slot].second;
  return {};
}

void Memo::insert(u128 key, Term value) {
  if (used_ * 2 >= slots_.size()) grow();
  std::size_t slot = spread(key) & (slots_.size() - 1);
  while (slots_[slot].first != 0 && slots_[slot].first != key) slot = (slot + 1) & (slots_.size() - 1);
  if (slots_[slot].first == 0) ++used_;
  slots_[slot] = {key, value};
}

void Memo::grow() {
  std::vector<std::pair<u128, Term>> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  for (const auto& [key, value] : old) {
    if (key == 0) continue;
    std::size_t slot = spread(key) & (slots_.size() - 1);
    while (slots_[slot].first != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {key, value};
  }
}

}  // namespace detail

u128 mask(unsigned width) { return width >= 128 ? ~u128{0} : (u128{1} << width) - 1; }

std::int64_t as_signed64(Term constant) {
  IR_ASSERT(constant.width() <= 64 && constant.width() > 0);
  return static_cast<std::int64_t>(detail::to_signed(constant.value(), constant.width()));
}

Term boolean(bool value) { return detail::make(Op::constant, Sort::boolean(), {}, {.value = value ? 1U : 0U}); }

Term bv(u128 value, unsigned width) {
  IR_ASSERT(width >= 1 && width <= 128);
  return detail::make(Op::constant, Sort::bitvec(width), {}, {.value = value & mask(width)});
}

Term var(std::string_view name, Sort sort) {
  IR_ASSERT(!name.empty());
  Pool& p = pool();
  const std::string* stored = detail::intern_name(name);
  // A name that was read from a file must not come back from fresh().
  if (const auto mark = stored->rfind('!'); mark != std::string::npos) {
    const std::uint64_t number = std::strtoull(stored->c_str() + mark + 1, nullptr, 10);
    if (number >= p.next_fresh && number != ~std::uint64_t{0}) p.next_fresh = number + 1;
  }
  return detail::make(Op::variable, sort, {}, {.name = stored});
}

Term fresh(std::string_view prefix, Sort sort) {
  return var(std::string(prefix) + "!" + std::to_string(pool().next_fresh), sort);
}

Term apply(std::string_view function, std::span<const Term> args, Sort sort) {
  return detail::make(Op::apply, sort, args, {.name = detail::intern_name(function)});
}

u128 unsigned_max(Term term) {
  IR_ASSERT(term.sort().is_bitvec());
  return term.node()->unsigned_max;
}

}  // namespace ir
