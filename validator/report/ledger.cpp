// SPDX-License-Identifier: Apache-2.0
#include "validator/report/ledger.hpp"

namespace validator::report {
namespace {

constexpr LedgerRow rows[] = {
#define ASSUMPTION(id, scope, statement, discharged_by, breaks) {id, scope, statement, discharged_by, breaks},
#include "validator/report/ledger.def"
#undef ASSUMPTION
};

}  // namespace

std::span<const LedgerRow> ledger() { return rows; }

const LedgerRow* find_ledger_row(std::string_view id) {
  for (const LedgerRow& row : rows) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

}  // namespace validator::report
