# SPDX-License-Identifier: Apache-2.0
# symbolon_validate() of cmake/SymbolonValidate.cmake: a target and a ctest that fail exactly when the image is not proved.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"
mkdir -p examples
cp -r "$root/examples/cmake-kernel" examples/
cp -r "$root/cmake" .
project=examples/cmake-kernel
configure() { cmake -S "$project" -B build -G "${1:-Ninja}" --toolchain aarch64-gcc.cmake -DSYMBOLON_VALIDATE_KERNEL="$tool" "${@:2}"; }

check "configure" 0 "Build files" -- configure
check "a ctest without an image is no pass" 8 "elf-unreadable" -- ctest --test-dir build --output-on-failure
check "the target builds and validates" 0 "5 proved" -- cmake --build build --target example.elf-validate
check "reports" 0 '"passed": true' -- cat build/example.elf.json
check "of each format that was asked for" 0 -- test -s build/example.elf.sarif -a -s build/example.elf.junit
check "the ctest" 0 "100% tests passed" -- ctest --test-dir build
check "has a label" 0 "100% tests passed" -- ctest --test-dir build -L symbolon --no-tests=error
sed -i 's/q->count >= 8/q->count > 8/' "$project/queue.c"
check "the ctest of a wrong image" 8 "refuted     push (queue.c:12)" -- ctest --test-dir build --output-on-failure
check "its report" 0 '"passed": false' -- cat build/example.elf.json
check "the target builds what has changed" 0 "5 proved" -- cmake --build build --target example.elf-validate
sed -i 's/q->count > 8/q->count >= 8/' "$project/queue.c"

# --- arguments
cat > "$project/limits.toml" <<'T'
[limits]
query_units = 1
function_units = 1
T
printf '[[function]]\nimage = "example.elf"\nsymbol = "sum"\nverdict = "unknown"\nnote = "loop"\n' > "$project/baseline.toml"
validate() { sed -i "s/^symbolon_validate.*/symbolon_validate($1)/" "$project/CMakeLists.txt"; }
validate "example.elf CONFIG limits.toml"
check "limits from a configuration" 0 "Build files" -- configure
check "fail the target" 1 "unknown     sum" -- cmake --build build --target example.elf-validate
validate "example.elf CONFIG limits.toml BASELINE baseline.toml OPTIONS --fail-on undecided --function ^sum\$ TIMEOUT 60"
check "a baseline accepts" 0 "in the baseline" -- cmake --build build --target example.elf-validate
validate "example.elf ASSEMBLY start.S"
check "Makefiles" 0 "Build files" -- cmake -S "$project" -B make -G "Unix Makefiles" --toolchain aarch64-gcc.cmake -DSYMBOLON_VALIDATE_KERNEL="$tool"
check "do it, too" 0 "5 proved" -- cmake --build make --target example.elf-validate
validate "example.elf REPROTS json"
check "a misspelt argument" 1 "what is 'REPROTS;json'?" -- configure
validate "other.elf"
check "a target that is none" 1 "no such target" -- configure
validate "example.elf"
sed -i 's/^set(CMAKE_EXPORT.*//' "$project/CMakeLists.txt"
rm -rf build
check "no compile_commands.json" 1 "set CMAKE_EXPORT_COMPILE_COMMANDS" -- configure
finish
