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
check "no temporary file is left" 1 -- ls one.json.*.partial

cached() { "$tool" run --elf good.elf --sources compile_commands.json --cache-dir cache --json "$1"; }
check "run that fills the cache" 0 "" -- cached cold.json
check "run from the cache" 0 "" -- cached warm.json
check "verdicts from the cache are the same" 0 -- same cold.json warm.json
check "everything came from the cache" 0 '"from_cache": 2' -- cat warm.json
find cache -type f ! -name last-run.json -exec sh -c 'printf x >> "$1"' _ {} \;
check "damaged entries are misses" 0 '"from_cache": 0' -- sh -c "'$tool' run --elf good.elf --sources compile_commands.json --cache-dir cache --json damaged.json >/dev/null && cat damaged.json"
check "and the verdicts stay" 0 -- same cold.json damaged.json

# --- a long function, so that there is something to interrupt
cat > slow.c <<'C'
unsigned long slow(unsigned long a, unsigned long b) {
  for (unsigned i = 0; i < 64; i++) a = a * b % (a ^ b | 1) + (b / (a | 1)) * i;
  return a;
}
C
image slow.c slow.elf
database slow.c
interrupted() {
  run_on slow.elf --json interrupted.json --wall 300 &
  local pid=$!
  sleep 2
  kill -INT "$pid" 2>/dev/null
  wait "$pid"
}
got=0
set +e
( trap - INT; interrupted > out.txt 2>&1 ); got=$?
set -e
checks=$((checks + 1))
if [[ $got -eq 130 ]]; then
  check "interrupted report says so" 0 '"complete": false' -- cat interrupted.json
elif [[ $got -eq 0 ]]; then
  failures=$((failures + 1)); echo "FAIL interrupted run passed"
else
  echo "ok   the run ended by itself before the signal (exit $got)"
fi
finish
