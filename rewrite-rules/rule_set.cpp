// SPDX-License-Identifier: Apache-2.0
// From files to a rule set.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "ir/build.hpp"
#include "rewrite-rules/content.hpp"

namespace rules {
namespace {

using ir::Op;
using ir::Term;

constexpr std::uint64_t heavy = std::uint64_t{1} << 40;  // where sums of weights stop growing
constexpr std::size_t max_total_instances = 40'000;

/// What an operator costs a reader and a solver. `not` is free: x and not x say the same. A choice with a constant is
/// written with the constant first.
std::uint64_t own_weight(Term term) {
  switch (term.op()) {
    case Op::logical_not:
      return 0;
    case Op::constant:
      return 1;
    case Op::variable:
      return 8;
    case Op::extract:
    case Op::concat:
    case Op::sext:
    case Op::equal:
    case Op::ult:
    case Op::slt:
    case Op::logical_and:
      return 2;
    case Op::ite:
      return term.arg(2).is_constant() && !term.arg(1).is_constant() ? 4 : 3;
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return 6;
    case Op::shl:
    case Op::lshr:
    case Op::ashr:
      return 8;
    case Op::mul:
    case Op::clz:
      return 12;
    case Op::udiv:
    case Op::sdiv:
    case Op::urem:
    case Op::srem:
      return 20;
    default:
      return 4;
  }
}

class Scale {
 public:
  explicit Scale(const Compiled& instance) : instance_(instance) {}

  std::uint64_t weight(Term term) {
    const auto found = memo_.find(term);
    if (found != memo_.end()) return found->second;
    std::uint64_t out = 1;
    if (term.is(Op::sum)) {
      out = weight_of_sum(term);
    } else if (!is_constant(term)) {
      out = own_weight(term);
      for (Term arg : term.args()) out = std::min(heavy, out + weight(arg));
    }
    memo_.emplace(term, out);
    return out;
  }

 private:
  /// One for each monomial, one for a coefficient, one for all constants together.
  std::uint64_t weight_of_sum(Term sum) {
    bool has_offset = sum.offset() != 0;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sum.args().size(); ++i) {
      if (is_constant(sum.arg(i))) {
        has_offset = true;
      } else {
        out = std::min(heavy, out + weight(sum.arg(i)) + (sum.coefficients()[i] != 1 ? 2 : 1));
      }
    }
    return out + (has_offset ? 1 : 0);
  }

  bool is_constant(Term term) const {
    if (term.is_constant()) return true;
    const std::vector<Term> used = ir::variables_of(term);
    return !used.empty() && std::all_of(used.begin(), used.end(), [&](Term v) {
      for (std::size_t i = 0; i < instance_.variables.size(); ++i) {
        if (instance_.variables[i] == v) return static_cast<bool>(instance_.is_constant[i]);
      }
      return false;
    });
  }

