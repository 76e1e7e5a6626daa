// SPDX-License-Identifier: Apache-2.0
// Who is paired with whom, and which code may count although it has no source.
#include "validator/app/pairing.hpp"

#include <gtest/gtest.h>

namespace validator::app {
namespace {

/// Builds both halves by name; graphs are a bare return, with one call before it per callee.
class Pairing : public ::testing::Test {
 protected:
  static ir::Graph graph_of(const std::vector<std::string>& callees) {
    ir::Graph graph;
    ir::Graph::NodeId before = ir::Graph::none;
    const auto append = [&](ir::Node node) {
      const ir::Graph::NodeId id = graph.add(std::move(node));
      if (before == ir::Graph::none) graph.set_entry(id);
      else graph.connect(before, id);
      before = id;
    };
    for (const std::string& callee : callees) {
      ir::Call call;
      call.symbol = callee;
      append(call);
    }
    append(ir::Return{});
    return graph;
  }

  ir::Function& source(const std::string& name, const std::vector<std::string>& callees = {}) {
    ir::Function& function = source_.functions[name];
    function.symbol = name;
    function.graph = graph_of(callees);
    function.unit = "a.c";
    return function;
  }

  binary::FunctionFacts& code(const std::string& name, const std::vector<std::string>& callees = {}) {
    ir::Function& function = binary_.module.functions[name];
    function.symbol = name;
    function.graph = graph_of(callees);
    binary::FunctionFacts& facts = binary_.facts.functions[name];
    facts.symbol = facts.name = name;
    facts.address = next_address_;
    facts.bytes = 16;
    facts.callees = callees;
    binary_.text.extents.push_back({next_address_, 16, binary::ExtentKind::function, name});
    next_address_ += 16;
    return facts;
  }

  /// Plans, gives every row to prove this verdict (with these covers), settles.
  Plan settled(Verdict verdict, const std::vector<std::string>& covers = {}) {
    const PairingInput input{source_, binary_, assembly_, listed_};
    Plan plan = make_plan(input);
    for (const std::size_t index : plan.to_prove) {
      plan.rows[index].outcome.verdict = verdict;
      plan.rows[index].outcome.covers = covers;
    }
    settle(input, plan);
    return plan;
  }

  static const report::FunctionRow* find(const Plan& plan, const std::string& name) {
    for (const report::FunctionRow& row : plan.rows) {
      if (row.symbol == name) return &row;
    }
    return nullptr;
  }

  static Verdict verdict(const Plan& plan, const std::string& name) {
    const report::FunctionRow* row = find(plan, name);
    return row == nullptr ? Verdict::error : row->outcome.verdict;
  }

