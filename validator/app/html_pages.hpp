// SPDX-License-Identifier: Apache-2.0
// Makes the report's pages of one image, while its graphs are still there: in worker processes, since a page runs what
// the checker and the replayer run, and a crash must cost one page only.
#pragma once

#include "validator/app/pipeline.hpp"
#include "validator/report/html/document.hpp"

namespace validator::app {

void make_pages(const Loaded& loaded, const report::ImageRow& image, const Session& session,
                report::html::Pages& pages);

}  // namespace validator::app
