# SPDX-License-Identifier: Apache-2.0
# Reports for other tools, read as these read them: they fit their schemas, and only a run that passes reads as one.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
reports=$root/tests/tool/reports
source "$(dirname "$0")/common.bash"
formats=(json sarif junit markdown github gitlab)
read_report() { /usr/bin/python3 "$reports/read.py" "$@"; }

# all_formats PREFIX: the options that write one file for each format.
all_formats() { for format in "${formats[@]}"; do printf -- '--%s\n%s.%s\n' "$format" "$1" "$format"; done; }
# on ELF PREFIX [OPTION]...
on() { local list; mapfile -t list < <(all_formats "$2"); run_on "$1" "${list[@]}" "${@:3}"; }
# reads PREFIX ANSWER: all formats of a run are well-formed and read as the answer says.
reads() {
  for format in "${formats[@]}"; do check "$1: $format reads as $2" 0 -- test "$(read_report pass "$format" "$1.$format" 2>&1)" = "$2"; done
  check "$1: JSON fits its schema" 0 -- read_report valid "$root/validator/report/report.schema.json" "$1.json"
  check "$1: SARIF fits our schema" 0 -- read_report valid "$reports/sarif.schema.json" "$1.sarif"
  if [[ -f sarif-official.json ]]; then check "$1: SARIF fits the official schema" 0 -- read_report valid sarif-official.json "$1.sarif"; fi
}

# The official schema is not ours to keep here; it is asked of where npm has it, and our own decides alone without network.
if command -v npm > /dev/null && timeout 60 npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 > npm.txt 2>&1; then
  tar -xzOf microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas/sarif-2.1.0-rtm.5.json > sarif-official.json
else
  echo "note: the official SARIF schema is not at hand; only our own is used"
fi

database good.c
image good.c good.elf
check "a run that passes" 0 "2 proved" -- on good.elf good
reads good pass
check "a selection gates what it selects" 0 "1 proved" -- on good.elf selection --function '^first$'
reads selection "no pass"
check "and SARIF says that it is partial" 0 '"executionSuccessful": false' -- cat selection.sarif
check "nothing selected" 2 "nothing-selected" -- on good.elf nothing --function '^no such function$'
reads nothing "no pass"
printf '__asm__(".text\\n.word 0");\n' > empty.c
database empty.c
image empty.c empty.elf
check "an image without functions" 2 "the images have no functions" -- on empty.elf empty
reads empty "no pass"

# --- each kind of failure, and what a baseline accepts
cat > many.c <<'C'
unsigned right(unsigned x) { return x + 1; }
unsigned wrong(unsigned x) { return x * 3; }
float floating(float x) { return x; }
C
flags=("${flags[@]/-mgeneral-regs-only/-O2}")
database many.c
image many.c many.elf
sed -i 's/x \* 3/x * 5/' many.c
check "refuted and unsupported" 1 "1 refuted" -- on many.elf many
reads many "no pass"
check "SARIF has the place" 0 '"startLine": 2' -- cat many.sarif
check "GitHub, too" 0 "::error file=many.c,line=2,title=Symbolon%3A " -- cat many.github
printf '[[function]]\nimage = "image"\nsymbol = "floating"\nverdict = "unsupported"\nnote = "no FPU"\n' > accepted.toml
check "one of them in the baseline" 1 -- on many.elf accepted --baseline accepted.toml
reads accepted "no pass"
check "is suppressed" 0 '"justification": "no FPU"' -- cat accepted.sarif
check "and skipped" 0 "in the baseline: no FPU" -- cat accepted.junit
printf '[[function]]\nimage = "image"\nsymbol = "wrong"\nverdict = "refuted"\nallow_refuted = true\nnote = "to be seen"\n' >> accepted.toml
check "both: a pass" 0 -- on many.elf both --baseline accepted.toml
reads both pass
sed -i 's/x \* 5/x * 3/' many.c
check "a stale entry" 5 "stale" -- on many.elf stale --baseline accepted.toml
reads stale "no pass"
check "no ELF" 4 "elf-not-elf" -- on many.c input
reads input "no pass"

# --- fingerprints
fingerprints() { grep symbolAndReason "$1" | sort; }
sed -i 's/x \* 3/x * 5/; 1i /* a line */' many.c
check "the same findings, on other lines" 1 -- on many.elf shifted
check "have the same fingerprints" 0 -- cmp <(fingerprints many.sarif) <(fingerprints shifted.sarif)
check "of which there are two" 0 -- test "$(fingerprints many.sarif | sort -u | wc -l)" = 2
check "although the places differ" 1 -- cmp many.sarif shifted.sarif
check "and the fingerprints of GitLab" 0 -- cmp <(grep '"fingerprint"' many.gitlab) <(grep '"fingerprint"' shifted.gitlab)

# --- files
database good.c
check "two reports for one file" 2 "two reports" -- run_on good.elf --json x --sarif x
check "data alone on standard output" 0 "functions" -- run_on good.elf --sarif -
cp out.txt alone.sarif
cp err.txt table.txt
check "is a report" 0 "pass" -- read_report pass sarif alone.sarif
check "and the table is on the other one" 0 -- grep -q "2 proved" table.txt
check "one place that cannot be written" 2 "cannot write" -- run_on good.elf --json kept.json --junit /nonexistent/report.xml
check "leaves the other alone" 1 -- test -e kept.json
check "no temporary file is left" 1 -- compgen -G '*.partial'
check "two runs give the same bytes" 0 -- on good.elf again
for format in sarif junit markdown github gitlab; do check "$format is reproducible" 0 -- cmp "good.$format" "again.$format"; done

