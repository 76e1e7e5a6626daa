// SPDX-License-Identifier: Apache-2.0
// The run itself, for all commands that validate.
#pragma once

#include "ir/result.hpp"
#include "validator/app/image_arguments.hpp"
#include "validator/app/pipeline.hpp"
#include "validator/report/report.hpp"

namespace validator::app {

/// Is there no function to look at, although all inputs could be read?
bool nothing_selected(const report::Run& run);

/// All images of the options, with Ctrl-C caught. Error: a wrong request; bad inputs are in the rows.
ir::Result<report::Run> perform(const RunOptions& options);

}  // namespace validator::app
