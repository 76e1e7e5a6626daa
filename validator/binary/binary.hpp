// SPDX-License-Identifier: Apache-2.0
// From an ELF file to what the prover needs: the image's bytes, a map of every executable byte, one ir::Function
// for each function symbol, and facts about registers, calls and stack.
//
// Not trusted here: section headers, DWARF, names of veneers, proposed jump-table targets, the disassemblers. Trusted: that
// program headers and .symtab are read right and that each word's meaning is the models'. Nothing throws, nothing
// aborts on a hostile file. All results are deterministic functions of the file and the models.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ir/function.hpp"
#include "ir/result.hpp"
#include "isa-models/isa.hpp"
#include "validator/image.hpp"

namespace validator::binary {

/// Reads a 64-bit little-endian AArch64 executable. Error codes: elf-unreadable, elf-not-elf, elf-not-64bit,
/// elf-not-aarch64, elf-big-endian, elf-truncated, elf-malformed, elf-not-executable, elf-too-large, elf-stripped, elf-no-code.
ir::Result<Image> read_image(const std::string& path);
/// The same from memory; `path` is only for messages and Image::path.
ir::Result<Image> parse_image(std::span<const std::uint8_t> file, const std::string& path);

enum class ExtentKind : std::uint8_t {
  function,     ///< inside a function symbol's extent
  literal,      ///< marked $d inside or beside a function, or a jump table in the text
  padding,      ///< nop, udf or zero words between functions
  veneer,       ///< linker stub (lifted where it is used)
  data,         ///< executable by its segment, but in no executable section (.rodata in a merged segment, ELF header)
  assembly,     ///< set by mark_assembly
  unaccounted,  ///< none of these: counts against the image
};
std::string_view extent_kind_name(ExtentKind kind);

struct Extent {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  ExtentKind kind = ExtentKind::unaccounted;
  std::string symbol;  ///< key of the function (function, assembly, literal inside one, veneer); else empty
};

/// Every byte of every executable segment, once: sorted by address, disjoint.
struct TextMap {
  std::vector<Extent> extents;

  std::uint64_t bytes() const;  ///< sum over all extents but `data`
  std::uint64_t bytes(ExtentKind kind) const;
  std::uint64_t bytes_of(const std::string& symbol) const;  ///< all extents that carry this symbol
  /// The caller knows which functions have no source (hand-written assembly): their extents change kind.
  void mark_assembly(const std::set<std::string>& symbols);
};

/// General registers, SP and flags as bits: 0..30 X0..X30, 31 SP, 32..35 N Z C V.
class RegisterSet {
 public:
  constexpr RegisterSet() = default;
  constexpr explicit RegisterSet(std::uint64_t bits) : bits_(bits) {}
  /// X0-X18, X30 and the flags: what AAPCS64 6.1.1 lets any call change.
  static constexpr RegisterSet caller_saved() { return RegisterSet{0xF'4007'FFFF}; }
  constexpr bool contains(unsigned index) const { return (bits_ >> index & 1) != 0; }
  bool contains(std::string_view name) const;  ///< "X0".."X30", "SP", "N", "Z", "C", "V"; any other name: false
  void insert(std::string_view name);          ///< a name that is no register is ignored
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr RegisterSet operator|(RegisterSet other) const { return RegisterSet{bits_ | other.bits_}; }
  constexpr RegisterSet operator&(RegisterSet other) const { return RegisterSet{bits_ & other.bits_}; }
  friend constexpr bool operator==(RegisterSet, RegisterSet) = default;

 private:
  std::uint64_t bits_ = 0;
};

/// What is known about one function from its words alone. Sets are over-approximations of what the graph can do: they
/// hold for the bytes when the graph's Unreachable nodes are unreachable, which is part of the function's own proof.
struct FunctionFacts {
  std::string symbol;   ///< key in ir::Module
  std::string name;     ///< the symbol's name in .symtab: differs from the key when several local functions share it
  std::string file;     ///< STT_FILE of a local symbol
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;  ///< st_size, or up to the next symbol when `sized` is false
  bool sized = true;        ///< st_size was not 0
  bool is_function_type = true;  ///< STT_FUNC; false: an untyped label (hand-written assembly)
  bool local = false;
  bool is_veneer = false;
  /// Where other functions jump to without calling it (.cold and other split-off parts): code of those functions.
  bool is_fragment = false;
  std::vector<std::string> aliases;    ///< other keys at the same address
  std::vector<std::string> covers;     ///< keys of other functions some of whose words were lifted into this one
  RegisterSet writes;                  ///< by the function's own words
  RegisterSet clobbers;                ///< caller-saved registers that a call of it may change, over all callees
  bool unknown_calls = false;          ///< an indirect call, SVC/HVC/SMC, or a call of what was not lifted, here or in a callee
  /// As a constant in code, as 4-aligned 8 bytes anywhere or 4 bytes in data, as the ELF's entry, or the target of a
  /// branch in code that no symbol covers or no walk reaches. Differences of addresses (`.word f - table`) are not seen.
  bool address_taken = false;
  std::vector<std::string> callees;    ///< direct calls and direct tail calls, sorted; of a failed function: all that its words could branch to
  std::vector<std::string> tail_callees;  ///< the tail calls among them
  std::vector<std::string> callers;    ///< sorted
  std::vector<std::uint64_t> bl_targets;  ///< all targets of BL, sorted (whether symbol or not)
  std::optional<std::uint64_t> frame_bytes;  ///< deepest SP below entry by its own words; none: SP moves by non-constants
  std::size_t component = 0;           ///< index into BinaryFacts::components
};

struct BinaryFacts {
  std::map<std::string, FunctionFacts> functions;  ///< by key; lifted or not
  std::map<std::uint64_t, std::string> at;         ///< first byte -> primary key
  std::map<std::string, std::string> alias_of;     ///< alias key -> primary key at that address
  /// Strongly connected components of the direct call graph, callees before callers.
  std::vector<std::vector<std::string>> components;
  std::string entry;  ///< key of the function at the ELF's entry address, or empty
};

struct LiftedImage {
  ir::Module module;  ///< functions and failed; an alias has a copy under its own key
  TextMap text;
  BinaryFacts facts;
};

struct LiftOptions {
  bool witness = true;  ///< compare each word's text with a disassembler's
};

/// Lifts every function symbol. A function is in `failed` with one of isa::no_model, isa::undefined, isa::unpredictable,
/// isa::ambiguous, "witness-disagrees", "witness-unknown", "lift-not-code" (control reaches bytes that are no code), "lift-too-large".
/// Key of a function: its symbol's name; when several local functions of the image share it, "name@file", and
/// "name@0xaddress" when that is still not unique.
LiftedImage lift_image(const Image& image, const isa::Models& models, const LiftOptions& options = {});

}  // namespace validator::binary
