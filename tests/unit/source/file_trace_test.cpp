// SPDX-License-Identifier: Apache-2.0
// Whatever could make Clang read something else must make the trace of an earlier parse invalid.
#include "validator/source/file_trace.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "validator/source/source.hpp"

namespace validator::source {
namespace {

namespace fs = std::filesystem;

class FileTraceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "early");
    fs::create_directories(folder_ / "late");
    write("late/value.h", "#pragma once\n#define VALUE 3\n");
    write("main.c", "#include <value.h>\nunsigned f(void) { return VALUE; }\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name, std::ios::trunc) << text; }

  Options options() {
    write("compile_commands.json", "[{\"directory\": \"" + folder_.string() +
                                       "\", \"file\": \"main.c\", \"command\": \"clang-19 -Iearly -Ilate -c main.c\"}]");
    Options options;
    options.compile_commands = (folder_ / "compile_commands.json").string();
    return options;
  }

  FileTrace trace() {
    Report report;
    const auto module = lift_sources(options(), &report);
    EXPECT_TRUE(module && module->functions.contains("f"));
    return report.files;
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / ("symbolon_file_trace_test." + std::to_string(::getpid()));
};

TEST_F(FileTraceTest, holds_while_nothing_changes) {
  const FileTrace files = trace();
  EXPECT_GT(files.questions.size(), 4U);
  EXPECT_TRUE(files.steady);
  EXPECT_TRUE(still_holds(files));
  write("main.c", "#include <value.h>\nunsigned f(void) { return VALUE; }\n");  // another time stamp
  write("late/unrelated.h", "");
  EXPECT_TRUE(still_holds(files));
}

TEST_F(FileTraceTest, sees_a_changed_file) {
  const FileTrace files = trace();
  write("late/value.h", "#pragma once\n#define VALUE 4\n");
  EXPECT_FALSE(still_holds(files));
}

TEST_F(FileTraceTest, sees_a_file_that_would_be_found_first) {
  const FileTrace files = trace();
  write("early/value.h", "#define VALUE 3\n");
  EXPECT_FALSE(still_holds(files));
}

TEST_F(FileTraceTest, sees_a_file_that_is_gone) {
  const FileTrace files = trace();
  fs::remove(folder_ / "late/value.h");
  EXPECT_FALSE(still_holds(files));
}

TEST_F(FileTraceTest, sees_a_folder_on_the_search_path_appear) {
  fs::remove_all(folder_ / "early");
  const FileTrace files = trace();
  EXPECT_TRUE(still_holds(files));
  fs::create_directories(folder_ / "early");
  write("early/value.h", "#define VALUE 3\n");
  EXPECT_FALSE(still_holds(files));
}

/// `#pragma once` goes by the file, not by its name.
TEST_F(FileTraceTest, sees_that_one_file_became_two) {
  fs::create_hard_link(folder_ / "late/value.h", folder_ / "late/again.h");
  write("main.c", "#include <value.h>\n#include <again.h>\nunsigned f(void) { return VALUE; }\n");
  const FileTrace files = trace();
  EXPECT_TRUE(still_holds(files));
  fs::remove(folder_ / "late/again.h");
  fs::copy_file(folder_ / "late/value.h", folder_ / "late/again.h");
  EXPECT_FALSE(still_holds(files));
}

TEST_F(FileTraceTest, an_empty_or_unsteady_trace_is_no_evidence_of_change) {
  EXPECT_TRUE(still_holds(FileTrace{}));
  EXPECT_FALSE(still_holds(FileTrace{{}, false}));
}

TEST_F(FileTraceTest, text_that_depends_on_the_time_is_unsteady) {
  for (const char* macro : {"__DATE__", "__TIME__", "__TIMESTAMP__"}) {
    write("main.c", std::string("unsigned f(void) { return sizeof ") + macro + "; }\n");
    const FileTrace files = trace();
    EXPECT_FALSE(files.steady) << macro;
  }
}

TEST_F(FileTraceTest, the_request_has_commands_and_environment) {
  const auto text = request_text(options());
  ASSERT_TRUE(text);
  EXPECT_EQ(*request_text(options()), *text);
  setenv("CPATH", "/nonexistent", 1);
  EXPECT_NE(*request_text(options()), *text);
  unsetenv("CPATH");
  Options other = options();
  other.function_filter = "^f$";
  EXPECT_NE(*request_text(other), *text);
  write("other.json", "[{\"directory\": \"" + folder_.string() +
                          "\", \"file\": \"main.c\", \"command\": \"clang-19 -DVALUE=4 -Iearly -Ilate -c main.c\"}]");
  other = options();
  other.compile_commands = (folder_ / "other.json").string();
  EXPECT_NE(*request_text(other), *text);
  other.compile_commands = (folder_ / "none.json").string();
  EXPECT_FALSE(request_text(other));
}

}  // namespace
}  // namespace validator::source
