// SPDX-License-Identifier: Apache-2.0
// GCC's and Clang's command lines. The AST must be that of the recorded compiler: its target, its macros as far as
// Clang can pretend, its include paths. GCC is asked for them (`-E -v`); Clang's driver finds them itself.
#include "validator/source/commands.hpp"

#include <algorithm>
#include <filesystem>

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Program.h>

namespace validator::source {

namespace {

using Arguments = std::vector<std::string>;

bool starts(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

/// Options with a separate operand that are dropped with it.
constexpr const char* dropped_pairs[] = {"-o", "-MF", "-MT", "-MQ", "-MJ", "--param", "-Xclang", "-mllvm", "-Xlinker", "-Xassembler",
                                         "-aux-info", "-dumpbase", "-T", "-u", "-z", "-target", "-arch"};
/// Options with an operand, attached or separate, that are kept.
constexpr const char* kept_pairs[] = {"-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-D", "-U",
                                      "-isysroot", "-x", "-iprefix", "-iwithprefix", "-iwithprefixbefore"};
/// Flags that change the AST and that Clang knows.
constexpr const char* kept_flags[] = {
    "-ansi",           "-undef",           "-nostdinc",         "-nostdinc++",       "-nostdlibinc",   "-ffreestanding",
    "-fhosted",        "-fshort-enums",    "-fno-short-enums",  "-fsigned-char",     "-funsigned-char", "-fno-signed-char",
    "-fshort-wchar",   "-fms-extensions",  "-fgnu89-inline",    "-fno-gnu89-inline", "-fno-rtti",      "-fno-exceptions",
    "-fwrapv",         "-fno-builtin",     "-fno-threadsafe-statics", "-fno-common", "-fcommon",       "-mgeneral-regs-only",
    "-mstrict-align",  "-mno-unaligned-access", "-fno-asm",     "-fchar8_t",         "-fno-char8_t",   "-mlittle-endian",
    "-fno-operator-names", "-fpermissive-no", "-traditional-cpp", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks",
    "-fconcepts-no",   "-fno-pic",         "-fno-pie",          "-fno-PIC",          "-fno-PIE",       "-fsized-deallocation"};
constexpr const char* kept_prefixes[] = {"-std=",        "--std=",           "-O",
                                         "--sysroot=",   "-fno-builtin-",    "-fpack-struct",
                                         "-march=",      "-mcpu=",           "-mbranch-protection=",
                                         "-fconstexpr-", "-ftemplate-depth", "-fmacro-prefix-map="};

/// Flags that change what a program means, and that Clang does not know.
constexpr const char* foreign_flags[] = {"-funsigned-bitfields", "-fno-signed-bitfields", "-fsso-struct=big-endian"};

template <std::size_t N>
bool among(const std::string& text, const char* const (&list)[N]) {
  for (const char* one : list) {
    if (text == one) {
      return true;
    }
  }
  return false;
}

/// Standard output and error of a program, together; empty when it cannot be run.
std::string output_of(const Arguments& command) {
  const llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(command[0]);
  llvm::SmallString<128> path;
  if (!program || llvm::sys::fs::createTemporaryFile("symbolon", "txt", path)) {
    return "";
  }
  std::vector<llvm::StringRef> arguments(command.begin(), command.end());
  const llvm::StringRef file(path);
  llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, {llvm::StringRef(""), file, file}, 20);
  const auto buffer = llvm::MemoryBuffer::getFile(path);
  const std::string text = buffer ? (*buffer)->getBuffer().str() : "";
  llvm::sys::fs::remove(path);
  return text;
}

const std::string& cached_output(const Arguments& command) {
  static std::map<Arguments, std::string> cache;
  const auto found = cache.find(command);
  return found != cache.end() ? found->second : cache[command] = output_of(command);
}

/// Some dialect, machine option, or level: what GCC's own macros can depend on. Dumps and plugins are no such flags,
/// and make files.
bool changes_macros(const std::string& argument) {
  const bool is_mode =
      starts(argument, "-f") || starts(argument, "-m") || starts(argument, "-O") || starts(argument, "-std=");
  const bool acts = starts(argument, "-fdump") || starts(argument, "-fplugin") ||
                    starts(argument, "-fdirectives-only") || starts(argument, "-fprofile") ||
                    starts(argument, "-fmodule");
  return (is_mode && !acts) || argument == "-ansi" || argument == "-undef" || argument == "-pthread" ||
         argument == "-pg";
}

bool is_gcc(const std::string& version) {
  return version.find("clang") == std::string::npos && version.find("Free Software Foundation") != std::string::npos;
}

Arguments system_includes(const std::string& compiler, const std::string& language, const Arguments& relevant) {
  Arguments query = {compiler};
  query.insert(query.end(), relevant.begin(), relevant.end());
  query.insert(query.end(), {"-E", "-v", "-x", language, "/dev/null"});
  const std::string text = cached_output(query);
  Arguments result;
  std::size_t at = text.find("#include <...> search starts here:");
  const std::size_t end = text.find("End of search list.");
  while (at != std::string::npos && end != std::string::npos) {
    at = text.find("\n /", at);
    if (at == std::string::npos || at > end) {
      break;
    }
    const std::size_t stop = text.find('\n', at + 1);
    result.push_back(text.substr(at + 2, stop - at - 2));
    at = stop;
  }
  return result;
}

/// Every macro that GCC defines under these flags, as a flag of Clang's. Sources ask them what to be: a feature of the
/// architecture, the compiler's name, its options.
Arguments own_macros(const std::string& compiler, const std::string& language, const Arguments& relevant) {
  Arguments query = {compiler};
  query.insert(query.end(), relevant.begin(), relevant.end());
  query.insert(query.end(), {"-E", "-dM", "-x", language, "/dev/null"});
  const std::string& text = cached_output(query);
  constexpr llvm::StringLiteral define = "#define ";
  Arguments result;
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (!line.consume_front(define)) continue;
    const std::size_t list = line.find_first_of("( ");
    const std::size_t end =
        list != llvm::StringRef::npos && line[list] == '(' ? line.find(')') + 1 : std::min(list, line.size());
    result.push_back("-D" + line.take_front(end).str() + "=" + line.drop_front(end).ltrim().str());
  }
  return result;
}

/// What the driver hands on to the preprocessor is for Clang's to hear, too.
Arguments without_wrapping(const Arguments& recorded) {
  Arguments result;
  for (const std::string& argument : recorded) {
    llvm::StringRef rest = argument;
    if (argument == "-Xpreprocessor") continue;
    if (!rest.consume_front("-Wp,")) {
      result.push_back(argument);
      continue;
    }
    for (bool more = true; more;) {
      const auto [first, others] = rest.split(',');
      result.push_back(first.str());
      more = rest.contains(',');
      rest = others;
    }
  }
  return result;
}

bool has(const Arguments& arguments, std::initializer_list<const char*> flags) {
  for (const std::string& argument : arguments) {
    for (const char* flag : flags) {
      if (argument == flag) {
        return true;
      }
    }
  }
  return false;
}

/// Is the last of the flags that decide one question among `good`?
bool decided(const Arguments& arguments, std::initializer_list<const char*> good, std::initializer_list<const char*> bad,
             bool otherwise) {
  bool result = otherwise;
  for (const std::string& argument : arguments) {
    if (has({argument}, good)) {
      result = true;
    } else if (has({argument}, bad)) {
      result = false;
    }
  }
  return result;
}

/// DESIGN.md section 6.
std::vector<FlagCheck> check_flags(const Arguments& recorded, bool gcc) {
  bool optimises_for_loops = false;  // GCC 12 and Clang vectorise from -O2 on; without FP registers neither can
  std::string level = "0";
  for (const std::string& argument : recorded) {
    level = starts(argument, "-O") ? argument.substr(2) : level;
  }
  optimises_for_loops = level == "2" || level == "3" || level == "s" || level == "fast" || level.empty();
  const bool general = has(recorded, {"-mgeneral-regs-only"});
  const bool unaliased = level == "0" || level == "1" || level == "g" || !optimises_for_loops;
  return {
      {"-fno-strict-aliasing", decided(recorded, {"-fno-strict-aliasing"}, {"-fstrict-aliasing"}, gcc && unaliased),
       "loads and stores of different types may be reordered"},
      {"-mgeneral-regs-only", general, "the compiler may use FP and SIMD registers"},
      {"-ffreestanding", decided(recorded, {"-ffreestanding"}, {"-fhosted"}, false),
       "library functions get the meaning of the standard library"},
      {"-fno-pic", decided(recorded, {"-fno-pic", "-fno-PIC", "-fno-pie", "-fno-PIE"},
                           {"-fpic", "-fPIC", "-fpie", "-fPIE"}, false),
       "addresses may go through a global offset table"},
      {"-mno-outline-atomics", decided(recorded, {"-mno-outline-atomics"}, {"-moutline-atomics"}, false),
       "atomics become calls of library routines"},
      {"-fno-tree-vectorize",
       general || !optimises_for_loops ||
           decided(recorded, {"-fno-tree-vectorize", "-fno-vectorize"}, {"-ftree-vectorize", "-fvectorize"}, false),
       "loops may be vectorised"},
  };
}

}  // namespace

