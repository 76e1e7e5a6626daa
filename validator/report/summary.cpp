// SPDX-License-Identifier: Apache-2.0
// Counts are always computed from the rows, never kept beside them.
#include "validator/report/report.hpp"

namespace validator::report {

Summary& Summary::operator+=(const Summary& other) {
  functions += other.functions;
  bytes.text += other.bytes.text;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    by_verdict[i] += other.by_verdict[i];
    bytes.by_verdict[i] += other.bytes.by_verdict[i];
  }
  bytes.literal += other.bytes.literal;
  bytes.padding += other.bytes.padding;
  bytes.veneer += other.bytes.veneer;
  bytes.unaccounted += other.bytes.unaccounted;
  data_objects += other.data_objects;
  data_differs += other.data_differs;
  baselined += other.baselined;
  return *this;
}

Summary summarise(const ImageRow& image) {
  Summary summary;
  summary.bytes = image.bytes;
  for (const FunctionRow& row : image.functions) {
    ++summary.functions;
    ++summary.by_verdict[static_cast<std::size_t>(row.outcome.verdict)];
    summary.baselined += row.baselined;
  }
  for (const DataRow& row : image.data) {
    ++summary.data_objects;
    summary.data_differs += row.result == DataResult::differs;
  }
  return summary;
}

Summary summarise(const Run& run) {
  Summary total;
  for (const ImageRow& image : run.images) total += summarise(image);
  return total;
}

bool is_partial(const Run& run) { return run.selection || !run.left_out.empty(); }

std::vector<std::string> images_without_functions(const Run& run) {
  std::vector<std::string> list;
  if (run.selection || !run.complete) return list;
  for (const ImageRow& image : run.images) {
    if (image.functions.empty() && image.input_errors.empty()) list.push_back(image.id);
  }
  return list;
}

}  // namespace validator::report
