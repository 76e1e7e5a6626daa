// SPDX-License-Identifier: Apache-2.0
// Rewrite rules: fixed equalities of the graph language as data (*.rules), each with a proof and a wrong twin.
//
// What may be trusted: a rule set from built_in() was proved, rule by rule, by the build. A rule set from load() or
// parse() is an allegation of its file until prove() says otherwise. The matcher is not trusted: it only proposes values
// for the pattern variables, and a rule fires only if the pattern built from them *is* the subject (same node).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/result.hpp"
#include "ir/term.hpp"

namespace rules {

/// What `rules list` shows of one rule.
struct RuleInfo {
  std::string name;
  std::string origin;            ///< where the idiom is from
  std::vector<unsigned> widths;  ///< values of w, in bits, for which the rule is claimed
  std::string match;             ///< text as in the file, white space collapsed
  std::string result;
  std::size_t instances = 0;     ///< number of (width, integer parameter) combinations
  ir::Location where;
};

/// A parsed and type-checked set of rules, in order of file and position. Cheap to copy (shared, immutable).
class RuleSet {
 public:
  struct Content;
  explicit RuleSet(std::shared_ptr<const Content> content);

  std::vector<RuleInfo> list() const;
  /// The files' text, in order: input of the verdict cache's key.
  const std::string& text() const;
  const Content& content() const { return *content_; }

 private:
  std::shared_ptr<const Content> content_;
};

/// Reads rule files. Errors ("rules-syntax", "rules-type") name the rule, file, line, column and what was expected.
ir::Result<RuleSet> load(const std::vector<std::string>& files);
ir::Result<RuleSet> parse(std::string_view text, const std::string& file);

/// The rules of rewrite-rules/*.rules as the build proved and embedded them.
const RuleSet& built_in();

/// How often each rule fired, by name: for the ledger and the certificate.
using Applications = std::map<std::string, std::uint64_t>;

/// Applies rules bottom-up until none matches. Each rule decreases a weight, and the number of applications at one node
/// is bounded, so the result is deterministic for equal term and rule set. Any sort; the meaning stays.
class Rewriter {
 public:
  explicit Rewriter(RuleSet rules);
  ~Rewriter();
  Rewriter(Rewriter&&) noexcept;
  Rewriter& operator=(Rewriter&&) noexcept;

  ir::Term operator()(ir::Term term);
  const Applications& applications() const;
  /// Forgets memo and counts, so that the counts of one function do not depend on what was rewritten before it.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

ir::Term rewrite(ir::Term term, const RuleSet& rules, Applications* fired = nullptr);

/// rewrite() with the built-in rules and a memo that lives until reset_simplify() or the end of the process.
ir::Term simplify(ir::Term term);
const Applications& simplify_applications();
void reset_simplify();

/// What the prover of rules found out about one rule.
enum class RuleVerdict : std::uint8_t {
  proved,         ///< sound at every claimed width, and the wrong twin was refuted at each of them
  unsound,        ///< `text` has the counterexample
  wrong_not_refuted,  ///< the wrong twin is right (or the conditions are too strong to tell)
  vacuous,        ///< no instance satisfies the side conditions at some claimed width
  redundant,      ///< the constructors already make both sides the same term, so the rule is dead
  not_decreasing,  ///< the result is not lighter than the pattern
  unmatchable,     ///< the rule does not fire on its own pattern
  undecided       ///< the solver gave up; counts as a failure
};
std::string_view verdict_name(RuleVerdict verdict);

struct RuleProof {
  std::string name;
  RuleVerdict verdict = RuleVerdict::undecided;
  std::string text;             ///< why, with the counterexample's values
  std::string wrong_refuted;    ///< values that refute the wrong twin
  std::uint64_t instances = 0;  ///< (width, integer parameter) combinations proved by the solver
  std::uint64_t already_equal = 0;  ///< of these: both sides are the same term after construction
  std::uint64_t exhaustive_points = 0;  ///< input vectors that the independent evaluator compared
  std::uint64_t solver_units = 0;
  ir::Location where;
};

struct ProofReport {
  std::vector<RuleProof> rules;
  bool ok() const;  ///< every rule is `proved`, and there is at least one
};

ProofReport prove(const RuleSet& rules);
ir::Result<ProofReport> prove_file(const std::string& path);

/// Tables for the terminal: `rules list`, `rules prove`.
std::string to_text(const std::vector<RuleInfo>& rules);
std::string to_text(const ProofReport& report);

}  // namespace rules
