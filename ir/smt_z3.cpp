// SPDX-License-Identifier: Apache-2.0
// The only includer of Z3. One query is one fresh solver, logic-specific by default (QF_AUFBV): its preprocessing pays more than
// incrementality for the goals of one function, and resource use does not depend on earlier queries.
//
// Words encoding: a memory is an array BV61 -> BV64 of little-endian words. An access whose low address bits are
// known (from the term or from an assumed equation) touches one word; any other is encoded on two neighbours, so
// the encoding is exact for every address.
#include <z3++.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_map>

#include "ir/assert.hpp"
#include "ir/build.hpp"
#include "ir/smt.hpp"

namespace ir {

namespace {

class Translator {
 public:
  Translator(z3::context& context, const SolverOptions& options, std::unordered_map<Term, u128> known)
      : context_(context), options_(options), known_(std::move(known)) {}

  z3::expr formula(Term term) { return translate(term); }

  /// A goal in positive position: equal memories are compared at one address, chosen by the solver.
  z3::expr goal(Term term, bool positive) {
    switch (term.op()) {
      case Op::logical_not:
        return !goal(term.arg(0), !positive);
      case Op::logical_and: {
        z3::expr_vector parts(context_);
        for (Term arg : term.args()) parts.push_back(goal(arg, positive));
        return z3::mk_and(parts);
      }
      case Op::equal:
        if (positive && term.arg(0).sort().is_memory()) return equal_at_skolem(term.arg(0), term.arg(1));
        return translate(term);
      case Op::ite:
        return z3::ite(translate(term.arg(0)), goal(term.arg(1), positive), goal(term.arg(2), positive));
      default:
        return translate(term);
    }
  }

  const std::vector<std::pair<Term, z3::expr>>& variables() const { return variables_; }
  const std::vector<z3::expr>& indices() const { return indices_; }
  /// Facts about uninterpreted functions that stand for operators: products commute.
  const std::vector<z3::expr>& side_facts() const { return side_facts_; }
  bool abstracted() const { return abstracted_; }
  bool words() const { return options_.encoding == MemoryEncoding::words; }

 private:
  z3::expr equal_at_skolem(Term a, Term b) {
    const std::string name = "skolem!" + std::to_string(skolems_++);
    const z3::expr index = context_.bv_const(name.c_str(), words() ? 61 : 64);
    indices_.push_back(index);
    return z3::select(translate(a), index) == z3::select(translate(b), index);
  }

  z3::sort memory_sort() {
    return words() ? context_.array_sort(context_.bv_sort(61), context_.bv_sort(64))
                   : context_.array_sort(context_.bv_sort(64), context_.bv_sort(8));
  }

  z3::sort sort_of(Term term) {
    const Sort sort = term.sort();
    if (sort.is_bool()) return context_.bool_sort();
    if (sort.is_memory()) return memory_sort();
    IR_ASSERT(sort.is_bitvec());
    return context_.bv_sort(sort.width);
  }

  z3::expr constant(u128 value, unsigned width) {
    if (width <= 64) return context_.bv_val(static_cast<std::uint64_t>(value), width);
    return z3::concat(context_.bv_val(static_cast<std::uint64_t>(value >> 64), width - 64),
                      context_.bv_val(static_cast<std::uint64_t>(value), 64));
  }

  z3::expr translate(Term root) {
    std::vector<Term> work{root};
    while (!work.empty()) {
      const Term term = work.back();
      if (done_.contains(term)) {
        work.pop_back();
        continue;
      }
      bool ready = true;
      for (Term arg : term.args()) {
        if (!done_.contains(arg)) {
          work.push_back(arg);
          ready = false;
        }
      }
      if (!ready) continue;
      work.pop_back();
      done_.emplace(term, translate_node(term));
    }
    return done_.at(root);
  }

  z3::expr at(Term term) { return done_.at(term); }

  z3::expr uninterpreted(const std::string& name, Term term) {
    z3::sort_vector domain(context_);
    z3::expr_vector args(context_);
    for (Term arg : term.args()) {
      domain.push_back(sort_of(arg));
      args.push_back(at(arg));
    }
    return context_.function(name.c_str(), domain, sort_of(term))(args);
  }

  bool abstract(Term term) {
    if (!options_.abstract_arithmetic || term.arg(0).is_constant() || term.arg(1).is_constant()) return false;
    abstracted_ = true;
    return true;
  }

