// SPDX-License-Identifier: Apache-2.0
// Text map, jump tables, fragments, stubs and facts, on images that were made to show each.
#include <gtest/gtest.h>

#include <algorithm>

#include "ir/build.hpp"
#include "tests/unit/binary/compiled.hpp"
#include "validator/binary/binary.hpp"

using namespace validator;
using namespace validator::binary;
using binary_test::Compiler;

namespace {

const isa::Models& models() {
  static const isa::Models loaded = [] {
    auto result = isa::Models::load(isa::Models::default_directory());
    if (!result) throw std::runtime_error(result.error().to_string());
    return std::move(*result);
  }();
  return loaded;
}

LiftedImage lift_assembly(const std::string& text, const std::string& link_flags = "") {
  return lift_image(binary_test::compile_image(Compiler::gcc, "", text, ".S", link_flags), models());
}

template <typename Kind>
std::vector<const Kind*> nodes_of(const ir::Graph& graph) {
  std::vector<const Kind*> found;
  for (const auto node : ir::reverse_post_order(graph)) {
    if (const auto* content = std::get_if<Kind>(&graph.at(node).node)) found.push_back(content);
  }
  return found;
}

const char* const function_head = ".macro fn name\n .type \\name, %function\n .global \\name\n\\name:\n.endm\n"
                                  ".macro end name\n .size \\name, . - \\name\n.endm\n";
std::string assembly(const std::string& body) { return function_head + body; }

std::uint64_t executable_bytes(const Image& image) {
  std::uint64_t sum = 0;
  for (const Segment& segment : image.segments) sum += segment.executable ? segment.bytes.size() : 0;
  return sum;
}

}  // namespace

TEST(TextMap, covers_every_executable_byte_once) {
  for (const char* link_flags : {"", "-Wl,-N", "-Wl,-z,noseparate-code"}) {
    SCOPED_TRACE(link_flags);
    const Image image = binary_test::compile_image(Compiler::gcc, "-O2 -falign-functions=32",
                                                   "const char text[9] = \"abcdefgh\"; int f(int a) { return a; } int g(int a) { return a * 3; }", ".c", link_flags);
    const LiftedImage lifted = lift_image(image, models());
    std::uint64_t sum = 0, end = 0;
    for (const Extent& extent : lifted.text.extents) {
      EXPECT_GE(extent.address, end);
      end = extent.address + extent.bytes;
      sum += extent.bytes;
    }
    EXPECT_EQ(sum, executable_bytes(image));
    EXPECT_EQ(lifted.text.bytes(), sum - lifted.text.bytes(ExtentKind::data));
    EXPECT_EQ(lifted.text.bytes(ExtentKind::unaccounted), 0U);
    EXPECT_GE(lifted.text.bytes(ExtentKind::padding), 24U);
    EXPECT_EQ(lifted.text.bytes_of("f"), image.find("f")->bytes);
  }
}

TEST(TextMap, code_without_a_symbol_is_unaccounted) {
  LiftedImage lifted = lift_assembly(assembly("fn f\n ret\nend f\n mov x0, x1\n nop\nfn g\n ret\n .word 0xdeadbeef\nend g\n"));
  EXPECT_EQ(lifted.text.bytes(ExtentKind::unaccounted), 4U);
  EXPECT_EQ(lifted.text.bytes(ExtentKind::padding), 4U);
  EXPECT_EQ(lifted.text.bytes(ExtentKind::literal), 4U) << "the assembler marks .word with $d";
  lifted.text.mark_assembly({"f"});
  EXPECT_EQ(lifted.text.bytes(ExtentKind::assembly), 4U);
  EXPECT_EQ(lifted.text.bytes(ExtentKind::function), 4U);
}

TEST(TextMap, a_nop_inside_unaccounted_code_is_no_padding) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n ret\nend f\n nop\n mov x0, x1\n nop\n ret\n nop\nfn g\n ret\nend g\n"));
  EXPECT_EQ(lifted.text.bytes(ExtentKind::unaccounted), 12U);
  EXPECT_EQ(lifted.text.bytes(ExtentKind::padding), 8U);
}

