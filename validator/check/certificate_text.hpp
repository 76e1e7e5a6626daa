// SPDX-License-Identifier: Apache-2.0
// The text form of a proof that was found: read_certificate(print(c)) == c. One entry a line, a keyword first; terms in
// the text form of ir. README.md shows one. What a file says is only a proposal, as if the search had just made it.
#pragma once

#include <string>
#include <string_view>

#include "ir/result.hpp"
#include "validator/check/certificate.hpp"
#include "validator/check/reshape.hpp"

namespace validator::check {

struct SavedProof {
  std::string symbol;
  std::set<std::uint64_t> inline_both;  ///< callees (addresses) that are inlined in both halves
  std::vector<Reshape> reshapes;        ///< of the inlined graphs, in this order
  Certificate certificate;
};

std::string print(const SavedProof& proof);
/// Error "certificate-invalid", with the line.
ir::Result<SavedProof> read_certificate(std::string_view text, const std::string& file);

}  // namespace validator::check
