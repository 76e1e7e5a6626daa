# SPDX-License-Identifier: Apache-2.0
# cmake -DSTYLE=file -DSCRIPT=file -DOUTPUT=file.cpp -P embed.cmake: both texts as C++ string literals, in pieces because
# compilers limit the length of one.
cmake_minimum_required(VERSION 3.25)

function(as_literal file result)
  file(READ ${file} text HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${text}")
  # 2000 bytes a piece.
  string(LENGTH "${text}" length)
  set(literal "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND literal "\n    \"${piece}\"")
    math(EXPR at "${at} + 8000")
  endwhile()
  set(${result} "${literal}" PARENT_SCOPE)
endfunction()

as_literal(${STYLE} style)
as_literal(${SCRIPT} script)
file(WRITE ${OUTPUT} "// Made by web/embed.cmake.
#include \"validator/report/html/web.hpp\"

namespace validator::report::html {

const char* const web_style =${style};
const char* const web_script =${script};

}  // namespace validator::report::html
")
