// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/cause.hpp"

#include <algorithm>
#include <set>

namespace validator::report::html {
namespace {

constexpr std::size_t longest_chain = 400;

bool overlap(const MemoryStep& a, const MemoryStep& b) {
  return a.address < b.address + b.bytes && b.address < a.address + a.bytes;
}

/// Machine words hold narrower values: the upper bits may be anything.
bool occurs(ir::u128 value, const Steps& other) {
  const auto word = static_cast<std::uint64_t>(value);
  for (const std::uint64_t mask :
       {~std::uint64_t{0}, std::uint64_t{0xffff'ffff}, std::uint64_t{0xffff}, std::uint64_t{0xff}}) {
    if (word <= mask && other.values.contains(word)) return true;
    if (mask != ~std::uint64_t{0} && word > mask && (word & ~mask) == ~mask && other.values.contains(word & mask))
      return true;
  }
  return false;
}

std::set<int> lines_of(const Ways& ways, std::size_t before) {
  std::set<int> lines;
  for (std::size_t i = 0; i < std::min(before, ways.steps.list.size()); ++i)
    lines.insert(ways.line_of(ways.steps.list[i].node));
  return lines;
}

std::set<int> lines_from(const Ways& ways, ir::Graph::NodeId start) {
  std::set<int> lines;
  std::set<ir::Graph::NodeId> seen{start};
  std::vector<ir::Graph::NodeId> work{start};
  while (!work.empty()) {
    const ir::Graph::NodeId node = work.back();
    work.pop_back();
    lines.insert(ways.line_of(node));
    for (const ir::Graph::NodeId next : ways.graph.successors(node)) {
      if (next != ir::Graph::none && seen.insert(next).second) work.push_back(next);
    }
  }
  return lines;
}

/// The branch before the first step on a line that the source has, but not in this run.
std::optional<std::size_t> way_to_strange_line(const Ways& source, const Ways& binary, std::size_t before) {
  const std::set<int> all =
      source.graph.entry() == ir::Graph::none ? std::set<int>() : lines_from(source, source.graph.entry());
  const std::set<int> passed = lines_of(source, source.steps.list.size());
  std::optional<std::size_t> branch;
  for (std::size_t i = 0; i < std::min(before, binary.steps.list.size()); ++i) {
    const int line = binary.line_of(binary.steps.list[i].node);
    if (branch && line >= 0 && all.contains(line) && !passed.contains(line)) return branch;
    if (binary.steps.list[i].branch >= 0) branch = i;
  }
  return std::nullopt;
}

/// The first branch away from a line of the source's run that the binary's run never has.
std::optional<std::size_t> way_past_line(const Ways& source, const Ways& binary, std::size_t before) {
  std::set<int> missing = lines_of(source, source.steps.list.size());
  for (const int line : lines_of(binary, before)) missing.erase(line);
  for (std::size_t i = 0; i < std::min(before, binary.steps.list.size()); ++i) {
    const Step& step = binary.steps.list[i];
    if (step.branch < 0) continue;
    const auto next = binary.graph.successors(step.node);
    const std::set<int> taken = lines_from(binary, next[static_cast<std::size_t>(step.branch)]),
                        left = lines_from(binary, next[static_cast<std::size_t>(1 - step.branch)]);
    if (std::ranges::any_of(missing,
                            [&](int line) { return line >= 0 && left.contains(line) && !taken.contains(line); }))
      return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> last_branch(const Steps& steps, std::size_t before) {
  for (std::size_t i = std::min(before, steps.list.size()); i-- > 0;) {
    if (steps.list[i].branch >= 0) return i;
  }
  return std::nullopt;
}

Suspicion at_branch(const Steps& steps, std::size_t branch, std::string why) {
  const std::vector<std::size_t> made = made_by(steps, {branch, steps.list[branch].reads, std::nullopt});
  return {branch, made.empty() ? std::nullopt : std::optional(made.front()), std::move(why)};
}

}  // namespace

Suspicion look_first(const Ways& source, const Ways& binary, const std::vector<std::size_t>& chain,
                     std::size_t before) {
  const Steps& steps = binary.steps;
  if (const auto branch = way_to_strange_line(source, binary, before))
    return at_branch(steps, *branch, "leads to a line that the source does not come to in this run");
  if (const auto branch = way_past_line(source, binary, before))
    return at_branch(steps, *branch, "leads past a line that the source comes to in this run");
  if (const auto strange = first_strange(steps, chain, source.steps))
    return {strange, std::nullopt, "gives a value that the source never has in this run"};
  // A constant is not made wrong, it is chosen wrong.
  const bool chosen = chain.empty() || (steps.list[chain.front()].reads.empty() && !steps.list[chain.front()].memory);
  const auto branch = chosen ? last_branch(steps, chain.empty() ? before : chain.front()) : std::nullopt;
  if (branch)
    return at_branch(steps, *branch,
                     chain.empty() ? "is the last branch before they differ" : "chooses the value that differs");
  if (!chain.empty()) return {chain.front(), std::nullopt, "made the value that differs"};
  return {};
}

std::vector<std::size_t> made_by(const Steps& steps, const Wanted& wanted) {
  std::vector<std::size_t> chain;
  std::unordered_set<ir::Term> open(wanted.variables.begin(), wanted.variables.end());
  std::vector<MemoryStep> bytes;
  if (wanted.memory) bytes.push_back(*wanted.memory);
  for (std::size_t i = std::min(wanted.before, steps.list.size()); i-- > 0 && chain.size() < longest_chain;) {
    const Step& step = steps.list[i];
    bool used = false;
    for (const auto& [variable, value] : step.sets) used = open.erase(variable) != 0 || used;
    if (step.memory && step.memory->writes) {
      used = std::erase_if(bytes,
                           [&](const MemoryStep& wanted_bytes) { return overlap(wanted_bytes, *step.memory); }) != 0 ||
             used;
    }
    if (!used) continue;
    chain.push_back(i);
    open.insert(step.reads.begin(), step.reads.end());
    if (step.memory && !step.memory->writes) bytes.push_back(*step.memory);
  }
  return chain;
}

std::optional<std::size_t> first_strange(const Steps& steps, const std::vector<std::size_t>& chain,
                                         const Steps& other) {
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    const Step& step = steps.list[*at];
    if (step.event) continue;
    for (const auto& [variable, value] : step.sets) {
      // Flags are the machine's own, and so are addresses of the frame.
      if (!value || variable.sort().is_bool() || variable.name() == "SP" || variable.name() == "X29" ||
          variable.name() == "X30")
        continue;
      if (!occurs(*value, other)) return *at;
    }
  }
  return std::nullopt;
}

}  // namespace validator::report::html
