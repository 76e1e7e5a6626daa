# SPDX-License-Identifier: Apache-2.0
# Reports are reproducible, atomic, and the same from the cache; an interrupted run never passes.
tool=$1 work=$2
source "$(dirname "$0")/common.bash"
database good.c
image good.c good.elf

without_timing() { sed '/^  "timing": {/,$d' "$1"; }
same() { cmp -s <(without_timing "$1") <(without_timing "$2"); }

check "first run" 0 "" -- run_on good.elf --json one.json
check "second run" 0 "" -- run_on good.elf --json two.json --jobs 2
check "two runs are byte-identical without timing" 0 -- same one.json two.json
check "report on standard output" 0 '"schema": 1' -- run_on good.elf --json -
check "no temporary file is left" 1 -- compgen -G '*.partial'

cached() { "$tool" run --elf good.elf --sources compile_commands.json --cache-dir cache --json "$1"; }
check "run that fills the cache" 0 "" -- cached cold.json
check "run from the cache" 0 "" -- cached warm.json
check "verdicts from the cache are the same" 0 -- same cold.json warm.json
check "everything came from the cache" 0 '"from_cache": 2' -- cat warm.json
find cache -type f ! -name last-run.json -exec sh -c 'printf x >> "$1"' _ {} \;
check "damaged entries are misses" 0 '"from_cache": 0' -- sh -c "'$tool' run --elf good.elf --sources compile_commands.json --cache-dir cache --json damaged.json >/dev/null && cat damaged.json"
check "and the verdicts stay" 0 -- same cold.json damaged.json

# --- interruption, in the middle of many functions
for i in $(seq 300); do
  echo "unsigned long many$i(unsigned long a, unsigned long *p) { return a > $i ? p[a & 7] * $i : p[$i & 3] / (a | 1); }"
done > many.c
image many.c many.elf
database many.c
: > err.txt   # that of the last check has the line that is waited for, until the shell opens it anew
"$tool" run --elf many.elf --sources compile_commands.json --no-cache --json interrupted.json --jobs 1 > out.txt 2> err.txt &
pid=$!
for _ in $(seq 600); do
  if grep -q "functions to validate" err.txt; then break; fi
  sleep 0.1
done
kill -INT "$pid"
got=0
wait "$pid" || got=$?
checks=$((checks + 1))
if [[ $got -ne 130 ]]; then failures=$((failures + 1)); echo "FAIL interrupted run: exit $got (expected 130)"; cat out.txt err.txt; fi
check "interrupted report says so" 0 '"complete": false' -- cat interrupted.json
check "what was not run is in the report" 0 '"reason": "interrupted"' -- cat interrupted.json
finish