TEST(Functions, labels_count_only_outside_of_functions) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n nop\ninner:\n ret\nend f\nlone:\n mov x0, #1\n ret\n"));
  EXPECT_TRUE(lifted.module.functions.contains("f"));
  EXPECT_TRUE(lifted.module.functions.contains("lone"));
  EXPECT_FALSE(lifted.module.functions.contains("inner"));
  EXPECT_FALSE(lifted.facts.functions.at("lone").is_function_type);
  EXPECT_FALSE(lifted.facts.functions.at("lone").sized);
  EXPECT_TRUE(lifted.facts.functions.at("f").sized);
}

TEST(Functions, aliases_have_a_copy_each) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\nfn g\n ret\nend f\nend g\nfn h\n b g\nend h\n"));
  ASSERT_TRUE(lifted.module.functions.contains("f"));
  ASSERT_TRUE(lifted.module.functions.contains("g"));
  EXPECT_EQ(lifted.facts.alias_of.at("g"), "f");
  EXPECT_EQ(lifted.facts.functions.at("h").callees, std::vector<std::string>{"f"});
  EXPECT_EQ(lifted.text.bytes(ExtentKind::function), 8U) << "aliases are counted once";
}

TEST(Functions, local_functions_of_one_name_get_keys_with_their_file) {
  const std::string first = binary_test::work_folder() + "/first.o";
  ASSERT_EQ(std::system(("printf '.type f,%%function\\nf: ret\\n.size f,4\\n' | aarch64-linux-gnu-gcc -x assembler -c -o " + first + " - ").c_str()), 0);
  const LiftedImage lifted = lift_assembly(".file \"second.S\"\n.type f,%function\nf: mov x0, #1\n ret\n.size f,8\n", "-x none " + first);
  std::vector<std::string> keys;
  for (const auto& [key, function] : lifted.module.functions) keys.push_back(key);
  ASSERT_EQ(keys.size(), 2U);
  for (const std::string& key : keys) EXPECT_TRUE(key.starts_with("f@")) << key;
}

TEST(Lifting, a_branch_to_a_first_byte_is_a_tail_call) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n cbz x0, g\n ret\nend f\nfn g\n b f\nend g\n"));
  const auto calls = nodes_of<ir::Call>(lifted.module.functions.at("f").graph);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0]->symbol, "g");
  EXPECT_EQ(nodes_of<ir::Return>(lifted.module.functions.at("f").graph).size(), 2U);
  EXPECT_EQ(lifted.facts.functions.at("g").tail_callees, std::vector<std::string>{"f"});
  EXPECT_EQ(lifted.facts.functions.at("f").component, lifted.facts.functions.at("g").component);
}

TEST(Lifting, a_branch_into_the_middle_is_lifted_inline) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n mov x1, #1\n b g + 4\nend f\nfn g\n mov x1, #2\n mov x2, #3\n ret\nend g\n"));
  const ir::Graph& graph = lifted.module.functions.at("f").graph;
  EXPECT_TRUE(nodes_of<ir::Call>(graph).empty());
  EXPECT_EQ(nodes_of<ir::Return>(graph).size(), 1U);
  EXPECT_EQ(lifted.facts.functions.at("f").covers, std::vector<std::string>{"g"});
  EXPECT_TRUE(lifted.facts.functions.at("g").covers.empty());
}

TEST(Lifting, a_cold_part_belongs_to_its_function) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n cbz x0, f.cold\n1: ret\nend f\nfn f.cold\n mov x0, #7\n b f + 4\nend f.cold\n"));
  EXPECT_TRUE(nodes_of<ir::Call>(lifted.module.functions.at("f").graph).empty());
  EXPECT_TRUE(lifted.facts.functions.at("f.cold").is_fragment);
  EXPECT_FALSE(lifted.facts.functions.at("f").is_fragment);
  EXPECT_EQ(lifted.facts.functions.at("f").covers, std::vector<std::string>{"f.cold"});
}

TEST(Lifting, running_off_the_end_is_unreachable_with_a_reason) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n bl g\nend f\nfn g\n ret\nend g\n"));
  const auto ends = nodes_of<ir::Unreachable>(lifted.module.functions.at("f").graph);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_NE(ends[0]->reason.find("past the last byte of f"), std::string::npos);
  EXPECT_TRUE(nodes_of<ir::Unreachable>(lifted.module.functions.at("g").graph).empty());
}

TEST(Lifting, unsized_assembly_may_fall_into_the_next_label) {
  const LiftedImage lifted = lift_assembly("first:\n mov x0, #1\nsecond:\n ret\n");
  const auto calls = nodes_of<ir::Call>(lifted.module.functions.at("first").graph);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0]->symbol, "second");
}

