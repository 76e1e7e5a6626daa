// SPDX-License-Identifier: Apache-2.0
// Compiler builtins as terms and nodes. A builtin that is also a library function (memcpy, ...) is a plain call unless its
// size is a small constant; any other builtin that stands in no row here is refused.
#include "validator/source/lifter.hpp"

namespace validator::source {

using clang::dyn_cast;
using ir::Term;

namespace {

constexpr std::uint64_t small_block = 256;  ///< bytes of a memcpy or memset that becomes single accesses

/// Number of one bits, by halves (Hacker's Delight 5-1); compilers without a vector unit emit the same sum.
Term population_count(Term a) {
  const unsigned width = a.width();
  const auto repeat = [&](std::uint8_t byte) {
    ir::u128 pattern = 0;
    for (unsigned i = 0; i < width; i += 8) {
      pattern |= static_cast<ir::u128>(byte) << i;
    }
    return ir::bv(pattern, width);
  };
  const auto right = [&](Term t, unsigned n) { return ir::lshr(t, ir::bv(n, width)); };
  Term t = ir::sub(a, ir::bit_and(right(a, 1), repeat(0x55)));
  t = ir::add(ir::bit_and(t, repeat(0x33)), ir::bit_and(right(t, 2), repeat(0x33)));
  t = ir::bit_and(ir::add(t, right(t, 4)), repeat(0x0f));
  return right(ir::mul(t, repeat(0x01)), width - 8);
}

std::string without_prefix(llvm::StringRef name) {
  name.consume_front("__builtin_");
  return name.str();
}

}  // namespace

Term FunctionLifter::overflow_builtin(const clang::CallExpr* e, clang::BinaryOperatorKind op) {
  const clang::SourceLocation where = e->getExprLoc();
  const clang::Expr* out = e->getArg(2)->IgnoreParenImpCasts();
  const auto* taken = dyn_cast<clang::UnaryOperator>(out);
  const clang::QualType type = e->getArg(2)->getType()->getPointeeType();
  const Term a = value(e->getArg(0));
  const Term b = value(e->getArg(1));
  const ir::Sort sort = unit_.sort_of(type, where);
  if (sort.is_bool() || a.sort().is_bool() || b.sort().is_bool()) {
    unsupported("builtin", "overflow builtins on bool are outside the subset", where);
  }
  const bool a_signed = e->getArg(0)->getType()->isSignedIntegerOrEnumerationType();
  const bool b_signed = e->getArg(1)->getType()->isSignedIntegerOrEnumerationType();
  const bool r_signed = type->isSignedIntegerOrEnumerationType();
  // Exact in `wide` bits, signed: one more bit than an unsigned operand has, twice as many for a product.
  const unsigned operand = std::max({a.width() + (a_signed ? 0U : 1U), b.width() + (b_signed ? 0U : 1U),
                                     sort.width + (r_signed ? 0U : 1U)});
  unsigned wide = op == clang::BO_Mul ? 2 * operand : operand + 1;
  Term exact;
  Term overflows;
  if (wide > 128 && op == clang::BO_Mul && !a_signed && !b_signed && !r_signed && a.width() == 64 && b.width() == 64 &&
      sort.width == 64) {
    exact = ir::mul(ir::zext(a, 128), ir::zext(b, 128));
    overflows = ir::ne(ir::extract(127, 64, exact), ir::bv(0, 64));
  } else if (wide > 128 && op == clang::BO_Mul && a_signed && b_signed && r_signed && operand == 64) {
    wide = 128;
  }
  if (!exact) {
    if (wide > 128) {
      unsupported("builtin", "this overflow check needs more than 128 bits", where);
    }
    const Term x = ir::resize(a, wide, a_signed);
    const Term y = ir::resize(b, wide, b_signed);
    if (!a_signed && !b_signed && !r_signed && a.width() == sort.width && b.width() == sort.width && op != clang::BO_Mul) {
      // The carry or borrow, as both compilers see it.
      overflows = op == clang::BO_Sub ? ir::ult(a, b) : ir::ult(ir::add(a, b), a);
      exact = op == clang::BO_Sub ? ir::sub(x, y) : ir::add(x, y);
    } else {
      exact = op == clang::BO_Mul ? ir::mul(x, y) : op == clang::BO_Sub ? ir::sub(x, y) : ir::add(x, y);
      overflows = ir::ne(ir::resize(ir::extract(sort.width - 1, 0, exact), wide, r_signed), exact);
    }
  }
  const Term result = ir::extract(sort.width - 1, 0, exact);
  const Term flag = b_.fresh("t", ir::Sort::boolean());
  b_.assign(flag, overflows);  // before the result is stored: the operands may be the same variable
  Place target;
  if (taken != nullptr && taken->getOpcode() == clang::UO_AddrOf) {
    target = place(taken->getSubExpr());
  } else {
    target = dereference(value(e->getArg(2)), type, where);
  }
  store(target, result, where);
  return flag;
}

/// Single-copy atomic loads and stores with the orders that Load and Store can say. seq_cst (LDAR, not LDAPR) and
/// read-modify-write operations cannot be said, and are refused.
Term FunctionLifter::atomic(const clang::AtomicExpr* e) {
  const clang::SourceLocation where = e->getBeginLoc();
  clang::Expr::EvalResult evaluated;
  const clang::AtomicExpr::AtomicOp op = e->getOp();
  const bool is_load = op == clang::AtomicExpr::AO__atomic_load_n;
  const bool is_store = op == clang::AtomicExpr::AO__atomic_store_n;
  if ((!is_load && !is_store) || !e->getOrder()->EvaluateAsInt(evaluated, unit_.context)) {
    unsupported("atomic", "this atomic operation is outside the subset", where);
  }
  const std::uint64_t order = evaluated.Val.getInt().getZExtValue();  // relaxed 0, consume 1, acquire 2, release 3
  const clang::QualType type = e->getPtr()->getType()->getPointeeType();
  if (unit_.bytes_of(type) > 8 || (is_load ? order > 2 : order != 0 && order != 3)) {
    unsupported("atomic", "this memory order is outside the subset", where);
  }
  const Term pointer = value(e->getPtr());
  const Term stored = is_store ? value(e->getVal1()) : Term();
  const Place target = dereference(pointer, type, where);
  const auto bytes = static_cast<unsigned>(unit_.bytes_of(type));
  if (is_store) {
    ir::Store node{target.address, to_memory(stored, type), bytes};
    node.is_volatile = true;
    node.order = order == 3 ? ir::Order::release : ir::Order::plain;
    b_.emit(node);
    return Term();
  }
  ir::Load node{b_.fresh("t", ir::Sort::bitvec(8 * bytes)), target.address, bytes};
  node.is_volatile = true;
  node.order = order == 0 ? ir::Order::plain : ir::Order::acquire;
  b_.emit(node);
  return from_memory(node.result, type);
}

Place FunctionLifter::builtin_place(const clang::CallExpr* e) {
  // std::move, forward, as_const, move_if_noexcept, forward_like: the argument, under another type.
  Place target = place(e->getArg(0));
  return target;
}

bool FunctionLifter::builtin(const clang::CallExpr* e, unsigned id, Term* result) {
  const clang::SourceLocation where = e->getExprLoc();
  const clang::Builtin::Context& table = unit_.context.BuiltinInfo;
  const std::string name = without_prefix(e->getDirectCallee()->getName());
  const auto argument = [&](unsigned i) { return value(e->getArg(i)); };
  const auto result_of = [&](Term t) {
    const ir::Sort sort = unit_.sort_of(e->getType(), where);
    *result = sort.is_bool() ? ir::ne(t, ir::bv(0, t.width())) : ir::resize(t, sort.width, false);
    return true;
  };
  const auto one_of = [&](std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (table.isInStdNamespace(id)) {
    if (name == "addressof" || name == "__addressof") {
      *result = address(place(e->getArg(0)), where);
      return true;
    }
    if (e->isGLValue()) {
      *result = address(builtin_place(e), where);
      return true;
    }
    unsupported("builtin", "the builtin std::" + name + " is outside the subset", where);
  }
  if (one_of({"clz", "clzl", "clzll", "clzs", "ctz", "ctzl", "ctzll", "ctzs"})) {
    const Term a = argument(0);
    check(ir::ne(a, ir::bv(0, a.width())), "ub-builtin-zero");
    return result_of(name[1] == 'l' ? ir::clz(a) : ir::ctz(a));
  }
  if (one_of({"clzg", "ctzg"})) {
    const Term a = argument(0);
    const Term count = ir::resize(name == "clzg" ? ir::clz(a) : ir::ctz(a), 32, false);
    if (e->getNumArgs() == 2) {
      *result = ir::ite(ir::eq(a, ir::bv(0, a.width())), argument(1), count);
    } else {
      check(ir::ne(a, ir::bv(0, a.width())), "ub-builtin-zero");
      *result = count;
    }
    return true;
  }
  if (one_of({"ffs", "ffsl", "ffsll"})) {
    const Term a = argument(0);
    const Term zero = ir::bv(0, a.width());
    return result_of(ir::ite(ir::eq(a, zero), zero, ir::add(ir::ctz(a), ir::bv(1, a.width()))));
  }
  if (one_of({"clrsb", "clrsbl", "clrsbll"})) {
    const Term a = argument(0);
    const Term sign = ir::ashr(a, ir::bv(a.width() - 1, a.width()));
    return result_of(ir::sub(ir::clz(ir::bit_xor(a, sign)), ir::bv(1, a.width())));
  }
  if (one_of({"popcount", "popcountl", "popcountll", "popcountg"})) {
    return result_of(population_count(argument(0)));
  }
  if (one_of({"parity", "parityl", "parityll"})) {
    const Term a = argument(0);
    return result_of(ir::bit_and(population_count(a), ir::bv(1, a.width())));
  }
  if (one_of({"bswap16", "bswap32", "bswap64", "bswap128"})) {
    *result = ir::byte_swap(argument(0));
    return true;
  }
  if (one_of({"rotateleft8", "rotateleft16", "rotateleft32", "rotateleft64", "rotateright8", "rotateright16",
              "rotateright32", "rotateright64"})) {
    const Term a = argument(0);
    const Term amount = argument(1);
    *result = ir::ror(a, name[6] == 'l' ? ir::neg(amount) : amount);
    return true;
  }
  if (one_of({"abs", "labs", "llabs"})) {
    const Term a = argument(0);
    check(ir::ne(a, ir::bv(static_cast<ir::u128>(1) << (a.width() - 1), a.width())), "ub-signed-overflow");
    *result = ir::ite(ir::slt(a, ir::bv(0, a.width())), ir::neg(a), a);
    return true;
  }
  if (one_of({"expect", "expect_with_probability", "launder", "assume_aligned"})) {
    *result = argument(0);
    if (name == "assume_aligned") {
      const Term alignment = argument(1);
      if (e->getNumArgs() != 2 || !alignment.is_constant() || alignment.value64() == 0) {
        unsupported("builtin", "__builtin_assume_aligned with an offset is outside the subset", where);
      }
      const Term low = ir::bit_and(*result, ir::bv(alignment.value64() - 1, 64));
      check(ir::eq(low, ir::bv(0, 64)), "ub-assume");
    }
    for (unsigned i = 1; i < e->getNumArgs(); ++i) {
      if (e->getArg(i)->HasSideEffects(unit_.context)) {
        unsupported("builtin", "an operand of __builtin_" + name + " has side effects", where);
      }
    }
    return true;
  }
  if (name == "unreachable") {
    b_.unreachable("ub-unreachable");
    return true;
  }
  if (one_of({"assume", "__assume"})) {
    if (!e->getArg(0)->HasSideEffects(unit_.context)) {
      check(condition(e->getArg(0)), "ub-assume");
    }
    return true;
  }
  if (one_of({"constant_p", "is_constant_evaluated", "object_size", "dynamic_object_size", "types_compatible_p",
              "classify_type", "offsetof"})) {
    clang::Expr::EvalResult evaluated;
    if (e->EvaluateAsRValue(evaluated, unit_.context) && !evaluated.HasSideEffects && evaluated.Val.isInt()) {
      *result = unit_.term_of(evaluated.Val, e->getType(), where);
      return true;
    }
    if (name == "constant_p" || name == "is_constant_evaluated") {
      const ir::Sort sort = unit_.sort_of(e->getType(), where);
      // An optimiser may know more: as with the order of operands, `no` proves, but a difference from it refutes
      // nothing.
      if (name == "constant_p") unit_.orders.push_back({function_.symbol, {}, unit_.location(where)});
      *result = sort.is_bool() ? ir::boolean(false) : ir::bv(0, sort.width);
      return true;
    }
    unsupported("builtin", "__builtin_" + name + " has no constant value here", where);
  }
  if (name == "addressof") {
    *result = address(place(e->getArg(0)), where);
    return true;
  }
  if (name == "prefetch") {
    static_cast<void>(argument(0));
    return true;
  }
  for (const auto& [suffix, op] : {std::pair{"add_overflow", clang::BO_Add}, {"sub_overflow", clang::BO_Sub},
                                   {"mul_overflow", clang::BO_Mul}}) {
    const llvm::StringRef all(name);
    if (all == suffix || (all.size() > 12 && all.drop_while([](char c) { return c == 's' || c == 'u'; }).starts_with(
                                                 llvm::StringRef(suffix).take_front(3)) && all.ends_with("_overflow"))) {
      *result = overflow_builtin(e, op);
      return true;
    }
  }
  if (one_of({"memcpy", "memmove", "memset", "memcpy_inline", "memset_inline"})) {
    clang::Expr::EvalResult size;
    if (e->getArg(2)->EvaluateAsInt(size, unit_.context) && size.Val.getInt().ule(small_block)) {
      const std::uint64_t bytes = size.Val.getInt().getZExtValue();
      const Term to = argument(0);
      const Term second = argument(1);
      if (name[3] == 's') {
        const Term byte = ir::extract(7, 0, second);
        Term word = byte;
        for (int i = 1; i < 8; ++i) {
          word = ir::concat(byte, word);
        }
        for (std::uint64_t done = 0; done < bytes;) {
          const unsigned step = bytes - done >= 8 ? 8 : bytes - done >= 4 ? 4 : bytes - done >= 2 ? 2 : 1;
          b_.emit(ir::Store{ir::add(to, ir::bv(done, 64)), ir::extract(8 * step - 1, 0, word), step});
          done += step;
        }
      } else if (name == "memmove" && bytes > 64) {
        unsupported("builtin", "a memmove of " + std::to_string(bytes) + " bytes; the limit is 64", where);
      } else {
        if (name != "memmove") {
          check_overlap(second, to, bytes, false);
        }
        copy_bytes(second, to, bytes);
      }
      *result = to;
      return true;
    }
    const clang::FunctionDecl* callee = e->getDirectCallee();
    std::vector<const clang::Expr*> arguments(e->arg_begin(), e->arg_end());
    ir::Call node;
    node.symbol = name;
    for (unsigned i = 0; i < 3; ++i) {
      node.arguments.push_back({{ir::AbiPlace::Kind::x_register, i}, argument(i)});
    }
    node.results.push_back({{ir::AbiPlace::Kind::x_register, 0}, b_.fresh("r", ir::Sort::bitvec(64))});
    *result = node.results[0].term;
    b_.emit(node);
    static_cast<void>(callee);
    return true;
  }
  if (one_of({"__sync_synchronize", "__atomic_thread_fence", "__c11_atomic_thread_fence"})) {
    unsigned order = 5;
    if (name != "__sync_synchronize") {
      clang::Expr::EvalResult evaluated;
      if (!e->getArg(0)->EvaluateAsInt(evaluated, unit_.context)) {
        unsupported("atomic", "a fence whose order is not constant", where);
      }
      order = static_cast<unsigned>(evaluated.Val.getInt().getZExtValue());
    }
    if (order != 0) {
      ir::Effect barrier;
      barrier.kind = ir::EffectKind::barrier;
      barrier.detail = order <= 2 ? "dmb ishld" : "dmb ish";  // consume, acquire; release and above
      barrier.memory_clobber = true;
      b_.emit(barrier);
    }
    return true;
  }
  if (one_of({"__atomic_signal_fence", "__c11_atomic_signal_fence"})) {
    return true;  // no instruction
  }
  if (table.isPredefinedLibFunction(id)) {
    return false;  // strlen, abort, ...: a call like any other
  }
  unsupported("builtin", "the builtin " + e->getDirectCallee()->getNameAsString() + " is outside the subset", where);
}

}  // namespace validator::source
