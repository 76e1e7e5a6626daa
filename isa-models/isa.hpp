// SPDX-License-Identifier: Apache-2.0
// Instruction models: what one A64 word does, as a small straight-line program over ir terms.
//
// The meaning of every instruction stands once, as text, in aarch64/*.isa (an ASL1 subset that can be held
// beside the Arm ARM page). Everything else is derived from it: decoder, disassembly text, access sets, the lifted
// program, the concrete interpreter of the tests. All results are deterministic. Reading models is thread-safe; lifting
// makes ir terms and so shares the ir pool's rule (one thread per process).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/graph.hpp"
#include "ir/result.hpp"
#include "ir/term.hpp"

namespace isa {

struct ModelData;
struct GroupData;

/// Reason codes in ir::Error::code of decode() and lift(). Each makes the function that holds the word `unsupported`.
inline constexpr std::string_view no_model = "isa-no-model";            ///< no encoding matches the word
inline constexpr std::string_view undefined = "isa-undefined";          ///< the Arm ARM says UNDEFINED
inline constexpr std::string_view unpredictable = "isa-unpredictable";  ///< CONSTRAINED UNPREDICTABLE
inline constexpr std::string_view vector_register = "isa-vector-register";  ///< of the lifters: a model, but no place in a proof
inline constexpr std::string_view feature_hint = "isa-feature-hint";  ///< of the lifters: the processor's features decide what the hint does
inline constexpr std::string_view ambiguous = "isa-ambiguous";          ///< two groups match (a bug of the models)
inline constexpr std::string_view bad_model = "isa-model";              ///< the .isa text is wrong (located)

/// One instruction group of the .isa text. Lives as long as the Models object it came from.
struct Group {
  std::string name;
  std::vector<std::string> pages;  ///< Arm ARM page titles covered
  std::string refines;             ///< name of the more general group, or empty
  std::string file;                ///< file name inside the model directory
  std::uint32_t line = 0;          ///< of the `instruction` line
  std::vector<std::string> encodings;  ///< the encoding lines as written
};

/// How control goes on after the instruction. Conditions and targets read the state *before* the instruction
/// (plus its temporaries), like every other term of a Lifted.
struct Transfer {
  enum class Kind : std::uint8_t {
    none,           ///< falls through to address + 4
    branch,         ///< to `target` when `condition` (Bool; constant true: unconditional), else to address + 4
    call,           ///< BL: to `target`; X30 is among the assignments
    indirect,       ///< BR: to `indirect_target`
    indirect_call,  ///< BLR: to `indirect_target`; X30 is among the assignments
    returns,        ///< RET: to `indirect_target` (the value of any register Rn, usually X30)
    stop,           ///< no successor: ERET, UDF, BRK, HLT (the last op says which)
  };
  Kind kind = Kind::none;
  ir::Term condition;            ///< branch
  std::uint64_t target = 0;      ///< branch, call: an address
  ir::Term indirect_target;      ///< indirect, indirect_call, returns: 64 bits
};

/// One ordered step that touches memory or the environment.
using MicroOp = std::variant<ir::Load, ir::Store, ir::Effect>;

/// The meaning of one word at one address.
///
/// Every term (addresses, stored values, operands, assignments, transfer) is over the state *before* the instruction:
/// the variables "X0".."X30", "SP" (64 bits), "V0".."V31" (128 bits) and "N", "Z", "C", "V" (Bool), and over the results of earlier ops of
/// this same instruction, named "t0w64", "t1w32", ... (number, width in bits). First `ops` happen in order, then `assignments` all at once
/// (parallel, as ir::Basic), then `transfer`. The zero register and the program counter are never variables.
///
/// Load::single_copy / Store::single_copy: this is the instruction's only memory access and there is no writeback, so a volatile
/// access may match it. Order is acquire for LDAR/LDAPR, release for STLR. Exclusives and atomics are
/// ir::Effect, not Load/Store; so are the unprivileged LDTR/STTR and the LDLAR/STLLR of limited ordering regions
/// (EffectKind::atomic, detail "ldtr", "sttr", "ldlar", "stllr"), which differ from LDR/STR in the permissions they check, from LDAR/STLR in their order. An atomic's detail has its order suffix ("ldaddal"). Effect::detail is as ir/graph.hpp says, e.g. "dsb sy", "TTBR0_EL1", "dc civac".
struct Lifted {
  std::vector<MicroOp> ops;
  std::vector<ir::Binding> assignments;  ///< in the order X0..X30, SP, V0..V31, N, Z, C, V; each at most once
  Transfer transfer;
  /// The feature whose presence decides between the meaning here and none at all (a hint), or empty. Both lifters refuse such a word; models
  /// `without` the feature give it no meaning, and this is empty.
  std::string feature;
  /// It reads or writes V0..V31, for which a proof has no place: both lifters refuse such a word.
  bool uses_vectors = false;
};

/// Variables read and written, by name, in the order X0..X30, SP, V0..V31, N, Z, C, V. Without memory and system state.
struct AccessSets {
  std::vector<std::string> reads;
  std::vector<std::string> writes;
};
AccessSets access_sets(const Lifted& lifted);

/// One line for each op, assignment and the transfer, terms in ir's text form; for `isa show` and golden tests.
std::string print(const Lifted& lifted);

/// A word that exactly one group matches and that is neither UNDEFINED nor UNPREDICTABLE.
class Decoded {
 public:
  const Group& group() const;
  std::uint32_t word() const { return word_; }
  /// Which of the group's encodings matches.
  unsigned encoding() const { return encoding_; }
  /// Encoding fields by name, in order of name.
  const std::map<std::string, std::uint32_t>& fields() const { return fields_; }
  /// What the decode section binds for this word, in its order: ("N", "64"), ("imm", "0x10").
  std::vector<std::pair<std::string, std::string>> values() const;
  /// Does the group's text contain a control transfer (B, BL, B.cond, CBZ, TBZ, BR, BLR, RET, ERET)?
  bool is_branch() const;
  /// The model's own disassembly: canonical, without aliases ("orr x0, xzr, x1"); PC-relative operands are
  /// absolute addresses. Compare with a disassembler's text through texts_agree only.
  std::string text(std::uint64_t address) const;

