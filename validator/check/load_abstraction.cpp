// SPDX-License-Identifier: Apache-2.0
// See load_abstraction.hpp.
#include "validator/check/load_abstraction.hpp"

#include <unordered_set>

#include <fmt/format.h>

namespace validator::check {

using ir::Op;
using ir::Term;

namespace {

Term bytes_of(Term load) {
  const ir::BaseOffset at = ir::base_offset(load.arg(1));
  std::vector<Term> high_to_low;
  for (unsigned i = load.bytes(); i-- > 0;) {
    const std::string name = fmt::format("byte:{}.{}.{}", load.arg(0).id(), at.base ? fmt::format("{}", at.base.id()) : "",
                                         static_cast<std::uint64_t>(at.offset) + i);
    high_to_low.push_back(ir::var(name, ir::Sort::bitvec(8)));
  }
  return ir::concat(high_to_low);
}

}  // namespace

Term LoadAbstraction::apply(Term term) {
  if (term.args().empty()) return term;
  if (auto found = memo_.find(term); found != memo_.end()) return found->second;
  Term result;
  if (term.is(Op::load)) {
    used_ = true;
    result = bytes_of(term);
  } else {
    std::vector<Term> args;
    for (Term arg : term.args()) args.push_back(apply(arg));
    result = ir::rebuild(term, args);
  }
  memo_.emplace(term, result);
  return result;
}

bool compares_memories(Term term) {
  std::unordered_set<Term> seen;
  std::vector<Term> work{term};
  while (!work.empty()) {
    const Term at = work.back();
    work.pop_back();
    if (at.sort().is_memory()) return true;
    if (at.is(Op::load) || !seen.insert(at).second) continue;
    for (Term arg : at.args()) work.push_back(arg);
  }
  return false;
}

}  // namespace validator::check
