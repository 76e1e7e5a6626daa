#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# source.sh REFUTED_SOURCE VALIDATE_KERNEL WORK MUTANTS KERNEL [SEED [PERCENT]]: the campaign of wrong sources on a kernel image. KERNEL is the
# build folder with kernel.elf and compile_commands.json. PERCENT: fails when fewer are refuted.
set -eu
refuted=$1 tool=$2 work=$3 mutants=$4 kernel=$5 seed=${6:-1} percent=${7:-0}
root=$(cd "$(dirname "$0")/../.." && pwd)
[ -f "$kernel/kernel.elf" ] || { echo "no $kernel/kernel.elf: skipped"; exit 77; }
mkdir -p "$work"
"$refuted" --tool "$tool" --elf "$kernel/kernel.elf" --sources "$kernel/compile_commands.json" --assembly "$root/kernel/machine/aarch64" \
  --mutants "$mutants" --seed "$seed" --percent "$percent" --replays 1 --work "$work"
