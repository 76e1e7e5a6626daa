// SPDX-License-Identifier: Apache-2.0
// One half's graph: blocks with the lines or instructions that they are made of, and where each is drawn.
#include <algorithm>
#include <string_view>

#include "validator/report/html/layout.hpp"
#include "validator/report/html/page.hpp"

namespace validator::report::html {
namespace {

// These agree with web/graph.ts, which draws the texts into the boxes.
constexpr std::size_t most_rows = 9, most_characters = 44;
constexpr double character_width = 6.7;
constexpr int row_height = 15, head_height = 20, side_margin = 20, foot_margin = 7, smallest_width = 90;

/// UTF-8 continuation bytes take no room.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t trimmed_size(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? 0 : characters(std::string_view(text).substr(first));
}

template <typename Value>
void push_new(std::vector<Value>& list, Value value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

struct BlockTexts {
  std::vector<int> rows;  ///< lines of the source, or instructions
  std::vector<std::string> operations;
};

BlockTexts texts_of(const Half& half, std::size_t block, bool binary, const Listing& listing, const Display& display) {
  BlockTexts texts;
  for (const ir::Graph::NodeId node : half.blocks.nodes[block]) {
    const ir::NodeData& data = half.function->graph.at(node);
    const int row = binary ? listing.code_index(data.address) : listing.line_index(data.where);
    if (row >= 0) push_new(texts.rows, row);
    if (std::string text = node_text(data.node, display); !text.empty()) texts.operations.push_back(std::move(text));
  }
  // The function's own lines first: what is inlined explains them.
  const std::string own = half.function->where.file;
  if (!binary)
    std::stable_partition(texts.rows.begin(), texts.rows.end(),
                          [&](int row) { return listing.file_of_line(row) == own; });
  return texts;
}

Box box_of(const BlockTexts& texts, bool binary, const Listing& listing) {
  std::size_t widest = 0;
  const std::size_t shown = std::min(texts.rows.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i) {
    const int row = texts.rows[i];
    widest = std::max(
        widest, std::min(most_characters, trimmed_size(binary ? listing.code_text(row) : listing.line_text(row))));
  }
  constexpr int number_width = 34;  // of the line number or the address's end
  const auto rows = static_cast<int>(std::max<std::size_t>(shown, 1) + (texts.rows.size() > most_rows ? 1 : 0));
  Box box;
  box.width = std::max(smallest_width,
                       static_cast<int>(static_cast<double>(widest) * character_width) + number_width + side_margin);
  box.height = head_height + rows * row_height + foot_margin;
  return box;
}

}  // namespace

Json half_json(const Half& half, bool binary, const Listing& listing, const Display& display) {
  if (half.function == nullptr) return nullptr;
  std::vector<Box> boxes;
  Json blocks = Json::array();
  for (std::size_t block = 0; block < half.blocks.nodes.size(); ++block) {
    const BlockTexts texts = texts_of(half, block, binary, listing, display);
    boxes.push_back(box_of(texts, binary, listing));
    blocks.push_back({{"rows", texts.rows}, {"ops", texts.operations}});
  }
  const Layout layout = lay_out(boxes, half.blocks.edges);
  for (std::size_t block = 0; block < boxes.size(); ++block) {
    const Box& box = boxes[block];
    blocks[block]["box"] = {box.x, box.y, box.width, box.height};
  }
  for (const std::size_t head : half.blocks.loop_heads) blocks[head]["loop"] = true;
  Json edges = Json::array();
  for (std::size_t i = 0; i < half.blocks.edges.size(); ++i) {
    const BlockEdge& edge = half.blocks.edges[i];
    edges.push_back({edge.from, edge.to, edge.label, edge.back ? 1 : 0, layout.paths[i]});
  }
  return {{"blocks", std::move(blocks)}, {"edges", std::move(edges)}, {"size", {layout.width, layout.height}}};
}

}  // namespace validator::report::html