TEST(Lifting, literals_become_constants_and_writable_ones_do_not) {
  const std::string code = assembly("fn f\n ldr x0, =0x1122334455667788\n ret\n .ltorg\nend f\n");
  const LiftedImage fixed = lift_assembly(code);
  EXPECT_TRUE(nodes_of<ir::Load>(fixed.module.functions.at("f").graph).empty());
  const LiftedImage writable = lift_assembly(code, "-Wl,-N");
  EXPECT_EQ(nodes_of<ir::Load>(writable.module.functions.at("f").graph).size(), 1U);
}

TEST(Lifting, endless_loops_keep_a_node) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n b .\nend f\nfn g\n nop\n1: nop\n b 1b\nend g\nfn h\n ret\nend h\n"));
  for (const char* name : {"f", "g"}) {
    const ir::Graph& graph = lifted.module.functions.at(name).graph;
    EXPECT_EQ(ir::loop_headers(graph).headers.size(), 1U) << name;
    EXPECT_TRUE(nodes_of<ir::Return>(graph).empty());
  }
  EXPECT_TRUE(ir::loop_headers(lifted.module.functions.at("h").graph).headers.empty());
}

TEST(Lifting, a_word_without_a_model_fails_its_function_only) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n fadd d0, d1, d2\n ret\nend f\nfn g\n ret\nend g\n"));
  ASSERT_TRUE(lifted.module.failed.contains("f"));
  const ir::Error& error = lifted.module.failed.at("f");
  EXPECT_EQ(error.code, isa::no_model);
  EXPECT_NE(error.message.find("0x40000000"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("fadd"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("isa-models"), std::string::npos) << error.message;
  EXPECT_TRUE(lifted.module.functions.contains("g"));
  EXPECT_EQ(lifted.facts.functions.at("f").clobbers, RegisterSet::caller_saved());
}

TEST(Lifting, a_branch_to_the_link_register_is_a_return) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n br x30\nend f\nfn g\n br x3\nend g\n"));
  EXPECT_TRUE(nodes_of<ir::Call>(lifted.module.functions.at("f").graph).empty());
  EXPECT_FALSE(lifted.facts.functions.at("f").unknown_calls);
  EXPECT_EQ(nodes_of<ir::Call>(lifted.module.functions.at("g").graph).size(), 1U);
}

TEST(Lifting, a_linked_call_through_x30_uses_the_old_value) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n blr x30\n ret\nend f\n"));
  const auto calls = nodes_of<ir::Call>(lifted.module.functions.at("f").graph);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_NE(calls[0]->target.name(), "X30");
}

TEST(JumpTable, proposes_exactly_the_cases) {
  std::string text = "int f(int a, int b) { switch (a) {";
  const char* const bodies[] = {"b", "b * 3", "b ^ 5", "b / 7", "~b", "b << 4", "b - 9", "b & 77", "b % 5", "b + 1000", "b | 8", "-b", "b >> 3", "b * b"};
  for (std::size_t i = 0; i < std::size(bodies); ++i) text += " case " + std::to_string(i) + ": return " + bodies[i] + ";";
  text += " default: return -1; } }";
  for (const Compiler compiler : {Compiler::gcc, Compiler::clang}) {
    for (const char* level : {"-O0", "-O1", "-O2", "-Os"}) {
      if (compiler == Compiler::clang && std::string(level) == "-O0") continue;  // clang makes no jump tables at -O0
      SCOPED_TRACE(binary_test::compiler_name(compiler) + level);
      const LiftedImage lifted = lift_image(binary_test::compile_image(compiler, level, text), models());
      const ir::Graph& graph = lifted.module.functions.at("f").graph;
      std::size_t tests = 0, outside = 0;
      for (const auto* unreachable : nodes_of<ir::Unreachable>(graph)) outside += unreachable->reason.find("jump table") != std::string::npos;
      for (const auto* cond : nodes_of<ir::Cond>(graph)) {
        tests += cond->condition.is(ir::Op::equal) && std::ranges::any_of(cond->condition.args(), [](ir::Term t) {
                   return t.is_constant() && t.width() == 64 && t.value64() >= 0x40000000;
                 });
      }
      EXPECT_EQ(outside, 1U);
      EXPECT_EQ(tests, std::size(bodies));
      EXPECT_FALSE(lifted.facts.functions.at("f").unknown_calls);
    }
  }
}

