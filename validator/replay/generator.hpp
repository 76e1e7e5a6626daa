// SPDX-License-Identifier: Apache-2.0
// Makes entry states, one per attempt, and completes them while the source runs. Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/replay/hints.hpp"
#include "validator/replay/search.hpp"

namespace validator::replay {

/// From one region that a pointer may get to the next.
inline constexpr std::uint64_t region_bytes = 0x1'0000;

/// A deterministic stream of choices.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t next() { return mix(seed_, count_++); }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool percent(unsigned chance) { return below(100) < chance; }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

class Generator : public LazyMemory {
 public:
  Generator(const SearchProblem& problem, const ModuleFacts* facts);

  /// A new entry state; its memory is completed by the calls below during the next run. `guess` may be null; `vary`:
  /// not all of it is taken over.
  void start(std::uint64_t seed, EntryState& entry, Environment& environment, const Guess* guess = nullptr,
             bool vary = false);

  /// Devices answer alike each time in all runs that are started from now on, not only in some of them.
  void be_steady() { always_steady_ = true; }

  /// A state close to one that has been run: few of its parts are drawn anew or changed a little.
  Guess neighbour(const Guess& guess, std::uint64_t seed);

  void first_read(const ir::Function& function, ir::Graph::NodeId node, std::uint64_t address, unsigned bytes,
                  EntryMemory& memory) override;
  void at_event(const RunResult& so_far, ir::Graph::NodeId node, Answer& answer) override;

 private:
  /// Who read a place first, in some run: what it may hold.
  struct Reader {
    const Hints* hints = nullptr;
    ir::Graph::NodeId node = ir::Graph::none;
    unsigned bytes = 0;
  };

  const Hints& hints(const ir::Function& function);
  const Hints* parameter_hints(const std::string& symbol);
  std::uint64_t pointer();
  std::uint64_t packed(const PointerField& field);
  std::uint64_t scalar(unsigned bits);
  std::uint64_t with_fields(std::uint64_t word);
  bool is_writable_by_callees(std::uint64_t address) const;
  void take_over(const Guess& guess, EntryState& entry, bool vary);
  bool is_address(std::uint64_t value);
  std::uint64_t tweaked(std::uint64_t value, unsigned bits, const std::vector<std::uint64_t>& others);
  void change_parameter(Guess& guess, const ir::AbiSlot& slot, const std::vector<std::uint64_t>& others);
  void change_word(Guess& guess, std::uint64_t word, const std::vector<std::uint64_t>& others);
  void change_answer(Answer& answer, const std::vector<std::uint64_t>& others);
  void note_pointers(const Guess& guess);
  void decide(const RunResult& so_far, ir::Graph::NodeId node, Answer& answer);
  void decide_as_guessed(std::size_t event, Answer& answer) const;
  void write_escaped_locals(const RunResult& so_far, Answer& answer) const;

  const SearchProblem& problem_;
  bool always_steady_ = false;
  const ModuleFacts* facts_;
  std::map<const ir::Function*, std::unique_ptr<Hints>> hints_;
  std::map<std::string, std::unique_ptr<Hints>> parameter_hints_;  ///< of callees, without what their callers know
  std::map<std::string, PointerField> result_fields_;              ///< callees whose result is used as an address
  EntryState pristine_;                                            ///< globals placed, nothing random
  std::vector<std::uint64_t> shared_objects_;                      ///< addresses of objects that pointers may reach
  std::vector<std::pair<std::uint64_t, std::uint64_t>> kept_;      ///< [address, bytes) that keep their initial content
  std::vector<std::pair<std::uint64_t, std::uint64_t>> internal_;  ///< objects that callees do not write by chance
  Dice dice_{0};
  std::vector<std::uint64_t> pointers_;
  std::vector<std::uint64_t> scalars_;
  const Hints* reader_ = nullptr;        ///< of the function whose constants and fields are drawn from
  std::optional<std::uint64_t> steady_;  ///< seed of the answers of all devices and system registers in one run
  bool avoids_zero_ = false;             ///< a search for the first zero word goes far only where there is none
  bool uses_shared_ = false;  ///< pointers may be addresses of named objects, most of which are none of the right type
  std::uint64_t favourite_ = 0;  ///< many fields of one run hold it: what is compared with each other is often equal
  std::uint64_t regions_ = 0;
  std::uint64_t seed_ = 0;
  std::vector<std::vector<std::pair<std::uint64_t, std::uint8_t>>> writes_;  ///< by event, without escaped locals
  std::size_t decided_ = 0;                                                  ///< events whose answers stand
  const EntryState* entry_ = nullptr;
  std::map<std::uint64_t, Reader> readers_;  ///< by address, over all runs
  const Guess* guess_ = nullptr;
  std::map<std::uint64_t, std::uint8_t> guessed_bytes_;  ///< offered at first reads, where they make sense
};

}  // namespace validator::replay
