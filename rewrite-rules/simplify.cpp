// SPDX-License-Identifier: Apache-2.0
// The rule set that is built in: the text that `symbolon-prove-rules --embed` wrote after it had proved every rule.
#include "rewrite-rules/rules.hpp"
#include "rewrite-rules/embedded.hpp"

namespace rules {
namespace {

Rewriter& shared_rewriter() {
  static Rewriter rewriter(built_in());
  return rewriter;
}

}  // namespace

const RuleSet& built_in() {
  static const RuleSet set = [] {
    ir::Result<RuleSet> parsed = parse(embedded_text(), "built-in");
    IR_ASSERT(parsed);
    return *parsed;
  }();
  return set;
}

ir::Term simplify(ir::Term term) { return shared_rewriter()(term); }
const Applications& simplify_applications() { return shared_rewriter().applications(); }
void reset_simplify() { shared_rewriter().reset(); }

}  // namespace rules
