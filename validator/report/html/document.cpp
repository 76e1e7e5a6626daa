// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/document.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "validator/report/exit_code.hpp"
#include "validator/report/findings.hpp"
#include "validator/report/html/packing.hpp"
#include "validator/report/html/web.hpp"
#include "validator/report/ledger.hpp"
#include "validator/report/reasons.hpp"

namespace validator::report::html {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// Why a run is no pass, in the order of weight; empty: it is one.
std::vector<std::string> reservations(const Run& run) {
  std::vector<std::string> list;
  if (!run.complete) list.emplace_back("The run was interrupted: what is missing was not looked at.");
  const Summary summary = summarise(run);
  for (const ImageRow& image : run.images) {
    for (const ir::Error& error : image.input_errors)
      list.push_back(fmt::format("{}: {}", image.id, error.to_string()));
  }
  if (run.selection) list.emplace_back("Only selected functions were looked at: this says nothing about the others.");
  for (const std::string& image : run.left_out) list.push_back(fmt::format("Image {} was not looked at.", image));
  for (const std::string& image : images_without_functions(run))
    list.push_back(fmt::format("Image {} has no function.", image));
  if (summary.functions == 0) list.emplace_back("No function was looked at.");
  const auto not_run = summary.count(Verdict::not_run);
  if (not_run != 0) list.push_back(fmt::format("{} functions were not attempted.", not_run));
  if (summary.data_differs != 0)
    list.push_back(fmt::format("{} objects have other initial bytes than the source says.", summary.data_differs));
  if (summary.bytes.unaccounted != 0)
    list.push_back(fmt::format("{} bytes of code belong to nothing known.", summary.bytes.unaccounted));
  for (const std::string& entry : run.stale_baseline) list.push_back("The baseline is out of date: " + entry);
  return list;
}

Json bytes_json(const ByteCounts& bytes) {
  Json json;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (bytes.by_verdict[i] != 0) json[std::string(verdict_name(static_cast<Verdict>(i)))] = bytes.by_verdict[i];
  }
  json["literal"] = bytes.literal;
  json["padding"] = bytes.padding;
  json["veneer"] = bytes.veneer;
  json["unaccounted"] = bytes.unaccounted;
  return json;
}

Json function_row(const FunctionRow& row, const Pages::Page* page, int number) {
  const Outcome& outcome = row.outcome;
  Json json;
  json["symbol"] = row.symbol;
  json["display"] = row.display;
  json["file"] = row.source.file.empty() ? row.unit : row.source.file;
  json["line"] = row.source.line;
  json["address"] = row.bytes == 0 ? std::string() : fmt::format("{:#x}", row.address);
  json["size"] = row.bytes;
  json["verdict"] = verdict_name(outcome.verdict);
  json["reason"] = outcome.reason;
  json["text"] = outcome.text;
  json["units"] = outcome.solver_units;
  json["queries"] = outcome.queries;
  json["obligations"] = outcome.obligations;
  json["syntactic"] = outcome.syntactic;
  json["assumptions"] = outcome.assumptions.size();
  json["seconds"] = row.from_cache ? 0.0 : outcome.seconds;
  json["cached"] = row.from_cache;
  json["baselined"] = row.baselined;
  json["page"] = page == nullptr ? -1 : number;
  if (page != nullptr) json["brief"] = page->brief;
  return json;
}

/// "memory" is a limit of an unknown function, and a kind of difference of a refuted one: that needs no row.
const Reason* reason_of(const Outcome& outcome) {
  const Reason* const known = outcome.reason.empty() ? nullptr : find_reason(outcome.reason);
  const bool other = known != nullptr && outcome.verdict == Verdict::refuted && known->kind != ReasonKind::refuted;
  return other ? nullptr : known;
}

/// What codes and assumptions of this run mean.
void add_glossary(const Run& run, Json& overview) {
  Json reasons = Json::object(), assumptions = Json::object();
  for (const ImageRow& image : run.images) {
    for (const FunctionRow& row : image.functions) {
      if (const Reason* reason = reason_of(row.outcome))
        reasons[fmt::format("{}/{}", verdict_name(row.outcome.verdict), row.outcome.reason)] = {reason->meaning,
                                                                                                reason->action};
      for (const Assumption& a : row.outcome.assumptions) {
        if (const LedgerRow* known = find_ledger_row(a.id))
          assumptions[a.id] = {known->statement, known->discharged_by};
      }
    }
  }
  overview["reasons"] = std::move(reasons);
  overview["ledger"] = std::move(assumptions);
}

