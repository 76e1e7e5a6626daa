// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rules {

/// The text of all *.rules files that the build proved, one after the other. Its definition is generated.
std::string_view embedded_text();

}  // namespace rules