  z3::expr arithmetic(Term term) {
    if (term.is(Op::mul)) return product(term);
    if (abstract(term)) return uninterpreted(std::string(op_name(term.op())) + "!" + std::to_string(term.width()), term);
    const z3::expr a = at(term.arg(0)), b = at(term.arg(1));
    const z3::expr zero = constant(0, term.width());
    switch (term.op()) {
      case Op::udiv:
        return z3::ite(b == zero, zero, z3::udiv(a, b));
      case Op::sdiv:
        return z3::ite(b == zero, zero, a / b);
      case Op::urem:
        return z3::ite(b == zero, a, z3::urem(a, b));
      default:
        return z3::ite(b == zero, a, z3::srem(a, b));
    }
  }

  /// A product has two or more factors.
  z3::expr product(Term term) {
    z3::expr result = at(term.arg(0));
    if (!abstract(term)) {
      for (std::size_t i = 1; i < term.args().size(); ++i) result = result * at(term.arg(i));
      return result;
    }
    const z3::sort sort = sort_of(term);
    const z3::func_decl times = context_.function(("mul!" + std::to_string(term.width())).c_str(), sort, sort, sort);
    for (std::size_t i = 1; i < term.args().size(); ++i) {
      const z3::expr next = times(result, at(term.arg(i)));
      side_facts_.push_back(next == times(at(term.arg(i)), result));
      result = next;
    }
    return result;
  }

  z3::expr leading_zeros(Term term) {
    const z3::expr a = at(term.arg(0));
    const unsigned width = term.width();
    z3::expr result = constant(width, width);
    for (unsigned i = 0; i < width; ++i) {
      result = z3::ite(a.extract(i, i) == context_.bv_val(1, 1), constant(width - 1 - i, width), result);
    }
    return result;
  }

  z3::expr translate_node(Term term) {
    switch (term.op()) {
      case Op::constant:
        return term.sort().is_bool() ? context_.bool_val(term.value() != 0) : constant(term.value(), term.width());
      case Op::variable: {
        z3::expr result = context_.constant(term.name().c_str(), sort_of(term));
        variables_.emplace_back(term, result);
        return result;
      }
      case Op::apply:
        return uninterpreted(term.name(), term);
      case Op::logical_not:
        return !at(term.arg(0));
      case Op::logical_and: {
        z3::expr_vector parts(context_);
        for (Term arg : term.args()) parts.push_back(at(arg));
        return z3::mk_and(parts);
      }
      case Op::ite:
        return z3::ite(at(term.arg(0)), at(term.arg(1)), at(term.arg(2)));
      case Op::equal:
        return at(term.arg(0)) == at(term.arg(1));
      case Op::ult:
        return z3::ult(at(term.arg(0)), at(term.arg(1)));
      case Op::slt:
        return z3::slt(at(term.arg(0)), at(term.arg(1)));
      case Op::sum: {
        z3::expr result = constant(term.offset(), term.width());
        for (std::size_t i = 0; i < term.args().size(); ++i) {
          const u128 factor = term.coefficients()[i];
          const z3::expr part = at(term.arg(i));
          if (factor == 1) {
            result = result + part;
          } else if (factor == mask(term.width())) {
            result = result - part;
          } else {
            result = result + constant(factor, term.width()) * part;
          }
        }
        return result;
      }
      case Op::mul:
      case Op::udiv:
      case Op::sdiv:
      case Op::urem:
      case Op::srem:
        return arithmetic(term);
      case Op::bit_and: {
        z3::expr result = at(term.arg(0));
        for (std::size_t i = 1; i < term.args().size(); ++i) result = result & at(term.arg(i));
        return result;
      }
      case Op::bit_or: {
        z3::expr result = at(term.arg(0));
        for (std::size_t i = 1; i < term.args().size(); ++i) result = result | at(term.arg(i));
        return result;
      }
      case Op::bit_xor: {
        z3::expr result = at(term.arg(0));
        for (std::size_t i = 1; i < term.args().size(); ++i) result = result ^ at(term.arg(i));
        return result;
      }
      case Op::shl:
        return z3::shl(at(term.arg(0)), at(term.arg(1)));
      case Op::lshr:
        return z3::lshr(at(term.arg(0)), at(term.arg(1)));
      case Op::ashr:
        return z3::ashr(at(term.arg(0)), at(term.arg(1)));
      case Op::concat: {
        z3::expr result = at(term.arg(0));
        for (std::size_t i = 1; i < term.args().size(); ++i) result = z3::concat(result, at(term.arg(i)));
        return result;
      }
      case Op::extract:
        return at(term.arg(0)).extract(term.hi(), term.lo());
      case Op::sext:
        return z3::sext(at(term.arg(0)), term.width() - term.arg(0).width());
      case Op::clz:
        return leading_zeros(term);
      case Op::load:
        return words() ? load_words(term) : load_bytes(at(term.arg(0)), at(term.arg(1)), term.bytes());
      case Op::store:
        return words() ? store_words(term) : store_bytes(term);
    }
    IR_ASSERT(false);
    return context_.bool_val(false);
  }