Json image_json(const ImageRow& image, const Pages& pages, int& number, std::vector<const Pages::Page*>& order) {
  Json functions = Json::array(), errors = Json::array(), data = Json::array();
  for (const FunctionRow& row : image.functions) {
    const Pages::Page* const page = pages.find(image.id, row.symbol);
    functions.push_back(function_row(row, page, number));
    if (page == nullptr) continue;
    order.push_back(page);
    ++number;
  }
  for (const ir::Error& error : image.input_errors) errors.push_back(error.to_string());
  for (const DataRow& row : image.data) {
    if (row.result == DataResult::differs) data.push_back({row.symbol, row.source.file, row.source.line, row.text});
  }
  return {{"id", image.id},
          {"elf", image.elf},
          {"sha256", image.sha256},
          {"compiler", image.compiler},
          {"level", image.level},
          {"seconds", image.seconds},
          {"bytes", bytes_json(image.bytes)},
          {"total_bytes", image.bytes.text},
          {"notes", image.notes},
          {"errors", std::move(errors)},
          {"data", std::move(data)},
          {"objects", image.data.size()},
          {"functions", std::move(functions)}};
}

/// What has a reservation does not read as a pass, whatever its exit code.
bool is_pass(const Run& run, const std::vector<std::string>& why) { return passes(run) && why.empty(); }
std::string result_of(const Run& run, const std::vector<std::string>& why) {
  return is_pass(run, why) ? "passed" : "not passed";
}

/// For browsers without scripts, and for programs that read text: the counts and everything that is not proved.
std::string plain_table(const Run& run, const std::vector<std::string>& why) {
  const Summary summary = summarise(run);
  std::string text = "<h1>Symbolon: " + result_of(run, why) + "</h1>\n";
  for (const std::string& line : why) text += "<p>" + escaped(line) + "</p>\n";
  text += "<ul>\n";
  for (std::size_t i = 0; i < verdict_count; ++i) {
    text += fmt::format("<li>{}: {} functions, {} bytes</li>\n", verdict_name(static_cast<Verdict>(i)),
                        summary.by_verdict[i], summary.bytes.by_verdict[i]);
  }
  text +=
      "</ul>\n<table><caption>Functions that are not "
      "proved</caption>\n<tr><th>image<th>function<th>verdict<th>reason<th>text\n";
  for (const ImageRow& image : run.images) {
    for (const FunctionRow& row : image.functions) {
      const Verdict verdict = row.outcome.verdict;
      if (verdict == Verdict::proved || verdict == Verdict::inlined || verdict == Verdict::assumed) continue;
      text += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}\n", escaped(image.id), escaped(row.display),
                          verdict_name(verdict), escaped(row.outcome.reason), escaped(row.outcome.text));
    }
  }
  return text + "</table>\n";
}

}  // namespace

void Pages::add(const std::string& image, const std::string& symbol, const std::string& page, Json brief) {
  pages_[{image, symbol}] = {pack(page), std::move(brief)};
}

const Pages::Page* Pages::find(const std::string& image, const std::string& symbol) const {
  const auto at = pages_.find({image, symbol});
  return at == pages_.end() ? nullptr : &at->second;
}

std::string document(const Run& run, const Pages& pages) {
  const std::vector<std::string> why = reservations(run);
  Json overview;
  overview["tool"] = run.tool;
  overview["complete"] = run.complete;
  overview["selection"] = is_partial(run);
  overview["exit"] = exit_code(run);
  overview["passed"] = is_pass(run, why);
  overview["reservations"] = why;
  overview["seconds"] = run.seconds;
  overview["jobs"] = run.jobs;
  add_glossary(run, overview);
  int number = 0;
  std::vector<const Pages::Page*> order;
  Json images = Json::array();
  for (const ImageRow& image : run.images) images.push_back(image_json(image, pages, number, order));
  overview["images"] = std::move(images);

  // Nothing may be loaded from anywhere, whatever a source file has in its lines.
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Symbolon: " +
      result_of(run, why) + "</title>\n<style>\n";
  text += web_style;
  text += "</style>\n</head>\n<body>\n<noscript>\n" + plain_table(run, why) + "</noscript>\n<div id=\"app\"></div>\n";
  text += "<script type=\"application/octet-stream\" id=\"overview\">" +
          pack(overview.dump(-1, ' ', false, Json::error_handler_t::replace)) + "</script>\n";
  for (std::size_t i = 0; i < order.size(); ++i) {
    text +=
        fmt::format("<script type=\"application/octet-stream\" id=\"page-{}\">", i) + order[i]->data + "</script>\n";
  }
  text += "<script>\n";
  text += web_script;
  return text + "</script>\n</body>\n</html>\n";
}

}  // namespace validator::report::html
