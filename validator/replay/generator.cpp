// SPDX-License-Identifier: Apache-2.0
// The odds below were not tuned on any function; they only have to give every kind of input a fair share.
#include "validator/replay/generator.hpp"

#include <algorithm>

#include "validator/replay/flat.hpp"

namespace validator::replay {

namespace {

bool inside(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges, std::uint64_t address) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& range) { return address - range.first < range.second; });
}

}  // namespace

Generator::Generator(const SearchProblem& problem, const ModuleFacts* facts) : problem_(problem), facts_(facts) {
  pristine_.image = problem.image;
  if (problem.source_module == nullptr) return;
  pristine_.place_globals(*problem.source_module);
  for (const auto& [name, global] : problem.source_module->globals) {
    const Placement& placed = pristine_.globals.at(name);
    if (global.internal) internal_.emplace_back(placed.address, placed.bytes);
    if (facts != nullptr && facts->frozen_globals.contains(name)) kept_.emplace_back(placed.address, placed.bytes);
    const bool reachable = facts == nullptr || !facts->protected_globals.contains(name);
    if (reachable && !global.is_const && !global.symbol.empty()) shared_objects_.push_back(placed.address);
  }
}

const Hints& Generator::hints(const ir::Function& function) {
  auto& entry = hints_[&function];
  if (entry) return *entry;
  HintContext context;
  context.callee = [this](const std::string& symbol) { return parameter_hints(symbol); };
  if (const auto used = result_fields_.find(function.symbol); used != result_fields_.end())
    context.result = used->second;
  entry = std::make_unique<Hints>(function, std::move(context));
  for (ir::Graph::NodeId node = 0; node < function.graph.size(); ++node) {
    const auto* call = std::get_if<ir::Call>(&function.graph.at(node).node);
    if (call == nullptr) continue;
    if (const auto field = entry->loaded(node)) result_fields_.emplace(call->symbol, *field);
  }
  return *entry;
}

const Hints* Generator::parameter_hints(const std::string& symbol) {
  const auto [entry, is_new] = parameter_hints_.try_emplace(symbol);
  if (!is_new || problem_.source_module == nullptr) return entry->second.get();
  const auto function = problem_.source_module->functions.find(symbol);
  if (function == problem_.source_module->functions.end()) return nullptr;
  const ir::Function* body = &function->second;
  if (problem_.bodies != nullptr)
    if (const auto other = problem_.bodies->find(symbol); other != problem_.bodies->end()) body = &other->second;
  HintContext context;
  context.callee = [this](const std::string& callee) { return parameter_hints(callee); };
  auto made = std::make_unique<Hints>(*body, std::move(context));
  return (parameter_hints_[symbol] = std::move(made)).get();
}

std::uint64_t Generator::pointer() {
  const std::uint64_t roll = dice_.below(100);
  std::uint64_t result = 0;
  if (roll < 8 && !avoids_zero_) return 0;
  if (roll < 24 && !pointers_.empty()) {
    result = pointers_[dice_.below(pointers_.size())];
    if (dice_.percent(15)) result += 8 * dice_.below(8);
    return result;
  }
  if (roll < 30 && uses_shared_ && !shared_objects_.empty())
    return shared_objects_[dice_.below(shared_objects_.size())];
  result = object_regions + regions_++ * region_bytes + (dice_.percent(25) ? 16 * dice_.below(64) : 0);
  pointers_.push_back(result);
  return result;
}

std::uint64_t Generator::packed(const PointerField& field) {
  return field.pack(pointer(), field.width == 64 ? 0 : scalar(64));
}

/// Some of the fields that the source takes out of its words hold one of its constants: kernels tell objects apart by a
/// few bits.
std::uint64_t Generator::with_fields(std::uint64_t word) {
  const auto& constants = reader_->constants();
  for (const PointerField& field : reader_->fields()) {
    if (dice_.percent(40)) continue;
    const std::uint64_t most = field.unpack(~std::uint64_t{0});
    const auto fitting = static_cast<std::uint64_t>(std::ranges::upper_bound(constants, most) - constants.begin());
    std::uint64_t value = dice_.percent(30) ? dice_.next() : favourite_;
    if (fitting != 0 && dice_.percent(50)) value = constants[dice_.below(fitting)] + (dice_.percent(20) ? 1 : 0);
    word = field.pack(value, word);
  }
  return word;
}

