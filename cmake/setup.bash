# SPDX-License-Identifier: Apache-2.0
# Set-up shared by ./validate-kernel and ./run-tests: packages, configure, build. Sourced; expects `root`.
#
# A stamp per build target makes re-runs quick and quiet: nothing is done when no file or folder of the tree is
# newer than the stamp. The stamp's time is taken before the build starts, so that an edit during the build counts. All messages
# go to stderr, the tools' own output to build/setup.log. Exit code 4: set-up failed.

build="$root/build"
# Compiler cache hits do not depend on where the tree lies.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
log="$build/setup.log"

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
  say "$1"
  if [[ -s "$log" ]]; then
    say "last lines of $log:"
    tail -n 40 "$log" >&2
  fi
  exit 4
}

# The packages of packages.txt that dpkg does not know as installed. On a system without dpkg: none.
missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  local wanted installed
  wanted=$(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$root/packages.txt" | sort -u)
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | tr '\n' ' '
}

install_packages() {
  local missing
  missing=$(missing_packages)
  [[ -n "$missing" ]] || return 0
  local line="apt-get update && apt-get install -y --no-install-recommends $missing"
  local -a as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
      say "packages are missing and neither root nor sudo is at hand. Run as root:"
      printf '  %s\n' "$line" >&2
      exit 4
    fi
    as_root=(sudo)
  fi
  say "installing packages: $missing"
  # shellcheck disable=SC2086
  if ! { "${as_root[@]}" apt-get update &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
       >>"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    say "apt-get failed (no network?). Run as root, on a machine with a Debian mirror:"
    printf '  %s\n' "$line" >&2
    exit 4
  fi
}

# A build folder that was configured for a tree elsewhere (the tree was moved or copied) is configured anew.
forget_foreign_cache() {
  local cache="$1/CMakeCache.txt" home
  [[ -f "$cache" ]] || return 0
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache")
  [[ "$home" == "$2" ]] || rm -rf "$cache" "$1/CMakeFiles"
}

# build_tool TARGET: configures and builds one target of the tool.
build_tool() {
  say "building $1 (log: $log)"
  forget_foreign_cache "$build" "$root"
  { cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release && cmake --build "$build" --target "$1"; } \
    >>"$log" 2>&1 </dev/null || fail "building $1 failed."
}

# The kernel is a project of its own, built once with each compiler.
build_kernels() {
  [[ -f "$root/kernel/CMakeLists.txt" ]] || return 0
  local compiler
  for compiler in gcc clang; do
    say "building the kernel with $compiler"
    forget_foreign_cache "$build/kernel-$compiler" "$root/kernel"
    { cmake -S "$root/kernel" -B "$build/kernel-$compiler" -G Ninja \
        --toolchain "$root/kernel/cmake/aarch64-$compiler.cmake" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
      cmake --build "$build/kernel-$compiler"; } >>"$log" 2>&1 </dev/null ||
      fail "building the kernel with $compiler failed."
  done
}

# fresh STAMP: true when nothing in the tree is newer than the stamp.
fresh() {
  [[ -f "$1" ]] || return 1
  [[ -z $(find "$root" -mindepth 1 \( -path "$build" -o -path "$root/.git" -o -path "$root/.cache" \) -prune -o \
            -newer "$1" -print -quit) ]]
}

# setup TARGET: everything up to a built TARGET and built kernels; one set-up at a time in one tree.
setup() {
  local stamp="$build/setup-$1.stamp"
  mkdir -p "$build" || { say "cannot write $build"; exit 4; }
  fresh "$stamp" && return 0
  exec 9>"$build/setup.lock"
  if ! flock -n 9; then
    say "another set-up is running in this tree; waiting for it"
    flock 9
  fi
  if ! fresh "$stamp"; then
    local started="$stamp.started"
    : >"$log"
    touch "$started"
    install_packages
    build_tool "$1"
    build_kernels
    mv "$started" "$stamp"
    say "done"
  fi
  exec 9>&-
}
