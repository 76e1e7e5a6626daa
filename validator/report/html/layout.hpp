// SPDX-License-Identifier: Apache-2.0
// Where the blocks of a graph are drawn. Graphviz (behind this wall) is called as a library: one process a graph would
// cost more than the layout, and a crash of it stays in the worker that makes the page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "validator/report/html/blocks.hpp"

namespace validator::report::html {

/// In pixels; x and y of a box are its left upper corner.
struct Box {
  int width = 0;
  int height = 0;
  int x = 0;
  int y = 0;
};

struct Layout {
  bool done = false;  ///< false: Graphviz failed; boxes stand below each other, and edges have no paths
  int width = 0;
  int height = 0;
  std::vector<std::string> paths;  ///< by edge: the `d` of an SVG path, ending where the arrow's tip begins
};

Layout lay_out(std::vector<Box>& boxes, const std::vector<BlockEdge>& edges);

}  // namespace validator::report::html
