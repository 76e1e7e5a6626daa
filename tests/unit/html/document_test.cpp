// SPDX-License-Identifier: Apache-2.0
// The document around the pages: what is not a whole pass says so, without scripts too; no text of the input becomes
// markup.
#include "validator/report/html/document.hpp"

#include <gtest/gtest.h>

namespace validator::report::html {
namespace {

Run run_with(Verdict verdict) {
  Run run;
  ImageRow& image = run.images.emplace_back();
  image.id = "image";
  FunctionRow& row = image.functions.emplace_back();
  row.symbol = row.display = "f";
  row.bytes = 4;
  row.outcome.verdict = verdict;
  image.bytes.text = 4;
  image.bytes.by_verdict[static_cast<std::size_t>(verdict)] = 4;
  return run;
}

/// What a browser without scripts shows.
std::string plain(const std::string& html) {
  const std::size_t from = html.find("<noscript>"), to = html.find("</noscript>");
  return html.substr(from, to - from);
}

TEST(Document, AWholePassHasNoReservation) {
  EXPECT_EQ(plain(document(run_with(Verdict::proved), {})).find("<p>"), std::string::npos);
}

TEST(Document, AnInterruptedRunSaysSo) {
  report::Run run = run_with(Verdict::proved);
  run.complete = false;
  EXPECT_NE(plain(document(run, {})).find("was interrupted"), std::string::npos);
}

TEST(Document, ASelectionSaysSo) {
  report::Run run = run_with(Verdict::proved);
  run.selection = true;
  EXPECT_NE(plain(document(run, {})).find("Only selected functions"), std::string::npos);
}

TEST(Document, NothingAtAllSaysSo) {
  EXPECT_NE(plain(document({}, {})).find("No function was looked at"), std::string::npos);
}

TEST(Document, WhatWasNotRunIsCounted) {
  EXPECT_NE(plain(document(run_with(Verdict::not_run), {})).find("1 functions were not attempted"), std::string::npos);
}

TEST(Document, AnUnreadableInputSaysSo) {
  report::Run run = run_with(Verdict::proved);
  run.images[0].input_errors.push_back({"elf-unreadable", "cannot open", {"k.elf", 0, 0}});
  EXPECT_NE(plain(document(run, {})).find("cannot open"), std::string::npos);
}

TEST(Document, TextsAreNoMarkup) {
  report::Run run = run_with(Verdict::unknown);
  run.images[0].functions[0].display = "</noscript><script>alert(1)</script>";
  run.images[0].functions[0].outcome.text = "<img src=http://example.org/x>";
  const std::string html = document(run, {});
  EXPECT_EQ(html.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
}

TEST(Document, PagesAreWhereTheOverviewSays) {
  Pages pages;
  pages.add("image", "f", "{}", Json::object());
  const std::string with = document(run_with(Verdict::proved), pages),
                    without = document(run_with(Verdict::proved), {});
  EXPECT_NE(with.find("id=\"page-0\""), std::string::npos);
  EXPECT_EQ(without.find("id=\"page-0\""), std::string::npos);
}

}  // namespace
}  // namespace validator::report::html
