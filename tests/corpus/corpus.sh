#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# corpus.sh CHECKER KERNELS WORK small|full: compiles the corpus with both compilers, six levels and two architectures, the kernel's sources
# too, adds the kernels that were built, and gives all objects to the checker. `small` and `full` differ in the number of csmith programs.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
checker=$1 kernels=$(readlink -f "$2") work=$3 size=$4
case $size in
  small) programs=4 ;;
  full) programs=30 ;;
  *) echo "usage: corpus.sh CHECKER KERNELS WORK small|full" >&2; exit 2 ;;
esac
rm -rf "$work"
mkdir -p "$work"

seq "$programs" | xargs -P "$(nproc)" -I{} csmith --seed {} --nomain --no-argc --concise --output "$work/csmith{}.c"

# One line for each compilation; xargs runs them on all processors.
commands() {
  local compiler level march source flags
  for compiler in gcc clang; do
    for level in 0 1 2 3 s g; do
      for march in armv8-a armv8.1-a; do
        flags="-O$level -march=$march -mgeneral-regs-only -ffreestanding -fno-pic -w -I $here/sources"
        for source in "$here"/sources/*.c "$here"/sources/*.cpp "$work"/*.c; do
          echo "$compiler $source $work/$(basename "$source").$compiler.O$level.$march.o $flags"
        done
      done
    done
    echo "$compiler $here/sources/machine.S $work/machine.$compiler.o -ffreestanding"
  done
  # The same without the outline atomics that GCC calls by default, and with the alignment rules of a kernel without caches.
  for level in 0 2 s; do
    echo "gcc $here/sources/atomics.c $work/atomics.inline.O$level.o -O$level -march=armv8-a -mno-outline-atomics -mgeneral-regs-only -ffreestanding -w"
    echo "clang $here/sources/atomics.c $work/atomics.outline.O$level.o -O$level -march=armv8-a -moutline-atomics -mgeneral-regs-only -ffreestanding -w"
    for compiler in gcc clang; do
      echo "$compiler $here/sources/structures.c $work/structures.strict.$compiler.O$level.o -O$level -mstrict-align -mgeneral-regs-only -ffreestanding -w"
      echo "$compiler $here/sources/structures.c $work/structures.pic.$compiler.O$level.o -O$level -fpic -mgeneral-regs-only -ffreestanding -w"
      echo "$compiler $here/sources/structures.c $work/structures.bti.$compiler.O$level.o -O$level -mbranch-protection=standard -mgeneral-regs-only -ffreestanding -w"
    done
  done
}

# The kernel's own sources with the flags that its build recorded, at every level: parts of one object each, as some have no code.
kernel_commands() {
  local compiler level line source flags
  for compiler in gcc clang; do
    while read -r line; do
      source=${line##* -c }
      flags=$(sed -E 's/^[^ ]+ //; s/ -o [^ ]+ -c .*//; s/(^| )(-O2|-g|-Werror|--target=[^ ]+)//g' <<<"$line")
      for level in 0 1 2 3 s g; do
        echo "$compiler $source $work/kernel.$(basename "$(dirname "$source")").$(basename "$source").$compiler.O$level.part $flags -O$level -w"
      done
    done < <(sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$kernels/kernel-$compiler/compile_commands.json")
  done
}

compile_one() {
  local compiler=$1 source=$2 object=$3
  shift 3
  local -A driver=([gcc.c]=aarch64-linux-gnu-gcc [gcc.S]=aarch64-linux-gnu-gcc [gcc.cpp]=aarch64-linux-gnu-g++
    [clang.c]=clang-19 [clang.S]=clang-19 [clang.cpp]=clang++-19)
  local command=("${driver[$compiler.${source##*.}]}")
  [[ $compiler == clang ]] && command+=(--target=aarch64-linux-gnu)
  [[ $source == *.cpp ]] && command+=(-std=c++20 -fno-exceptions -fno-rtti)
  "${command[@]}" "$@" -c "$source" -o "$object"
}
export -f compile_one

{ commands; kernel_commands; } >"$work/commands"
xargs -P "$(nproc)" -a "$work/commands" -d '\n' -I{} bash -c 'compile_one {}'
count=$(wc -l <"$work/commands")
[[ $(grep -c "$work/kernel\." "$work/commands") -gt 100 ]] || { echo "the kernels' compile_commands.json name no sources" >&2; exit 1; }
objects=$(find "$work" -name '*.o' -o -name '*.part' | wc -l)
[[ $count -eq $objects ]] || { echo "only $objects of $count objects were made" >&2; exit 1; }

for compiler in gcc clang; do
  for level in 0 1 2 3 s g; do
    aarch64-linux-gnu-ld -r -o "$work/kernel.$compiler.O$level.o" "$work"/kernel.*."$compiler.O$level.part"
  done
done
for kernel in "$kernels"/kernel-gcc/kernel.elf "$kernels"/kernel-clang/kernel.elf; do
  [[ -f $kernel ]] || { echo "no $kernel: build the kernels first" >&2; exit 1; }
  ln -s "$kernel" "$work/$(basename "$(dirname "$kernel")").o"
done
find "$work" -name '*.o' -print0 | sort -z >"$work/objects"
echo "$programs csmith programs, $objects objects and the kernels"
xargs -0 -a "$work/objects" -n 100000 "$checker"