  /// address mod 2^bits, where that is known.
  std::optional<unsigned> low_bits(Term address, unsigned bits) {
    for (unsigned wide = bits; wide <= 4; ++wide) {
      const Term low = extract(wide - 1, 0, address);
      const u128 mask_bits = (u128{1} << bits) - 1;
      if (low.is_constant()) return static_cast<unsigned>(low.value() & mask_bits);
      if (auto found = known_.find(low); found != known_.end()) return static_cast<unsigned>(found->second & mask_bits);
    }
    return std::nullopt;
  }

  z3::expr word(const z3::expr& memory, const z3::expr& index) {
    indices_.push_back(index);
    return z3::select(memory, index);
  }

  /// Eight times the position in the word, as a shift amount of `width` bits.
  z3::expr bit_position(const z3::expr& address, unsigned width) {
    return z3::concat(context_.bv_val(0, width - 6), z3::concat(address.extract(2, 0), context_.bv_val(0, 3)));
  }

  z3::expr load_words(Term term) {
    const unsigned bytes = term.bytes();
    const z3::expr memory = at(term.arg(0));
    const Term address = term.arg(1);
    if (bytes <= 8) return load_part(memory, address, bytes);
    return z3::concat(load_part(memory, translated_sum(address, 8), bytes - 8), load_part(memory, address, 8));
  }

  Term translated_sum(Term address, std::uint64_t offset) {
    const Term moved = add(address, bv(offset, 64));
    translate(moved);
    return moved;
  }

  z3::expr load_part(const z3::expr& memory, Term address, unsigned bytes) {
    const z3::expr where = at(address);
    const z3::expr low_index = where.extract(63, 3);
    const auto position = low_bits(address, 3);
    if (position && *position + bytes <= 8) {
      return word(memory, low_index).extract(8 * (*position + bytes) - 1, 8 * *position);
    }
    const bool naturally_aligned = (bytes == 2 && low_bits(address, 1) == 0u) || (bytes == 4 && low_bits(address, 2) == 0u);
    if (bytes == 1 || naturally_aligned) {
      return z3::lshr(word(memory, low_index), bit_position(where, 64)).extract(8 * bytes - 1, 0);
    }
    const z3::expr high_index = (where + context_.bv_val(7, 64)).extract(63, 3);
    const z3::expr both = z3::concat(word(memory, high_index), word(memory, low_index));
    return z3::lshr(both, bit_position(where, 128)).extract(8 * bytes - 1, 0);
  }

  z3::expr store_words(Term term) {
    const unsigned bytes = term.bytes();
    const z3::expr memory = at(term.arg(0));
    const Term address = term.arg(1);
    const z3::expr value = at(term.arg(2));
    if (bytes <= 8) return store_part(memory, address, value, bytes);
    const z3::expr low = store_part(memory, address, value.extract(63, 0), 8);
    return store_part(low, translated_sum(address, 8), value.extract(8 * bytes - 1, 64), bytes - 8);
  }