# --- DOT
check "graphs for Graphviz" 0 "digraph" -- "$tool" show first --elf good.elf --sources compile_commands.json --dot
cp out.txt first.dot
check "of both halves" 0 -- test "$(grep -c '^digraph' first.dot)" = 2
check "and nothing else" 0 -- test "$(grep -c '^[^ }]' first.dot)" = 2
if command -v dot > /dev/null; then check "dot draws them" 0 "</svg>" -- dot -Tsvg first.dot; fi

# --- interrupted
for i in $(seq 300); do
  echo "unsigned long many$i(unsigned long a, unsigned long *p) { return a > $i ? p[a & 7] * $i : p[$i & 3] / (a | 1); }"
done > long.c
database long.c
image long.c long.elf
# in_the_middle PREFIX: a run that writes all formats, at work on functions; its process is `pid`.
in_the_middle() {
  local list
  mapfile -t list < <(all_formats "$1")
  : > err.txt   # that of the last check has the line that is waited for, until the shell opens it anew
  "$tool" run --elf long.elf --sources compile_commands.json --no-cache --jobs 1 "${list[@]}" > out.txt 2> err.txt &
  pid=$!
  for _ in $(seq 600); do
    if grep -q "functions to validate" err.txt; then break; fi
    sleep 0.1
  done
}
ends_with() { local got=0; wait "$pid" || got=$?; checks=$((checks + 1)); [[ $got = "$1" ]] || { failures=$((failures + 1)); echo "FAIL $2: exit $got (expected $1)"; cat out.txt err.txt; }; }
for signal in INT TERM; do
  in_the_middle "interrupted-$signal"
  kill "-$signal" "$pid"
  ends_with 130 "interrupted by $signal"
  reads "interrupted-$signal" "no pass"
done
check "no temporary file is left by it" 1 -- compgen -G '*.partial'

# A worker that is killed (as by the kernel when memory runs out) while it is at work: stopped first, so that it has not ended by itself.
in_the_middle killed-worker
worker=
for _ in $(seq 2000); do
  for child in $(cat "/proc/$pid/task/$pid/children"); do
    kill -STOP "$child" 2> /dev/null
    if [[ $(cut -d ' ' -f 3 "/proc/$child/stat" 2> /dev/null) = T ]]; then worker=$child; break 2; fi
  done
done
check "a worker was at work" 0 -- test -n "$worker"
kill -KILL "${worker:-none}"
ends_with 4 "a worker that was killed"
check "is an error of its function" 0 '"reason": "crash"' -- cat killed-worker.json
reads killed-worker "no pass"

# What is killed writes nothing, and takes with it what an earlier run had written there.
for format in "${formats[@]}"; do cp "good.$format" "killed.$format"; done
in_the_middle killed
kill -KILL "$pid"
ends_with 137 "a run that was killed"
for format in "${formats[@]}"; do check "killed: no $format is left of an earlier run" 1 -- test -e "killed.$format"; done
rm -f killed.*.partial

# --- no room
database good.c
check "a full device" 4 "No space left on device" -- run_on good.elf --json /dev/full
limited() { (trap '' XFSZ; ulimit -f 1; "$tool" run --elf good.elf --sources compile_commands.json --no-cache "$@"); }
cp good.json full.json
check "a file that may not grow" 4 "File too large" -- limited --json full.json --github full.github
check "is not there, nor is one of an earlier run" 1 -- test -e full.json
check "what has room is written" 0 "::notice title=Symbolon::passed" -- cat full.github
check "no temporary file is left of it" 1 -- compgen -G '*.partial'
touch "left.json.$$-0.partial"
check "what another process left behind is in nobody's way" 0 -- run_on good.elf --json left.json
rm -f left.json.*.partial

# --- a part of the images
# image_entry ID ELF DATABASE
image_entry() { printf '[[image]]\nid = "%s"\nelf = "%s"\nsources = "%s"\n' "$@"; }
{ image_entry good good.elf compile_commands.json; image_entry other good.elf compile_commands.json; } > two.toml
configured() { local list; mapfile -t list < <(all_formats "$1"); "$tool" run --config two.toml --no-cache "${list[@]}" "${@:2}"; }
check "two images" 0 "4 proved" -- configured images
reads images pass
check "one of them gates itself" 0 "2 proved" -- configured one-image --image good
reads one-image "no pass"
check "and says what it left out" 0 "image 'other' was not looked at" -- cat one-image.sarif
check "so nothing of the other one is fixed" 4 "leaves out image 'other'" -- "$tool" diff images.json one-image.json
sed 's/good/empty/g' compile_commands.json > empty.json
{ image_entry good good.elf compile_commands.json; image_entry empty empty.elf empty.json; } > two.toml
check "one without functions" 2 "the image has no function" -- configured one-empty
reads one-empty "no pass"

# --- certificates decide, the same formats report
database good.c
run_on good.elf --certificates certificates > /dev/null 2>&1
mapfile -t list < <(all_formats recheck)
check "recheck" 0 "2 proved" -- "$tool" recheck --elf good.elf --sources compile_commands.json --certificates certificates "${list[@]}"
reads recheck pass
rm certificates/image/first.cert
check "recheck without a certificate" 3 "no-certificate" -- "$tool" recheck --elf good.elf --sources compile_commands.json --certificates certificates "${list[@]}"
reads recheck "no pass"
finish
