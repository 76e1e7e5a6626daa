# SPDX-License-Identifier: Apache-2.0
# Wrong inputs and interruption on the repository's own kernel: its real images, spoiled. Needs both kernels built.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"
build=$(cd "$work/../../.." && pwd)
kernel=$build/kernel-gcc
for compiler in gcc clang; do
  if [[ ! -f $build/kernel-$compiler/kernel.elf ]]; then
    echo "FAIL no $build/kernel-$compiler/kernel.elf: build the kernel first (./run-tests does)"
    exit 1
  fi
done
database=$kernel/compile_commands.json

# on ELF [OPTION]...: run on it with the kernel's sources.
on() { "$tool" run --elf "$1" --sources "$database" --assembly "$root/kernel/machine/aarch64" --no-cache "${@:2}"; }
symbol() { aarch64-linux-gnu-nm "$kernel/kernel.elf" | awk -v name="$1" '$3 == name {print "0x" $1}'; }
# patch ELF ADDRESS BYTES: a copy of the kernel with other bytes at an address of its code.
patch() {
  cp "$kernel/kernel.elf" "$1"
  local offset base
  read -r offset base < <(aarch64-linux-gnu-readelf -lW "$kernel/kernel.elf" | awk '$1 == "LOAD" {print $2, $3; exit}')
  printf "$3" | dd of="$1" bs=1 seek=$((offset + $2 - base)) conv=notrunc status=none
}

for compiler in gcc clang; do
  elf=$build/kernel-$compiler/kernel.elf
  aarch64-linux-gnu-strip "$elf" -o stripped.elf
  check "$compiler: stripped" 4 "elf-stripped" -- on stripped.elf
  head -c 30000 "$elf" > truncated.elf
  check "$compiler: truncated" 4 "input error: truncated.elf" -- on truncated.elf
  cp "$elf" big.elf
  printf '\002' | dd of=big.elf bs=1 seek=5 conv=notrunc status=none
  check "$compiler: big-endian" 4 "elf-big-endian" -- on big.elf
  cp "$elf" x86.elf
  printf '\076' | dd of=x86.elf bs=1 seek=18 conv=notrunc status=none   # e_machine = EM_X86_64
  check "$compiler: another machine" 4 "elf-not-aarch64" -- on x86.elf
  cp "$elf" noelf.elf
  printf 'x' | dd of=noelf.elf conv=notrunc status=none
  check "$compiler: no ELF" 4 "elf-not-elf" -- on noelf.elf
done

check "no compile_commands.json" 4 "source-database" -- "$tool" run --elf "$kernel/kernel.elf" --sources none.json --no-cache
echo "as it was" > kept.json
check "unwritable output" 2 "cannot write" -- on "$kernel/kernel.elf" --json /nonexistent/folder/report.json
check "an input error leaves no partial report" 4 -- on stripped.elf --json kept.json
check "but the report of the failure" 0 "elf-stripped" -- cat kept.json
echo "as it was" > kept.json
check "a wrong request" 2 "nothing-selected" -- on "$kernel/kernel.elf" --function no_such_function --json kept.json
check "leaves no old report that reads as its own" 0 '"passed": false' -- cat kept.json
check "and leaves no temporary file" 1 -- compgen -G '*.partial*'

# --- an instruction without a model: fadd d0, d0, d1 in place of the function's first word
name=_ZN7machine9read_timeEv
at=$(symbol $name)
patch fadd.elf "$at" '\x00\x28\x61\x1e'
check "an instruction without model: where" 3 "$at: word 0x1e612800 (fadd d0, d0, d1)" -- on fadd.elf --function "^$name\$"
check "an instruction without model: how to add it" 3 "add its encoding to a group of isa-models/aarch64/*.isa" -- on fadd.elf --function "^$name\$"
check "its code can be explained" 0 "isa-models/README.md" -- "$tool" explain isa-no-model
patch mov.elf "$at" '\x20\x00\x80\xd2'   # mov x0, #1
check "another instruction is no pass" 1 "" -- bash -c "'$tool' run --elf mov.elf --sources '$database' --assembly '$root/kernel/machine/aarch64' --no-cache --function '^$name\$' && exit 0; exit 1"

# --- sources that are not the ones compiled: a copy of the kernel's, changed
mkdir sources
cp -r "$root/kernel" sources/kernel
sed "s#$(sed -n 's/.*-I\([^ "]*\/kernel\) .*/\1/p' "$database" | head -1)#$work/sources/kernel#g" "$database" > copied.json
copied() { "$tool" run --elf "$kernel/kernel.elf" --sources copied.json --assembly "$root/kernel/machine/aarch64" --no-cache "$@"; }
check "a copy of the sources" 0 "1 proved" -- copied --function "^$name\$"
timer=sources/kernel/machine/aarch64/timer.cpp
sed -i 's/read_time\b/read_clock/' "$timer"
check "a function renamed in the sources" 4 "no-source" -- copied --function "^$name\$"
cp "$root/kernel/machine/aarch64/timer.cpp" "$timer"
sed -i 's/^Instant read_time() {/&\n  double unused = 1;\n  static_cast<void>(unused);/' "$timer"
line=$(grep -n 'double unused' "$timer" | cut -d: -f1)
check "a construct that is not lifted: file, line, column" 3 "timer.cpp:$line:10: the type double" -- copied --function "^$name\$"

# --- Ctrl-C in the middle of the kernel
: > err.txt   # that of the last check has the line that is waited for, until the shell opens it anew
"$tool" run --elf "$kernel/kernel.elf" --sources "$database" --assembly "$root/kernel/machine/aarch64" --no-cache \
  --json interrupted.json --jobs 1 > out.txt 2> err.txt &
pid=$!
for _ in $(seq 2400); do
  if grep -q "functions to validate" err.txt; then break; fi
  sleep 0.1
done
sleep 1
kill -INT "$pid"
got=0
wait "$pid" || got=$?
cp out.txt table.txt   # check() writes out.txt
checks=$((checks + 1))
if [[ $got -ne 130 ]]; then failures=$((failures + 1)); echo "FAIL Ctrl-C: exit $got (expected 130)"; cat table.txt err.txt; fi
check "Ctrl-C: the table says that it is partial" 0 "INTERRUPTED: these are partial results." -- cat table.txt
check "Ctrl-C: the report says so" 0 '"complete": false' -- cat interrupted.json
check "Ctrl-C: what was not run is not proved" 0 '"reason": "interrupted"' -- cat interrupted.json
check "Ctrl-C: no worker is left" 1 -- pgrep -P "$pid"
# --- the portfolio: what the first solver leaves open under these limits, which are no times, a later one decides
solved_by() {
  printf '[limits]\nquery_units = 40000\nfunction_units = 60000\n[solver]\nportfolio = %s\n[[image]]\nid = "gcc"\nelf = "%s"\nsources = "%s"\n' "$1" \
    "${2:-$kernel/kernel.elf}" "$database" > portfolio.toml
  "$tool" run --config portfolio.toml --no-cache --function '^mem::unmap_frame$' --json -
}
check "one solver alone" 3 "unknown     mem::unmap_frame" -- solved_by '["arrays"]'
check "a portfolio" 0 "decided by solver 2 of the portfolio: eager" -- solved_by '["arrays", "eager"]'
finish
