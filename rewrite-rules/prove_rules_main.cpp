// SPDX-License-Identifier: Apache-2.0
// symbolon-prove-rules [--embed OUT.cpp] FILE.rules...: the build's gate. Exit code 0 only if every rule of every file is
// proved; only then is OUT.cpp written, so that a tool cannot be linked with a rule that was not proved.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "rewrite-rules/rules.hpp"

namespace {

/// A C++ array of the bytes: no limit on string literals, no quoting.
bool write_embedded(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << "#include \"rewrite-rules/embedded.hpp\"\n\nnamespace rules {\nnamespace {\nconst unsigned char bytes[] = {";
  for (std::size_t i = 0; i < text.size(); ++i) {
    out << (i % 20 == 0 ? "\n" : "") << static_cast<unsigned>(static_cast<unsigned char>(text[i])) << ",";
  }
  out << "\n0};\n}  // namespace\n\nstd::string_view embedded_text() {\n"
         "  return {reinterpret_cast<const char*>(bytes), sizeof bytes - 1};\n}\n\n}  // namespace rules\n";
  out.close();
  return !out.fail();
}

}  // namespace

int main(int argc, char** argv) {
  std::string embed;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--embed" && i + 1 < argc) {
      embed = argv[++i];
    } else {
      files.emplace_back(argv[i]);
    }
  }
  if (files.empty()) {
    std::fputs("usage: symbolon-prove-rules [--embed OUT.cpp] FILE.rules...\n", stderr);
    return 2;
  }
  const ir::Result<rules::RuleSet> set = rules::load(files);
  if (!set) {
    std::fprintf(stderr, "%s\n", set.error().to_string().c_str());
    return 4;
  }
  const rules::ProofReport report = rules::prove(*set);
  std::fputs(rules::to_text(report).c_str(), report.ok() ? stdout : stderr);
  if (!report.ok()) return 1;
  if (!embed.empty() && !write_embedded(embed, set->text())) {
    std::fprintf(stderr, "%s: cannot write\n", embed.c_str());
    return 4;
  }
  return 0;
}
