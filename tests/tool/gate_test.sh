# SPDX-License-Identifier: Apache-2.0
# What gates a build: the baseline with its dates, --fail-on, diff, --check-only, limits and reports of a configuration.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"
valid() { /usr/bin/python3 "$root/tests/tool/reports/read.py" valid "$root/validator/report/$1.schema.json" "$2"; }

cat > many.c <<'C'
unsigned right(unsigned x) { return x + 1; }
unsigned wrong(unsigned x) { return x * 3; }
unsigned mix(unsigned n) { unsigned s = 0; while (n != 0) { s ^= n * n; n = n - 1; } return s; }
float floating(float x) { return x; }
C
flags=("${flags[@]/-mgeneral-regs-only/-O2}")
database many.c
image many.c many.elf
check "right, but for what is not lifted" 3 "1 unsupported" -- run_on many.elf --json old.json

# --- baseline
export SOURCE_DATE_EPOCH=1700000000   # 2023-11-14
check "baseline update" 0 "written" -- "$tool" baseline update --elf many.elf --sources compile_commands.json --baseline b.toml
check "writes reason and date" 0 "date = 2023-11-14" -- cat b.toml
unset SOURCE_DATE_EPOCH
check "baseline show" 0 "unsupported 2023-11-14 floating: floating-point" -- "$tool" baseline show --elf many.elf --sources compile_commands.json --baseline b.toml
check "is accepted" 0 "in the baseline" -- run_on many.elf --baseline b.toml
sed -i 's/^note = .*/note = "no FPU in this kernel"/' b.toml
check "a later update" 0 "written" -- "$tool" baseline update --elf many.elf --sources compile_commands.json --baseline b.toml
check "keeps the note" 0 "no FPU in this kernel" -- cat b.toml
check "and the date" 0 "2023-11-14" -- cat b.toml
printf '[[function]]\nimage = "image"\nsymbol = "right"\nverdict = "unknown"\nnote = "x"\n' >> b.toml
check "a stale entry fails" 5 "stale baseline entry: right of image is proved" -- run_on many.elf --baseline b.toml

sed 's/image = "image"/image = "imagine"/' b.toml > renamed.toml
check "an entry for an image that does not exist" 2 "unknown image 'imagine'; did you mean 'image'?" -- run_on many.elf --baseline renamed.toml
check "its line is named" 2 "renamed.toml:3" -- run_on many.elf --baseline renamed.toml
check "update does not lose it" 2 "unknown image" -- "$tool" baseline update --elf many.elf --sources compile_commands.json --baseline renamed.toml
printf '[[image]]\nid = "imagine"\nelf = "x"\nsources = "x"\n' > other.toml
cat b.toml renamed.toml > both.toml
check "entries of an image that is configured but not validated" 5 "stale baseline entry: right of image is proved" -- run_on many.elf --baseline both.toml --config other.toml
cp out.txt kept.txt
check "are not stale" 1 -- grep -q imagine kept.txt

# --- --fail-on
check "undecided may pass" 0 "not passed (exit code 3)" -- run_on many.elf --fail-on refuted
check "but not if stale may not" 5 "stale" -- run_on many.elf --baseline b.toml --fail-on stale
check "stale may pass" 0 "not passed (exit code 5)" -- run_on many.elf --baseline b.toml --fail-on refuted
check "no such gate" 2 "" -- run_on many.elf --fail-on never
check "an error never passes" 4 "elf-not-elf" -- run_on many.c --fail-on refuted
check "nothing selected neither" 2 "nothing-selected" -- run_on many.elf --function '^none$' --fail-on refuted
check "a report does not know of the gate" 0 "" -- run_on many.elf --fail-on refuted --json lenient.json
check "and says what it is" 0 '"passed": false' -- cat lenient.json
cp many.c right.c
sed -i 's/x \* 3/x * 5/' many.c
check "refuted never passes" 1 "refuted" -- run_on many.elf --fail-on refuted --json new.json
cp right.c many.c

# --- diff
check "diff of a report with itself" 0 "0 new, 0 fixed, 0 changed, 0 slower" -- "$tool" diff old.json old.json
check "diff: what is new fails" 1 "wrong of image: proved -> refuted" -- "$tool" diff old.json new.json
check "diff: what is fixed does not" 0 "1 fixed" -- "$tool" diff new.json old.json
check "diff: what was there before does not" 0 "0 new" -- "$tool" diff new.json new.json
check "diff as data" 1 '"symbol": "wrong"' -- "$tool" diff old.json new.json --json -
cp out.txt comparison.json
check "fits its schema" 0 -- valid comparison comparison.json
sed 's/"solver_units": [1-9][0-9]*/"solver_units": 1000000000/' old.json > slow.json
check "diff: slower by units" 0 "1000000000 units" -- "$tool" diff old.json slow.json
check "diff: which may fail" 3 "slower" -- "$tool" diff old.json slow.json --fail-slower
run_on many.elf --function '^right$' --json part.json > /dev/null 2>&1
check "diff of a partial report" 4 "report-partial" -- "$tool" diff old.json part.json
check "diff of no report" 2 "no JSON report" -- "$tool" diff old.json many.c
check "diff of a missing file" 2 "" -- "$tool" diff old.json none.json