  const Compiled& instance_;
  std::unordered_map<Term, std::uint64_t> memo_;
};

Usability usability(const Compiled& instance) {
  if (instance.match == instance.result) return Usability::already_equal;
  if (instance.match.is_variable() || instance.match.is_constant()) return Usability::unmatchable;
  const std::vector<Term> bound = ir::variables_of(instance.match);
  const auto is_bound = [&](Term v) { return std::find(bound.begin(), bound.end(), v) != bound.end(); };
  std::vector<Term> needed = ir::variables_of(instance.result);
  for (Term condition : instance.conditions) {
    for (Term v : ir::variables_of(condition)) needed.push_back(v);
  }
  if (instance.first) needed.insert(needed.end(), {instance.first, instance.second});
  if (!std::all_of(needed.begin(), needed.end(), is_bound)) return Usability::unmatchable;
  const bool heavier = weight(instance.result, instance) > weight(instance.match, instance);
  return heavier ? Usability::not_decreasing : Usability::usable;
}

ir::Error error_in(const RuleSyntax& rule, const std::string& message) {
  return {"rules-type", "rule '" + rule.name + "': " + message, rule.where};
}

ir::Result<RuleSet> compile_all(std::string text, std::vector<RuleSyntax> rules) {
  auto content = std::make_shared<RuleSet::Content>();
  content->text = std::move(text);
  content->rules = std::move(rules);
  std::set<std::string> names;
  std::size_t total = 0;
  for (std::size_t r = 0; r < content->rules.size(); ++r) {
    const RuleSyntax& rule = content->rules[r];
    if (!names.insert(rule.name).second) return error_in(rule, "the name is taken by a rule of an earlier file");
    std::size_t count = 0;
    for (unsigned width : rule.widths) {
      ir::Result<std::vector<Instance>> instances = instantiate(rule, width);
      if (!instances) return instances.error();
      count += instances->size();
      total += instances->size();
      if (total > max_total_instances) return error_in(rule, "too many instances, expected at most 40000 in all");
      for (const Instance& instance : *instances) {
        Compiled compiled = compile(r, instance);
        if (compiled.usability != Usability::usable) continue;
        content->by_root[root_key(compiled.match)].push_back(content->compiled.size());
        content->compiled.push_back(std::move(compiled));
      }
    }
    content->instances.push_back(count);
  }
  return RuleSet(std::move(content));
}

}  // namespace

std::uint64_t weight(Term term, const Compiled& instance) { return Scale(instance).weight(term); }

std::uint64_t root_key(Term term) {
  std::uint64_t key = static_cast<std::uint64_t>(term.op());
  const auto append = [&](std::uint64_t byte) { key = key << 8 | byte; };
  append(static_cast<std::uint64_t>(term.sort().kind));
  append(term.width());
  append(term.is(Op::equal) || term.is(Op::ult) || term.is(Op::slt) ? term.arg(0).width() : 0);
  append(term.is(Op::extract) ? term.hi() : 0);
  append(term.is(Op::extract) ? term.lo() : 0);
  return key;
}

Compiled compile(std::size_t rule, const Instance& instance) {
  Compiled out;
  out.rule = rule;
  out.variables = pattern_variables(instance);
  for (const RawVariable& variable : instance.variables) out.is_constant.push_back(variable.is_constant);
  for (const Raw& condition : instance.conditions) out.conditions.push_back(build(condition, out.variables));
  if (instance.first != instance.second) {
    out.first = out.variables[instance.first];
    out.second = out.variables[instance.second];
  }
  out.match = build(instance.match, out.variables);
  out.result = build(instance.result, out.variables);
  if (out.match.is(Op::logical_not)) {
    out.match = ir::logical_not(out.match);
    out.result = ir::logical_not(out.result);
  }
  out.usability = usability(out);
  return out;
}

RuleSet::RuleSet(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

const std::string& RuleSet::text() const { return content_->text; }

std::vector<RuleInfo> RuleSet::list() const {
  std::vector<RuleInfo> out;
  for (std::size_t i = 0; i < content_->rules.size(); ++i) {
    const RuleSyntax& rule = content_->rules[i];
    out.push_back({rule.name, rule.origin, rule.widths, to_text(rule.match), to_text(rule.result),
                   content_->instances[i], rule.where});
  }
  return out;
}

ir::Result<RuleSet> parse(std::string_view text, const std::string& file) {
  ir::Result<std::vector<RuleSyntax>> rules = parse_syntax(text, file);
  if (!rules) return rules.error();
  return compile_all(std::string(text), std::move(*rules));
}

ir::Result<RuleSet> load(const std::vector<std::string>& files) {
  std::string all;
  std::vector<RuleSyntax> rules;
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || text.fail()) {
      return ir::Error{"rules-file", std::string("cannot read the rule file: ") + std::strerror(errno), {file, 0, 0}};
    }
    ir::Result<std::vector<RuleSyntax>> more = parse_syntax(text.str(), file);
    if (!more) return more.error();
    all += text.str();
    rules.insert(rules.end(), more->begin(), more->end());
  }
  return compile_all(std::move(all), std::move(rules));
}

}  // namespace rules
