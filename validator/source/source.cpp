// SPDX-License-Identifier: Apache-2.0
// The front door: read the database, parse and lift unit by unit, merge. Every unit is lifted into a module of its own;
// only when all are known can names that are internal to several units be told apart.
#include "validator/source/source.hpp"

#include <regex>

#include "validator/source/commands.hpp"
#include "validator/source/merge.hpp"
#include "validator/source/recording_files.hpp"

namespace validator::source {

namespace {

/// Keeps Clang's errors, located, and forgets its warnings.
class Collector : public clang::DiagnosticConsumer {
 public:
  explicit Collector(UnitReport& report) : report_(report) {}
  std::vector<clang::SourceLocation> places;

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& info) override {
    DiagnosticConsumer::HandleDiagnostic(level, info);
    if (level < clang::DiagnosticsEngine::Error) {
      return;
    }
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    ir::Error error{"parse-error", std::string(text.str()), {report_.file, 0, 0}};
    if (info.hasSourceManager() && info.getLocation().isValid()) {
      const clang::PresumedLoc at = info.getSourceManager().getPresumedLoc(info.getLocation());
      if (at.isValid()) {
        error.where = {at.getFilename(), at.getLine(), at.getColumn()};
      }
      places.push_back(info.getLocation());
    }
    report_.diagnostics.push_back(std::move(error));
  }

 private:
  UnitReport& report_;
};

struct Job {
  const Options& options;
  const Command& command;
  const ir::Module& done;
  UnitReport& report;
  Collector& collector;
  UnitModule& out;
};

class Consumer : public clang::ASTConsumer {
 public:
  explicit Consumer(Job& job) : job_(job) {}
  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (context.getDiagnostics().hasFatalErrorOccurred()) {
      return;
    }
    Unit unit(context, job_.options, job_.command.dialect, job_.out.module, job_.command.file);
    unit.parse_errors = job_.collector.places;
    unit.done = &job_.done;
    unit.lift_everything();
    job_.out.internal = unit.internal_names;
    job_.out.weak = unit.weak_names;
    for (Unit::Order& order : unit.orders) {
      job_.out.orders.push_back({order.function, order.quiet, order.where});
    }
    job_.report.parsed = true;
    job_.report.functions = unit.lifted;
    job_.report.failed = unit.failed;
  }

 private:
  Job& job_;
};

class Action : public clang::ASTFrontendAction {
 public:
  explicit Action(Job& job) : job_(job) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<Consumer>(job_);
  }

 private:
  Job& job_;
};

void run(const Command& command, const std::string* text, const Options& options, const ir::Module& done, FileRecorder& recorder,
         UnitReport& report, UnitModule& out) {
  Collector collector(report);
  Job job{options, command, done, report, collector, out};
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
      new llvm::vfs::OverlayFileSystem(recording_files(command.directory, recorder)));
  if (text != nullptr) {
    llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(new llvm::vfs::InMemoryFileSystem);
    memory->addFile(command.file, 0, llvm::MemoryBuffer::getMemBuffer(*text));
    files->pushOverlay(memory);
  }
  llvm::IntrusiveRefCntPtr<clang::FileManager> manager(new clang::FileManager(clang::FileSystemOptions(), files));
  clang::tooling::ToolInvocation invocation(command.arguments, std::make_unique<Action>(job), manager.get());
  invocation.setDiagnosticConsumer(&collector);
  invocation.run();
  out.file = command.file;
}

/// The commands to lift, each different one once, with a report for each.
ir::Result<std::vector<Command>> read_commands(const Options& options, Report& all) {
  std::string problem;
  std::unique_ptr<clang::tooling::CompilationDatabase> database = clang::tooling::JSONCompilationDatabase::loadFromFile(
      options.compile_commands, problem, clang::tooling::JSONCommandLineSyntax::Gnu);
  if (database == nullptr) {
    return ir::Error{"compile-commands", "cannot read the compilation database: " + problem, {options.compile_commands, 0, 0}};
  }
  database = clang::tooling::expandResponseFiles(std::move(database), llvm::vfs::getRealFileSystem());
  std::regex filter;
  try {
    filter = std::regex(options.file_filter);
    static_cast<void>(std::regex(options.function_filter));
  } catch (const std::regex_error& error) {
    return ir::Error{"usage", std::string("not a regular expression: ") + error.what(), {}};
  }
  std::vector<Command> commands;
  std::set<std::pair<std::string, std::vector<std::string>>> seen;
  for (const clang::tooling::CompileCommand& recorded : database->getAllCompileCommands()) {
    UnitReport unit_report;
    Command command = translate(recorded.Directory, recorded.Filename, recorded.CommandLine, unit_report);
    if (!options.file_filter.empty() && !std::regex_search(command.file, filter)) {
      continue;
    }
    if (seen.emplace(command.file, command.arguments).second) {  // one entry for each different command of a file
      commands.push_back(std::move(command));
      all.units.push_back(std::move(unit_report));
    }
  }
  if (commands.empty()) {
    return ir::Error{"compile-commands", "no entry matches the file filter", {options.compile_commands, 0, 0}};
  }
  return commands;
}

