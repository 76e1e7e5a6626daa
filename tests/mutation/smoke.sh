#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# smoke.sh MUTATE VALIDATE_KERNEL WORK MUTANTS: compiles leaf.c and runs the mutation campaign on it.
set -eu
mutate=$1 tool=$2 work=$3 mutants=$4
here=$(cd "$(dirname "$0")" && pwd)
flags="-O2 -ffreestanding -fno-pic -mgeneral-regs-only -fno-strict-aliasing -mno-outline-atomics -fno-tree-vectorize"
mkdir -p "$work"
aarch64-linux-gnu-gcc $flags -nostdlib -static -Wl,-e,align_up -o "$work/leaf.elf" "$here/leaf.c"
cat >"$work/compile_commands.json" <<JSON
[{"directory": "$here", "file": "leaf.c", "command": "aarch64-linux-gnu-gcc $flags -c leaf.c"}]
JSON
"$mutate" --tool "$tool" --elf "$work/leaf.elf" --sources "$work/compile_commands.json" \
  --interface "$here/leaf.interface" --mutants "$mutants" --work "$work"