 private:
  friend class Models;
  std::shared_ptr<const ModelData> models_;
  const GroupData* data_ = nullptr;
  unsigned encoding_ = 0;
  std::uint32_t word_ = 0;
  std::map<std::string, std::uint32_t> fields_;
};

class Models {
 public:
  /// Parses and checks every *.isa file of a directory, with its sysregs.tsv, sysops.tsv and aliases.tsv. Errors: file:line:column.
  static ir::Result<Models> load(const std::string& directory);
  /// The same for (file name, text) pairs that are already in memory.
  static ir::Result<Models> from_files(const std::vector<std::pair<std::string, std::string>>& files);
  /// The directory compiled in (the source tree's isa-models/aarch64), or $SYMBOLON_ISA_MODELS when that is set.
  static std::string default_directory();

  /// The same models for a processor without these features ("FEAT_PAuth"): lift() gives their hints no meaning at all. Error
  /// isa-model: no hint depends on a feature of that name.
  ir::Result<Models> without(const std::set<std::string>& features) const;

  ir::Result<Decoded> decode(std::uint32_t word) const;
  ir::Result<Lifted> lift(std::uint32_t word, std::uint64_t address) const;
  ir::Result<Lifted> lift(const Decoded& decoded, std::uint64_t address) const;

  void for_each_group(const std::function<void(const Group&)>& visit) const;
  /// A group by its exact name; null when there is none.
  const Group* find_group(std::string_view name) const;
  /// The lines of a group's block in its file.
  std::vector<std::string> source_of(const Group& group) const;
  /// SHA-like identity for cache keys: a 64-bit FNV-1a hash over all model files, as 16 hex digits; behind it the absent features.
  std::string identity() const;

  /// Implementation access for the interpreter, the checker and the tests of this folder.
  const std::shared_ptr<const ModelData>& data() const { return data_; }

 private:
  std::shared_ptr<const ModelData> data_;
  std::set<std::string> absent_;  ///< features
};

/// Normalises one instruction's text (ours, Capstone's, LLVM's or GNU's) to the canonical form of aliases.tsv: lower case, one
/// space, numbers in decimal without '#', aliases expanded, system registers as s<op0>_<op1>_c<n>_c<m>_<op2>.
std::string normalise_text(const Models& models, std::string_view text);
/// Do a model's text and a witness's text say the same instruction with the same operands?
bool texts_agree(const Models& models, std::string_view model_text, std::string_view witness_text);

}  // namespace isa
