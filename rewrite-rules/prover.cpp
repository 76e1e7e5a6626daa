// SPDX-License-Identifier: Apache-2.0
// The prover of rules. Three voices, none of which may disagree:
//  1. Z3 on the rule as written, for each claimed width and integer parameter. Every operator of the rule is applied to
//     variables only (each sub-expression gets a name and a defining equation), so ir's constructors have nothing to
//     normalise and a mistake in them cannot make two sides equal here.
//  2. The language's own evaluator: by samples at the claimed widths, and exhaustively at widths 1 to 6. A rule that is
//     claimed for a width above 6 must also hold there, or say why not in `when:`.
//  3. ir's evaluator on the normalised terms that the matcher uses, on the same samples.
// The wrong twin must be refuted at every claimed width by an input that the evaluator confirms.
#include <algorithm>
#include <fstream>
#include <optional>
#include <span>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "ir/smt.hpp"
#include "rewrite-rules/content.hpp"
#include "rewrite-rules/matcher.hpp"
#include "rewrite-rules/samples.hpp"

namespace rules {
namespace {

using ir::Term;

constexpr unsigned small_widths = 6;
constexpr std::uint64_t small_limit = 1 << 18;   // vectors for one instance at a small width
constexpr std::uint64_t sample_limit = 32;       // vectors for one instance at a claimed width
constexpr std::uint64_t search_limit = 4096;     // vectors before the solver is asked for a witness
constexpr std::size_t batch = 8;                 // instances in one query
constexpr std::uint64_t fire_limit = 4096;       // vectors among which the rule must fire once on its own pattern
constexpr unsigned refire_limit = 16;            // results on which a rule of equal weight must not fire again

/// The rule with every sub-expression named. Names are per slot, side and position: definitions never clash.
class Flattened {
 public:
  Flattened(const Instance& instance, std::size_t slot, ir::Solver& solver)
      : solver_(solver), prefix_("flat." + std::to_string(slot) + ".") {
    for (const RawVariable& v : instance.variables) variables_.push_back(named("v." + v.name, v.sort));
    conditions_ = ir::boolean(true);
    for (std::size_t i = 0; i < instance.conditions.size(); ++i) {
      conditions_ = ir::logical_and(conditions_, (*this)(instance.conditions[i], "c" + std::to_string(i)));
    }
  }

  Term conditions() const { return conditions_; }

  Term operator()(const Raw& raw, const std::string& side) {
    std::vector<Term> names;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const RawNode& node = raw[i];
      if (node.kind == RawNode::Kind::variable) {
        names.push_back(variables_[node.variable]);
        continue;
      }
      names.push_back(named(side + "." + std::to_string(i), node.sort));
      Raw single;
      std::vector<Term> operands;
      if (node.kind == RawNode::Kind::apply) {
        RawNode copy = node;
        for (std::size_t k = 0; k < node.args.size(); ++k) {
          RawNode operand;
          operand.kind = RawNode::Kind::variable;
          operand.sort = raw[node.args[k]].sort;
          operand.variable = k;
          single.push_back(operand);
          operands.push_back(names[node.args[k]]);
          copy.args[k] = k;
        }
        single.push_back(copy);
      } else {
        single.push_back(node);
      }
      solver_.assume(ir::eq(names[i], build(single, operands)));
    }
    return names.back();
  }

  Vector values(const ir::Valuation& model) const {
    Vector out;
    for (Term v : variables_) {
      const auto found = model.scalars.find(v);
      out.push_back(found == model.scalars.end() ? 0 : found->second);
    }
    return out;
  }

 private:
  Term named(const std::string& name, ir::Sort sort) const {
    return ir::var(prefix_ + name + ":" + std::to_string(sort.width), sort);
  }

  ir::Solver& solver_;
  std::string prefix_;
  std::vector<Term> variables_;
  Term conditions_;
};

class RuleProver {
 public:
  RuleProver(std::size_t index, const RuleSyntax& rule, ir::Solver& solver) : index_(index), rule_(rule), solver_(solver) {
    proof_.name = rule.name;
    proof_.where = rule.where;
    proof_.verdict = RuleVerdict::proved;
  }

  RuleProof run() {
    const std::uint64_t units_before = solver_.statistics().resource_units;
    check_small_widths();
    std::vector<Instance> meaningful;
    for (unsigned width : rule_.widths) {
      if (proved()) check_width(width, meaningful);
    }
    for (std::size_t begin = 0; begin < meaningful.size() && proved(); begin += batch) {
      const std::size_t end = std::min(begin + batch, meaningful.size());
      check_solver({meaningful.data() + begin, end - begin});
    }
    proof_.solver_units = solver_.statistics().resource_units - units_before;
    return proof_;
  }