/// What Clang's driver reads from the environment (clang/lib/Driver: ToolChains/Clang.cpp, Driver.cpp), and what decides which
/// program a compiler's name means.
constexpr const char* environment[] = {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "OBJCPLUS_INCLUDE_PATH",
                                       "CCC_OVERRIDE_OPTIONS", "CCC_ADD_ARGS", "CLANG_CONFIG_FILE_SYSTEM_DIR", "CLANG_CONFIG_FILE_USER_DIR",
                                       "CLANG_NO_DEFAULT_CONFIG", "COMPILER_PATH", "GCC_EXEC_PREFIX", "LIBRARY_PATH", "SDKROOT",
                                       "SOURCE_DATE_EPOCH", "HOME", "PATH"};

class RequestText {
 public:
  void add(const std::string& part) { text_ += std::to_string(part.size()) + ":" + part; }
  void add(const std::vector<std::string>& list) {
    add(std::to_string(list.size()));
    for (const std::string& part : list) add(part);
  }
  void add(const std::vector<ir::Error>& errors) {
    add(std::to_string(errors.size()));
    for (const ir::Error& error : errors) add(error.to_string());
  }
  std::string finish() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

ir::Result<std::string> request_text(const Options& options) {
  Report all;
  const ir::Result<std::vector<Command>> commands = read_commands(options, all);
  if (!commands) return commands.error();
  RequestText text;
  text.add({options.file_filter, options.function_filter, std::to_string(options.asm_lifter != nullptr)});
  for (const char* name : environment) {
    const char* value = std::getenv(name);
    text.add(value == nullptr ? std::string("-") : std::string("=") + value);
  }
  for (std::size_t i = 0; i < commands->size(); ++i) {
    const Command& command = (*commands)[i];
    const UnitReport& unit = all.units[i];
    const Dialect& dialect = command.dialect;
    text.add({command.directory, command.file, std::to_string(command.lifted), std::to_string(dialect.wrapping_signed),
              std::to_string(dialect.wrapping_pointers), std::to_string(dialect.null_is_an_address),
              std::to_string(dialect.typed_aliasing)});
    text.add(command.arguments);
    text.add({unit.compiler, unit.compiler_version, unit.language, unit.standard, std::to_string(unit.assembly)});
    text.add(unit.dropped_flags);
    text.add(unit.diagnostics);
    for (const FlagCheck& check : unit.flags) text.add({check.flag, std::to_string(check.found), check.reason});
  }
  return text.finish();
}

ir::Result<ir::Module> lift_text(const std::string& text, const std::string& file, const std::vector<std::string>& arguments,
                                 const Options& options, UnitReport* report) {
  UnitReport own;
  UnitReport& unit_report = report != nullptr ? *report : own;
  const std::string absolute = file.front() == '/' ? file : "/" + file;
  const Command command = translate_text(absolute, arguments, unit_report);
  std::vector<UnitModule> units(1);
  FileTrace unused;
  FileRecorder recorder(unused);
  run(command, &text, options, ir::Module(), recorder, unit_report, units[0]);
  if (!unit_report.parsed) {
    return unit_report.diagnostics.empty() ? ir::Error{"parse-error", "Clang could not parse this", {file, 0, 0}}
                                           : unit_report.diagnostics.front();
  }
  return merge(std::move(units), unit_report.unordered);
}

ir::Result<ir::Module> lift_sources(const Options& options, Report* report) {
  Report own;
  Report& all = report != nullptr ? *report : own;
  const ir::Result<std::vector<Command>> read = read_commands(options, all);
  if (!read) return read.error();
  const std::vector<Command>& commands = *read;
  FileRecorder recorder(all.files);
  std::vector<UnitModule> units(commands.size());
  ir::Module done;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (options.progress) {
      options.progress(commands[i].file, i, commands.size());
    }
    if (!commands[i].lifted) {
      continue;
    }
    run(commands[i], nullptr, options, done, recorder, all.units[i], units[i]);
    if (!all.units[i].parsed && all.units[i].diagnostics.empty()) {
      all.units[i].diagnostics.push_back({"parse-error", "Clang did not accept this command", {commands[i].file, 0, 0}});
    }
    for (const auto& [name, function] : units[i].module.functions) {
      if (!function.internal) {
        done.functions.emplace(name, ir::Function());
      }
    }
  }
  return merge(std::move(units), all.unordered);
}

}  // namespace validator::source
