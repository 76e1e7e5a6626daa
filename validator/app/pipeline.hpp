// SPDX-License-Identifier: Apache-2.0
// From one image and its sources to one ImageRow: read, lift, pair, look up, prove in workers, settle, check data,
// count bytes. Every way to fail ends in a row or an input error; none ends in a missing row.
#pragma once

#include <csignal>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "isa-models/isa.hpp"
#include "validator/app/options.hpp"
#include "validator/app/pairing.hpp"
#include "validator/app/progress.hpp"
#include "validator/binary/binary.hpp"
#include "validator/replay/compare.hpp"
#include "validator/report/report.hpp"
#include "validator/source/file_trace.hpp"

namespace validator::app {

/// Both halves of one image, lifted. Stays alive for as long as anything proves with it.
struct Loaded {
  std::string id;
  std::set<std::string> absent_features;  ///< ImageInput
  Image image;
  binary::LiftedImage binary;
  ir::Module source;
  std::map<std::string, std::string> assembly;  ///< symbol -> file
  std::map<std::string, std::string> listed;    ///< symbol -> contract
  std::map<std::string, ir::Location> unordered;  ///< source::Report
  replay::ModuleFacts facts;                    ///< of the source, for runs on concrete states
  std::string compiler;
  std::string level;
  bool x18_reserved = false;
  bool link_time_optimisation = false;  ///< compilers may look into other units
  std::vector<ir::Error> errors;   ///< input errors that leave something to validate
  std::vector<std::string> notes;
  source::FileTrace files;         ///< what parsing the sources asked the file system

  PairingInput pairing() const { return {source, binary, assembly, listed}; }
};

/// Error: the image or the sources cannot be used at all. `models` are those of every processor; the input says what its own lacks.
ir::Result<std::unique_ptr<Loaded>> load(const ImageInput& input, const Config& config, const isa::Models& models,
                                         Progress& progress);

struct Session {
  const RunOptions& options;
  const isa::Models& models;
  const std::vector<std::regex>& selection;  ///< empty: every function
  const std::string& tool_identity;          ///< for cache keys
  const volatile std::sig_atomic_t& stop;
  Progress& progress;
};

report::ImageRow validate_image(const ImageInput& input, const Session& session);

/// Validates one pair in a worker process, with the session's limits.
Outcome validate_one(const Loaded& loaded, const std::string& symbol, const Session& session);

}  // namespace validator::app
