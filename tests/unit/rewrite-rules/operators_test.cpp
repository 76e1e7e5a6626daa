// SPDX-License-Identifier: Apache-2.0
// Each operator's meaning, written twice (operators.cpp and ir), agrees at every input of small widths.
#include <gtest/gtest.h>

#include <set>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "rewrite-rules/instance.hpp"

namespace rules {
namespace {

using ir::Sort;

/// One application of `op` to variables of the given sorts.
Raw application(const Operator& op, const std::vector<Sort>& sorts, Sort result, std::array<unsigned, 2> ints) {
  Raw raw;
  RawNode root;
  for (std::size_t i = 0; i < sorts.size(); ++i) {
    RawNode leaf;
    leaf.kind = RawNode::Kind::variable;
    leaf.sort = sorts[i];
    leaf.variable = i;
    raw.push_back(leaf);
    root.args.push_back(i);
  }
  root.kind = RawNode::Kind::apply;
  root.op = &op;
  root.sort = result;
  root.ints = ints;
  raw.push_back(root);
  return raw;
}

void compare(const Operator& op, const std::vector<Sort>& sorts, Sort result, std::array<unsigned, 2> ints = {}) {
  const Raw raw = application(op, sorts, result, ints);
  std::vector<ir::Term> variables;
  unsigned bits = 0;
  for (std::size_t i = 0; i < sorts.size(); ++i) {
    variables.push_back(ir::var("op" + std::to_string(i) + ":" + std::to_string(sorts[i].width), sorts[i]));
    bits += sorts[i].is_bool() ? 1 : sorts[i].width;
  }
  const ir::Term term = build(raw, variables);
  for (unsigned point = 0; point < 1u << bits; ++point) {
    unsigned rest = point;
    std::vector<ir::u128> values;
    ir::Valuation valuation;
    for (std::size_t i = 0; i < sorts.size(); ++i) {
      const unsigned width = sorts[i].is_bool() ? 1 : sorts[i].width;
      values.push_back(rest & ((1u << width) - 1));
      valuation.scalars[variables[i]] = values.back();
      rest >>= width;
    }
    ASSERT_EQ(static_cast<std::uint64_t>(evaluate(raw, values)), static_cast<std::uint64_t>(ir::evaluate(term, valuation)))
        << op.name << " width " << unsigned{sorts.back().width} << " point " << point;
  }
}

TEST(Operators, AgreeWithTheGraphLanguage) {
  std::set<std::string_view> seen;
  for (const Operator& op : all_operators()) {
    EXPECT_TRUE(seen.insert(op.name).second) << op.name << " has two rows";
    EXPECT_EQ(find_operator(op.name), &op);
    for (unsigned w = 1; w <= 5; ++w) {
      const Sort bits = Sort::bitvec(w);
      const Sort boolean = Sort::boolean();
      switch (op.shape) {
        case Shape::logical:
          compare(op, std::vector<Sort>(op.min_args, boolean), boolean);
          break;
        case Shape::bits:
          if (op.name != "ror" || (w & (w - 1)) == 0) compare(op, std::vector<Sort>(op.min_args, bits), bits);
          break;
        case Shape::compare:
          compare(op, {bits, bits}, boolean);
          break;
        case Shape::equality:
          compare(op, {bits, bits}, boolean);
          compare(op, {boolean, boolean}, boolean);
          break;
        case Shape::choose:
          compare(op, {boolean, bits, bits}, bits);
          break;
        case Shape::join:
          compare(op, {Sort::bitvec(3), bits, Sort::bitvec(1)}, Sort::bitvec(w + 4));
          break;
        case Shape::slice:
          for (unsigned lo = 0; lo < w; ++lo) {
            for (unsigned hi = lo; hi < w; ++hi) compare(op, {bits}, Sort::bitvec(hi - lo + 1), {hi, lo});
          }
          break;
        case Shape::grow:
          for (unsigned to = w; to < w + 4; ++to) compare(op, {bits}, Sort::bitvec(to));
          break;
        case Shape::test:
          for (unsigned index = 0; index < w; ++index) compare(op, {bits}, boolean, {index, 0});
          break;
        case Shape::from_bool:
          compare(op, {boolean}, bits);
          break;
        case Shape::literal:
          break;
      }
    }
  }
}

TEST(Operators, UnknownNameHasNoRow) {
  EXPECT_EQ(find_operator("bvnand"), nullptr);
  EXPECT_EQ(find_operator(""), nullptr);
}

}  // namespace
}  // namespace rules