std::uint64_t Generator::scalar(unsigned bits) {
  const auto all = static_cast<std::uint64_t>(low_bits(std::min(bits, 64U)));
  const auto& constants = reader_->constants();
  const std::uint64_t roll = dice_.below(100);
  std::uint64_t value = 0;
  if (roll < 30 && !constants.empty()) {
    value = constants[dice_.below(constants.size())] + dice_.below(3) - 1;
  } else if (roll < 55) {
    value = dice_.below(9);
  } else if (roll < 62) {
    value = dice_.below(300);
  } else if (roll < 72) {
    value = (dice_.percent(50) ? all : all >> 1) - dice_.below(3) + (dice_.percent(30) ? 2 : 0);
  } else if (roll < 76) {
    value = all << dice_.below(16);
  } else if (roll < 81) {
    value = std::uint64_t{1} << dice_.below(std::min(bits, 64U));
  } else if (roll < 88 && !scalars_.empty()) {
    value = scalars_[dice_.below(scalars_.size())];
  } else {
    value = dice_.next();
  }
  if (bits == 64 && !reader_->fields().empty() && dice_.percent(40)) value = with_fields(value);
  value &= all;
  if (value == 0 && avoids_zero_) value = 1;
  scalars_.push_back(value);
  return value;
}

void Generator::start(std::uint64_t seed, EntryState& entry, Environment& environment, const Guess* guess, bool vary) {
  seed_ = seed;
  dice_ = Dice(seed);
  writes_.clear();
  pointers_.clear();
  scalars_.clear();
  regions_ = 0;
  decided_ = 0;
  entry = pristine_;
  entry_ = &entry;
  environment = {};
  environment.seed = dice_.next();
  environment.contracts = problem_.callees;
  environment.invents_opaque = guess != nullptr ? !vary || dice_.percent(80) : dice_.percent(50);
  entry.memory.seed = dice_.next();
  for (unsigned i = 0; i < 30; ++i) entry.x[i] = dice_.percent(80) ? dice_.next() : 0;
  entry.n = dice_.percent(50);
  entry.z = dice_.percent(50);
  entry.c = dice_.percent(50);
  entry.v = dice_.percent(50);
  const Hints& own = hints(problem_.source);
  reader_ = &own;
  avoids_zero_ = dice_.percent(15);
  uses_shared_ = dice_.percent(25);
  favourite_ = dice_.below(16);
  if (!own.constants().empty() && dice_.percent(70)) favourite_ = own.constants()[dice_.below(own.constants().size())];
  for (const ir::AbiSlot& slot : problem_.source.parameters) {
    const unsigned bits = bits_of(slot.term.sort());
    const auto field = own.pointer(slot.term);
    std::uint64_t value = field ? packed(*field) : scalar(bits);
    for (const ArgumentRange& range : problem_.arguments) {
      if (!(range.place == slot.place) || (value >= range.lo && value <= range.hi)) continue;
      const std::uint64_t span = range.hi - range.lo;
      value = range.lo + (span == ~std::uint64_t{0} ? 0 : dice_.next() % (span + 1));
    }
    entry.set_parameter(slot, value);
  }
  // A wait that is counted ends by its count only where nothing else ends it.
  constexpr unsigned steady_percent = 6;
  Dice habit(mix(seed, 0x57ead));
  steady_.reset();
  if (always_steady_ || habit.percent(steady_percent)) steady_ = habit.next();
  guess_ = guess;
  guessed_bytes_.clear();
  if (guess == nullptr) return;
  take_over(*guess, entry, vary);
  if (!guess->background) return;
  entry.memory.seed = guess->background->memory_seed;
  environment.seed = guess->background->environment_seed;
  environment.invents_opaque = guess->background->invents_opaque;
  note_pointers(*guess);
}

