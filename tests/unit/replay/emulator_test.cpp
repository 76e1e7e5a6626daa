// SPDX-License-Identifier: Apache-2.0
// Real words: assembled and linked at test time, lifted by the models, run as a graph and under Unicorn.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "tests/unit/replay/pair.hpp"
#include "validator/binary/binary.hpp"
#include "validator/replay/emulator.hpp"

namespace validator::replay::testing {
namespace {

/// An image linked from assembly text, with its lifted functions.
class Assembled {
 public:
  explicit Assembled(const std::string& text) {
    char folder[] = "/tmp/symbolon-replay-XXXXXX";
    if (mkdtemp(folder) == nullptr) return;
    const std::string base = folder;
    std::ofstream(base + "/a.s") << text;
    const std::string command = fmt::format(
        "aarch64-linux-gnu-gcc -nostdlib -static -Wl,--build-id=none -Wl,-e,0x400000 -Wl,-Ttext=0x400000 "
        "-march=armv8.1-a -o {0}/a.elf {0}/a.s 2>{0}/log",
        base);
    linked_ = std::system(command.c_str()) == 0;
    if (linked_) {
      auto read = binary::read_image(base + "/a.elf");
      linked_ = static_cast<bool>(read);
      if (linked_) image = *read;
    }
    std::system(fmt::format("rm -r {}", base).c_str());
    if (!linked_) return;
    static const auto models = isa::Models::load(isa::Models::default_directory());
    linked_ = static_cast<bool>(models);
    if (linked_) lifted = binary::lift_image(image, *models);
  }

  bool linked() const { return linked_; }
  const ir::Function& function(const std::string& name) { return lifted.module.functions.at(name); }

  Image image;
  binary::LiftedImage lifted;

