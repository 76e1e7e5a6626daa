# SPDX-License-Identifier: Apache-2.0
# The cache is fast when nothing has changed and never wrong when something has: each change below must be seen, and
# costs no more proofs than it must.
tool=$1 work=$2
source "$(dirname "$0")/common.bash"

# cached ELF [OPTION]...: a run with the cache; afterwards `hits` is how many functions came from it, `lifted` whether sources were parsed.
cached() {
  local got=0
  "$tool" run --elf "$1" --sources compile_commands.json --cache-dir cache --json report.json "${@:2}" || got=$?
  hits=$(sed -n 's/.*"from_cache": \([0-9]*\),/\1/p' report.json)
  lifted=yes
  if grep -q '"lift_seconds": 0.0,' report.json; then lifted=no; fi
  echo "hits $hits, lifted $lifted"
  return "$got"
}

# Exit 1 for whatever is no pass.
not_passed() {
  if cached "$@"; then return 0; fi
  return 1
}

# build FLAG...: the database and the image for main.c, with more flags.
build() {
  local save=("${flags[@]}")
  flags+=("$@")
  database main.c
  image main.c main.elf
  flags=("${save[@]}")
}

cat > main.c <<'C'
#include <value.h>
static inline unsigned helper(unsigned x) { return x * 5 + 1; }
unsigned with_helper(unsigned x) { return helper(x) ^ 7; }
unsigned with_header(unsigned x) { return x + VALUE; }
unsigned alone(unsigned x) { return x - 9; }
C
mkdir -p early late
echo '#define VALUE 3' > late/value.h
build -Iearly -Ilate

check "cold" 0 "hits 0, lifted yes" -- cached main.elf
check "warm: nothing is lifted, all is there" 0 "hits 3, lifted no" -- cached main.elf
cp report.json warm.json
check "without the cache the report is the same" 0 -- run_on main.elf --json fresh.json
check "byte for byte, but for timing" 0 -- cmp <(sed '/^  "timing": {/,$d' warm.json) <(sed '/^  "timing": {/,$d' fresh.json)
check "other limits" 0 "hits 0, lifted yes" -- cached main.elf --wall 77
check "a selection is a run of its own" 0 "hits 1, lifted yes" -- cached main.elf --function '^alone$'
check "and is remembered" 0 "hits 1, lifted no" -- cached main.elf --function '^alone$'
check "no cache" 0 "hits 0, lifted yes" -- cached main.elf --no-cache

printf '[[function]]\nimage = "image"\nsymbol = "alone"\nverdict = "unknown"\nnote = "left out"\n' > baseline.toml
check "left out by a baseline" 0 "hits 2, lifted yes" -- cached main.elf --baseline baseline.toml --skip-baselined
check "and again" 0 "hits 2, lifted no" -- cached main.elf --baseline baseline.toml --skip-baselined
check "what was left out counts as nothing in a whole run" 0 "hits 3, lifted no" -- cached main.elf

# --- the sources change under an unchanged image: what was proved is now wrong
echo '#define VALUE 4' > late/value.h
check "another header" 1 "refuted     with_header" -- cached main.elf
check "costs one function" 1 "hits 3, lifted no" -- cached main.elf
echo '#define VALUE 3' > late/value.h
check "the header as it was" 0 "hits 3" -- cached main.elf
echo '#define VALUE 4' > early/value.h
check "a new header that hides the old one" 1 "refuted     with_header" -- cached main.elf
rm early/value.h
check "without it" 0 "hits 3" -- cached main.elf
sed -i 's/x \* 5 + 1/x * 5 + 2/' main.c
check "another body of an inlined callee" 1 "with_helper" -- not_passed main.elf
sed -i 's/x \* 5 + 2/x * 5 + 1/' main.c
check "the body as it was" 0 "hits 3" -- cached main.elf
touch main.c
check "a newer time stamp alone is no change" 0 "hits 3, lifted no" -- cached main.elf
sed -i '1i /* a line more */' main.c
check "a comment: parsed, nothing is proved again" 0 "hits 3, lifted yes" -- cached main.elf
sed -i '1d' main.c

# --- the image changes
sed -i 's/x - 9/x - 8/' main.c
build -Iearly -Ilate
check "one changed function costs one function" 0 "hits 2, lifted yes" -- cached main.elf
sed -i 's/x \* 5/x * 9/' main.c
build -Iearly -Ilate
check "a changed callee costs its caller" 0 "hits 2, lifted yes" -- cached main.elf