Command translate(const std::string& directory, const std::string& file, const Arguments& wrapped, UnitReport& report) {
  const Arguments recorded = without_wrapping(wrapped);
  Command out;
  out.directory = directory;
  const std::filesystem::path path(file);
  out.file = path.is_absolute() ? path.lexically_normal().string()
                                : (std::filesystem::path(directory) / path).lexically_normal().string();
  report.file = out.file;
  std::size_t driver = 0;
  while (driver + 1 < recorded.size() &&
         (recorded[driver].find("ccache") != std::string::npos || recorded[driver].find("distcc") != std::string::npos)) {
    ++driver;
  }
  report.compiler = recorded.empty() ? "" : recorded[driver];
  const std::string version = report.compiler.empty() ? "" : cached_output({report.compiler, "--version"});
  report.compiler_version = version.substr(0, version.find('\n'));
  const std::string driver_name = std::filesystem::path(report.compiler).filename().string();
  const bool gcc = version.empty() ? driver_name.find("clang") == std::string::npos : is_gcc(version);

  std::string extension = path.extension().string();
  bool cplusplus = extension == ".cpp" || extension == ".cc" || extension == ".cxx" || extension == ".C" || extension == ".c++" ||
                   extension == ".ii" || driver_name.find("++") != std::string::npos;
  report.assembly = extension == ".S" || extension == ".s" || extension == ".asm";
  Arguments flags;
  Arguments relevant;  // for GCC's include paths
  Arguments modes;     // for GCC's macros
  for (std::size_t i = driver + 1; i < recorded.size(); ++i) {
    const std::string& argument = recorded[i];
    if (argument.empty() || argument == "--") {
      continue;
    }
    if (argument == file || argument == out.file || (argument[0] != '-' && std::filesystem::path(argument).extension() == extension)) {
      continue;
    }
    if (among(argument, dropped_pairs)) {
      report.dropped_flags.push_back(argument);
      ++i;
      continue;
    }
    bool taken = false;
    for (const char* pair : kept_pairs) {
      if (argument == pair && i + 1 < recorded.size()) {
        flags.insert(flags.end(), {argument, recorded[i + 1]});
        if (argument == "-x") {
          cplusplus = recorded[i + 1].find("c++") != std::string::npos;
          report.assembly = starts(recorded[i + 1], "assembler");
        }
        ++i;
        taken = true;
        break;
      }
      if (starts(argument, pair) && argument.size() > std::string(pair).size()) {
        flags.push_back(argument);
        taken = true;
        break;
      }
    }
    for (const char* prefix : kept_prefixes) {
      taken = taken || starts(argument, prefix);
      if (starts(argument, prefix) && flags.size() + 1 > 0 && (flags.empty() || flags.back() != argument)) {
        flags.push_back(argument);
        break;
      }
    }
    if (!taken && among(argument, kept_flags)) {
      flags.push_back(argument);
      taken = true;
    }
    if (starts(argument, "-std=")) {
      report.standard = argument.substr(5);
    }
    if (starts(argument, "-std=") || starts(argument, "-nostdinc") || starts(argument, "--sysroot") || argument == "-ffreestanding") {
      relevant.push_back(argument);
    }
    if (changes_macros(argument)) {
      modes.push_back(argument);
    }
    if (argument == "-fwrapv" || argument == "-fno-strict-overflow" || argument == "-ftrapv") {
      out.dialect.wrapping_signed = argument != "-ftrapv";
      out.dialect.wrapping_pointers = argument == "-fno-strict-overflow" || (argument == "-fwrapv" && !gcc);
    } else if (argument == "-fwrapv-pointer") {
      out.dialect.wrapping_pointers = true;
    } else if (argument == "-fno-wrapv" || argument == "-fstrict-overflow") {
      out.dialect.wrapping_signed = false;
      out.dialect.wrapping_pointers = false;
    } else if (argument == "-fno-delete-null-pointer-checks") {
      out.dialect.null_is_an_address = true;
    } else if (argument == "-fdelete-null-pointer-checks") {
      out.dialect.null_is_an_address = false;
    } else if (argument == "-mbig-endian" || argument == "-mabi=ilp32") {
      out.lifted = false;
      report.diagnostics.push_back({"target", "only little-endian LP64 AArch64 is lifted, not " + argument, {out.file, 0, 0}});
    } else if (among(argument, foreign_flags) || starts(argument, "-fexec-charset=") ||
               starts(argument, "-fwide-exec-charset=")) {
      out.lifted = false;
      report.diagnostics.push_back({"target", "Clang cannot read the sources under " + argument, {out.file, 0, 0}});
    }
    if (!taken) {
      report.dropped_flags.push_back(argument);
    }
  }
  report.language = cplusplus ? "c++" : "c";
  report.flags = check_flags(recorded, gcc);
  out.dialect.typed_aliasing = std::ranges::any_of(report.flags, [](const FlagCheck& check) { return check.flag == "-fno-strict-aliasing" && !check.found; });
  out.lifted = out.lifted && !report.assembly;

  out.arguments = {cplusplus ? "clang++" : "clang", "--target=aarch64-linux-gnu", "-fsyntax-only", "-Wno-everything", "-fno-caret-diagnostics",
                   std::string("-resource-dir=") + SYMBOLON_CLANG_RESOURCES};
  if (gcc && out.lifted) {
    // Clang accepts fewer -march/-mcpu spellings than GCC; they do not change types or layouts.
    std::erase_if(flags, [](const std::string& flag) { return starts(flag, "-march=") || starts(flag, "-mcpu="); });
  }
  const std::size_t options = out.arguments.size();
  out.arguments.insert(out.arguments.end(), flags.begin(), flags.end());
  if (gcc && out.lifted) {
    const Arguments includes = system_includes(report.compiler, cplusplus ? "c++" : "c", relevant);
    const std::string number = cached_output({report.compiler, "-dumpfullversion"});
    if (!number.empty()) {
      out.arguments.push_back("-fgnuc-version=" + number.substr(0, number.find('\n')));
    }
    if (const Arguments macros = own_macros(report.compiler, cplusplus ? "c++" : "c", modes); !macros.empty()) {
      // In front: what the command defines or undefines is done after these.
      const auto front = out.arguments.begin() + static_cast<std::ptrdiff_t>(options);
      out.arguments.insert(out.arguments.insert(front, macros.begin(), macros.end()), "-undef");
    } else {
      // Under Clang's own macros another branch of an #ifdef could be read, and proved.
      out.lifted = false;
      report.diagnostics.push_back({"target", report.compiler + " does not print its macros under the recorded flags", {out.file, 0, 0}});
    }
    if (!includes.empty()) {
      out.arguments.insert(out.arguments.end(), {"-nostdinc", "-nostdinc++"});
      for (const std::string& include : includes) {
        out.arguments.insert(out.arguments.end(), {"-isystem", include});
      }
    }
  }
  out.arguments.push_back(out.file);
  return out;
}

Command translate_text(const std::string& file, const Arguments& arguments, UnitReport& report) {
  const bool cplusplus = std::filesystem::path(file).extension() != ".c";
  Arguments recorded = {cplusplus ? "clang++-19" : "clang-19"};
  recorded.insert(recorded.end(), arguments.begin(), arguments.end());
  recorded.push_back(file);
  return translate("/", file, recorded, report);
}

}  // namespace validator::source
