// SPDX-License-Identifier: Apache-2.0
// See candidates.hpp.
#include "validator/search/candidates.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "validator/check/case_split.hpp"
#include "validator/check/loops.hpp"

namespace validator::search {

using check::Place;
using check::State;
using ir::Term;

namespace {

constexpr std::int64_t factors[] = {1, -1, 2, 4, 8, 16, 24, 32, 3, -2, -4, -8, -16, 12, 48, 64, 9, -9};

struct Symbol {
  Term symbol;  ///< name@K
  Term first;   ///< its value at the first arrival
};

/// What both sides know when they first arrive: values that were merged on other paths fold under it.
check::CaseFacts first_facts(Session& session, std::size_t cut) {
  check::CaseFacts facts;
  facts.assume(session.source->first_states.at(cut).path);
  facts.assume(session.binary->first_states.at(cut).path);
  return facts;
}

ir::Substitution first_values(Session& session, std::size_t cut, check::CaseFacts& facts) {
  ir::Substitution values = session.source->cut_substitution(cut, session.source->first_states.at(cut));
  if (facts.contradiction()) return values;
  for (auto& [symbol, value] : values) {
    if (!symbol.sort().is_memory()) value = facts.rewrite(value);
  }
  return values;
}

/// Every source quantity that may explain a binary value at a cut.
std::vector<Symbol> symbols_at(Session& session, std::size_t cut) {
  std::vector<Symbol> result;
  check::CaseFacts facts = first_facts(session, cut);
  const auto arriving = first_values(session, cut, facts);
  for (const auto& [symbol, value] : arriving) {
    if (!symbol.sort().is_memory()) result.push_back({symbol, value});
  }
  std::sort(result.begin(), result.end(),
            [](const Symbol& a, const Symbol& b) { return a.symbol.name() < b.symbol.name(); });
  return result;
}

/// Loads that the source makes from the general state of the cut: (path-free) address terms with widths.
std::vector<Term> loads_at(const Session& session, std::size_t cut) {
  std::vector<Term> result;
  const State& general = session.source->cut_states.at(cut);
  for (const check::Access& access : session.source->accesses) {
    if (access.touch_only || access.bytes > 8) continue;
    result.push_back(ir::load(general.memory, access.address, static_cast<unsigned>(access.bytes)));
    if (result.size() > 64) break;
  }
  return result;
}

struct ById {
  bool operator()(Term a, Term b) const { return a.id() < b.id(); }
};

/// Variables that the source can know at the cut, and the stack pointer; anything else in a register is left over from
/// the caller.
std::set<Term, ById> source_variables(Session& session, std::size_t cut) {
  std::set<Term, ById> result{ir::var("SP", ir::Sort::bitvec(64))};
  auto add = [&](Term term) {
    if (!term) return;
    for (Term variable : ir::variables_of(term)) result.insert(variable);
  };
  for (const State* state : {&session.source->first_states.at(cut), &session.source->cut_states.at(cut)}) {
    for (Term value : state->variables) add(value);
    for (const auto& [byte, stored] : state->bytes) add(stored.byte());
    add(state->memory);
    add(state->path);
  }
  return result;
}

std::size_t summands(Term term) { return term.is_constant() ? 0 : term.is(ir::Op::sum) ? term.args().size() : 1; }

/// The term with whole subterms replaced.
Term renamed(Term term, const std::unordered_map<Term, Term>& names, std::unordered_map<Term, Term>& memo) {
  if (auto found = names.find(term); found != names.end()) return found->second;
  if (term.args().empty()) return term;
  if (auto found = memo.find(term); found != memo.end()) return found->second;
  std::vector<Term> args;
  for (Term arg : term.args()) args.push_back(renamed(arg, names, memo));
  const Term result = ir::rebuild(term, args);
  memo.emplace(term, result);
  return result;
}

/// What is added on each way round, when that is one constant.
std::optional<Term> step_of(Term before, Term after) {
  const Term step = ir::sub(after, before);
  return step.is_constant() ? std::optional(step) : std::nullopt;
}

/// How many times faster than the symbol the place moves, for symbols that move by one: on each way round.
std::vector<std::int64_t> speeds(Session& session, std::size_t cut, const Place& place, Term symbol, unsigned bits) {
  std::vector<std::int64_t> result;
  const auto theirs = session.source->back_arrivals.find(cut);
  const auto ours = session.binary->back_arrivals.find(cut);
  if (theirs == session.source->back_arrivals.end() || ours == session.binary->back_arrivals.end()) return result;
  const auto arriving = session.source->cut_substitution(cut, theirs->second);
  const auto after = arriving.find(symbol);
  if (after == arriving.end()) return result;
  const auto slow = step_of(symbol, after->second);
  if (!slow) return result;
  State general = session.binary->cut_states.at(cut);
  const Term before = session.binary->place_value(general, place);
  for (State& state : ours->second) {
    const auto fast = step_of(before, session.binary->place_value(state, place));
    if (!fast) continue;
    const std::int64_t direction = slow->value() == 1                                        ? 1
                                   : *slow == ir::bv(ir::mask(slow->width()), slow->width()) ? -1
                                                                                             : 0;
    const std::int64_t speed = direction * static_cast<std::int64_t>(ir::resize(*fast, bits, true).value64());
    if (speed != 0 && std::find(result.begin(), result.end(), speed) == result.end()) result.push_back(speed);
  }
  return result;
}

}  // namespace

std::vector<Term> candidate_relations(Session& session, std::size_t cut, const Place& place) {
  State first = session.binary->first_states.at(cut);
  check::CaseFacts facts = first_facts(session, cut);
  const Term unfolded = session.binary->place_value(first, place);
  const Term at_first = facts.contradiction() ? unfolded : facts.rewrite(unfolded);
  const unsigned bits = at_first.width();
  const auto arriving = first_values(session, cut, facts);
  std::vector<Term> result;
  const std::set<Term, ById> meaningful = source_variables(session, cut);
  auto add = [&](Term relation) {
    if (relation.sort() != at_first.sort()) return;
    for (Term variable : ir::variables_of(relation)) {
      if (!meaningful.contains(variable)) return;
    }
    const Term now = ir::substitute(relation, arriving);
    if (now != at_first && (facts.contradiction() || facts.rewrite(now) != at_first)) return;
    if (std::find(result.begin(), result.end(), relation) == result.end()) result.push_back(relation);
  };
  if (at_first.sort().is_bool()) {
    for (const Symbol& symbol : symbols_at(session, cut)) {
      if (symbol.symbol.sort().is_bool()) add(symbol.symbol);
    }
    return result;
  }
  std::vector<Term> wide;
  const std::vector<Symbol> symbols = symbols_at(session, cut);
  for (const Symbol& symbol : symbols) {
    if (symbol.symbol.sort().is_bool()) {
      add(ir::bool_to_bv(symbol.symbol, bits));
      add(ir::bool_to_bv(ir::logical_not(symbol.symbol), bits));
    }
    if (!symbol.symbol.sort().is_bitvec()) continue;
    if (symbol.symbol.width() > bits) {
      wide.push_back(ir::extract(bits - 1, 0, symbol.symbol));
    } else {
      wide.push_back(ir::zext(symbol.symbol, bits));
      if (symbol.symbol.width() < bits) wide.push_back(ir::sext(symbol.symbol, bits));
      if (symbol.symbol.width() < 32 && bits == 64) wide.push_back(ir::zext(ir::sext(symbol.symbol, 32), 64));
    }
  }
  for (Term term : wide) add(term);
  // A field of a word that changes.
  const bool extended = at_first.is(ir::Op::concat) && at_first.args().size() == 2 && at_first.arg(0).is_constant();
  if (const Term field = extended ? at_first.arg(1) : at_first; field.is(ir::Op::extract)) {
    for (const Symbol& symbol : symbols) {
      if (!symbol.symbol.sort().is_bitvec() || symbol.symbol.width() <= field.hi()) continue;
      add(ir::zext(ir::extract(field.hi(), field.lo(), symbol.symbol), bits));
    }
  }
  // The place is computed from what the loop changes: the same computation of the symbols.
  std::unordered_map<Term, Term> naming;
  for (const Symbol& symbol : symbols) {
    if (symbol.first.is_constant()) continue;
    naming.emplace(symbol.first, symbol.symbol);
    std::unordered_map<Term, Term> memo;
    add(renamed(at_first, {{symbol.first, symbol.symbol}}, memo));
  }
  std::unordered_map<Term, Term> memo;
  add(renamed(at_first, naming, memo));
  for (Term load : loads_at(session, cut)) {
    if (load.width() <= bits) {
      add(ir::zext(load, bits));
      if (load.width() < bits) add(ir::sext(load, bits));
    }
  }
  for (Term term : wide) {
    const auto of = ir::variables_of(term);
    const auto moves_with = [&](std::int64_t factor, bool is_known) {
      const Term scaled = ir::mul(ir::bv(static_cast<std::uint64_t>(factor), bits), term);
      const Term rest = ir::sub(at_first, ir::substitute(scaled, arriving));
      if (!is_known && summands(rest) > summands(at_first)) return;
      add(ir::add(scaled, rest));
      if (bits == 64) {
        // A 32-bit counter: the upper half is zero.
        const Term low = ir::extract(31, 0, ir::add(scaled, rest));
        add(ir::zext(low, 64));
      }
    };
    for (const std::int64_t speed : speeds(session, cut, place, of.front(), bits)) moves_with(speed, true);
    for (const std::int64_t factor : factors) moves_with(factor, false);
  }
  return result;
}

namespace {

unsigned constant_low_bits(Term term) {
  unsigned bits = 0;
  while (bits < term.width() && ir::extract(bits, 0, term).is_constant()) ++bits;
  return bits;
}

unsigned zero_low_bits(Term term) {
  unsigned bits = 0;
  while (bits < term.width() && ir::extract(bits, 0, term) == ir::bv(0, bits + 1)) ++bits;
  return bits;
}

/// Bits of a set that a loop collects, at most, for their bound to be guessed.
constexpr unsigned collected_bits = 8;

/// Does the loop set bits of the symbol? A compiler knows from how often which bits stay zero.
bool collects_bits(Term next, Term symbol) {
  std::set<std::uint32_t> seen;
  std::vector<Term> work{next};
  while (!work.empty()) {
    const Term at = work.back();
    work.pop_back();
    if (!at.sort().is_bitvec() || !seen.insert(at.id()).second) continue;
    const auto args = at.args();
    if (at.is(ir::Op::bit_or) && std::find(args.begin(), args.end(), symbol) != args.end()) return true;
    work.insert(work.end(), args.begin(), args.end());
  }
  return false;
}

/// Variables that move by constants keep their distance: what one has counted, all have, each at its own speed.
std::vector<Term> kept_distances(const std::vector<Symbol>& symbols, const ir::Substitution& after) {
  struct Moving {
    Term distance;  ///< from where it was at first
    std::int64_t step = 0;
  };
  std::vector<Moving> moving;
  for (const Symbol& symbol : symbols) {
    if (symbol.symbol.sort() != ir::Sort::bitvec(64)) continue;
    const auto next = after.find(symbol.symbol);
    const auto step = next == after.end() ? std::nullopt : step_of(symbol.symbol, next->second);
    if (!step || step->value64() == 0) continue;
    moving.push_back({ir::sub(symbol.symbol, symbol.first), static_cast<std::int64_t>(step->value64())});
  }
  std::vector<Term> result;
  const auto counter = std::find_if(moving.begin(), moving.end(), [](const Moving& one) { return one.step == 1 || one.step == -1; });
  if (counter == moving.end()) return result;
  for (const Moving& other : moving) {
    if (&other == &*counter) continue;
    const auto speed = static_cast<std::uint64_t>(other.step * counter->step);
    result.push_back(ir::eq(other.distance, ir::mul(ir::bv(speed, 64), counter->distance)));
  }
  return result;
}

}  // namespace

Term inclusive(Term bound) {
  if (std::none_of(bound.args().begin(), bound.args().end(), [](Term side) { return side.is_variable(); })) return Term();
  if (bound.is(ir::Op::ult)) return ir::ule(bound.arg(0), bound.arg(1));
  if (bound.is(ir::Op::slt)) return ir::sle(bound.arg(0), bound.arg(1));
  return Term();
}

std::vector<Term> candidate_invariants(Session& session, std::size_t cut) {
  std::vector<Term> result;
  // What says nothing about the loop's own state is known from its entry, or useless.
  const std::string suffix = "@" + std::to_string(cut);
  auto add = [&](Term term) {
    const auto variables = ir::variables_of(term);
    const bool about_loop = std::any_of(variables.begin(), variables.end(), [&](Term variable) {
      return variable.name().ends_with(suffix) && !variable.name().starts_with("at@");
    });
    if (about_loop && std::find(result.begin(), result.end(), term) == result.end()) result.push_back(term);
  };
  const auto back = session.source->back_arrivals.find(cut);
  if (back == session.source->back_arrivals.end()) return result;
  // A condition on the values that arrive is generalised by naming those values.
  std::unordered_map<Term, Term> values;
  for (const auto& [symbol, value] : session.source->cut_substitution(cut, back->second)) {
    if (!symbol.sort().is_memory() && !value.is_constant()) values.emplace(value, symbol);
  }
  std::unordered_map<Term, Term> memo;
  std::vector<Term> conjuncts;
  if (back->second.path.is(ir::Op::logical_and)) {
    conjuncts.assign(back->second.path.args().begin(), back->second.path.args().end());
  }
  for (Term conjunct : conjuncts) {
    if (conjunct.is_variable()) continue;
    add(renamed(conjunct, values, memo));
    add(conjunct);
  }
  // The loop's own tests, which hold (or not) at every visit when the loop is rotated behind them.
  const ir::Graph& graph = session.source->function().graph;
  for (const check::Loop& loop : check::find_loops(graph)) {
    if (loop.header != session.certificate->cuts[cut].source_header) continue;
    for (ir::Graph::NodeId node : loop.body) {
      const auto* test = std::get_if<ir::Cond>(&graph.at(node).node);
      if (!test) continue;
      const Term condition = session.source->value(session.source->cut_states.at(cut), test->condition);
      add(condition);
      add(ir::logical_not(condition));
    }
  }
  // Bounds matter for what decides how the loop goes on, and for what the binary computes from.
  std::set<Term, ById> deciding;
  auto matters = [&](Term term) {
    for (Term variable : ir::variables_of(term)) deciding.insert(variable);
  };
  matters(back->second.path);
  for (const auto& [place, relation] : session.certificate->cuts[cut].relations) matters(relation);
  const auto after = session.source->cut_substitution(cut, back->second);
  const std::vector<Symbol> symbols = symbols_at(session, cut);
  for (Term distance : kept_distances(symbols, after)) add(distance);
  for (const Symbol& symbol : symbols) {
    if (!symbol.symbol.sort().is_bitvec()) continue;
    if (const auto next = after.find(symbol.symbol); next != after.end() && collects_bits(next->second, symbol.symbol)) {
      for (unsigned bits = 1; bits <= collected_bits && bits < symbol.symbol.width(); ++bits) {
        add(ir::eq(ir::extract(symbol.symbol.width() - 1, bits, symbol.symbol), ir::bv(0, symbol.symbol.width() - bits)));
      }
    }
    if (!deciding.contains(symbol.symbol)) continue;
    if (const auto next = after.find(symbol.symbol); next != after.end()) {
      const unsigned bits =
          std::min(constant_low_bits(symbol.first), zero_low_bits(ir::sub(next->second, symbol.symbol)));
      if (bits != 0) add(ir::eq(ir::extract(bits - 1, 0, symbol.symbol), ir::extract(bits - 1, 0, symbol.first)));
    }
    add(ir::ule(symbol.first, symbol.symbol));
    add(ir::ule(symbol.symbol, symbol.first));
  }
  return result;
}

}  // namespace validator::search