  z3::expr store_part(const z3::expr& memory, Term address, const z3::expr& value, unsigned bytes) {
    const z3::expr where = at(address);
    const z3::expr low_index = where.extract(63, 3);
    const auto position = low_bits(address, 3);
    if (position && *position + bytes <= 8) {
      if (bytes == 8) return z3::store(memory, low_index, value);
      const z3::expr old = word(memory, low_index);
      z3::expr merged = value;
      if (*position + bytes < 8) merged = z3::concat(old.extract(63, 8 * (*position + bytes)), merged);
      if (*position > 0) merged = z3::concat(merged, old.extract(8 * *position - 1, 0));
      return z3::store(memory, low_index, merged);
    }
    const bool naturally_aligned = (bytes == 2 && low_bits(address, 1) == 0u) || (bytes == 4 && low_bits(address, 2) == 0u);
    if (bytes == 1 || naturally_aligned) {
      const z3::expr shift = bit_position(where, 64);
      const z3::expr hole = ~z3::shl(constant(mask(8 * bytes), 64), shift);
      const z3::expr placed = z3::shl(z3::zext(value, 64 - 8 * bytes), shift);
      return z3::store(memory, low_index, (word(memory, low_index) & hole) | placed);
    }
    const z3::expr high_index = (where + context_.bv_val(7, 64)).extract(63, 3);
    const z3::expr shift = bit_position(where, 128);
    const z3::expr hole = ~z3::shl(constant(mask(8 * bytes), 128), shift);
    const z3::expr placed = z3::shl(z3::zext(value, 128 - 8 * bytes), shift);
    const z3::expr both = z3::concat(word(memory, high_index), word(memory, low_index));
    const z3::expr merged = (both & hole) | placed;
    // When both halves are one word, the low half is the one that counts.
    return z3::store(z3::store(memory, high_index, merged.extract(127, 64)), low_index, merged.extract(63, 0));
  }

  z3::expr load_bytes(const z3::expr& memory, const z3::expr& address, unsigned bytes) {
    z3::expr result = word(memory, address);
    for (unsigned i = 1; i < bytes; ++i) result = z3::concat(word(memory, address + context_.bv_val(i, 64)), result);
    return result;
  }

  z3::expr store_bytes(Term term) {
    z3::expr memory = at(term.arg(0));
    const z3::expr address = at(term.arg(1)), value = at(term.arg(2));
    for (unsigned i = 0; i < term.bytes(); ++i) {
      const z3::expr where = address + context_.bv_val(i, 64);
      indices_.push_back(where);
      memory = z3::store(memory, where, value.extract(8 * i + 7, 8 * i));
    }
    return memory;
  }

  z3::context& context_;
  const SolverOptions& options_;
  std::unordered_map<Term, u128> known_;
  std::unordered_map<Term, z3::expr> done_;
  std::vector<std::pair<Term, z3::expr>> variables_;
  std::vector<z3::expr> indices_;
  std::vector<z3::expr> side_facts_;
  bool abstracted_ = false;
  unsigned skolems_ = 0;
};

/// A fresh solver of the row's kind, with the row's parameters in `params`.
z3::solver solver_of(Engine engine, z3::context& context, z3::params& params) {
  const EngineRow& row = engines()[static_cast<std::size_t>(engine)];
  std::istringstream words{std::string(row.parameters)};
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    IR_ASSERT(equals != std::string::npos);
    params.set(word.substr(0, equals).c_str(), static_cast<unsigned>(std::stoul(word.substr(equals + 1))));
  }
  if (row.logic.empty()) return {context, z3::solver::simple()};
  return {context, std::string(row.logic).c_str()};
}

u128 numeral(const z3::expr& value) {
  u128 result = 0;
  const std::string binary = value.get_decimal_string(0);
  for (char digit : binary) result = result * 10 + static_cast<unsigned>(digit - '0');
  return result;
}

}  // namespace

struct Solver::State {
  explicit State(SolverOptions given) : options(given) {}

  /// Equations `low bits = constant` among the assumptions.
  std::unordered_map<Term, u128> known_low_bits() const {
    std::unordered_map<Term, u128> known;
    std::function<void(Term)> note = [&](Term term) {
      if (term.is(Op::logical_and)) {
        for (Term arg : term.args()) note(arg);
      } else if (term.is(Op::equal)) {
        for (unsigned i : {0u, 1u}) {
          const Term value = term.arg(i), other = term.arg(1 - i);
          if (value.is_constant() && other.sort().is_bitvec() && other.width() <= 4) known.emplace(other, value.value());
        }
      } else if (term.is(Op::logical_not) && term.arg(0).sort().is_bool() && term.arg(0).is(Op::equal) &&
                 term.arg(0).arg(0).sort().is_bitvec() && term.arg(0).arg(0).width() == 1) {
        for (unsigned i : {0u, 1u}) {
          const Term value = term.arg(0).arg(i), other = term.arg(0).arg(1 - i);
          if (value.is_constant()) known.emplace(other, value.value() ^ 1);
        }
      }
    };
    for (Term assumption : assumptions) note(assumption);
    return known;
  }

