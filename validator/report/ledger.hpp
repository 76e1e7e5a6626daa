// SPDX-License-Identifier: Apache-2.0
// The assumption ledger: what `proved` rests on besides the trusted base. Each row says who discharges the
// assumption and what breaks without it, so that a reader can tell which rows concern his system.
#pragma once

#include <span>
#include <string_view>

namespace validator::report {

struct LedgerRow {
  std::string_view id;         ///< "A-UB", ...
  std::string_view scope;      ///< what one use names: "function", "object", "image"
  std::string_view statement;
  std::string_view discharged_by;
  std::string_view breaks;     ///< what goes wrong without it
};

std::span<const LedgerRow> ledger();
/// Null when there is no such id.
const LedgerRow* find_ledger_row(std::string_view id);

}  // namespace validator::report
