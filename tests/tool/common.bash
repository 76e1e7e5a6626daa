# SPDX-License-Identifier: Apache-2.0
# Helpers of the tool tests: a small image to spoil, and assertions on exit code and output. Sourced with `tool` and
# `work` set; every test ends in `finish`.

rm -rf "$work"
mkdir -p "$work"
cd "$work"
failures=0
checks=0

cat > good.c <<'C'
struct pair { unsigned a, b; };
unsigned first(struct pair *p) { return p->a; }
unsigned second(struct pair *p) { return p->b; }
C

flags=(-O2 -ffreestanding -mgeneral-regs-only -fno-pic -fno-strict-aliasing -mno-outline-atomics -fno-tree-vectorize
       -fno-asynchronous-unwind-tables -std=gnu11)

# database FILE: compile_commands.json for one C file in the work folder.
database() {
  printf '[{"directory":"%s","file":"%s","command":"aarch64-linux-gnu-gcc %s -c %s"}]\n' \
    "$work" "$1" "${flags[*]}" "$1" > compile_commands.json
}

# image SOURCE ELF
image() {
  aarch64-linux-gnu-gcc "${flags[@]}" -c "$1" -o "$1.o" &&
    aarch64-linux-gnu-ld -static -nostdlib -z separate-code -e 0 "$1.o" -o "$2"
}

# check NAME CODE [TEXT] -- COMMAND...: exit code, and a text that stdout or stderr must have.
check() {
  local name=$1 code=$2 text=""
  shift 2
  if [[ $1 != -- ]]; then text=$1; shift; fi
  shift
  local got=0
  "$@" > out.txt 2> err.txt < /dev/null || got=$?
  checks=$((checks + 1))
  if [[ $got -ne $code ]] || { [[ -n $text ]] && ! cat out.txt err.txt | grep -qF -- "$text"; }; then
    failures=$((failures + 1))
    echo "FAIL $name: exit $got (expected $code), text '$text'"
    cat out.txt err.txt
  else
    echo "ok   $name"
  fi
}

run_on() { "$tool" run --elf "$1" --sources compile_commands.json --no-cache "${@:2}"; }

finish() {
  echo "$checks checks, $failures failures"
  [[ $failures -eq 0 && $checks -gt 0 ]]
}
