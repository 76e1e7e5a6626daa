# SPDX-License-Identifier: Apache-2.0
# What a person at a terminal gets: colours, progress, pager, completion, man page, steps of a proof; doctor, --watch, --seeds.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"
database good.c
image good.c good.elf
here=(--elf good.elf --sources compile_commands.json)
escape=$(printf '\033')

# on_terminal COMMAND...: its output and exit code, with standard output and error a terminal (a pty of Python's).
on_terminal() {
  timeout 60 /usr/bin/python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@"
}
# The output of the last check: the next one writes out.txt anew.
kept() { cp out.txt kept.txt; }
has_escapes() { grep -q "$escape" "$1"; }

# --- colours and progress
export TERM=xterm PAGER=cat
unset NO_COLOR
check "a terminal" 0 "2 proved" -- on_terminal "$tool" run "${here[@]}" --no-cache --all
kept
check "has colours" 0 -- has_escapes kept.txt
check "of verdicts" 0 "${escape}[32mproved" -- on_terminal "$tool" run "${here[@]}" --no-cache --all
check "progress counts, time and units" 0 " running, " -- on_terminal "$tool" run "${here[@]}" --no-cache
check "minutes and units" 0 " min, 0.0 M units" -- on_terminal "$tool" run "${here[@]}" --no-cache
check "NO_COLOR" 0 "proved      first" -- on_terminal env NO_COLOR=1 "$tool" run "${here[@]}" --no-cache --all
kept
check "has no colour" 1 "" -- grep -q "${escape}\[[0-9;]*m" kept.txt
check "no terminal" 0 "proved      first" -- "$tool" run "${here[@]}" --no-cache --all
kept
check "no escapes" 1 -- has_escapes kept.txt
"$tool" run "${here[@]}" --no-cache > log.txt 2>&1
check "nor in a log" 1 -- has_escapes log.txt
check "exit codes pass through" 2 "nothing-selected" -- on_terminal "$tool" run "${here[@]}" --no-cache --function none

# --- show: colour, pager
check "show" 0 "--- verdict" -- "$tool" show first "${here[@]}"
check "show in colour" 0 "${escape}[1m--- source" -- on_terminal "$tool" show first "${here[@]}"
check "show through a pager" 0 "PAGED --- verdict" -- on_terminal env NO_COLOR=1 PAGER='sed "s/^/PAGED /"' "$tool" show first "${here[@]}"
check "a pager that is not there loses nothing" 0 "--- verdict" -- on_terminal env NO_COLOR=1 PAGER=/no/such/pager "$tool" show first "${here[@]}"
check "no pager but on a terminal" 0 "--- verdict" -- env PAGER='sed "s/^/PAGED /"' "$tool" show first "${here[@]}"
kept
check "so it did not run" 1 -- grep -q PAGED kept.txt
sed 's/return p->a/return p->b/' good.c > wrong.c
cp good.c right.c; cp wrong.c good.c
check "the exit code is the verdict's, pager or not" 1 "refuted" -- on_terminal env PAGER='cat -u' "$tool" show first "${here[@]}"
cp right.c good.c

# --- steps
cat > loop.c <<'C'
static unsigned square(unsigned x) { return x * x; }
unsigned mix(unsigned n) { unsigned s = 0; while (n != 0) { s ^= square(n); n = n - 1; } return s; }
C
database loop.c
image loop.c loop.elf
check "--verbose" 0 "proved      mix" -- run_on loop.elf --verbose
kept
for step in "inlined in the source: square" "loop shape: rotated" "paired: source node" "relation, proved on entry" \
  "obligations, "; do check "says: $step" 0 "$step" -- cat kept.txt; done
check "show says it, too" 0 "paired: source node" -- "$tool" show mix --elf loop.elf --sources compile_commands.json
check "without it no steps" 0 "proved      mix" -- run_on loop.elf --all
kept
check "none" 1 -- grep -q obligations kept.txt

# --- completion
"$tool" completion bash > completion.bash
check "bash takes the script" 0 -- bash -n completion.bash
# completes WORD...: what bash offers for the last word.
completes() {
  bash -c 'set -eu; source ./completion.bash; COMP_WORDS=(validate-kernel "$@"); COMP_CWORD=$#; _validate_kernel; printf "%s\n" "${COMPREPLY[@]}"' _ "$@"
}
check "commands" 0 "doctor" -- completes ""
check "options of run" 0 "--sarif" -- completes run --sa
check "without a command, too" 0 "--sarif" -- completes --sa
check "sub-commands" 0 "mutate" -- completes isa m
check "choices of an option" 0 "refuted" -- completes run --fail-on re
check "choices without a command" 0 "refuted" -- completes --fail-on re
check "choices of an argument" 0 "fish" -- completes completion f
check "files for a value" 0 "good.elf" -- completes run --elf good.e
check "nothing that does not fit" 1 -- grep -q . <(completes run --no-such-option)
for name in $("$tool" run --help | grep -o '^  --[a-z-]*\|,--[a-z-]*' | tr -d ' ,'); do
  completes run "$name" | grep -qx -- "$name" || { failures=$((failures + 1)); echo "FAIL $name is not completed"; }
