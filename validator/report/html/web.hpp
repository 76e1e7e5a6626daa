// SPDX-License-Identifier: Apache-2.0
// The bundled page, made from web/ by the build (web/bundle.cmake).
#pragma once

namespace validator::report::html {

extern const char* const web_style;
extern const char* const web_script;

}  // namespace validator::report::html
