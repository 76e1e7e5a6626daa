// SPDX-License-Identifier: Apache-2.0
// What the report says about one function, as one JSON document: texts, both graphs with their layout, how they are
// paired, what was proved, where they part. The browser draws it; README.md has the fields.
#pragma once

#include "validator/check/certificate_text.hpp"
#include "validator/check/evidence.hpp"
#include "validator/check/inlining.hpp"
#include "validator/replay/counterexample.hpp"
#include "validator/report/html/blocks.hpp"
#include "validator/report/html/listing.hpp"
#include "validator/report/html/words.hpp"

namespace validator::report::html {

struct Half {
  const ir::Function* function = nullptr;  ///< the graph that the verdict speaks of; null: there is none
  ir::Error why_not;                       ///< when there is none
  Blocks blocks;
};

/// A replayed counterexample.
struct Failure {
  const replay::SearchProblem& problem;
  const replay::Counterexample& counterexample;
  const replay::Confirmation& confirmation;
};

/// A proof, or the attempt that came furthest.
struct Attempt {
  const check::SavedProof& saved;
  const check::Pair& pair;  ///< inlined, in no other shape yet
  const check::Evidence& evidence;
};

struct PageInput {
  const FunctionRow& row;
  const Image& image;
  const binary::LineTable& table;
  SourceTexts& texts;
  Disassemble disassemble;
  Display display;
  Half source;
  Half binary;
  std::string note;  ///< for people: what is drawn when it is not just the function
  const Failure* failure = nullptr;
  const Attempt* attempt = nullptr;
};

Json page_of(PageInput input);
/// Without graphs and listings: for functions whose page could not be made.
Json bare_page(const FunctionRow& row, const std::string& note);

// The parts, each in a file of its own.
Json half_json(const Half& half, bool binary, const Listing& listing, const Display& display);
/// [[source block, binary block, why]...]: entries, and calls and effects that only one of the other side can be.
Json pairs_json(const PageInput& input, const Listing& listing);
Json attempt_json(const Attempt& attempt, const FunctionRow& row, const PageInput& input);
Json trace_json(const Failure& failure, const PageInput& input, const Listing& listing);

}  // namespace validator::report::html