 private:
  bool linked_ = false;
};

EntryState random_entry(std::uint64_t seed, const Image& image) {
  EntryState entry;
  entry.image = &image;
  entry.memory.seed = mix(seed, 1);
  for (unsigned i = 0; i < 30; ++i) entry.x[i] = mix(seed, i, 2) >> (mix(seed, i, 3) % 64);
  entry.x[0] = object_regions + 16 * (mix(seed, 4) % 64);
  entry.z = (seed & 1) != 0;
  entry.c = (seed & 2) != 0;
  return entry;
}

RunResult run_graph(const ir::Function& function, EntryState& entry, std::uint64_t seed) {
  Environment environment;
  environment.seed = seed;
  RunOptions options;
  options.record_path = true;
  return Program(function, Side::binary).run(entry, environment, options);
}

constexpr const char* mixed = R"(
    .text
    .global mixed, callee, words, wrong, device, tail
    .type mixed, %function
mixed:                          // frame, pairs with writeback, loop, call, narrow accesses
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #16]
    mov x19, x0
    and w1, w1, #15
    mov w2, wzr
1:  ldrb w3, [x19, x2]
    add w3, w3, w2, lsl #3
    strb w3, [x19, x2]
    add w2, w2, #1
    add x5, x5, #0
    nop
    cmp w2, w1
    b.lo 1b
    ldp x4, x5, [x19], #16
    madd x4, x4, x5, x1
    str x4, [x19, #-8]!
    bl callee
    adds x0, x0, x19
    csinc x0, x0, xzr, cs
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    ret
    .size mixed, . - mixed
    .type callee, %function
callee:
    ret
    .size callee, . - callee
    .type tail, %function
tail:
    ldr w1, [x0, #4]
    cbz w1, 1f
    sxtw x0, w1
    b callee
1:  ret
    .size tail, . - tail
    .type words, %function
words:
    ldr x1, =0x1122334455667788
    rbit x2, x1
    clz x3, x0
    udiv x4, x1, x3
    ror x0, x4, x2
    extr x1, x0, x1, #7
    ccmp x1, x2, #5, ne
    adc x0, x0, x1
    ret
    .size words, . - words
    .type device, %function
device:
    mrs x1, sctlr_el1
    dsb sy
    str x1, [x0]
    ldxr w2, [x0]
    stxr w3, w1, [x0]
    ldadd x1, x2, [x0]
    ret
    .size device, . - device
    .type forward, %function
forward:                        // ends in a branch to another function, on two ways
    add x0, x0, #4
    cbz w1, 1f
    add x1, x1, #1
    b callee
1:  mov x1, #7
    b callee
    .size forward, . - forward
    .type only_forward, %function
only_forward:
    b callee
    .size only_forward, . - only_forward
    .type through, %function
through:
    stp x29, x30, [sp, #-16]!
    bl forward
    bl only_forward
    ldp x29, x30, [sp], #16
    ret
    .size through, . - through
    .type pair, %function
pair:
    ldp x1, x2, [x0]
    eor x0, x1, x2
    ret
    .size pair, . - pair
)";

Assembled& image() {
  static Assembled assembled(mixed);
  return assembled;
}

TEST(Emulator, AgreesWithTheGraph) {
  ASSERT_TRUE(image().linked());
  for (const char* name : {"mixed", "words", "tail"}) {
    const ir::Function& function = image().function(name);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      EntryState entry = random_entry(seed, image().image);
      const RunResult graph = run_graph(function, entry, seed);
      ASSERT_EQ(graph.ending, Ending::returned) << name << ": " << graph.text;
      const EmulatorReport report = emulate(image().image, entry, graph);
      EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << name << ": " << report.text;
      EXPECT_TRUE(report.stubbed.empty());
    }
  }
}

/// `through` with both functions that it calls inlined: their branches to `callee` are calls from where they were called.
ir::Function inlined_through(Assembled& from, const std::vector<std::string>& names = {"forward", "only_forward"}) {
  ir::Function result = from.function("through");
  for (const std::string& name : names) {
    for (ir::Graph::NodeId node = 0; node < result.graph.size(); ++node) {
      const auto* call = std::get_if<ir::Call>(&result.graph.at(node).node);
      if (call != nullptr && call->symbol == name) ir::inline_binary_call(result, node, from.function(name));
    }
  }
  return result;
}

TEST(Emulator, FollowsFromInlinedCodeIntoOther) {
  ASSERT_TRUE(image().linked());
  const ir::Function through = inlined_through(image(), {"forward", "only_forward", "callee"});
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    EntryState entry = random_entry(seed, image().image);
    entry.x[1] = seed % 2;
    const RunResult graph = run_graph(through, entry, seed);
    ASSERT_EQ(graph.ending, Ending::returned) << graph.text;
    const EmulatorReport report = emulate(image().image, entry, graph);
    EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << report.text;
    EXPECT_EQ(report.calls, 0U);
  }
}

TEST(Emulator, FollowsIntoInlinedCodeThatEndsInACall) {
  ASSERT_TRUE(image().linked());
  const ir::Function through = inlined_through(image());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EntryState entry = random_entry(seed, image().image);
    entry.x[1] = seed % 2;
    const RunResult graph = run_graph(through, entry, seed);
    ASSERT_EQ(graph.ending, Ending::returned) << graph.text;
    const EmulatorReport report = emulate(image().image, entry, graph);
    EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << report.text;
    EXPECT_EQ(report.calls, 2U);
  }
}

TEST(Emulator, NoticesAnotherArgumentOrCallee) {
  ASSERT_TRUE(image().linked());
  const ir::Function through = inlined_through(image());
  for (auto [from, to] : {std::pair{"mov x1, #7", "mov x1, #6"}, {"1:  mov x1, #7\n    b callee", "1:  mov x1, #7\n    b tail"}}) {
    std::string text = mixed;
    text.replace(text.find(from), std::string(from).size(), to);
    Assembled other(text);
    ASSERT_TRUE(other.linked());
    EntryState entry = random_entry(2, image().image);
    entry.x[1] = 0;
    const RunResult graph = run_graph(through, entry, 2);
    const EmulatorReport report = emulate(other.image, entry, graph);
    EXPECT_EQ(report.status, EmulatorReport::Status::disagrees) << from;
  }
}

TEST(Emulator, ReadsAPairOfVolatilesWithBothAnswers) {
  ASSERT_TRUE(image().linked());
  EntryState entry = random_entry(4, image().image);
  Environment environment;
  environment.seed = 4;
  RunResult guide;
  for (const std::uint64_t offset : {0, 8}) {
    Event& load = guide.events.emplace_back();
    load.kind = EventKind::volatile_load;
    load.address = entry.x[0] + offset;
    load.bytes = 8;
    environment.answer(offset / 8).has_value = true;
    environment.answer(offset / 8).value = 0x1234 + offset;
  }
  RunOptions options;
  options.record_path = true;
  options.guide = &guide;
  const RunResult graph = Program(image().function("pair"), Side::binary).run(entry, environment, options);
  ASSERT_EQ(graph.events.size(), 2U);
  EXPECT_EQ(graph.x[0], 0x1234U ^ 0x123cU);
  const EmulatorReport report = emulate(image().image, entry, graph);
  EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << report.text;
}

TEST(Emulator, FollowsAccessesOverTheEndOfAPage) {
  ASSERT_TRUE(image().linked());
  for (const std::uint64_t address : {object_regions + 0xffa, object_regions + 0x7fc, std::uint64_t{0x57bef6e02b2a0ffe}}) {
    EntryState entry = random_entry(6, image().image);
    entry.x[0] = address;
    const RunResult graph = run_graph(image().function("pair"), entry, 6);
    const EmulatorReport report = emulate(image().image, entry, graph);
    EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << report.text;
  }
}

TEST(Emulator, ListsStubbedWords) {
  ASSERT_TRUE(image().linked());
  EntryState entry = random_entry(3, image().image);
  const RunResult graph = run_graph(image().function("device"), entry, 3);
  const EmulatorReport report = emulate(image().image, entry, graph);
  EXPECT_EQ(report.status, EmulatorReport::Status::agrees) << report.text;
  EXPECT_EQ(report.stubbed.size(), 5U);
}

TEST(Emulator, NoticesAnotherInstruction) {
  // The graph of one image beside the words of another: one addend, one condition, one store changed.
  ASSERT_TRUE(image().linked());
  for (auto [from, to] : {std::pair{"lsl #3", "lsl #4"},
                          {"b.lo 1b", "b.ls 1b"},
                          {"str x4, [x19, #-8]!", "str x5, [x19, #-8]!"},
                          {"csinc x0, x0, xzr, cs", "csinc x0, x0, xzr, cc"}}) {
    std::string text = mixed;
    text.replace(text.find(from), std::string(from).size(), to);
    Assembled other(text);
    ASSERT_TRUE(other.linked());
    EntryState entry = random_entry(5, image().image);
    entry.x[1] = 5;
    const RunResult graph = run_graph(image().function("mixed"), entry, 5);
    const EmulatorReport report = emulate(other.image, entry, graph);
    EXPECT_EQ(report.status, EmulatorReport::Status::disagrees) << from;
  }
}

TEST(Emulator, GoesNoFurtherThanTheLastEventAskedFor) {
  ASSERT_TRUE(image().linked());
  std::string text = mixed;
  text.replace(text.find("csinc x0, x0, xzr, cs"), std::string("csinc x0, x0, xzr, cs").size(), "csinc x0, x0, xzr, cc");
  Assembled other(text);
  ASSERT_TRUE(other.linked());
  EntryState entry = random_entry(5, image().image);
  const RunResult graph = run_graph(image().function("mixed"), entry, 5);
  ASSERT_EQ(graph.events.size(), 1U);
  EXPECT_EQ(emulate(other.image, entry, graph, 0).status, EmulatorReport::Status::agrees);
  EXPECT_EQ(emulate(other.image, entry, graph, 1).status, EmulatorReport::Status::disagrees);
}

TEST(Emulator, NoticesAWrongFinalRegister) {
  ASSERT_TRUE(image().linked());
  EntryState entry = random_entry(7, image().image);
  RunResult graph = run_graph(image().function("words"), entry, 7);
  graph.x[3] ^= 1;
  EXPECT_EQ(emulate(image().image, entry, graph).status, EmulatorReport::Status::disagrees);
}

TEST(Emulator, WithoutAddressesThereIsNothingToFollow) {
  EntryState entry;
  Chain chain;
  chain.ret();
  EXPECT_EQ(emulate(Image{}, entry, run_graph(chain.function, entry, 1)).status, EmulatorReport::Status::unavailable);
}

}  // namespace
}  // namespace validator::replay::testing
