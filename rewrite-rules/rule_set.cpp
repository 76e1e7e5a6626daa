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

/// What an operator costs a reader and a solver. Constants and variables weigh 1.
std::uint64_t own_weight(Term term) {
  switch (term.op()) {
    case Op::constant:
    case Op::variable:
    case Op::logical_not:
      return 1;
    case Op::extract:
    case Op::concat:
    case Op::sext:
    case Op::equal:
    case Op::ult:
    case Op::slt:
    case Op::logical_and:
      return 2;
    case Op::ite:
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return 3;
    case Op::shl:
    case Op::lshr:
    case Op::ashr:
      return 6;
    case Op::mul:
    case Op::clz:
      return 12;
    case Op::udiv:
    case Op::sdiv:
    case Op::urem:
    case Op::srem:
      return 20;
    case Op::sum: {
      std::uint64_t out = 2 + (term.offset() != 0 ? 1 : 0);
      for (ir::u128 c : term.coefficients()) out += c != 1 ? 1 : 0;
      return out;
    }
    default:
      return 4;
  }
}

std::uint64_t tree_weight(Term term, std::unordered_map<Term, std::uint64_t>& memo) {
  const auto found = memo.find(term);
  if (found != memo.end()) return found->second;
  std::uint64_t out = own_weight(term);
  for (Term arg : term.args()) out = std::min(heavy, out + tree_weight(arg, memo));
  memo.emplace(term, out);
  return out;
}

std::uint64_t occurrences(Term term, Term variable, std::unordered_map<Term, std::uint64_t>& memo) {
  if (term == variable) return 1;
  const auto found = memo.find(term);
  if (found != memo.end()) return found->second;
  std::uint64_t out = 0;
  for (Term arg : term.args()) out = std::min(heavy, out + occurrences(arg, variable, memo));
  memo.emplace(term, out);
  return out;
}

Usability usability(const Compiled& instance) {
  if (instance.match == instance.result) return Usability::already_equal;
  if (instance.match.is_variable() || instance.match.is_constant()) return Usability::unmatchable;
  const std::vector<Term> bound = ir::variables_of(instance.match);
  const auto is_bound = [&](Term v) { return std::find(bound.begin(), bound.end(), v) != bound.end(); };
  std::vector<Term> needed = ir::variables_of(instance.result);
  for (Term condition : instance.conditions) {
    for (Term v : ir::variables_of(condition)) needed.push_back(v);
  }
  if (!std::all_of(needed.begin(), needed.end(), is_bound)) return Usability::unmatchable;
  for (Term v : needed) {
    std::unordered_map<Term, std::uint64_t> in_match, in_result;
    if (occurrences(instance.result, v, in_result) > occurrences(instance.match, v, in_match)) {
      return Usability::not_decreasing;
    }
  }
  return weight(instance.result) < weight(instance.match) ? Usability::usable : Usability::not_decreasing;
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

std::uint64_t weight(Term term) {
  std::unordered_map<Term, std::uint64_t> memo;
  return tree_weight(term, memo);
}

std::uint64_t root_key(Term term) {
  const ir::Sort sort = term.sort();
  return (static_cast<std::uint64_t>(term.op()) << 16) | (static_cast<std::uint64_t>(sort.kind) << 8) | sort.width;
}

Compiled compile(std::size_t rule, const Instance& instance) {
  Compiled out;
  out.rule = rule;
  out.variables = pattern_variables(instance);
  for (const RawVariable& variable : instance.variables) out.is_constant.push_back(variable.is_constant);
  for (const Raw& condition : instance.conditions) out.conditions.push_back(build(condition, out.variables));
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
