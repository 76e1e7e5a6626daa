// SPDX-License-Identifier: Apache-2.0
// Result<T> carries either a value or one located error about the *input* (ELF, source, .isa, .rules, text
// IR, configuration). Proof attempts use Verdict instead, our own bugs IR_ASSERT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "ir/assert.hpp"

namespace ir {

/// A place in some input file. `line` and `column` count from 1; 0 means unknown.
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One error about the input. `code` is the stable reason code (`validate-kernel explain CODE`), `message`
/// says what was found and what was expected.
struct Error {
  std::string code;
  std::string message;
  Location where;

  /// "file:line:column: message [code]", leaving out what is unknown.
  std::string to_string() const;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}

  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  T& value() {
    IR_ASSERT(*this);
    return std::get<T>(content_);
  }
  const T& value() const {
    IR_ASSERT(*this);
    return std::get<T>(content_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const {
    IR_ASSERT(!*this);
    return std::get<Error>(content_);
  }

 private:
  std::variant<T, Error> content_;
};

}  // namespace ir
