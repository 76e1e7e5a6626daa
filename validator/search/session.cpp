// SPDX-License-Identifier: Apache-2.0
// See session.hpp.
#include "validator/search/session.hpp"

namespace validator::search {

using check::Certificate;
using check::Undeclared;

namespace {

constexpr int round_limit = 60;

void declare(Certificate& certificate, const Undeclared& change, bool binary) {
  check::Cut& cut = certificate.cuts[change.cut];
  if (change.memory) cut.memory = true;
  if (change.count) {
    cut.count = true;
    cut.memory = true;
  }
  if (!change.variable.empty()) (binary ? cut.binary_variables : cut.source_variables).insert(change.variable);
  if (change.place) (binary ? cut.binary_places : cut.source_places).insert(*change.place);
}

}  // namespace

std::vector<check::Fact> Session::facts() const {
  std::vector<check::Fact> all = source->facts;
  if (binary) all.insert(all.end(), binary->facts.begin(), binary->facts.end());
  return all;
}

Session run_session(const Pair& pair, const check::Evidence& evidence, Certificate certificate, Meetings* meetings) {
  Session session;
  for (int round = 0; round < round_limit; ++round) {
    session.source.reset();
    session.binary.reset();
    session.certificate = std::make_unique<Certificate>(certificate);
    session.source = std::make_unique<check::SourceRun>(pair.source, evidence, *session.certificate);
    session.source->execute();
    if (!session.source->undeclared.empty()) {
      for (const Undeclared& change : session.source->undeclared) declare(certificate, change, false);
      continue;
    }
    session.source->finish();
    session.binary = std::make_unique<check::BinaryRun>(pair.binary, evidence, *session.certificate, *session.source);
    if (meetings) {
      meetings->restart();
      session.binary->propose_meeting = [&](ir::Graph::NodeId node, const check::State& state) {
        return meetings->find(*session.source, *session.binary, node, state);
      };
    }
    session.binary->execute();
    session.binary->propose_meeting = {};
    if (!session.binary->undeclared.empty()) {
      for (const Undeclared& change : session.binary->undeclared) declare(certificate, change, true);
      continue;
    }
    session.binary->finish();
    if (meetings) session.certificate->meetings = session.binary->meetings;
    return session;
  }
  throw check::Unprovable(Verdict::unknown, "loop-state", "what a loop changes could not be determined");
}

}  // namespace validator::search