TEST(JumpTable, wide_tables_with_an_offset_and_gaps) {
  std::string text = "int g(int); int h(int); int k; int f(unsigned a, int b) { switch (a) {";
  for (int i = 0; i < 300; ++i) {
    if (i % 7 == 3) continue;
    text += " case " + std::to_string(5000 + i) + ": k = b * " + std::to_string(i + 3) + "; return (b ^ " + std::to_string(77 * i) + ") % " + std::to_string(i + 11) + ";";
  }
  text += " default: return -1; } }";
  for (const Compiler compiler : {Compiler::gcc, Compiler::clang}) {
    SCOPED_TRACE(binary_test::compiler_name(compiler));
    const LiftedImage lifted = lift_image(binary_test::compile_image(compiler, "-O2", text), models());
    std::size_t tests = 0;
    for (const auto* cond : nodes_of<ir::Cond>(lifted.module.functions.at("f").graph)) tests += cond->condition.is(ir::Op::equal);
    EXPECT_EQ(tests, 300U - 43U + 1U) << "each case, and the default in the gaps";
    EXPECT_FALSE(lifted.facts.functions.at("f").unknown_calls);
  }
}

TEST(JumpTable, a_table_of_functions_is_a_tail_call) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n adr x1, table\n and x0, x0, #1\n ldr x1, [x1, x0, lsl #3]\n br x1\nend f\n"
                                                    "fn g\n ret\nend g\nfn h\n ret\nend h\n.p2align 3\ntable: .quad g, h\n"));
  const auto calls = nodes_of<ir::Call>(lifted.module.functions.at("f").graph);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_TRUE(calls[0]->symbol.empty());
  EXPECT_TRUE(lifted.facts.functions.at("f").unknown_calls);
  EXPECT_TRUE(lifted.facts.functions.at("g").address_taken);
}

TEST(Stubs, a_long_branch_is_seen_through) {
  const LiftedImage lifted = lift_image(
      binary_test::compile_image(Compiler::gcc, "-O1", "__attribute__((section(\".far\"), noinline)) int far(int a) { return a + 1; }"
                                                       "int f(int a) { return far(a) + 1; }", ".c", "-Wl,--section-start=.far=0x80000000"), models());
  const FunctionFacts& facts = lifted.facts.functions.at("f");
  EXPECT_EQ(facts.callees, std::vector<std::string>{"far"});
  const auto calls = nodes_of<ir::Call>(lifted.module.functions.at("f").graph);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0]->symbol, "far");
  EXPECT_GT(lifted.text.bytes(ExtentKind::veneer), 0U);
  EXPECT_EQ(lifted.text.bytes(ExtentKind::unaccounted), 0U);
  EXPECT_TRUE(facts.clobbers.contains("X16")) << "the stub writes x16";
}

TEST(Facts, registers_written_and_clobbered) {
  const LiftedImage lifted = lift_assembly(assembly(
      "fn leaf\n mov x3, #1\n ret\nend leaf\n"
      "fn caller\n stp x29, x30, [sp, #-32]!\n str x19, [sp, #16]\n mov x19, x0\n bl leaf\n cmp x0, x19\n ldr x19, [sp, #16]\n ldp x29, x30, [sp], #32\n ret\nend caller\n"
      "fn unknown\n stp x29, x30, [sp, #-16]!\n blr x0\n ldp x29, x30, [sp], #16\n ret\nend unknown\n"));
  const FunctionFacts& leaf = lifted.facts.functions.at("leaf");
  EXPECT_EQ(leaf.writes.bits(), 1U << 3);
  EXPECT_EQ(leaf.clobbers.bits(), 1U << 3);
  EXPECT_EQ(leaf.frame_bytes, 0U);
  EXPECT_EQ(leaf.callers, std::vector<std::string>{"caller"});
  const FunctionFacts& caller = lifted.facts.functions.at("caller");
  EXPECT_TRUE(caller.writes.contains("X19"));
  EXPECT_FALSE(caller.clobbers.contains("X19")) << "preserved by the calling convention, as the prover shows";
  EXPECT_TRUE(caller.clobbers.contains("X3"));
  EXPECT_TRUE(caller.clobbers.contains("N"));
  EXPECT_FALSE(caller.clobbers.contains("X4"));
  EXPECT_EQ(caller.frame_bytes, 32U);
  EXPECT_LT(leaf.component, caller.component);
  EXPECT_EQ(lifted.facts.functions.at("unknown").clobbers, RegisterSet::caller_saved());
}

