# SPDX-License-Identifier: Apache-2.0
# The tutorial of isa-models/README.md, done as written: its blocks change a copy of the models, its commands print what it says. In an
# output "..." stands for any lines; numbers of cases or mutants a second are not compared.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"

cp -r "$root/isa-models/aarch64" models
export SYMBOLON_ISA_MODELS=$work/models

cat > follow.awk <<'AWK'
# Cuts the tutorial into numbered files: N.isa (a block to add), N.sed (an edit), N.cmd and N.out (a command and its output).
/^## / { inside = ($0 == "## Add an instruction") }
!inside { next }
/^```isa/ { ++n; file = n ".isa"; next }
/^```sed/ { ++n; file = n ".sed"; next }
/^```console/ { console = 1; next }
/^```/ { file = ""; console = 0; next }
console && /^\$ / { ++n; print substr($0, 3) > (n ".cmd"); file = n ".out"; printf "" > file; next }
file { print > file }
AWK
awk -f follow.awk "$root/isa-models/README.md"

# matches WANTED GOT: line by line, "..." for any lines.
matches() {
  awk -v wanted="$1" '
    function plain(line) { gsub(/[0-9.]+ (cases|mutants)\/s/, "N \\1/s", line); sub(/[ \t]+$/, "", line); return line }
    BEGIN { while ((getline line < wanted) > 0) want[++count] = plain(line); at = 1 }
    { line = plain($0)
      if (want[at] == "...") { if (line == want[at + 1]) at += 2; next }
      if (line != want[at]) { print "line " NR ": expected: " want[at]; print "     printed: " line; failed = 1; exit 1 }
      ++at }
    END { if (!failed && want[at] == "...") ++at; if (!failed && at <= count) { print "missing: " want[at]; exit 1 } exit failed }' "$2"
}

commands=0
for step in $(ls | sed -n 's/^\([0-9]*\)\.\(isa\|sed\|cmd\)$/\1/p' | sort -n); do
  if [[ -f $step.isa ]]; then { echo; cat "$step.isa"; } >> models/data-processing-register.isa; fi
  if [[ -f $step.sed ]]; then sed -i -f "$step.sed" models/data-processing-register.isa; fi
  [[ -f $step.cmd ]] || continue
  commands=$((commands + 1))
  line=$(cat "$step.cmd")
  eval "set -- ${line#validate-kernel }"
  "$tool" "$@" > got.txt 2>&1 || true
  sed -i "s#$work/models#isa-models/aarch64#g; s#^validate-kernel: ##" got.txt
  check "$line" 0 -- matches "$step.out" got.txt
done
check "the tutorial has commands" 0 -- test "$commands" -ge 6
check "and adds a block" 0 -- grep -q 'instruction "RMIF"' models/data-processing-register.isa
finish
