// SPDX-License-Identifier: Apache-2.0
// show FUNCTION: one function with both graphs and everything that the prover said about it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "ir/smt.hpp"
#include "ir/text.hpp"
#include "validator/app/command_run.hpp"
#include "validator/app/commands.hpp"
#include "validator/app/html_pages.hpp"
#include "validator/app/terminal.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/output_file.hpp"
#include "validator/report/steps.hpp"
#include "validator/report/table.hpp"

namespace validator::app {
namespace {

volatile std::sig_atomic_t never = 0;

struct ShowArguments : ImageArguments {
  std::string function;
  std::string ir;  ///< source, binary; empty: both
  bool dot = false;
  bool colour = false;
  bool no_proof = false;
  std::string html;
};

/// The key by exact linkage name, else by exact display name when only one function has it.
std::string find_function(const Loaded& loaded, const std::string& name) {
  if (loaded.source.functions.contains(name) || loaded.source.failed.contains(name) ||
      loaded.binary.facts.functions.contains(name)) {
    return name;
  }
  std::string found;
  for (const auto& [key, function] : loaded.source.functions) {
    if (function.display != name) continue;
    if (!found.empty()) return {};
    found = key;
  }
  return found;
}

std::string heading(const char* text, bool colour) {
  return colour ? fmt::format("\033[1m--- {}\033[0m", text) : fmt::format("--- {}", text);
}

bool is_pair(const Loaded& loaded, const std::string& key) {
  return loaded.source.functions.contains(key) && loaded.binary.module.functions.contains(key);
}

void print_half(const char* half, const ir::Module& module, const std::string& key, const ShowArguments& arguments) {
  if (const auto failed = module.failed.find(key); failed != module.failed.end()) {
    fmt::print("{}: {}\n", half, failed->second.to_string());
    return;
  }
  const auto function = module.functions.find(key);
  if (function == module.functions.end()) {
    fmt::print("{}: none\n", half);
  } else if (arguments.dot) {
    fmt::print("{}\n", ir::to_dot(function->second.graph, fmt::format("{} ({})", key, half)));
  } else {
    fmt::print("{}\n{}\n", heading(half, arguments.colour), ir::print(function->second));
  }
}

int print_outcome(const std::string& key, const Outcome& outcome, bool colour) {
  fmt::print("{}\n{}: {}", heading("verdict", colour), key, report::verdict_text(outcome.verdict, colour));
  if (!outcome.reason.empty()) fmt::print(" [{}]", outcome.reason);
  fmt::print("\n");
  if (!outcome.text.empty()) fmt::print("  {}\n", outcome.text);
  for (const std::string& step : report::steps_of(outcome)) fmt::print("  {}\n", step);
  report::Run run;
  run.selection = true;
  run.images.resize(1);
  run.images[0].functions.resize(1);
  run.images[0].functions[0].outcome = outcome;
  return report::exit_code(run);
}

/// One page. What the other functions' verdicts would tell is not in it: it is marked as a selection.
int write_page(const Loaded& loaded, const std::string& key, const ImageInput& input, const Session& session, report::OutputFile& file) {
  Plan plan = make_plan(loaded.pairing());
  const auto row = std::find_if(plan.rows.begin(), plan.rows.end(), [&](const report::FunctionRow& candidate) { return candidate.symbol == key; });
  report::Run run;
  run.selection = true;
  run.tool = {fmt::format("symbolon {}", SYMBOLON_VERSION), ir::solver_version()};
  report::ImageRow& image = run.images.emplace_back();
  image.id = input.id;
  image.elf = input.elf;
  image.sha256 = loaded.image.sha256;
  image.compiler = loaded.compiler;
  image.level = loaded.level;
  if (row != plan.rows.end()) {
    if (is_pair(loaded, key)) row->outcome = validate_one(loaded, key, session);
    image.functions.push_back(*row);
  }
  report::html::Pages pages;
  make_pages(loaded, image, session, pages);
  if (const ir::Result<bool> written = file.commit(report::html::document(run, pages)); !written) return usage_error(written.error());
  return report::exit_code(run);
}

int show(ShowArguments& arguments) {
  ir::Result<Config> config = merge(arguments);
  if (!config) return usage_error(config.error());
  std::optional<report::OutputFile> html;
  if (!arguments.html.empty()) {
    ir::Result<report::OutputFile> file = report::OutputFile::create(arguments.html);
    if (!file) return usage_error(file.error());
    html.emplace(std::move(*file));
  }
  RunOptions options;
  options.config = std::move(*config);
  const ir::Result<isa::Models> models = isa::Models::load(isa::Models::default_directory());
  if (!models) return usage_error(models.error());
  Progress progress(true);
  for (const ImageInput& input : options.config.images) {
    const ir::Result<std::unique_ptr<Loaded>> loaded = load(input, options.config, *models, progress);
    if (!loaded) {
      fmt::print(stderr, "validate-kernel: {}\n", loaded.error().to_string());
      return report::exit_error;
    }
    const std::string key = find_function(**loaded, arguments.function);
    if (key.empty()) continue;
    const Session session{options, *models, {}, "", never, progress};
    if (html) return write_page(**loaded, key, input, session, *html);
    arguments.colour = wants_colour(stdout);
    std::optional<Pager> pager;
    if (!arguments.dot) pager.emplace();
    if (arguments.ir != "binary") print_half("source", (*loaded)->source, key, arguments);
    if (arguments.ir != "source") print_half("binary", (*loaded)->binary.module, key, arguments);
    if (arguments.no_proof || arguments.dot || !is_pair(**loaded, key)) return report::exit_ok;
    return print_outcome(key, validate_one(**loaded, key, session), arguments.colour);
  }
  return usage_error({"nothing-selected", fmt::format("no image has a function '{}'", arguments.function), {}});
}

}  // namespace

void add_show(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("show", "One function: both graphs, verdict, what diverges first");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("FUNCTION", arguments->function, "Linkage name, or a name as in the report")->required();
  add_image_options(*command, *arguments);
  command->add_option("--ir", arguments->ir, "Only this half")->check(CLI::IsMember({"source", "binary"}));
  command->add_flag("--dot", arguments->dot, "Graphs for Graphviz");
  command->add_option("--html", arguments->html, "Write a page to look at into this file instead")->type_name("FILE");
  command->add_flag("--no-proof", arguments->no_proof, "Only lift");
  command->callback([&chosen, arguments] { chosen.action = [arguments] { return show(*arguments); }; });
}

}  // namespace validator::app