  ir::Module source_;
  binary::LiftedImage binary_;
  std::map<std::string, std::string> assembly_, listed_;
  std::uint64_t next_address_ = 0x1000;
};

TEST_F(Pairing, equal_symbols_are_proved) {
  source("f");
  code("f");
  const Plan plan = settled(Verdict::proved);
  ASSERT_EQ(plan.rows.size(), 1U);
  EXPECT_EQ(plan.rows[0].outcome.verdict, Verdict::proved);
  EXPECT_EQ(count_bytes(binary_, plan.rows).by_verdict[0], 16U);
}

TEST_F(Pairing, code_without_source_is_assumed_only_when_a_file_or_a_person_says_so) {
  code("from_file");
  code("from_list");
  code("from_nowhere");
  code("local_one").local = true;
  assembly_["from_file"] = "a.S";
  listed_["from_list"] = "returns zero";
  const Plan plan = settled(Verdict::proved);
  EXPECT_EQ(verdict(plan, "from_file"), Verdict::assumed);
  EXPECT_EQ(verdict(plan, "from_list"), Verdict::assumed);
  EXPECT_EQ(find(plan, "from_list")->outcome.contract, "returns zero");
  EXPECT_EQ(verdict(plan, "from_nowhere"), Verdict::error);
  EXPECT_EQ(find(plan, "from_nowhere")->outcome.reason, "no-source");
  EXPECT_EQ(verdict(plan, "local_one"), Verdict::unknown);
}

TEST_F(Pairing, a_source_is_never_assumed_though_an_assembly_file_has_its_label) {
  source("f");
  code("f");
  assembly_["f"] = "a.S";
  listed_["f"] = "anything";
  EXPECT_EQ(verdict(settled(Verdict::refuted), "f"), Verdict::refuted);
}

TEST_F(Pairing, sources_without_code) {
  source("f", {"used"});
  code("f");
  source("used");
  source("unused");
  source("small").is_inline = true;
  source("hidden").internal = true;
  const Plan proved = settled(Verdict::proved);
  EXPECT_EQ(verdict(proved, "used"), Verdict::inlined);
  EXPECT_EQ(verdict(proved, "unused"), Verdict::inlined);
  EXPECT_EQ(verdict(proved, "small"), Verdict::inlined);
  EXPECT_EQ(verdict(proved, "hidden"), Verdict::inlined);
  const Plan open = settled(Verdict::unknown);
  EXPECT_EQ(verdict(open, "used"), Verdict::error);
  EXPECT_EQ(find(open, "used")->outcome.reason, "source-not-in-image");
  EXPECT_EQ(verdict(open, "unused"), Verdict::inlined);
}

TEST_F(Pairing, a_fragment_counts_when_every_edge_comes_from_code_proved_with_it) {
  source("f");
  code("f", {"f.part.0"});
  code("f.part.0").local = true;
  const Plan covered = settled(Verdict::proved, {"f.part.0"});
  EXPECT_EQ(find(covered, "f.part.0"), nullptr);
  ASSERT_EQ(find(covered, "f")->covers.size(), 1U);
  EXPECT_EQ(count_bytes(binary_, covered.rows).by_verdict[0], 32U);

  EXPECT_EQ(verdict(settled(Verdict::proved), "f.part.0"), Verdict::unknown);
  EXPECT_EQ(verdict(settled(Verdict::unknown, {"f.part.0"}), "f.part.0"), Verdict::unknown);
}

TEST_F(Pairing, a_fragment_with_another_way_in_does_not_count) {
  source("f");
  code("f", {"f.part.0"});
  code("f.part.0").local = true;
  code("stub", {"f.part.0"});
  assembly_["stub"] = "a.S";
  EXPECT_EQ(verdict(settled(Verdict::proved, {"f.part.0"}), "f.part.0"), Verdict::unknown);

  binary_.facts.functions.at("stub").callees.clear();
  EXPECT_EQ(find(settled(Verdict::proved, {"f.part.0"}), "f.part.0"), nullptr);
  binary_.facts.functions.at("f.part.0").address_taken = true;
  EXPECT_EQ(verdict(settled(Verdict::proved, {"f.part.0"}), "f.part.0"), Verdict::unknown);
}

TEST_F(Pairing, fragments_of_fragments) {
  source("f");
  code("f", {"f.part.0"});
  code("f.part.0", {"f.part.0.cold"}).local = true;
  code("f.part.0.cold").local = true;
  EXPECT_EQ(settled(Verdict::proved, {"f.part.0", "f.part.0.cold"}).rows.size(), 1U);
  // The outer one is not proved inside f: what it enters does not count either.
  const Plan plan = settled(Verdict::proved, {"f.part.0.cold"});
  EXPECT_EQ(verdict(plan, "f.part.0"), Verdict::unknown);
  EXPECT_EQ(verdict(plan, "f.part.0.cold"), Verdict::unknown);
}

TEST_F(Pairing, failures_of_the_lifters_keep_their_reasons) {
  source("f");
  code("f");
  binary_.module.functions.erase("f");
  binary_.module.failed["f"] = {"isa-no-model", "word", {}};
  code("g");
  source_.failed["g"] = {"no-such-code", "text", {"a.c", 1, 1}};
  source_.failed["h"] = {"no-such-code", "text", {"a.c", 2, 1}};
  const Plan plan = settled(Verdict::proved);
  EXPECT_EQ(verdict(plan, "f"), Verdict::unsupported);
  EXPECT_EQ(verdict(plan, "g"), Verdict::error);
  EXPECT_EQ(verdict(plan, "h"), Verdict::inlined);
}

TEST_F(Pairing, bytes_are_counted_once_and_by_the_worst_row) {
  source("f");
  source("g");
  code("f");
  code("g").address = binary_.facts.functions.at("f").address;
  binary_.text.extents.pop_back();
  binary_.text.extents.push_back({0x9000, 4, binary::ExtentKind::unaccounted, ""});
  binary_.text.extents.push_back({0x9004, 4, binary::ExtentKind::padding, ""});
  binary_.text.extents.push_back({0x9008, 4, binary::ExtentKind::data, ""});
  Plan plan = settled(Verdict::proved);
  plan.rows[1].outcome.verdict = Verdict::unknown;
  const report::ByteCounts counts = count_bytes(binary_, plan.rows);
  EXPECT_EQ(counts.text, 24U);
  EXPECT_EQ(counts.by_verdict[static_cast<std::size_t>(Verdict::proved)], 0U);
  EXPECT_EQ(counts.by_verdict[static_cast<std::size_t>(Verdict::unknown)], 16U);
  EXPECT_EQ(counts.unaccounted, 4U);
  EXPECT_EQ(counts.padding, 4U);
}

TEST_F(Pairing, local_keys_are_matched_by_file) {
  source("helper@/src/a.c").internal = true;
  source_.functions.at("helper@/src/a.c").unit = "/src/a.c";
  source("helper@/src/b.c").internal = true;
  source_.functions.at("helper@/src/b.c").unit = "/src/b.c";
  binary::FunctionFacts& facts = code("helper");
  facts.local = true;
  facts.file = "b.c";
  code("caller", {"helper"});
  match_local_keys(source_, binary_);
  EXPECT_TRUE(binary_.module.functions.contains("helper@/src/b.c"));
  EXPECT_FALSE(binary_.module.functions.contains("helper"));
  EXPECT_EQ(binary_.facts.functions.at("caller").callees, std::vector<std::string>{"helper@/src/b.c"});
  EXPECT_EQ(binary_.text.extents[0].symbol, "helper@/src/b.c");
}

TEST_F(Pairing, a_local_key_from_an_unknown_file_is_left_alone) {
  source("helper@/src/a.c").internal = true;
  source_.functions.at("helper@/src/a.c").unit = "/src/a.c";
  binary::FunctionFacts& facts = code("helper");
  facts.local = true;
  facts.file = "c.c";
  match_local_keys(source_, binary_);
  EXPECT_TRUE(binary_.module.functions.contains("helper"));
}

}  // namespace
}  // namespace validator::app
