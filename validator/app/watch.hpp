// SPDX-License-Identifier: Apache-2.0
// Waits for a rebuild: until an image or its compile_commands.json is another file than before, and is written no more.
#pragma once

#include <csignal>

#include "validator/app/options.hpp"

namespace validator::app {

/// Times and sizes of what a build writes.
std::string build_stamp(const Config& config);
/// Returns when the stamp is another than `seen` and has stood still for a moment; false: `stop` was set.
bool wait_for_rebuild(const Config& config, const std::string& seen, const volatile std::sig_atomic_t& stop);

}  // namespace validator::app