/// Could a run use the value as an address, or mean null by it?
bool Generator::is_address(std::uint64_t value) {
  if (value == 0) return dice_.percent(50);
  return value >= 0x1'0000 && value % 8 == 0;
}

/// As it is, or varied: some of it left out, and no nonsense where an address belongs (a solver fills in anything where
/// the function itself does not look, but what it calls does).
void Generator::take_over(const Guess& guess, EntryState& entry, bool vary) {
  constexpr unsigned kept_percent = 85;
  const bool lazily = vary && dice_.percent(60);
  for (const auto& [number, value] : guess.x) {
    if (number >= 30 || (vary && !dice_.percent(kept_percent))) continue;
    const auto field = hints(problem_.source).parameter({ir::AbiPlace::Kind::x_register, number});
    if (lazily && field && !is_address(field->unpack(value))) continue;
    entry.x[number] = value;
  }
  // Whole words, so that a pointer is kept or lost as one.
  std::uint64_t word = ~std::uint64_t{0};
  bool keeps = true;
  for (const auto& [address, byte] : guess.memory) {
    if (address >> 3 != word) keeps = !vary || dice_.percent(kept_percent);
    word = address >> 3;
    if (!keeps || inside(kept_, address)) continue;
    if (lazily)
      guessed_bytes_[address] = byte;
    else
      entry.memory.bytes[address] = byte;
  }
}

void Generator::decide_as_guessed(std::size_t event, Answer& answer) const {
  const auto found = guess_->answers.find(event);
  if (found == guess_->answers.end()) return;
  for (const auto& [number, value] : found->second.x) answer.x[number] = value;
  if (found->second.has_value) {
    answer.has_value = true;
    answer.value = found->second.value;
  }
  if (found->second.writes.empty()) return;
  answer.writes.clear();
  for (const auto& [address, byte] : found->second.writes)
    if (is_writable_by_callees(address)) answer.writes.emplace_back(address, byte);
}

void Generator::first_read(const ir::Function& function, ir::Graph::NodeId node, std::uint64_t address, unsigned bytes,
                           EntryMemory& memory) {
  if (inside(kept_, address)) {
    // An object that only ever holds what the image and constant stores put there.
    if (problem_.image == nullptr) return;
    if (const auto initial = problem_.image->initial(address, bytes))
      for (unsigned i = 0; i < bytes; ++i) memory.bytes.try_emplace(address + i, (*initial)[i]);
    return;
  }
  u128 value = 0;
  const auto field = hints(function).loaded(node);
  reader_ = &hints(function);
  readers_[address] = {reader_, node, bytes};
  if (bytes == 8 && field)
    value = packed(*field);
  else if (bytes <= 8)
    value = scalar(8 * bytes);
  else
    value = static_cast<u128>(dice_.next()) << 64 | dice_.next();
  if (bytes <= 8) {
    std::uint64_t guessed = static_cast<std::uint64_t>(value);
    for (unsigned i = 0; i < bytes; ++i) {
      const auto known = guessed_bytes_.find(address + i);
      if (known == guessed_bytes_.end()) continue;
      guessed &= ~(std::uint64_t{0xff} << (8 * i));
      guessed |= std::uint64_t{known->second} << (8 * i);
    }
    if (bytes != 8 || !field || is_address(field->unpack(guessed))) value = guessed;
  }
  for (unsigned i = 0; i < bytes; ++i)
    memory.bytes.try_emplace(address + i, static_cast<std::uint8_t>(value >> (8 * i)));
}

bool Generator::is_writable_by_callees(std::uint64_t address) const {
  if (entry_->is_read_only(address) || inside(internal_, address)) return false;
  const std::uint64_t low = entry_->sp - frame_window;
  return address - low >= 2 * frame_window && address - private_locals >= 0x10'0000'0000;
}