TEST(Facts, a_function_without_a_graph_still_has_callees) {
  const LiftedImage lifted = lift_assembly(assembly("fn failing\n fadd d0, d0, d0\n cbz x0, a\n bl b\n tbnz x1, #3, c\n b d\nend failing\n"
                                                    "fn a\n ret\nend a\nfn b\n ret\nend b\nfn c\n ret\nend c\nfn d\n ret\nend d\nfn e\n ret\nend e\n"));
  EXPECT_TRUE(lifted.module.failed.contains("failing"));
  EXPECT_EQ(lifted.facts.functions.at("failing").callees, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(lifted.facts.functions.at("c").callers, std::vector<std::string>{"failing"});
  EXPECT_TRUE(lifted.facts.functions.at("e").callers.empty());
}

TEST(Facts, code_without_a_symbol_takes_what_it_calls) {
  const LiftedImage lifted = lift_assembly(assembly("fn first\n ret\nend first\n bl f\nfn f\n ret\nend f\nfn g\n ret\nend g\n"));
  EXPECT_TRUE(lifted.facts.functions.at("f").address_taken);
  EXPECT_FALSE(lifted.facts.functions.at("g").address_taken);
}

TEST(Facts, code_that_no_walk_reaches_takes_what_it_calls) {
  const LiftedImage lifted = lift_assembly(assembly("fn first\n ret\nend first\nfn f\n ret\nend f\nfn g\n ret\nend g\n"
                                                    ".p2align 7\nvectors:\n b g\n .p2align 7\n b f\n"));
  EXPECT_TRUE(lifted.facts.functions.at("f").address_taken);
  EXPECT_FALSE(lifted.facts.functions.at("g").address_taken) << "a known caller";
  EXPECT_EQ(lifted.facts.functions.at("g").callers, std::vector<std::string>{"vectors"});
}

TEST(Facts, a_call_of_another_level_may_change_what_any_call_may) {
  const LiftedImage lifted = lift_assembly(assembly("fn f\n hvc #0\n ret\nend f\nfn g\n dsb sy\n ret\nend g\n"));
  EXPECT_EQ(lifted.facts.functions.at("f").clobbers, RegisterSet::caller_saved());
  EXPECT_EQ(lifted.facts.functions.at("g").clobbers.bits(), 0U);
}

TEST(Facts, frames_that_move_by_a_variable_are_unknown) {
  const LiftedImage lifted = lift_assembly(assembly("fn fixed\n sub sp, sp, #64\n mov x9, sp\n add sp, x9, #64\n ret\nend fixed\n"
                                                    "fn moving\n sub sp, sp, x0\n add sp, sp, x0\n ret\nend moving\n"));
  EXPECT_EQ(lifted.facts.functions.at("fixed").frame_bytes, 64U);
  EXPECT_EQ(lifted.facts.functions.at("moving").frame_bytes, std::nullopt);
}

TEST(Facts, taken_addresses) {
  const LiftedImage lifted = lift_assembly(assembly(
      "fn first\n ret\nend first\nfn called\n ret\nend called\nfn by_adr\n ret\nend by_adr\nfn by_page\n ret\nend by_page\nfn in_data\n ret\nend in_data\nfn by_literal\n ret\nend by_literal\nfn in_short_data\n ret\nend in_short_data\n"
      "fn f\n bl called\n adr x0, by_adr\n adrp x1, by_page\n nop\n add x1, x1, :lo12:by_page\n ldr x2, =by_literal\n ret\n .ltorg\nend f\n"
      ".data\n.quad in_data\n.byte 1\n.p2align 2\n.word in_short_data\n"));
  for (const char* name : {"by_adr", "by_page", "in_data", "by_literal", "in_short_data"}) EXPECT_TRUE(lifted.facts.functions.at(name).address_taken) << name;
  EXPECT_FALSE(lifted.facts.functions.at("called").address_taken);
  EXPECT_FALSE(lifted.facts.functions.at("f").address_taken);
  EXPECT_TRUE(lifted.facts.functions.at("first").address_taken) << "it is the image's entry";
  EXPECT_EQ(lifted.facts.entry, "first");
}
