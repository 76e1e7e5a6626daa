// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/walk.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "validator/replay/footprint.hpp"
#include "validator/replay/program.hpp"

namespace validator::replay {

namespace {

std::string event_name(const Event& event) {
  switch (event.kind) {
    case EventKind::call:
      return "call " + event.symbol;
    case EventKind::effect:
      return event.detail;
    case EventKind::volatile_load:
      return fmt::format("volatile load at {:#x}", event.address);
    default:
      return fmt::format("volatile store at {:#x}", event.address);
  }
}

}  // namespace

bool Walk::conclude(Agreement agreement, std::string text) {
  out_.agreement = agreement;
  out_.text = std::move(text);
  return true;
}

void Walk::cut_off() {
  cut_off_ = true;
  conclude(Agreement::inconclusive, "step limit of the binary run");
}

bool Walk::differ(DifferenceKind kind, std::size_t k, std::string text, u128 source, u128 binary, unsigned bits,
                  std::uint64_t address) {
  out_.difference = {kind, k, text, address, source, binary, bits};
  return conclude(Agreement::differs, std::move(text));
}

bool Walk::merged_locals() {
  const auto merged = escaped_.merged();
  return merged && differ(DifferenceKind::merged_locals, merged->event,
                          fmt::format("{} and {} are alive at one address", merged->one.name, merged->other.name), 0, 0,
                          64, merged->one.address);
}

/// True when the two values are one address of a local that has no placement yet.
bool Walk::try_force(std::size_t k, u128 source, u128 binary) {
  if (source >> 64 != 0 || binary >> 64 != 0) return false;
  const auto from = static_cast<std::uint64_t>(source), to = static_cast<std::uint64_t>(binary);
  for (std::size_t i = 0; i < source_.locals.size(); ++i) {
    const LocalSpan& local = source_.locals[i];
    if (from - local.address > local.bytes) continue;
    const std::uint64_t target = to - (from - local.address);
    const bool in_image = entry_.is_read_only(target);
    if (!ranges_.in_frame(target) && !in_image) continue;
    if (escaped_.is_exposed(local)) {
      // Another lifetime of the same local may lie elsewhere.
      if (escaped_.instances(i, k) > 1)
        return conclude(Agreement::unspecified, "placement of several lifetimes of " + local.name);
      return false;
    }
    if (in_image) return conclude(Agreement::unspecified, local.name + " lies in the image's constants");
    forced_ = Forced{local.name, target, k};
    return conclude(Agreement::unspecified, "placement of " + local.name);
  }
  return false;
}

bool Walk::value(std::size_t k, DifferenceKind kind, const std::string& what, const SlotValue& source, u128 binary) {
  const u128 significant = low_bits(source.bits) & ~source.unspecified;
  if (((source.value ^ binary) & significant) == 0) return false;
  if (source.bits == 64 && try_force(k, source.value, binary)) return true;
  return differ(kind, k,
                fmt::format("{}: source {}, binary {}", what, hex(source.value), hex(binary & low_bits(source.bits))),
                source.value, binary & low_bits(source.bits), source.bits);
}

bool Walk::memory(std::size_t k) {
  memory_.set_exposed(escaped_.spans(k));
  const auto mismatch = memory_.first_mismatch();
  if (!mismatch) return false;
  const std::uint64_t word = mismatch->address & ~std::uint64_t{7};
  const Cell source_word = memory_.source_bytes(word, 8);
  if (source_word.unspecified == 0 && try_force(k, source_word.value, memory_.binary_bytes(word, 8))) return true;
  return differ(DifferenceKind::memory, k,
                fmt::format("byte at {:#x}: source {:#04x}, binary {:#04x}", mismatch->address, mismatch->source,
                            mismatch->binary),
                mismatch->source, mismatch->binary, 8, mismatch->address);
}

bool Walk::same_callee(const Event& source, const Event& binary) const {
  if (!source.symbol.empty() && source.symbol == binary.symbol) return true;
  return source.target != 0 && source.target == binary.target;
}

bool Walk::call(std::size_t k, const Event& source, const Event& binary) {
  if (!same_callee(source, binary)) {
    const bool known =
        options_.facts == nullptr || binary.symbol.empty() || options_.facts->functions.contains(binary.symbol);
    if (!known || binary.symbol.find('.') != std::string::npos)
      return conclude(Agreement::inconclusive,
                      "the binary calls " + binary.symbol + ", which the source does not have");
    auto name = [](const Event& event) {
      return event.symbol.empty() ? fmt::format("{:#x}", event.target) : event.symbol;
    };
    return differ(DifferenceKind::callee, k,
                  fmt::format("source calls {}, binary calls {}", name(source), name(binary)), source.target,
                  binary.target);
  }
  std::uint32_t dead = environment_.contract(source.symbol).dead_arguments;
  if (options_.facts != nullptr) {
    if (auto facts = options_.facts->dead_arguments.find(source.symbol); facts != options_.facts->dead_arguments.end())
      dead |= facts->second;
  }
  for (const SlotValue& argument : source.arguments) {
    const bool in_register = argument.place.kind == ir::AbiPlace::Kind::x_register;
    if (in_register && (dead >> argument.place.index & 1) != 0) continue;
    if (in_register && argument.place.index >= binary.x.size())
      return conclude(Agreement::bad_graph, "argument register");
    const u128 actual = in_register ? binary.x[argument.place.index]
                                    : memory_.binary_bytes(binary.sp + argument.place.index, (argument.bits + 7) / 8);
    const std::string where =
        in_register ? fmt::format("x{}", argument.place.index) : fmt::format("[sp+{}]", argument.place.index);
    if (value(k, DifferenceKind::argument, fmt::format("argument {} of {}", where, source.symbol), argument, actual))
      return true;
  }
  return memory(k);
}

bool Walk::effect(std::size_t k, const Event& source, const Event& binary) {
  const bool on_memory = source.effect == ir::EffectKind::atomic || binary.effect == ir::EffectKind::atomic;
  if (source.effect != binary.effect && on_memory)
    return conclude(Agreement::inconclusive, "an atomic against exclusives: LL/SC loops are not matched here");
  if (source.effect != binary.effect || source.detail != binary.detail || source.bytes != binary.bytes ||
      source.operands.size() != binary.operands.size())
    return differ(DifferenceKind::effect, k, fmt::format("source {}, binary {}", source.detail, binary.detail));
  if (source.order != ir::Order::plain && source.order != binary.order)
    return differ(DifferenceKind::order, k, "memory order is weaker: " + source.detail);
  for (std::size_t i = 0; i < source.operands.size(); ++i)
    if (value(k, DifferenceKind::operand, fmt::format("operand {} of {}", i, source.detail), source.operands[i],
              binary.operands[i].value))
      return true;
  return compares_memory(source) && memory(k);
}

/// Does the source also make plain accesses of these bytes?
bool Walk::is_also_plain(const Event& source) {
  const auto [known, is_new] = also_plain_.try_emplace({source.address, source.bytes});
  if (is_new)
    known->second = std::any_of(source_.accesses.begin(), source_.accesses.end(), [&](const Access& access) {
      return !access.is_event && !access.by_environment &&
             (access.address - source.address < source.bytes || source.address - access.address < access.bytes);
    });
  return known->second;
}

bool Walk::volatile_access(std::size_t k, const Event& source, const Event& binary) {
  const bool ambiguous = is_also_plain(source);
  auto bad = [&](std::string text, u128 expected = 0, u128 actual = 0) {
    if (ambiguous) return conclude(Agreement::inconclusive, "plain and volatile accesses of one location: " + text);
    return differ(DifferenceKind::volatile_access, k, std::move(text), expected, actual, 8 * source.bytes,
                  source.address);
  };
  if (source.address != binary.address || source.bytes != binary.bytes)
    return bad(fmt::format("source {} bytes at {:#x}, binary {} bytes at {:#x}", source.bytes, source.address,
                           binary.bytes, binary.address));
  if (!binary.single_copy) return bad("the binary's access is not a single one");
  if (source.order != ir::Order::plain && source.order != binary.order) {
    const std::string text = fmt::format("memory order at {:#x} is weaker", source.address);
    return ambiguous ? bad(text) : differ(DifferenceKind::order, k, text);
  }
  memory_.set_exposed(escaped_.spans(k));
  if (source.kind == EventKind::volatile_store) {
    if (((source.value ^ binary.value) & ~source.unspecified) != 0)
      return bad(
          fmt::format("stored at {:#x}: source {}, binary {}", source.address, hex(source.value), hex(binary.value)),
          source.value, binary.value);
  } else if (auto mismatch = memory_.first_mismatch(source.address, source.bytes)) {
    return bad(fmt::format("memory before the volatile load at {:#x}", mismatch->address), mismatch->source,
               mismatch->binary);
  }
  return compares_memory(source) && memory(k);
}

/// A callee that the source defines and the binary never calls: inlined there, but not in the source graph.
bool Walk::should_be_inlined(const Event& source) const {
  if (source.kind != EventKind::call || options_.facts == nullptr || !options_.facts->defined.contains(source.symbol))
    return false;
  for (ir::Graph::NodeId node = 0; node < binary_function_.graph.size(); ++node) {
    const auto* call = std::get_if<ir::Call>(&binary_function_.graph.at(node).node);
    if (call != nullptr && (call->symbol.empty() || call->symbol == source.symbol)) return false;
  }
  return true;
}

bool Walk::event(std::size_t k) {
  const Event &source = source_.events[k], &binary = binary_.events[k];
  memory_.advance(source.first_access, binary.first_access);
  if (source.kind != binary.kind) {
    if (binary.kind == EventKind::call && options_.facts != nullptr && !binary.symbol.empty() &&
        !options_.facts->functions.contains(binary.symbol))
      return conclude(Agreement::inconclusive,
                      "the binary calls " + binary.symbol + ", which the source does not have");
    return differ(DifferenceKind::event_kind, k,
                  fmt::format("source: {}, binary: {}", event_name(source), event_name(binary)));
  }
  switch (source.kind) {
    case EventKind::call:
      return call(k, source, binary);
    case EventKind::effect:
      return effect(k, source, binary);
    default:
      return volatile_access(k, source, binary);
  }
}

void Walk::returned(std::size_t k) {
  memory_.advance(source_.accesses.size(), binary_.accesses.size());
  const bool result_used =
      options_.result_used && (options_.facts == nullptr || !options_.facts->dead_results.contains(function_.symbol));
  for (const SlotValue& result : source_.results) {
    if (!result_used || result.place.kind != ir::AbiPlace::Kind::x_register || result.place.index > 8) continue;
    if (value(k, DifferenceKind::result, fmt::format("result x{}", result.place.index), result,
              binary_.x[result.place.index]))
      return;
  }
  if (memory(k)) return;
  for (unsigned i = 18; i <= 29; ++i) {
    if (i == 18 && !options_.x18_reserved) continue;
    if (binary_.x[i] != entry_.x[i]) {
      differ(DifferenceKind::callee_saved, k, fmt::format("x{} is not restored", i), entry_.x[i], binary_.x[i]);
      return;
    }
  }
  if (binary_.sp != entry_.sp)
    differ(DifferenceKind::stack_pointer, k, "SP is not restored", entry_.sp, binary_.sp);
  else if (binary_.return_target != entry_.x[30])
    differ(DifferenceKind::return_address, k, "returns to another address", entry_.x[30], binary_.return_target);
}

void Walk::end(std::size_t k) {
  const bool binary_goes_on = binary_.events.size() > k;
  switch (source_.ending) {
    case Ending::undefined:
      conclude(Agreement::source_undefined, source_.undefined.kind);
      return;
    case Ending::unspecified:
      conclude(Agreement::unspecified, source_.text);
      return;
    case Ending::step_limit:
      conclude(Agreement::inconclusive, "step limit of the source run");
      return;
    case Ending::bad_graph:
    case Ending::unreachable:
      conclude(Agreement::bad_graph, "source: " + source_.text);
      return;
    case Ending::no_return_call:
    case Ending::exception_return:
      return;
    case Ending::diverged:
      if (!binary_goes_on && binary_.ending == Ending::diverged) return;
      if (!binary_goes_on && binary_.ending == Ending::step_limit) break;
      if (function_.finite_loops) {
        conclude(Agreement::source_undefined, "ub-finite-loop");
        return;
      }
      differ(DifferenceKind::divergence, k, "the source runs for ever, the binary does not");
      return;
    case Ending::returned:
      if (!binary_goes_on && binary_.ending == Ending::returned) {
        returned(k);
        return;
      }
      break;
  }
  if (binary_goes_on) {
    const Event& extra = binary_.events[k];
    const bool unknown_callee = extra.kind == EventKind::call && options_.facts != nullptr && !extra.symbol.empty() &&
                                !options_.facts->functions.contains(extra.symbol);
    if (unknown_callee)
      conclude(Agreement::inconclusive, "the binary calls " + extra.symbol + ", which the source does not have");
    else
      differ(DifferenceKind::extra_event, k,
             "the binary has an event where the source has returned: " + event_name(extra));
    return;
  }
  switch (binary_.ending) {
    case Ending::step_limit:
      cut_off();
      return;
    case Ending::bad_graph:
      conclude(Agreement::bad_graph, "binary: " + binary_.text);
      return;
    case Ending::diverged:
      differ(DifferenceKind::divergence, k, "the binary runs for ever, the source returns");
      return;
    default:
      differ(DifferenceKind::ending, k,
             fmt::format("source {}, binary {} {}", ending_name(source_.ending), ending_name(binary_.ending),
                         binary_.text));
  }
}

void Walk::run() {
  conclude(Agreement::equal);
  if (merged_locals()) return;
  for (std::size_t k = 0;; ++k) {
    if (k >= source_.events.size()) {
      end(k);
      break;
    }
    if (should_be_inlined(source_.events[k])) {
      conclude(Agreement::inconclusive, "the binary never calls " + source_.events[k].symbol);
      break;
    }
    if (k >= binary_.events.size()) {
      switch (binary_.ending) {
        case Ending::step_limit:
          cut_off();
          break;
        case Ending::bad_graph:
          conclude(Agreement::bad_graph, "binary: " + binary_.text);
          break;
        case Ending::diverged:
          differ(DifferenceKind::divergence, k, "the binary runs for ever, the source has another event");
          break;
        default:
          differ(DifferenceKind::missing_event, k,
                 fmt::format("the binary ends ({}) before an event of the source", ending_name(binary_.ending)));
      }
      break;
    }
    if (event(k)) break;
  }
  if (out_.agreement == Agreement::bad_graph || forced_) return;
  const auto violation = footprint_violation(entry_, ranges_, source_, binary_);
  if (!violation) return;
  if (out_.agreement == Agreement::differs && out_.difference.event <= violation->event) return;
  // Values that depend on a choice steer where the binary goes only after the stretch that was completed. A binary that
  // was cut off has agreed so far, so its accesses count.
  if (out_.agreement == Agreement::unspecified || (out_.agreement == Agreement::inconclusive && !cut_off_)) return;
  out_.difference = *violation;
  conclude(Agreement::differs, violation->text);
}

}  // namespace validator::replay