  Answer run(Term condition, bool negate) {
    ++statistics.queries;
    reason.clear();
    model = Valuation{};
    try {
      z3::context context;
      z3::params params(context);
      z3::solver solver = solver_of(options.engine, context, params);
      params.set("rlimit", static_cast<unsigned>(std::min<std::uint64_t>(options.resource_limit, 4'000'000'000u)));
      params.set("timeout", options.wall_limit_ms);
      params.set("random_seed", options.seed);
      solver.set(params);
      Translator translator(context, options, known_low_bits());
      for (Term assumption : assumptions) solver.add(translator.formula(assumption));
      solver.add(negate ? !translator.goal(condition, true) : translator.formula(condition));
      for (const z3::expr& fact : translator.side_facts()) solver.add(fact);
      if (options.keep_text) query = solver.to_smt2();
      const z3::check_result checked = solver.check();
      const z3::stats stats = solver.statistics();
      for (unsigned i = 0; i < stats.size(); ++i) {
        if (stats.key(i) == "rlimit count" && stats.is_uint(i)) statistics.resource_units += stats.uint_value(i);
      }
      if (checked == z3::unsat) return Answer::valid;
      if (checked == z3::unknown) {
        reason = solver.reason_unknown();
        return Answer::unknown;
      }
      if (translator.abstracted()) {
        reason = "a model of the abstraction";
        return Answer::unknown;
      }
      extract_model(solver.get_model(), translator);
      return Answer::invalid;
    } catch (const z3::exception& failure) {
      reason = failure.msg();
      return Answer::unknown;
    }
  }

  void extract_model(const z3::model& found, const Translator& translator) {
    for (const auto& [term, expression] : translator.variables()) {
      if (term.sort().is_bool()) {
        model.scalars[term] = found.eval(expression, true).is_true() ? 1 : 0;
      } else if (term.sort().is_bitvec()) {
        model.scalars[term] = numeral(found.eval(expression, true));
      } else {
        auto memory = std::make_shared<ConcreteMemory>();
        for (const z3::expr& index : translator.indices()) {
          const z3::expr at = found.eval(index, true);
          const u128 value = numeral(found.eval(z3::select(expression, at), true));
          const auto where = static_cast<std::uint64_t>(numeral(at));
          if (translator.words()) {
            memory->store(where << 3, 8, value);
          } else {
            memory->set_byte(where, static_cast<std::uint8_t>(value));
          }
        }
        model.memories[term] = std::move(memory);
      }
    }
  }

  SolverOptions options;
  std::vector<Term> assumptions;
  std::vector<std::size_t> scopes;
  SolverStatistics statistics;
  Valuation model;
  std::string reason;
  std::string query;
};

Solver::Solver(SolverOptions options) : state_(std::make_unique<State>(options)) {}
Solver::~Solver() = default;

void Solver::push() { state_->scopes.push_back(state_->assumptions.size()); }

void Solver::pop() {
  IR_ASSERT(!state_->scopes.empty());
  state_->assumptions.resize(state_->scopes.back());
  state_->scopes.pop_back();
}

void Solver::assume(Term condition) {
  IR_ASSERT(condition.sort().is_bool());
  state_->assumptions.push_back(condition);
}

Answer Solver::prove(Term goal) {
  IR_ASSERT(goal.sort().is_bool());
  return state_->run(goal, true);
}

Answer Solver::satisfiable(Term condition) {
  const Answer answer = state_->run(condition, false);
  if (answer == Answer::valid) return Answer::invalid;
  if (answer == Answer::invalid) return Answer::valid;
  return Answer::unknown;
}

const Valuation& Solver::model() const { return state_->model; }
const std::string& Solver::unknown_reason() const { return state_->reason; }
const SolverStatistics& Solver::statistics() const { return state_->statistics; }
std::string Solver::last_query_smt2() const { return state_->query; }

std::string solver_version() {
  unsigned major = 0, minor = 0, build = 0, revision = 0;
  Z3_get_version(&major, &minor, &build, &revision);
  return "Z3 " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(build);
}

}  // namespace ir