done
for shell in zsh fish; do
  check "a script for $shell" 0 -- grep -q 'watch' <("$tool" completion "$shell")
  if command -v "$shell" > /dev/null; then
    "$tool" completion "$shell" > "completion.$shell"
    check "$shell takes it" 0 -- "$shell" -n "completion.$shell"
  else
    echo "note: no $shell here; its script is not tried"
  fi
done
# What the script hands to zsh's own functions: the words behind the command, and what may stand there.
zsh_asks() {
  zsh -fc '_describe() { print -l -- "${commands[@]}"; }
           _arguments() { print -l -- "word $CURRENT of ${words[*]}" "$@"; }
           words=("$@"); CURRENT=$#; source ./completion.zsh' _ validate-kernel "$@"
}
if command -v zsh > /dev/null; then
  check "zsh: commands" 0 "doctor:" -- zsh_asks ""
  check "zsh: options without a command" 0 "--sarif[" -- zsh_asks ""
  check "zsh: options of a command, which is no argument" 0 "word 2 of validate-kernel --sa" -- zsh_asks run --sa
  check "zsh: choices" 0 "(undecided stale refuted )" -- zsh_asks run --fail-on ""
  check "zsh: sub-commands" 0 "mutate:" -- zsh_asks isa ""
  check "zsh: options of a sub-command" 0 "word 2 of validate-kernel --" -- zsh_asks isa test --
fi
# What fish offers.
fish_offers() { fish -c 'source completion.fish; complete -C "$argv"' "validate-kernel $*"; }
if command -v fish > /dev/null; then
  check "fish: commands" 0 "doctor" -- fish_offers ""
  check "fish: options without a command" 0 "--sarif" -- fish_offers "--sa"
  check "fish: options of a command" 0 "--sarif" -- fish_offers "run --sa"
  check "fish: choices" 0 "refuted" -- fish_offers "run --fail-on "
  check "fish: sub-commands" 0 "mutate" -- fish_offers "isa "
fi
check "no such shell" 2 "" -- "$tool" completion tcsh

# --- man page
"$tool" man > validate-kernel.1
groff -man -Tutf8 -ww -z validate-kernel.1 > groff.txt 2>&1
check "groff takes the page" 0 -- test ! -s groff.txt
groff -man -Tutf8 validate-kernel.1 2>&1 | sed "s/$escape\[[0-9;]*m//g; s/.$(printf '\b')//g" > page.txt
for text in "validate-kernel run" "--fail-on" "validate-kernel isa test" "EXIT STATUS" "NO_COLOR" "130 interrupted"; do
  check "the page has: $text" 0 "$text" -- cat page.txt
done

# --- doctor
check "doctor" 0 "its wrong twin is refuted" -- "$tool" doctor
check "doctor: no models" 4 "BAD  models" -- env SYMBOLON_ISA_MODELS=/nonexistent "$tool" doctor
printf 'colour = 1\n' > bad.toml
check "doctor: a bad configuration" 4 "BAD  configuration" -- "$tool" doctor --config bad.toml
printf '[[image]]\nid = "a"\nelf = "none.elf"\nsources = "none.json"\n' > none.toml
check "doctor: an image that is not built" 0 "is not built yet: no none.elf none.json" -- "$tool" doctor --config none.toml

# --- --seeds
check "--seeds" 0 "have one verdict, 0 depend on the solver's luck" -- run_on loop.elf --seeds 2 --stability stability.json
check "as data" 0 '"verdicts"' -- cat stability.json
check "that fits its schema" 0 -- /usr/bin/python3 "$root/tests/tool/reports/read.py" valid "$root/validator/report/stability.schema.json" stability.json
check "--seeds 0" 2 "" -- run_on loop.elf --seeds 0
# --- --watch
cp loop.elf watched.elf
"$tool" run --elf watched.elf --sources compile_commands.json --cache-dir cache --watch > watch.txt 2> err.txt &
pid=$!
# waits COUNT: until so many tables are printed.
waits() { for _ in $(seq 300); do [[ $(grep -c '^2 functions' watch.txt) -ge $1 ]] && return 0; sleep 0.1; done; return 1; }
check "--watch validates" 0 -- waits 1
sleep 1
check "and waits" 0 -- test "$(grep -c '^2 functions' watch.txt)" = 1
sed 's/s ^=/s |=/' loop.c > other.c
image other.c watched.elf
check "--watch validates what a rebuild wrote" 0 -- waits 2
check "as it is now" 0 "refuted     mix" -- cat watch.txt
kill -INT "$pid"
got=0
wait "$pid" || got=$?
check "Ctrl-C ends it" 0 -- test "$got" = 130
finish