 private:
  bool proved() const { return proof_.verdict == RuleVerdict::proved; }

  void fail(RuleVerdict verdict, const std::string& text) {
    if (!proved()) return;
    proof_.verdict = verdict;
    proof_.text = text;
  }

  void unsound(const Instance& instance, const Vector& values) {
    fail(RuleVerdict::unsound, describe(instance, values) + ": match is " + hex(evaluate(instance.match, values)) +
                                   ", result is " + hex(evaluate(instance.result, values)));
  }

  void check_small_widths() {
    const bool general = *std::max_element(rule_.widths.begin(), rule_.widths.end()) > small_widths;
    for (unsigned width = 1; width <= small_widths && proved(); ++width) {
      const bool claimed = std::find(rule_.widths.begin(), rule_.widths.end(), width) != rule_.widths.end();
      if (!general && !claimed) continue;
      ir::Result<std::vector<Instance>> instances = instantiate(rule_, width);
      if (!instances) continue;  // a literal or slice does not fit this width, and the rule is not claimed for it
      for (const Instance& instance : *instances) {
        for_each_input(instance, small_limit, [&](const Vector& values) {
          ++proof_.exhaustive_points;
          if (evaluate(instance.match, values) != evaluate(instance.result, values)) unsound(instance, values);
          return proved();
        });
      }
    }
  }

  /// Everything but the solver's proof; appends the instances that have an input at all.
  void check_width(unsigned width, std::vector<Instance>& meaningful) {
    ir::Result<std::vector<Instance>> instances = instantiate(rule_, width);
    if (!instances) {
      fail(RuleVerdict::undecided, instances.error().to_string());
      return;
    }
    const std::size_t before = meaningful.size();
    unsigned usable = 0;
    bool wrong_refuted = false;
    for (const Instance& instance : *instances) {
      if (!proved()) return;
      const Compiled compiled = compile(index_, instance);
      check_samples(instance, compiled);
      if (!proved() || !has_input(instance)) continue;
      if (check_use(instance, compiled)) ++usable;
      wrong_refuted = wrong_refuted || refute_wrong(instance);
      meaningful.push_back(instance);
    }
    const std::string at = "at w=" + std::to_string(width);
    if (meaningful.size() == before) fail(RuleVerdict::vacuous, "no input satisfies the conditions " + at);
    if (usable == 0) fail(RuleVerdict::redundant, "the constructors already make both sides the same term " + at);
    if (!wrong_refuted) fail(RuleVerdict::wrong_not_refuted, "no input tells the wrong twin from the pattern " + at);
  }

  void check_samples(const Instance& instance, const Compiled& compiled) {
    const Term match = build(instance.match, compiled.variables);
    const Term result = build(instance.result, compiled.variables);
    for_each_input(instance, sample_limit, [&](const Vector& values) {
      const ir::u128 expected = evaluate(instance.match, values);
      if (expected != evaluate(instance.result, values)) unsound(instance, values);
      ir::Valuation valuation;
      for (std::size_t i = 0; i < values.size(); ++i) valuation.scalars[compiled.variables[i]] = values[i];
      if (proved() && (ir::evaluate(match, valuation) != expected || ir::evaluate(result, valuation) != expected)) {
        fail(RuleVerdict::undecided, describe(instance, values) + ": the normalised term has another value than the rule");
      }
      return proved();
    });
  }

  /// Is there an input that satisfies the conditions? By trying, then by the solver.
  bool has_input(const Instance& instance) {
    if (instance.conditions.empty()) return true;
    bool found = false;
    for_each_input(instance, search_limit, [&](const Vector&) {
      found = true;
      return false;
    });
    if (found) return true;
    solver_.push();
    Flattened flat(instance, 0, solver_);
    const ir::Answer answer = solver_.satisfiable(flat.conditions());
    if (answer == ir::Answer::unknown) fail(RuleVerdict::undecided, instance.describe() + ": " + solver_.unknown_reason());
    solver_.pop();
    return answer == ir::Answer::valid;
  }

  /// One query for several instances, as most of a small query's time is the solver's start. A query that is not valid is
  /// taken apart, so that the message names the instance.
  void check_solver(std::span<const Instance> instances) {
    solver_.push();
    std::vector<Flattened> flat;
    std::vector<Term> goals;
    for (std::size_t i = 0; i < instances.size(); ++i) {
      Flattened& names = flat.emplace_back(instances[i], i, solver_);
      const Term match = names(instances[i].match, "m");
      goals.push_back(ir::implies(names.conditions(), ir::eq(match, names(instances[i].result, "r"))));
    }
    const ir::Answer answer = solver_.prove(ir::logical_and(goals));
    if (answer == ir::Answer::valid) {
      proof_.instances += instances.size();
    } else if (instances.size() == 1) {
      if (answer == ir::Answer::invalid) unsound(instances[0], flat[0].values(solver_.model()));
      fail(RuleVerdict::undecided, instances[0].describe() + ": " + solver_.unknown_reason());
    }
    solver_.pop();
    if (answer == ir::Answer::valid || instances.size() == 1) return;
    for (std::size_t i = 0; i < instances.size() && proved(); ++i) check_solver(instances.subspan(i, 1));
  }