# --- --check-only: what a change cannot affect
cached() { "$tool" run --elf many.elf --sources compile_commands.json --cache-dir cache "$@"; }
check "before any run: nothing is known" 3 "0 functions unchanged" -- cached --check-only
check "and nothing is learnt" 3 "0 functions unchanged" -- cached --check-only
check "a run" 3 "3 proved" -- cached --json proved.json
check "all is known" 3 "3 functions unchanged: same graphs, same surroundings, an earlier verdict holds; 0 must" -- cached --check-only
sed -i '1i /* a comment */' many.c
check "a comment cannot affect a proof" 3 "3 functions unchanged" -- cached --check-only
sed -i 's/return x + 1/return (((x) + (1u)))/' many.c
check "nor can other words for the same graph" 3 "3 functions unchanged" -- cached --check-only
sed -i 's/s ^= n \* n/s ^= n * n + 1/' many.c
check "another graph can" 3 "2 functions unchanged: same graphs, same surroundings, an earlier verdict holds; 1 must" -- cached --check-only --json check.json
check "it is not_run, and no pass" 0 '"reason": "not-cached"' -- cat check.json
check "the run after it decides" 1 "mix" -- cached
check "without a cache there is nothing to ask" 2 "there is none" -- run_on many.elf --check-only
cp right.c many.c

# --- configuration
mkdir -p conf
cat > conf/validate-kernel.toml <<'T'
baseline = "b.toml"
[[image]]
id = "image"
elf = "../many.elf"
sources = "../compile_commands.json"
[reports]
junit = "out.xml"
[[function]]
name = "^mix$"
query_units = 1
function_units = 1
T
printf '[[function]]\nimage = "image"\nsymbol = "floating"\nverdict = "unsupported"\nnote = "no FPU"\n' > conf/b.toml
configured() { "$tool" run --config conf/validate-kernel.toml --no-cache "$@"; }
check "limits of one function, a baseline" 3 "1 unknown" -- configured
queries() { /usr/bin/python3 -c 'import json, sys; print([f["queries"] for f in json.load(open(sys.argv[1]))["images"][0]["functions"] if f["symbol"] == "mix"][0])' "$1"; }
configured --json one-solver.json > /dev/null 2>&1
printf '[solver]\nportfolio = ["arrays", "core", "arrays:2"]\n' >> conf/validate-kernel.toml
check "further solvers under the same limits" 3 "1 unknown" -- configured --json three-solvers.json
check "are attempts of their own" 0 -- test "$(queries three-solvers.json)" -ge $((2 * $(queries one-solver.json)))
for engine in arrays core eager; do
  printf '[[image]]\nid = "image"\nelf = "many.elf"\nsources = "compile_commands.json"\n[solver]\nportfolio = ["%s:3"]\n' $engine > engine.toml
  check "$engine alone proves" 3 "1 unsupported, 3 proved" -- "$tool" run --config engine.toml --no-cache
  sed -i 's/s ^= n \* n/s ^= n * n + 2/' many.c
  check "and does not prove what is wrong" 1 "1 refuted" -- "$tool" run --config engine.toml --no-cache
  cp right.c many.c
done
check "the report that it names" 0 "testsuites" -- cat conf/out.xml
check "the command line goes before it" 3 -- configured --junit other.xml
check "and writes its own" 0 "testsuites" -- cat other.xml
sed -i 's/\^mix/^mixed/' conf/validate-kernel.toml
check "limits that concern nothing are named" 0 "limits for '^mixed\$' concern no function" -- configured
check "configuration and command line together" 0 'fail_on = "refuted"' -- configured --print-config --fail-on refuted
cp out.txt printed.toml
check "are a configuration" 0 "3 proved" -- "$tool" run --config printed.toml --no-cache
sed -i 's/junit/junti/' conf/validate-kernel.toml
check "an unknown key" 2 "did you mean 'junit'?" -- configured
check "its line is named" 2 "conf/validate-kernel.toml:7" -- configured
finish
