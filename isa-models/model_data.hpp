// SPDX-License-Identifier: Apache-2.0
// Everything that was read from a model directory, shared by the decoder, the lifter, the interpreter and the tests.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "isa-models/ast.hpp"
#include "isa-models/isa.hpp"

namespace isa {

struct GroupData {
  Group group;
  Position where;
  std::uint32_t last_line = 0;  ///< of the block
  int refines = -1;  ///< index of the more general group
  std::vector<Encoding> encodings;
  Body decode;
  Body execute;
  std::vector<TextRule> text;
  std::vector<ExprPtr> tests;
  bool is_branch = false;
};

/// One row of sysregs.tsv.
struct SystemRegister {
  std::string name;
  unsigned encoding = 0;  ///< op0:op1:CRn:CRm:op2 as 2:3:4:4:3 bits
  unsigned lowest_el = 0;
  bool readable = true;
  bool writable = true;
  std::string since;  ///< "v8.0", "v8.2", a feature, or another architecture
};

/// One row of sysops.tsv: SYS and SYSL aliases, barrier options, PSTATE fields of MSR (immediate), prefetch operations.
struct SystemOperation {
  std::string kind;  ///< "sys", "barrier", "pstate", "prefetch"
  std::string name;  ///< "dc civac", "sy", "DAIFSet", "pldl1keep"
  unsigned encoding = 0;  ///< sys: op1:CRn:CRm:op2 as 3:4:4:3 bits; barrier: CRm; pstate: op1:op2; prefetch: the 5 bits
  bool takes_operand = false;
  unsigned lowest_el = 0;  ///< sys
  std::string since;       ///< sys
};

/// One row of aliases.tsv, cut into tokens; the file's head explains them.
struct AliasRow {
  std::vector<std::string> pattern;
  std::vector<std::string> result;
};

struct ModelData {
  SymbolTable symbols;
  std::vector<std::string> files;
  std::vector<std::string> sources;  ///< the files' texts
  std::vector<Function> functions;
  std::map<std::string, int> function_index;
  std::vector<GroupData> groups;
  /// Decode table: candidates (group, encoding) by the word's bits [31:21].
  std::vector<std::vector<std::pair<std::uint16_t, std::uint16_t>>> buckets;
  std::map<unsigned, SystemRegister> registers;
  std::map<std::string, unsigned> register_names;  ///< lower case
  std::map<std::pair<std::string, unsigned>, SystemOperation> operations;
  std::map<std::string, std::vector<AliasRow>> aliases;  ///< by mnemonic of the pattern
  std::map<std::string, std::string> token_aliases;      ///< the rows "=a  b"
  std::map<std::string, unsigned> sys_names;             ///< "dc civac" -> encoding
  std::set<std::string> features;  ///< that FeatureHint names
  std::string identity;
};

/// An error about model text, code isa-model.
ir::Error model_error(const std::string& file, Position where, std::string message);
ir::Error model_error(const ModelData& data, Position where, std::string message);

}  // namespace isa
