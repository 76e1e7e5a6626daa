// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/escaped.hpp"

#include <algorithm>

namespace validator::replay {

bool EscapedLocals::alive(std::size_t local, std::size_t event, std::size_t access) const {
  bool now = true, mentioned = false;
  for (const auto& step : source_.lifetimes) {
    if (step.local != local) continue;
    if (step.event > event || step.access > access) break;
    now = step.begins;
    mentioned = true;
  }
  if (mentioned) return now;
  // A local with lifetime nodes is not alive before the first; one without is alive throughout.
  const auto base = function_.locals[local].base;
  for (ir::Graph::NodeId node = 0; node < function_.graph.size(); ++node) {
    const auto* lifetime = std::get_if<ir::Lifetime>(&function_.graph.at(node).node);
    if (lifetime != nullptr && lifetime->object == base) return false;
  }
  return true;
}

std::size_t EscapedLocals::instances(std::size_t local, std::size_t event) const {
  return static_cast<std::size_t>(
      std::count_if(source_.lifetimes.begin(), source_.lifetimes.end(),
                    [&](const auto& step) { return step.local == local && step.begins && step.event <= event; }));
}

std::vector<LocalSpan> EscapedLocals::spans(std::size_t event) const {
  std::vector<LocalSpan> spans;
  if (event >= source_.events.size()) return spans;
  for (std::size_t i = 0; i < source_.locals.size(); ++i) {
    const LocalSpan& local = source_.locals[i];
    auto since = exposed_.find(local.name);
    if (since != exposed_.end() && since->second <= event && alive(i, event, source_.events[event].first_access))
      spans.push_back(local);
  }
  return spans;
}

std::optional<EscapedLocals::Merged> EscapedLocals::merged() const {
  std::vector<std::size_t> exposed;
  for (std::size_t i = 0; i < source_.locals.size(); ++i)
    if (is_exposed(source_.locals[i])) exposed.push_back(i);
  for (const std::size_t i : exposed) {
    for (const std::size_t j : exposed) {
      if (j == i) break;
      const LocalSpan &a = source_.locals[i], &b = source_.locals[j];
      if (a.address - b.address >= b.bytes && b.address - a.address >= a.bytes) continue;
      for (std::size_t k = std::max(exposed_.at(a.name), exposed_.at(b.name)); k < source_.events.size(); ++k) {
        const std::size_t access = source_.events[k].first_access;
        if (alive(i, k, access) && alive(j, k, access)) return Merged{a, b, k};
      }
    }
  }
  return std::nullopt;
}

}  // namespace validator::replay
