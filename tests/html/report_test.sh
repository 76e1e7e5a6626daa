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
commands() { printf '[{"directory":"%s","file":"%s.c","command":"aarch64-linux-gnu-gcc %s -c %s.c"}]\n' "$work" "$1" "$flags" "$1" > "$1.json"; }
commands kernel

# change FUNCTION PATTERN BITS BYTE: flips bits of one byte of the first instruction that objdump prints like this; prints its address.
change() {
  local address start virtual offset byte
  address=$((16#$(aarch64-linux-gnu-objdump -d kernel.elf --disassemble="$1" | grep -P "$2" | head -1 | sed 's/^ *//; s/:.*//')))
  read -r start virtual < <(aarch64-linux-gnu-readelf -lW kernel.elf | awk '$1 == "LOAD" && / R E / { print $2, $3 }')
  offset=$((start + address - virtual + $4))
  byte=$((16#$(od -An -tx1 -j "$offset" -N 1 kernel.elf | tr -d ' ')))
  printf "\\x$(printf %02x $((byte ^ $3)))" | dd of=kernel.elf bs=1 seek="$offset" conv=notrunc status=none
  printf '%x' "$address"
}
# The defect of may_run: b.hi becomes b.hs (C6.2 "B.cond": condition 1000 to 0010). Of settle: 77 becomes 76 ("ADD (immediate)": imm12 from bit 10).
change may_run '\tb\.hi\t' 10 0 > defect.txt
change settle '\tadd\t.*#0x4d$' 4 1 > constant.txt

# No verdict here may depend on how fast the machine is.
on_image() { "$tool" "$@" --wall 3600 --elf kernel.elf --sources kernel.json --assembly note.S > /dev/null; }
expect() { local code=0; "${@:2}" || code=$?; [[ $code -eq $1 ]] || { echo "FAIL exit $code instead of $1: ${*:2}"; exit 1; }; }
expect 1 on_image run --no-cache --certificates certificates --html report.html
expect 3 on_image recheck --certificates certificates --html recheck.html
expect 0 on_image run --no-cache --function checksum --html selected.html
expect 1 on_image show may_run --html one.html
expect 3 on_image show last_of --html unsupported.html

# A pass, and what must not read as one: no function at all, none of those that are there, and a run that was interrupted.
small() { # small NAME: an image of NAME.c alone
  aarch64-linux-gnu-gcc $flags -c "$1.c" -o "$1.o"
  aarch64-linux-gnu-ld -static -nostdlib -e 0 "$1.o" -o "$1.elf"
  commands "$1"
}
on_small() { "$tool" run --no-cache --wall 3600 --elf "$1.elf" --sources "$1.json" --html "$2.html" "${@:3}" > /dev/null 2> "$2.err"; }
echo 'unsigned long twice(unsigned long a) { return a + a; }' > good.c
printf '__asm__(".text\\n.word 0");\n' > empty.c
for i in $(seq 300); do echo "unsigned long many$i(unsigned long a, unsigned long *p) { return a > $i ? p[a & 7] * $i : p[$i & 3] / (a | 1); }"; done > long.c
for name in good empty long; do small $name; done
expect 0 on_small good passed
expect 2 on_small empty empty
expect 2 on_small good nothing --function '^no such function$'
"$tool" run --no-cache --wall 3600 --jobs 1 --elf long.elf --sources long.json --html interrupted.html > /dev/null 2> interrupted.err &
pid=$!
until grep -q "functions to validate" interrupted.err || ! kill -0 "$pid"; do sleep 0.1; done
kill -INT "$pid"
expect 130 wait "$pid"

node "$here/report_test.mjs" "$work" "$pictures"
# Pictures are kept in the repository: few colours are enough for them.
if [[ -n $pictures ]] && command -v pngquant > /dev/null; then pngquant --force --skip-if-larger --ext .png 64 "$pictures"/*.png; fi
