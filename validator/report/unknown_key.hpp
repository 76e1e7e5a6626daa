// SPDX-License-Identifier: Apache-2.0
// What to say of a name that nobody knows: which one was probably meant. Configuration, baseline and command line share it.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace validator::report {

/// The known name that is nearest by insertions, deletions, replacements and swapped neighbours; empty when none is near.
std::string_view nearest_name(std::string_view name, const std::set<std::string_view>& known);

/// "unknown image 'gc'; did you mean 'gcc'? known here: clang, gcc"
std::string unknown_name(std::string_view what, std::string_view name, const std::set<std::string_view>& known);
/// "unknown key 'wal_seconds'; did you mean 'wall_seconds'? known here: ..."
std::string unknown_key(std::string_view key, const std::set<std::string_view>& known);

}  // namespace validator::report
