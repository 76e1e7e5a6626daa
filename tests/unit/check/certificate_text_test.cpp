// SPDX-License-Identifier: Apache-2.0
// The text of a certificate comes back as it was, and what is no certificate is refused at its line.
#include "validator/check/certificate_text.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"
#include "ir/text.hpp"

namespace {

using ir::Term;
using validator::check::Cut;
using validator::check::SavedProof;

Term bits64(const std::string& name) { return ir::var(name, ir::Sort::bitvec(64)); }

SavedProof example() {
  SavedProof proof;
  proof.symbol = "f@/some folder/a\\b.c";
  proof.inline_both = {0x1000, 0xffffffffc0000000};
  using Kind = validator::check::Reshape::Kind;
  proof.reshapes = {{Kind::peel, false, 4, 2}, {Kind::rotate, false, 4, 6}, {Kind::unroll, true, 9, 3}};
  proof.certificate.placements = {{"%a.1", -32}, {"%b.2", 0}};
  Cut cut;
  cut.source_header = 7;
  cut.binary_header = 9;
  cut.memory = cut.count = true;
  cut.source_variables = {"i.1", "odd name"};
  cut.source_places = {{"%a.1", 8, 4}};
  cut.binary_variables = {"X1", "N"};
  cut.binary_places = {{"frame", -16, 8}};
  cut.relations = {{{"X1", 0, 0}, ir::add(ir::mul(bits64("i.1@0"), ir::bv(8, 64)), bits64("X0"))},
                   {{"N", 0, 0}, ir::ult(bits64("i.1@0"), bits64("X0"))},
                   {{"frame", -16, 8}, bits64("j@0")}};
  cut.invariants = {ir::ult(bits64("i.1@0"), bits64("X0")), ir::boolean(true)};
  proof.certificate.cuts = {cut, Cut{}};
  proof.certificate.apart = {3, 11};
  proof.certificate.meetings[12] = {5, 6, {{"X3", {7, 1}}, {"X4", {8, 0}}}};
  proof.certificate.meetings[14].path = 0;
  return proof;
}

TEST(Certificate, comes_back) {
  const std::string text = print(example());
  const auto read = validator::check::read_certificate(text, "c");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(print(*read), text);
  EXPECT_EQ(read->symbol, example().symbol);
  EXPECT_EQ(read->inline_both, example().inline_both);
  EXPECT_EQ(read->certificate.placements, example().certificate.placements);
  ASSERT_EQ(read->certificate.cuts.size(), 2U);
  const Cut &got = read->certificate.cuts[0], want = example().certificate.cuts[0];
  EXPECT_EQ(got.source_variables, want.source_variables);
  EXPECT_EQ(got.source_places, want.source_places);
  EXPECT_EQ(got.relations, want.relations);
  EXPECT_EQ(got.invariants, want.invariants);
  EXPECT_EQ(read->reshapes, example().reshapes);
  EXPECT_EQ(read->certificate.apart, example().certificate.apart);
  ASSERT_EQ(read->certificate.meetings.size(), 2U);
  EXPECT_EQ(read->certificate.meetings.at(12).values.at("X3").node, 7U);
  EXPECT_EQ(read->certificate.meetings.at(12).memory, 6U);
  EXPECT_EQ(read->certificate.meetings.at(14).path, 0U);
}

TEST(Certificate, errors_name_the_line) {
  const auto line_of = [](const std::string& text) {
    const auto read = validator::check::read_certificate(text, "c");
    return read ? 0U : read.error().where.line;
  };
  EXPECT_EQ(line_of("certificate 1\nfunction f\nend\n"), 0U);
  EXPECT_EQ(line_of("certificate 2\nend\n"), 1U);
  EXPECT_EQ(line_of("certificate 1\nmemory\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\ncut 1 2\nrelation X0 0 0 (ult\nend\n"), 3U);
  EXPECT_EQ(line_of("certificate 1\ncut 1 2\ninvariant X0:64\nend\n"), 3U);
  EXPECT_EQ(line_of("certificate 1\ncut 1 -2\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\ncut 1 2 3\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\nmeeting-path 3\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\nmeeting 3\nmeeting 3\nend\n"), 3U);
  EXPECT_EQ(line_of("certificate 1\npeel both 3 1\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\nunroll source 3\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\nfrobnicate\nend\n"), 2U);
  EXPECT_EQ(line_of("certificate 1\nend\nend\n"), 3U);
  EXPECT_NE(line_of("certificate 1\nfunction f\n"), 0U);
  EXPECT_NE(line_of(""), 0U);
  EXPECT_NE(line_of("certificate 1\nend"), 0U);
}

}  // namespace
