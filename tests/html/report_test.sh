# SPDX-License-Identifier: Apache-2.0
# The HTML report in a browser: a small kernel with one function of each verdict, one of its instructions changed after linking.
# report_test.sh TOOL WORK [SCREENSHOTS]: the pictures go there; docs/html-report has those of the README.
# Exit code 77 (skipped): there is no browser to be had.
tool=$1 work=$2 pictures=${3:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
set -euo pipefail
for program in chromium node; do
  command -v "$program" > /dev/null || { echo "skipped: $program is not installed (packages.txt names it; apt-get could not install it)"; exit 77; }
done
rm -rf "$work"
# What folders above the sources are called is no part of a search: this name has the letters that the test types.
work=$work/checked-out
mkdir -p "$work"
cd "$work"
cp "$here"/fixture/* .
flags="-O2 -funswitch-loops -g -ffreestanding -mgeneral-regs-only -fno-pic -fno-strict-aliasing -mno-outline-atomics -fno-tree-vectorize -fno-asynchronous-unwind-tables -std=gnu11"
aarch64-linux-gnu-gcc $flags -c kernel.c -o kernel.o
aarch64-linux-gnu-gcc -c note.S -o note.o
aarch64-linux-gnu-ld -static -nostdlib -z separate-code -e 0 kernel.o note.o -o kernel.elf
printf '[{"directory":"%s","file":"kernel.c","command":"aarch64-linux-gnu-gcc %s -c kernel.c"}]\n' "$work" "$flags" > compile_commands.json

# The defect: the first b.hi of may_run becomes b.hs (C6.2 "B.cond": condition 1000 to 0010).
address=$((16#$(aarch64-linux-gnu-objdump -d kernel.elf --disassemble=may_run | awk '$3 == "b.hi" { sub(":", "", $1); print $1; exit }')))
read -r start virtual < <(aarch64-linux-gnu-readelf -lW kernel.elf | awk '$1 == "LOAD" && / R E / { print $2, $3 }')
offset=$((start + address - virtual))
byte=$((16#$(od -An -tx1 -j "$offset" -N 1 kernel.elf | tr -d ' ')))
printf "\\x$(printf %02x $((byte ^ 10)))" | dd of=kernel.elf bs=1 seek="$offset" conv=notrunc status=none

on_image() { "$tool" "$@" --elf kernel.elf --sources compile_commands.json --assembly note.S > /dev/null; }
expect() { local code=0; "${@:2}" || code=$?; [[ $code -eq $1 ]] || { echo "FAIL exit $code instead of $1: ${*:2}"; exit 1; }; }
expect 1 on_image run --no-cache --html report.html
expect 0 on_image run --no-cache --function checksum --html selected.html
expect 1 on_image show may_run --html one.html
expect 3 on_image show last_of --html unsupported.html
printf '%x' "$address" > defect.txt
exec node "$here/report_test.mjs" "$work" "$pictures"