void Generator::at_event(const RunResult& so_far, ir::Graph::NodeId node, Answer& answer) {
  // A run is repeated when a placement is forced: what was decided stays, only the locals may lie elsewhere now.
  const std::size_t index = so_far.events.size() - 1;
  if (index >= decided_) {
    decided_ = index + 1;
    decide(so_far, node, answer);
    if (guess_ != nullptr) decide_as_guessed(index, answer);
    writes_.resize(decided_);
    writes_[index] = answer.writes;
  }
  answer.writes = writes_[index];
  const Event& event = so_far.events.back();
  if (event.kind == EventKind::call || event.memory_clobber) write_escaped_locals(so_far, answer);
}

void Generator::write_escaped_locals(const RunResult& so_far, Answer& answer) const {
  Dice dice(mix(seed_, so_far.events.size(), 0x10ca1));
  std::map<std::uint64_t, std::uint8_t> guessed;
  if (guess_ != nullptr)
    if (const auto found = guess_->answers.find(so_far.events.size() - 1); found != guess_->answers.end())
      guessed.insert(found->second.writes.begin(), found->second.writes.end());
  for (const LocalSpan& local : so_far.locals) {
    auto points_inside = [&](u128 value) { return value - local.address < local.bytes; };
    bool escaped = false;
    for (const Event& event : so_far.events)
      for (const SlotValue& argument : event.arguments) escaped |= argument.bits == 64 && points_inside(argument.value);
    for (const Access& access : so_far.accesses)
      escaped |= access.is_write && access.bytes == 8 && !access.by_environment && points_inside(access.value);
    if (!escaped) continue;
    const auto first = guessed.lower_bound(local.address);
    if (first != guessed.end() && first->first - local.address < local.bytes) {
      for (auto at = first; at != guessed.end() && at->first - local.address < local.bytes; ++at)
        answer.writes.push_back(*at);
      continue;
    }
    if (dice.percent(40)) continue;
    for (std::uint64_t i = 0; i < local.bytes && i < 64; ++i)
      answer.writes.emplace_back(local.address + i,
                                 static_cast<std::uint8_t>(dice.percent(50) ? dice.below(4) : dice.next()));
  }
}

void Generator::decide(const RunResult& so_far, ir::Graph::NodeId node, Answer& answer) {
  const Event& event = so_far.events.back();
  reader_ = &hints(problem_.source);
  if (steady_ && event.kind != EventKind::call) {
    answer.seed = *steady_;
    return;
  }
  if (event.kind == EventKind::call) {
    const auto field = hints(problem_.source).loaded(node);
    answer.x[0] = field ? packed(*field) : dice_.percent(70) ? scalar(64) : dice_.next();
  } else if (event.kind == EventKind::volatile_load && dice_.percent(60)) {
    const auto field = hints(problem_.source).loaded(node);
    answer.has_value = true;
    answer.value = event.bytes == 8 && field ? packed(*field) : scalar(8 * event.bytes);
  } else if (event.kind == EventKind::effect && event.effect == ir::EffectKind::sysreg_read && dice_.percent(60)) {
    answer.has_value = true;
    answer.value = scalar(64);
  }
  const bool acquires = event.kind == EventKind::volatile_load && event.order == ir::Order::acquire;
  const bool may_write = event.kind == EventKind::call || event.memory_clobber || acquires;
  if (!may_write || so_far.accesses.empty() || !dice_.percent(40)) return;
  for (std::uint64_t i = dice_.below(4); i > 0; --i) {
    const Access& access = so_far.accesses[dice_.below(so_far.accesses.size())];
    if (!is_writable_by_callees(access.address) || access.bytes > 8) continue;
    const std::uint64_t value = dice_.percent(50) ? scalar(8U * access.bytes) : dice_.next();
    const auto field = hints(problem_.source).loaded(access.node);
    const std::uint64_t written = field ? packed(*field) : value;
    for (unsigned k = 0; k < access.bytes; ++k)
      answer.writes.emplace_back(access.address + k, static_cast<std::uint8_t>(written >> (8 * k)));
  }
}

}  // namespace validator::replay