  /// Is the instance worth having, and does it fire on its own pattern?
  bool check_use(const Instance& instance, const Compiled& compiled) {
    switch (compiled.usability) {
      case Usability::usable:
        break;
      case Usability::already_equal:
        ++proof_.already_equal;
        return false;
      case Usability::unmatchable:
        fail(RuleVerdict::unmatchable, instance.describe() + ": the pattern's normal form " +
                                           "does not have all variables that result and conditions need");
        return false;
      case Usability::not_decreasing:
        fail(RuleVerdict::not_decreasing,
             instance.describe() + ": the result weighs " + std::to_string(weight(compiled.result, compiled)) +
                 ", the pattern only " + std::to_string(weight(compiled.match, compiled)));
        return false;
    }
    const bool lighter = weight(compiled.result, compiled) < weight(compiled.match, compiled);
    bool fires = false;
    unsigned results = 0;
    for_each_input(instance, fire_limit, [&](const Vector& values) {
      ir::Substitution subjects;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const RawVariable& v = instance.variables[i];
        subjects[compiled.variables[i]] =
            v.is_constant ? ir::bv(values[i], v.sort.width)
                          : ir::var("subject." + v.name + ":" + std::to_string(v.sort.width), v.sort);
      }
      if (compiled.first && subjects[compiled.first].id() > subjects[compiled.second].id()) {
        std::swap(subjects[compiled.first], subjects[compiled.second]);
      }
      const std::optional<Term> once = apply_at_root(compiled, ir::substitute(compiled.match, subjects));
      fires = fires || once;
      if (once && !lighter && apply_at_root(compiled, *once)) {
        fail(RuleVerdict::not_decreasing, instance.describe() + ": the result is as heavy as the pattern, and the rule fires on it");
      }
      return proved() && (!fires || (!lighter && ++results < refire_limit));
    });
    if (!fires) fail(RuleVerdict::unmatchable, instance.describe() + ": the rule does not fire on its own pattern");
    return fires;
  }

  bool refute_wrong(const Instance& instance) {
    std::optional<Vector> witness;
    for_each_input(instance, search_limit, [&](const Vector& values) {
      if (evaluate(instance.match, values) != evaluate(instance.wrong, values)) witness = values;
      return !witness;
    });
    if (!witness) witness = refute_wrong_by_solver(instance);
    if (!witness) return false;
    if (proof_.wrong_refuted.empty()) {
      proof_.wrong_refuted = describe(instance, *witness) + ": match is " + hex(evaluate(instance.match, *witness)) +
                             ", wrong is " + hex(evaluate(instance.wrong, *witness));
    }
    return true;
  }

  /// The solver's model counts only if the evaluator sees the difference too.
  std::optional<Vector> refute_wrong_by_solver(const Instance& instance) {
    solver_.push();
    Flattened flat(instance, 0, solver_);
    const Term match = flat(instance.match, "m");
    const Term wrong = flat(instance.wrong, "x");
    std::optional<Vector> witness;
    if (solver_.prove(ir::implies(flat.conditions(), ir::eq(match, wrong))) == ir::Answer::invalid) {
      witness = flat.values(solver_.model());
      bool real = evaluate(instance.match, *witness) != evaluate(instance.wrong, *witness);
      for (const Raw& condition : instance.conditions) real = real && evaluate(condition, *witness) != 0;
      if (!real) witness.reset();
    }
    solver_.pop();
    return witness;
  }

  std::size_t index_;
  const RuleSyntax& rule_;
  RuleProof proof_;
  ir::Solver& solver_;
};

}  // namespace

ProofReport prove(const RuleSet& rules) {
  ProofReport report;
  const RuleSet::Content& content = rules.content();
  ir::Solver solver;
  for (std::size_t i = 0; i < content.rules.size(); ++i) {
    report.rules.push_back(RuleProver(i, content.rules[i], solver).run());
  }
  return report;
}

ir::Result<ProofReport> prove_file(const std::string& path) {
  ir::Result<RuleSet> rules = load({path});
  if (!rules) return rules.error();
  return prove(*rules);
}

bool ProofReport::ok() const {
  return !rules.empty() && std::all_of(rules.begin(), rules.end(),
                                       [](const RuleProof& proof) { return proof.verdict == RuleVerdict::proved; });
}

}  // namespace rules
