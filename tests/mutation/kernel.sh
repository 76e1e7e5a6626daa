#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kernel.sh MUTATE VALIDATE_KERNEL WORK MUTANTS KERNEL [SEED [FUNCTIONS [WALL]]]: the mutation campaign on a kernel image. KERNEL is the build folder
# with kernel.elf and compile_commands.json. FUNCTIONS: a regular expression; without it the functions of kernel.functions, which are
# quick. WALL: seconds for one mutant; a mutant that needs longer is not proved.
set -eu
mutate=$1 tool=$2 work=$3 mutants=$4 kernel=$5 seed=${6:-1} functions=${7:-} wall=${8:-2}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ -f "$kernel/kernel.elf" ] || { echo "no $kernel/kernel.elf: skipped"; exit 77; }
mkdir -p "$work"
[ -n "$functions" ] || functions="^($(paste -sd'|' "$here/kernel.functions"))\$"
"$mutate" --tool "$tool" --elf "$kernel/kernel.elf" --sources "$kernel/compile_commands.json" --assembly "$root/kernel/machine/aarch64" \
  --interface "$here/kernel.interface" --explained "$here/kernel.explained" --function "$functions" --wall "$wall" \
  --mutants "$mutants" --seed "$seed" --work "$work"
