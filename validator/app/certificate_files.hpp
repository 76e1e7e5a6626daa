// SPDX-License-Identifier: Apache-2.0
// Certificates as files: DIR/IMAGE/SYMBOL.cert, one for each proved function, so that a change of one is one line in a
// listing.
#pragma once

#include <optional>
#include <string>

#include "ir/result.hpp"
#include "validator/report/report.hpp"

namespace validator::app {

/// Bytes other than letters, digits, '_', '.', '-' and '$' stand as %xx; what is too long for a file name is cut and
/// gets a hash.
std::string certificate_path(const std::string& folder, const std::string& image, const std::string& symbol);

/// Writes the certificates of all proved functions, and removes those of functions that the run did not prove. Error
/// "cli-output": the folder cannot be written.
ir::Result<bool> write_certificates(const std::string& folder, const report::Run& run);

/// The text of one; nothing when there is none.
std::optional<std::string> read_certificate_file(const std::string& folder, const std::string& image,
                                                 const std::string& symbol);

}  // namespace validator::app
