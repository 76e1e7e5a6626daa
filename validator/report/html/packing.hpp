// SPDX-License-Identifier: Apache-2.0
// Text in a form that may stand in a script element and that every browser unpacks by itself (DecompressionStream
// "deflate").
#pragma once

#include <string>
#include <string_view>

namespace validator::report::html {

/// zlib (RFC 1950), then base64 (RFC 4648).
std::string pack(std::string_view text);

}  // namespace validator::report::html