# --- constant data: the code reads a table that is not in it
cat > main.c <<'C'
unsigned a(void), b(void), c(void), d(void), e(void);
unsigned a(void) { return 11; }
unsigned b(void) { return 22; }
unsigned c(void) { return 33; }
unsigned d(void) { return 44; }
unsigned e(void) { return 55; }
unsigned jump(unsigned x) {
  switch (x) {
    case 0: return a() + 1;
    case 1: return b() * 3;
    case 2: return c() - 7;
    case 3: return d() ^ 9;
    case 4: return e() + 2;
    case 5: return a() * 9;
    default: return 0;
  }
}
const unsigned table[4] = {5, 6, 7, 8};
unsigned pick(unsigned i) { return table[i & 3]; }
C
build -fno-inline -fno-ipa-cp -fno-ipa-pure-const
check "code with tables" 0 "7 proved" -- bash -c "'$tool' run --elf main.elf --sources compile_commands.json --cache-dir cache "
cp main.elf good.elf
section() { aarch64-linux-gnu-objdump -h main.elf | awk -v name="$1" '$2 == name {print "0x" $6}'; }
offset=$(( $(section .rodata) ))
size=$(aarch64-linux-gnu-objdump -h main.elf | awk '$2 == ".rodata" {print "0x" $3}')
seen=""
for at in $(seq 0 $((size - 1))); do
  cp good.elf main.elf
  byte=$(dd if=good.elf bs=1 skip=$((offset + at)) count=1 status=none | od -An -tu1 | tr -d ' ')
  printf "\\x$(printf %x $((byte ^ 1)))" | dd of=main.elf bs=1 seek=$((offset + at)) conv=notrunc status=none
  got=0
  "$tool" run --elf main.elf --sources compile_commands.json --cache-dir cache > out.txt 2> err.txt || got=$?
  checks=$((checks + 1))
  seen+=" $got"
  if [[ $got -eq 0 ]]; then failures=$((failures + 1)); echo "FAIL byte $at of the read-only data changed, and the run passes"; cat out.txt; fi
done
echo "exit codes with one changed constant byte:$seen"

# --- what decides where headers come from
cat > main.c <<'C'
#include <value.h>
unsigned with_header(unsigned x) { return x + VALUE; }
C
mkdir -p one two
echo '#define VALUE 3' > one/value.h
echo '#define VALUE 4' > two/value.h
export CPATH=$work/one
build
check "header by the environment" 0 "hits 0" -- cached main.elf
check "the same again" 0 "hits 1, lifted no" -- cached main.elf
export CPATH=$work/two
check "another environment, another header" 1 "refuted     with_header" -- cached main.elf
unset CPATH

# --- the tool itself; text that depends on the time
printf 'unsigned when(void) { return sizeof __TIME__; }\n' > main.c
build
check "source with a time in it" 0 "hits 0, lifted yes" -- cached main.elf
check "is parsed each time" 0 "hits 1, lifted yes" -- cached main.elf
printf 'unsigned alone(unsigned x) { return x - 9; }\n' > main.c
build
check "cold again" 0 "hits 0" -- cached main.elf
cp "$tool" other-tool
printf 'x' >> other-tool
real=$tool
tool=./other-tool
check "another tool" 0 "hits 0, lifted yes" -- cached main.elf
tool=$real
check "the first tool" 0 "hits 1, lifted no" -- cached main.elf

# --- damage, limits, concurrency
find cache -type f ! -name last-run.json -exec sh -c 'printf x >> "$1"' _ {} \;
check "damaged entries are misses" 0 "hits 0, lifted yes" -- cached main.elf
head -c 3000000 /dev/urandom > noise
mkdir -p cache/aa
cp noise cache/aa/old
touch -d '2 days ago' cache/aa/old
check "a size limit" 0 "hits 1" -- cached main.elf --cache-limit 1
check "removes what is oldest" 1 -- test -e cache/aa/old
rm -rf cache
for i in 1 2 3; do "$tool" run --elf main.elf --sources compile_commands.json --cache-dir cache --json "parallel$i.json" > /dev/null 2>&1 & pids[i]=$!; done
for i in 1 2 3; do
  checks=$((checks + 1))
  if ! wait "${pids[i]}"; then failures=$((failures + 1)); echo "FAIL concurrent run $i"; fi
done
check "a run after three at once" 0 "hits 1, lifted no" -- cached main.elf
chmod -R a-w cache
check "a cache that cannot be written" 0 "hits 1" -- cached main.elf
chmod -R u+w cache
finish
