# SPDX-License-Identifier: Apache-2.0
# web/ is checked by tsc (Debian's node-typescript) and bundled by esbuild; style and script become strings of the tool, which needs
# neither when it runs. Sets web_embedded to the C++ file.
find_program(TSC tsc REQUIRED)
find_program(ESBUILD esbuild REQUIRED)
set(web ${CMAKE_CURRENT_LIST_DIR})
file(GLOB web_sources CONFIGURE_DEPENDS ${web}/*.ts)
set(web_bundled ${CMAKE_CURRENT_BINARY_DIR}/report.js)
set(web_embedded ${CMAKE_CURRENT_BINARY_DIR}/web.cpp)
add_custom_command(
  OUTPUT ${web_embedded}
  COMMAND ${TSC} --project ${web}/tsconfig.json --noEmit
  COMMAND ${ESBUILD} ${web}/main.ts --bundle --minify --charset=utf8 --target=es2021 --format=iife --log-level=warning --outfile=${web_bundled}
  COMMAND ${CMAKE_COMMAND} -DSTYLE=${web}/style.css -DSCRIPT=${web_bundled} -DOUTPUT=${web_embedded} -P ${web}/embed.cmake
  DEPENDS ${web_sources} ${web}/style.css ${web}/tsconfig.json ${web}/embed.cmake
  COMMENT "Bundling the page of the HTML report" VERBATIM)
