// SPDX-License-Identifier: Apache-2.0
// The judges themselves: each finds a wrong model alone, each property has a model that breaks it, and every row about a judge is still
// needed. That the shipped models are right is what `isa test` shows (tests isa_test_smoke and isa_mutate_smoke).
#include "isa-models/conformance/conformance.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "isa-models/conformance/mutants.hpp"
#include "models_fixture.hpp"

namespace {

isa::ConformanceOptions only(const std::string& judge) {
  isa::ConformanceOptions options;
  options.unicorn = judge == "unicorn";
  options.vixl = judge == "vixl";
  options.dynarmic = judge == "dynarmic";
  options.properties = judge == "properties";
  return options;
}

/// The shipped models with one text replaced in one file.
isa::Models changed(const std::string& file, const std::string& from, const std::string& to) {
  auto files = isa::read_model_files(shipped_directory());
  for (auto& [name, text] : *files) {
    if (name != file) continue;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  auto models = isa::Models::from_files(*files);
  if (!models) throw models.error();
  return *models;
}

const isa::Known& known() {
  static const isa::Known tables = [] {
    auto loaded = isa::Known::load(isa::Known::default_directory());
    if (!loaded) throw loaded.error();
    return *loaded;
  }();
  return tables;
}

TEST(Conformance, each_executor_alone_finds_a_wrong_model) {
  const isa::Models wrong = changed("data-processing-immediate.isa", "let operand2 = if op == '1' then NOT(imm) else imm;", "let operand2 = imm;");
  for (const char* judge : {"unicorn", "vixl"}) {
    const auto report = isa::conformance(wrong, "ADD, ADDS, SUB, SUBS (immediate)", only(judge));
    ASSERT_TRUE(report) << report.error().to_string();
    ASSERT_FALSE(report->agrees()) << judge;
    const isa::Mismatch& first = report->mismatches.front();
    EXPECT_EQ(first.judge, judge);
    EXPECT_TRUE(first.text.starts_with("sub")) << first.text;
    EXPECT_NE(first.difference.find("model"), std::string::npos);
    EXPECT_NE(first.difference.find("got"), std::string::npos);
    EXPECT_NE(first.state.find("x30="), std::string::npos);
  }
}

TEST(Conformance, each_executor_alone_finds_a_wrong_refusal) {
  const isa::Models strict = changed("data-processing-register.isa", "if opc == '00' then UNDEFINED; end", "if opc != '11' then UNDEFINED; end");
  const isa::Models lax = changed("data-processing-immediate.isa", "if N != sf then UNDEFINED; end", "");
  for (const char* judge : {"unicorn", "vixl"}) {
    const auto refuses = isa::conformance(strict, "REV, REV16, REV32", only(judge));
    EXPECT_FALSE(refuses->agrees()) << judge;
    EXPECT_NE(refuses->mismatches.front().difference.find("UNDEFINED in the model but runs"), std::string::npos);
    const auto accepts = isa::conformance(lax, "EXTR", only(judge));
    EXPECT_FALSE(accepts->agrees()) << judge;
  }
}

struct BrokenProperty {
  const char* file;
  const char* from;
  const char* to;
  const char* group;
  const char* found;
};

TEST(Conformance, each_property_has_a_model_that_breaks_it) {
  const BrokenProperty cases[] = {
      {"data-processing-register.isa", "X{N}(d) = ReverseBits(X{N}(n));", "X{64}(d) = SignExtend{64}(ReverseBits(X{N}(n)));", "RBIT", "upper half"},
      {"data-processing-register.isa", "X{N}(d) = ReverseBits(X{N}(n));", "XSP{N}(d) = ReverseBits(X{N}(n));", "RBIT", "writes SP, which"},
      {"data-processing-register.isa", "X{N}(d) = ReverseBits(X{N}(n));", "X{N}(d) = ReverseBits(X{N}(n)); X{64}(7) = Zeros{64}();", "RBIT", "writes X7"},
      {"data-processing-register.isa", "X{N}(d) = ReverseBits(X{N}(n));", "X{N}(d) = ReverseBits(X{N}(7));", "RBIT", "reads X7"},
      {"system.isa", "when '01' => Exception(\"svc\", imm16);", "when '01' => Exception(\"hvc\", imm16);", "SVC, HVC, SMC", "effect \"hvc\""},
      {"system.isa", "Exception(\"brk\", imm16)", "Exception(\"brk\", imm16 EOR '0000000000000001')", "BRK", "number"},
      {"synchronization.isa", "ZeroExtend{M}(MemAcquire{N}", "ZeroExtend{M}(Mem{N}", "LDAR, STLR", "order"},
      {"synchronization.isa", "MemRelease{N}", "Mem{N}", "LDAR, STLR", "order"},
      {"synchronization.isa", "acquire, R == '1'));", "acquire, R == '0'));", "LDADD, LDCLR, LDEOR, LDSET, LDSMAX, LDSMIN, LDUMAX, LDUMIN", "is not what the text names"},
  };
  for (const BrokenProperty& item : cases) {
    const auto report = isa::conformance(changed(item.file, item.from, item.to), item.group, only("properties"));
    ASSERT_TRUE(report) << report.error().to_string();
    bool found = false;
    for (const isa::Mismatch& mismatch : report->mismatches) found = found || mismatch.difference.find(item.found) != std::string::npos;
    EXPECT_TRUE(found) << item.to << (report->agrees() ? "" : "\n" + report->mismatches.front().to_string());
    EXPECT_TRUE(isa::conformance(shipped_models(), item.group, only("properties"))->agrees()) << item.group;
  }
}

TEST(Conformance, readers_judge_text_and_refusals) {
  isa::Readers readers;
  readers.compare = [](const isa::Models&, const isa::Decoded& decoded, std::uint64_t) {
    const bool w = decoded.text(0).find('w') != std::string::npos;
    return isa::Readers::Answer{w ? isa::Readers::Answer::Verdict::disagrees : isa::Readers::Answer::Verdict::agrees, "wary", "other"};
  };
  readers.all.push_back({"lax", [](const std::vector<std::uint32_t>& words) { return std::vector<std::string>(words.size(), "something"); }});
  isa::ConformanceOptions options = only("");
  options.readers = &readers;
  options.mismatch_limit = 100000;
  const auto report = isa::conformance(shipped_models(), "REV, REV16, REV32", options);
  unsigned disagreements = 0, readings = 0;
  for (const isa::Mismatch& mismatch : report->mismatches) {
    disagreements += mismatch.judge == "wary";
    readings += mismatch.judge == "lax";
  }
  EXPECT_GT(disagreements, 0U);
  EXPECT_GT(report->judged.at("wary"), disagreements);
  EXPECT_GT(report->undefined, 0U);
  EXPECT_EQ(readings, report->undefined);
}

TEST(Conformance, an_unknown_group_is_an_error) {
  EXPECT_FALSE(isa::conformance(shipped_models(), "no such group", {}));
}

TEST(Conformance, every_disagreement_shows_itself_in_its_executor_alone) {
  ASSERT_FALSE(known().disagreements.empty());
  for (const isa::Disagreement& row : known().disagreements) {
    EXPECT_EQ(row.example & row.mask, row.value) << row.citation;
    const std::string other = row.executor == "vixl" ? "unicorn" : "vixl";
    const auto wrong = isa::conformance_of_word(shipped_models(), row.example, 400, only(row.executor));
    if (row.part == isa::Disagreement::Part::refusal && !wrong) continue;
    ASSERT_TRUE(wrong) << wrong.error().to_string();
    EXPECT_FALSE(wrong->agrees()) << row.citation;
    isa::ConformanceOptions excused = only(row.executor);
    excused.known = &known();
    EXPECT_TRUE(isa::conformance_of_word(shipped_models(), row.example, 400, excused)->agrees()) << row.citation;
    isa::ConformanceOptions judge = only(other);
    judge.known = &known();
    EXPECT_TRUE(isa::conformance_of_word(shipped_models(), row.example, 400, judge)->agrees()) << row.citation;
  }
}

TEST(Conformance, a_difference_is_kept_and_shows_itself_again) {
  const isa::Models wrong = changed("data-processing-register.isa", "X{N}(d) = ReverseBits(X{N}(n));", "X{N}(d) = X{N}(n);");
  const auto report = isa::conformance(wrong, "RBIT", only("unicorn"));
  ASSERT_FALSE(report->agrees());
  isa::KeptCase kept = *report->mismatches.front().kept;
  const auto results = isa::replay(wrong, kept);
  ASSERT_TRUE(results) << results.error().to_string();
  EXPECT_NE(results->at("model"), results->at("unicorn"));
  EXPECT_EQ(results->at("vixl"), results->at("unicorn"));
  const auto right = isa::replay(shipped_models(), kept);
  EXPECT_EQ(right->at("model"), right->at("unicorn"));
  kept.model = results->at("model");
  kept.got = results->at("unicorn");
  kept.row.citation = "Arm ARM C6.2 RBIT";
  const std::string path = testing::TempDir() + "rbit." + std::to_string(::getpid()) + ".case";
  std::ofstream(path) << isa::print(kept);
  const auto read = isa::read_kept_case(path);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(isa::print(*read), isa::print(kept));
  std::remove(path.c_str());
}

TEST(Conformance, effects_are_named_by_those_that_can_tell) {
  const isa::Models wrong_kind = changed("system.isa", "when '01' => Exception(\"svc\", imm16);", "when '01' => Exception(\"smc\", imm16);");
  const isa::Models wrong_number = changed("system.isa", "when '01' => Exception(\"svc\", imm16);", "when '01' => Exception(\"svc\", NOT(imm16));");
  const isa::Models wrong_operand = changed("system.isa", "SystemOperation(operation, X{64}(t));", "SystemOperation(operation, NOT(X{64}(t)));");
  const isa::Models wrong_hint = changed("system.isa", "if number == 3 then Wait(\"wfi\"); end", "if number == 3 then Wait(\"wfe\"); end");
  EXPECT_FALSE(isa::conformance(wrong_kind, "SVC, HVC, SMC", only("unicorn"))->agrees());
  EXPECT_FALSE(isa::conformance(wrong_number, "SVC, HVC, SMC", only("dynarmic"))->agrees());
  EXPECT_FALSE(isa::conformance(wrong_operand, "SYS", only("dynarmic"))->agrees());
  EXPECT_FALSE(isa::conformance(wrong_hint, "HINT", only("dynarmic"))->agrees());
  for (const char* group : {"SVC, HVC, SMC", "SYS", "HINT"}) EXPECT_TRUE(isa::conformance(shipped_models(), group, only("dynarmic"))->agrees()) << group;
}

TEST(Conformance, laws_of_pointer_authentication_find_wrong_registers) {
  const char* hint = "PACIASP, PACIBSP, PACIAZ, PACIBZ, AUTIASP, AUTIBSP, AUTIAZ, AUTIBZ";
  const std::string text = "FeatureHint(\"FEAT_PAuth\", name, X{64}(30), if uses_sp == '1' then XSP{64}(31) else Zeros{64}());";
  const isa::Models wrong_register = changed("system.isa", "X{64}(30) = " + text, "X{64}(29) = " + text);
  const isa::Models wrong_operand = changed("system.isa", "name, X{64}(30), if uses_sp == '1' then XSP{64}(31) else Zeros{64}());", "name, X{64}(30), Zeros{64}());");
  EXPECT_FALSE(isa::conformance(wrong_register, hint, only("vixl"))->agrees());
  EXPECT_FALSE(isa::conformance(wrong_operand, hint, only("vixl"))->agrees());
  const auto right = isa::conformance(shipped_models(), hint, only("vixl"));
  EXPECT_TRUE(right->agrees());
  EXPECT_GT(right->executed.at("vixl"), 200U);
}

TEST(Conformance, exclusive_stores_and_swaps_succeed_in_some_cases) {
  const isa::Models wrong_store = changed("synchronization.isa", "ExclusiveStore{N}(XSP{64}(n), X{N}(t), o0", "ExclusiveStore{N}(XSP{64}(n), NOT(X{N}(t)), o0");
  const isa::Models wrong_swap = changed("synchronization.isa", "CompareAndSwap{N}(XSP{64}(n), X{N}(s), X{N}(t)", "CompareAndSwap{N}(XSP{64}(n), X{N}(s), NOT(X{N}(t))");
  for (const char* judge : {"unicorn", "vixl"}) {
    EXPECT_FALSE(isa::conformance(wrong_store, "STLXR, STXR", only(judge))->agrees()) << judge;
    EXPECT_TRUE(isa::conformance(shipped_models(), "STLXR, STXR", only(judge))->agrees()) << judge;
    EXPECT_FALSE(isa::conformance(wrong_swap, "CAS, CASA, CASAL, CASL", only(judge))->agrees()) << judge;
  }
}

TEST(Known, broken_tables_are_located) {
  const std::string folder = testing::TempDir() + "isa-known." + std::to_string(::getpid());
  ASSERT_EQ(std::system(("rm -rf " + folder + " && mkdir -p " + folder).c_str()), 0);
  const auto write = [&](const char* name, const std::string& text) { std::ofstream(folder + "/" + name) << text; };
  ASSERT_EQ(std::system(("mkdir -p " + folder + "/disagreements").c_str()), 0);
  for (const char* name : {"few-judges.tsv", "undefined-readings.tsv", "pins.tsv", "survivors.tsv"}) write(name, "# none\n");
  EXPECT_TRUE(isa::Known::load(folder));
  for (const char* row : {"0000000\tok\tseven digits", "00000000\tok", "00000000\tok\t", "zzzzzzzz\tok\tno digits"}) {
    write("pins.tsv", std::string("# head\n") + row + "\n");
    const auto loaded = isa::Known::load(folder);
    ASSERT_FALSE(loaded) << row;
    EXPECT_EQ(loaded.error().where.line, 2U) << loaded.error().to_string();
  }
  write("pins.tsv", "");
  write("undefined-readings.tsv", "GNU\t00000000\tffffffff\t00000001\tthe word is none of the row's\n");
  EXPECT_FALSE(isa::Known::load(folder));
  write("undefined-readings.tsv", "");
  EXPECT_TRUE(isa::Known::load(folder));
  const std::string head = "executor  vixl\npart      registers\nword      00000000\nmodel     x0=1\ngot       x0=2\n";
  write("disagreements/a.case", head + "words     00000000 ffffffff\ncitation  why\n");
  EXPECT_TRUE(isa::Known::load(folder));
  for (const char* rest : {"words     00000001 00000000\ncitation  a value outside its mask\n", "words     00000000 ffffffff\n",
                           "words     00000001 ffffffff\ncitation  another word\n", "words     00000000 ffffffff\ncitation  why\nbefore    x31=1\n",
                           "words     00000000 ffffffff\ncitation  why\nmemory    10100000=0g\n", "words     0 ffffffff\ncitation  why\ncolour    red\n"}) {
    write("disagreements/a.case", head + rest);
    const auto loaded = isa::Known::load(folder);
    ASSERT_FALSE(loaded) << rest;
    EXPECT_TRUE(loaded.error().where.file.ends_with("a.case"));
  }
  EXPECT_FALSE(isa::Known::load(folder + "/none"));
  ASSERT_EQ(std::system(("rm -rf " + folder).c_str()), 0);
}

}  // namespace
