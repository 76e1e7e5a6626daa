// SPDX-License-Identifier: Apache-2.0
// The lossless JSON form of one image's rows, for the cache. The report's own form (json.hpp) is for readers and leaves
// out what they do not need.
#pragma once

#include "validator/report/json.hpp"

namespace validator::report {

/// Everything but seconds, `from_cache` and `baselined`, which belong to one run.
Json image_to_json(const ImageRow& image);
/// The inverse. Error "report-outcome": a field is missing or has another type.
ir::Result<ImageRow> image_from_json(const Json& json);

}  // namespace validator::report
