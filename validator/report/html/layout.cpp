// SPDX-License-Identifier: Apache-2.0
// The only includer of Graphviz.
#include "validator/report/html/layout.hpp"

#include <graphviz/gvc.h>

#include <cmath>
#include <memory>

#include <fmt/format.h>

namespace validator::report::html {
namespace {

constexpr double points_per_inch = 72.0;
/// Beyond this many blocks curves cost more than they are worth.
constexpr std::size_t many_blocks = 250;

void set(void* object, const char* name, const std::string& value) {
  agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()), const_cast<char*>(""));
}

std::string inches(int pixels) { return fmt::format("{:.4f}", pixels / points_per_inch); }

/// Graphviz counts upwards, the browser downwards.
std::string path_of(const bezier& curve, double top) {
  const auto point = [&](const pointf& at) { return fmt::format("{} {}", std::lround(at.x), std::lround(top - at.y)); };
  std::string path = "M" + (curve.sflag != 0 ? point(curve.sp) + "L" : "") + point(curve.list[0]);
  for (std::size_t i = 1; i + 2 < static_cast<std::size_t>(curve.size); i += 3) {
    path += "C" + point(curve.list[i]) + " " + point(curve.list[i + 1]) + " " + point(curve.list[i + 2]);
  }
  if (curve.eflag != 0) path += "L" + point(curve.ep);
  return path;
}

void stack(std::vector<Box>& boxes, Layout& layout) {
  constexpr int gap = 40;
  for (Box& box : boxes) {
    box.x = 0;
    box.y = layout.height;
    layout.height += box.height + gap;
    layout.width = std::max(layout.width, box.width);
  }
}

class Drawing {
 public:
  Drawing() : context_(gvContext()), graph_(agopen(const_cast<char*>("g"), Agdirected, nullptr)) {}
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing() {
    if (laid_out_) gvFreeLayout(context_, graph_);
    agclose(graph_);
    gvFreeContext(context_);
  }

  Agraph_t* graph() { return graph_; }
  bool run() {
    laid_out_ = gvLayout(context_, graph_, "dot") == 0;
    return laid_out_;
  }

 private:
  GVC_t* context_;
  Agraph_t* graph_;
  bool laid_out_ = false;
};

}  // namespace

Layout lay_out(std::vector<Box>& boxes, const std::vector<BlockEdge>& edges) {
  Layout layout;
  layout.paths.resize(edges.size());
  agseterr(AGMAX);
  Drawing drawing;
  Agraph_t* const graph = drawing.graph();
  set(graph, "nodesep", "0.35");
  set(graph, "ranksep", "0.45");
  set(graph, "nslimit", "5");
  set(graph, "mclimit", boxes.size() > many_blocks ? "0.2" : "1");
  set(graph, "splines", boxes.size() > many_blocks ? "line" : "true");
  std::vector<Agnode_t*> nodes;
  for (const Box& box : boxes) {
    Agnode_t* const node = agnode(graph, nullptr, 1);
    set(node, "shape", "box");
    set(node, "label", "");
    set(node, "fixedsize", "true");
    set(node, "width", inches(box.width));
    set(node, "height", inches(box.height));
    nodes.push_back(node);
  }
  std::vector<Agedge_t*> lines;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    lines.push_back(
        agedge(graph, nodes[edges[i].from], nodes[edges[i].to], const_cast<char*>(std::to_string(i).c_str()), 1));
  }
  layout.done = drawing.run();
  if (!layout.done) {
    stack(boxes, layout);
    return layout;
  }
  const double top = GD_bb(graph).UR.y;
  layout.width = static_cast<int>(std::ceil(GD_bb(graph).UR.x));
  layout.height = static_cast<int>(std::ceil(top));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    boxes[i].x = static_cast<int>(std::lround(ND_coord(nodes[i]).x - boxes[i].width / 2.0));
    boxes[i].y = static_cast<int>(std::lround(top - ND_coord(nodes[i]).y - boxes[i].height / 2.0));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const splines* const drawn = ED_spl(lines[i]);
    if (drawn != nullptr && drawn->size > 0) layout.paths[i] = path_of(drawn->list[0], top);
  }
  return layout;
}

}  // namespace validator::report::html
