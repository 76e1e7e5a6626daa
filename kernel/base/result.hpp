// SPDX-License-Identifier: Apache-2.0
// What an operation answers: an Outcome (done, or one of the ABI's errors with its details) or a Result<T>
// (a one-word value, or such an error). Both are two words, returned in x0 and x1: no error is ever
// kept in a global, and none is stored.
//
// The head word is 0 for success. Errors: kind in bits 7:0 (the ABI's label), details above and in `detail`.
// A `detail` of a successful Outcome is the word that the caller gets as MR0, if `has_word` is set.
#pragma once

#include "base/field.hpp"
#include "base/ids.hpp"

namespace base {

/// KERNEL-ABI section 6.
enum class Error : u64 {
  None = 0,
  InvalidArgument = 1,
  InvalidCapability = 2,
  IllegalOperation = 3,
  RangeError = 4,
  AlignmentError = 5,
  FailedLookup = 6,
  TruncatedMessage = 7,
  DeleteFirst = 8,
  RevokeFirst = 9,
  NotEnoughMemory = 10,
};

/// KERNEL-ABI section 5: why a capability lookup failed.
enum class LookupError : u64 { None = 0, InvalidRoot = 1, MissingCapability = 2, DepthMismatch = 3, GuardMismatch = 4 };

using OutcomeKind = Field<0, 0, 8>;
using OutcomeHasWord = Field<0, 8, 1>;    // success: `detail` is a message register
using OutcomeSilent = Field<0, 9, 1>;     // success: the caller's registers are already what they must be
using OutcomeSource = Field<0, 10, 1>;    // FailedLookup: it was the source's lookup
using OutcomeLookup = Field<0, 11, 3>;    // FailedLookup: LookupError
using OutcomeLeft = Field<0, 16, 8>;      // bits of the pointer not yet resolved
using OutcomeFound = Field<0, 24, 8>;     // bits that the capability wanted
using OutcomeMinimum = Field<0, 32, 32>;  // RangeError: the least allowed value
using OutcomeDetail = Field<1, 0, 64>;    // argument or capability number, maximum, bytes, guard
static_assert(layout<OutcomeKind, OutcomeHasWord, OutcomeSilent, OutcomeSource, OutcomeLookup, OutcomeLeft,
                     OutcomeFound, OutcomeMinimum, OutcomeDetail>);

struct [[nodiscard]] Outcome {
  Words words;

  [[nodiscard]] constexpr bool ok() const { return OutcomeKind::get(words) == 0; }
  [[nodiscard]] constexpr Error error() const { return static_cast<Error>(OutcomeKind::get(words)); }
  [[nodiscard]] constexpr bool has_word() const { return OutcomeHasWord::get(words) != 0; }
  [[nodiscard]] constexpr bool silent() const { return OutcomeSilent::get(words) != 0; }
  [[nodiscard]] constexpr u64 detail() const { return words.w1; }
  [[nodiscard]] constexpr u64 minimum() const { return OutcomeMinimum::get(words); }
  [[nodiscard]] constexpr bool of_source() const { return OutcomeSource::get(words) != 0; }
  [[nodiscard]] constexpr LookupError lookup() const { return static_cast<LookupError>(OutcomeLookup::get(words)); }
  [[nodiscard]] constexpr u64 bits_left() const { return OutcomeLeft::get(words); }
  [[nodiscard]] constexpr u64 bits_found() const { return OutcomeFound::get(words); }
  /// The same failed lookup, reported as one of the source operand.
  [[nodiscard]] constexpr Outcome as_source() const { return Outcome{OutcomeSource::set(words, 1)}; }
};

inline constexpr Outcome done = Outcome{{0, 0}};
/// Success with nothing to report: the transfer has written the caller's registers, or the caller waits.
inline constexpr Outcome silently_done = Outcome{OutcomeSilent::only(1)};

constexpr Outcome done_with(u64 word) { return Outcome{OutcomeHasWord::only(1) | OutcomeDetail::only(word)}; }

constexpr Outcome fail(Error error) { return Outcome{OutcomeKind::only(static_cast<u64>(error))}; }

constexpr Outcome fail_with(Error error, u64 detail) {
  return Outcome{OutcomeKind::only(static_cast<u64>(error)) | OutcomeDetail::only(detail)};
}

constexpr Outcome invalid_argument(u64 number) { return fail_with(Error::InvalidArgument, number); }
constexpr Outcome invalid_capability(u64 number) { return fail_with(Error::InvalidCapability, number); }

constexpr Outcome range_error(u64 minimum, u64 maximum) {
  return Outcome{OutcomeKind::only(static_cast<u64>(Error::RangeError)) | OutcomeMinimum::only(minimum) |
                 OutcomeDetail::only(maximum)};
}

constexpr Outcome lookup_failure(LookupError why, u64 left, u64 found, u64 guard) {
  return Outcome{OutcomeKind::only(static_cast<u64>(Error::FailedLookup)) | OutcomeLookup::only(static_cast<u64>(why)) |
                 OutcomeLeft::only(left) | OutcomeFound::only(found) | OutcomeDetail::only(guard)};
}

constexpr Outcome missing_capability(u64 left) { return lookup_failure(LookupError::MissingCapability, left, 0, 0); }

/// A one-word value (anything with `word()` and a constructor from a word), or an error.
template <typename T>
struct [[nodiscard]] Result {
  Words words;

  [[nodiscard]] constexpr bool ok() const { return OutcomeKind::get(words) == 0; }
  [[nodiscard]] constexpr T value() const { return T(words.w1); }
  [[nodiscard]] constexpr Outcome failure() const { return Outcome{words}; }
};

template <typename T>
constexpr Result<T> success(T value) {
  return Result<T>{{0, value.word()}};
}

template <typename T>
constexpr Result<T> failure(Outcome outcome) {
  return Result<T>{outcome.words};
}

}  // namespace base
