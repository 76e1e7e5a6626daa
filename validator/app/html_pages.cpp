// SPDX-License-Identifier: Apache-2.0
#include "validator/app/html_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "validator/app/test_pair.hpp"
#include "validator/app/workers.hpp"
#include "validator/binary/line_table.hpp"
#include "validator/binary/witness.hpp"
#include "validator/check/certificate_text.hpp"
#include "validator/report/html/page.hpp"

namespace validator::app {
namespace {

namespace html = report::html;
using report::FunctionRow;
using report::Json;

constexpr unsigned least_page_seconds = 60;

class PageMaker {
 public:
  PageMaker(const Loaded& loaded, const Session& session)
      : loaded_(loaded), session_(session), table_(binary::read_line_table(loaded.image.path)) {
    if (auto witness = binary::Witness::open()) witness_ = std::move(*witness);
  }

  std::string page(const FunctionRow& row) {
    html::PageInput input{row,
                          loaded_.image,
                          table_,
                          texts_,
                          [this](std::uint32_t word, std::uint64_t address) { return disassemble(word, address); },
                          [this](const std::string& symbol) { return display(symbol); },
                          {},
                          {},
                          "",
                          nullptr,
                          nullptr};
    why_not(row.symbol, input);
    const bool pair =
        loaded_.source.functions.contains(row.symbol) && loaded_.binary.module.functions.contains(row.symbol);
    if (row.outcome.verdict == Verdict::refuted) {
      if (std::optional<std::string> text = refuted_page(row, input)) return *text;
    } else if (pair && !row.outcome.certificate.empty()) {
      if (std::optional<std::string> text = attempted_page(row, input)) return *text;
    }
    return pair ? pair_page(row, input) : text_of(html::page_of(std::move(input)));
  }

  Json brief(const FunctionRow& row) const {
    const auto facts = loaded_.binary.facts.functions.find(row.symbol);
    const auto state = [&](const ir::Module& module) {
      return module.functions.contains(row.symbol) ? "lifted" : module.failed.contains(row.symbol) ? "failed" : "none";
    };
    Json callees = Json::array();
    if (facts != loaded_.binary.facts.functions.end()) callees = facts->second.callees;
    std::size_t cuts = 0, meetings = 0;
    if (row.outcome.verdict == Verdict::proved) {
      if (const auto saved = check::read_certificate(row.outcome.certificate, "")) {
        cuts = saved->certificate.cuts.size();
        meetings = saved->certificate.meetings.size();
      }
    }
    return {{"source", state(loaded_.source)},
            {"binary", state(loaded_.binary.module)},
            {"callees", std::move(callees)},
            {"cuts", cuts},
            {"meetings", meetings}};
  }

 private:
  static std::string text_of(const Json& page) { return page.dump(-1, ' ', false, Json::error_handler_t::replace); }

  std::string disassemble(std::uint32_t word, std::uint64_t address) {
    return witness_ ? witness_->text(word, address) : std::string();
  }

  std::string display(const std::string& symbol) const {
    const auto function = loaded_.source.functions.find(symbol);
    return function == loaded_.source.functions.end() || function->second.display.empty() ? symbol
                                                                                          : function->second.display;
  }

  void why_not(const std::string& symbol, html::PageInput& input) const {
    const auto half = [&](const ir::Module& module, html::Half& to) {
      if (const auto function = module.functions.find(symbol); function != module.functions.end())
        to.function = &function->second;
      if (const auto failed = module.failed.find(symbol); failed != module.failed.end()) to.why_not = failed->second;
    };
    half(loaded_.source, input.source);
    half(loaded_.binary.module, input.binary);
  }

  /// With the callees inlined that the other half does not call, where that works.
  std::string pair_page(const FunctionRow& row, html::PageInput& input) {
    const TestPair pair(loaded_, row.symbol, {});
    input.source.function = &pair.pair().source;
    input.binary.function = &pair.pair().binary;
    return text_of(html::page_of(std::move(input)));
  }

  std::optional<std::string> attempted_page(const FunctionRow& row, const html::PageInput& input) {
    const ir::Result<check::SavedProof> saved = check::read_certificate(row.outcome.certificate, "certificate");
    if (!saved) return std::nullopt;
    const Problem problem = problem_of(loaded_, row.symbol, limits_of(session_.options.config, row.symbol, row.display), saved->inline_both);
    const check::Surroundings around(problem);
    const check::Evidence evidence(around);
    try {
      const check::Pair pair = check::inline_calls(evidence, row.symbol, saved->inline_both);
      const html::Attempt attempt{*saved, pair, evidence};
      html::PageInput whole = input;
      whole.attempt = &attempt;
      whole.source.function = &pair.source;
      whole.binary.function = &pair.binary;
      return text_of(html::page_of(std::move(whole)));
    } catch (const check::Unprovable&) {
      return std::nullopt;
    }
  }

  std::optional<std::string> refuted_page(const FunctionRow& row, const html::PageInput& input) {
    const ir::Result<replay::Counterexample> read =
        replay::read_counterexample(row.outcome.certificate, "counterexample");
    if (!read || !loaded_.source.functions.contains(read->symbol) ||
        !loaded_.binary.module.functions.contains(read->symbol))
      return std::nullopt;
    const TestPair pair(loaded_, read->symbol, {read->inlined.begin(), read->inlined.end()});
    replay::Counterexample counterexample = *read;
    static_cast<void>(replay::replay(pair.problem(), counterexample));  // completes the entry state
    const replay::Confirmation confirmation = replay::confirm(pair.problem(), counterexample);
    if (confirmation.comparison.agreement != replay::Agreement::differs) return std::nullopt;
    const html::Failure failure{pair.problem(), counterexample, confirmation};
    html::PageInput whole = input;
    whole.failure = &failure;
    whole.source.function = &pair.pair().source;
    whole.binary.function = &pair.pair().binary;
    if (read->symbol != row.symbol)
      whole.note = fmt::format("Shown inside its caller {}, where the run begins.", display(read->symbol));
    return text_of(html::page_of(std::move(whole)));
  }

  const Loaded& loaded_;
  const Session& session_;
  binary::LineTable table_;
  std::unique_ptr<binary::Witness> witness_;
  html::SourceTexts texts_;
};

/// Functions without code of their own are part of others' pages.
bool has_page(const FunctionRow& row) { return row.bytes != 0 || row.outcome.verdict != Verdict::inlined; }

}  // namespace

void make_pages(const Loaded& loaded, const report::ImageRow& image, const Session& session, html::Pages& pages) {
  PageMaker maker(loaded, session);
  std::vector<const FunctionRow*> rows;
  std::vector<Job> jobs;
  for (const FunctionRow& row : image.functions) {
    if (!has_page(row)) continue;
    rows.push_back(&row);
    jobs.push_back([&maker, &row](const Announce&) { return maker.page(row); });
  }
  session.progress.phase(fmt::format("{}: {} pages of the report", image.id, rows.size()));
  const RunOptions& options = session.options;
  const unsigned page_seconds = std::max(least_page_seconds, options.config.limits.wall_seconds);
  run_workers(jobs, {options.jobs, page_seconds, options.config.memory_mib}, session.stop,
              [&](std::size_t job, const WorkerResult& result) {
                const FunctionRow& row = *rows[job];
                const bool made = result.end == WorkerEnd::finished;
                const std::string text = made ? result.text
                                              : html::bare_page(row, "The graphs of this function could not be drawn.")
                                                    .dump(-1, ' ', false, Json::error_handler_t::replace);
                pages.add(image.id, row.symbol, text, maker.brief(row));
              });
}

}  // namespace validator::app
