# SPDX-License-Identifier: Apache-2.0
# Each command answers; help names what exists.
tool=$1 work=$2
source "$(dirname "$0")/common.bash"
database good.c
image good.c good.elf
here=(--elf good.elf --sources compile_commands.json)

check "help" 0 "Exit codes" -- "$tool" --help
check "version" 0 "symbolon" -- "$tool" --version
for command in run show isa rules baseline assumptions explain recheck replay diff doctor completion man; do
  check "help of $command" 0 "" -- "$tool" "$command" --help
  check "$command is in the help" 0 "  $command " -- "$tool" --help
done
check "explain lists codes" 0 "isa-no-model" -- "$tool" explain
check "explain one code" 0 "What to do" -- "$tool" explain isa-no-model
check "assumptions" 0 "A-UB" -- "$tool" assumptions
check "isa list" 0 "groups" -- "$tool" isa list
check "isa show" 0 "8b010000: add" -- "$tool" isa show 8b010000 --states 0
check "isa show, with prefix" 0 "00000add: udf" -- "$tool" isa show 0xadd --states 0
check "isa show, an instruction" 0 "8b010000: add" -- "$tool" isa show "add x0, x0, x1" --states 0
check "isa show, a mnemonic of hexadecimal digits is no word" 2 "nor an instruction" -- "$tool" isa show add
check "isa show, too many digits" 2 "no hexadecimal number of 32 bits" -- "$tool" isa show 0x123456789
check "isa census" 0 "words of function symbols have a model" -- "$tool" isa census good.elf
check "rules list" 0 "" -- "$tool" rules list
check "show" 0 "first: proved" -- "$tool" show first "${here[@]}"
check "show one half" 0 "--- source" -- "$tool" show first "${here[@]}" --ir source --no-proof
check "show of an unknown function" 2 "no image has a function" -- "$tool" show nothing "${here[@]}"
check "selection" 0 "1 functions: 1 proved" -- "$tool" run "${here[@]}" --no-cache --function '^first$'
check "every row" 0 "proved      first" -- "$tool" run "${here[@]}" --no-cache --all
check "quiet" 0 "" -- "$tool" run "${here[@]}" --no-cache --output quiet
checks=$((checks + 1))
if [[ -s out.txt || -s err.txt ]]; then failures=$((failures + 1)); echo "FAIL quiet run printed something"; fi
check "options without a command mean run" 0 "2 proved" -- "$tool" "${here[@]}" --no-cache
check "nothing refuted: the baseline stays empty" 0 "written" -- "$tool" baseline update "${here[@]}" --baseline baseline.toml
check "baseline show" 0 "0 entries" -- "$tool" baseline show "${here[@]}" --baseline baseline.toml
printf '[[function]]\nimage = "image"\nsymbol = "first"\nverdict = "unknown"\nnote = "test"\n' > stale.toml
check "stale baseline" 5 "stale" -- "$tool" run "${here[@]}" --no-cache --baseline stale.toml
finish
