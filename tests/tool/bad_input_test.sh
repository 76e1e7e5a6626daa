# SPDX-License-Identifier: Apache-2.0
# Every kind of wrong input ends in a clear message and the right exit code, and never in a pass.
tool=$1 work=$2
source "$(dirname "$0")/common.bash"

database good.c
image good.c good.elf
check "good image" 0 "2 proved" -- run_on good.elf

# --- the ELF file
check "no such file" 4 "elf-unreadable" -- run_on missing.elf
echo "hello" > text.elf
check "no ELF" 4 "elf-not-elf" -- run_on text.elf
check "another machine" 4 "elf-not-aarch64" -- run_on /bin/true
aarch64-linux-gnu-strip good.elf -o stripped.elf
check "stripped" 4 "elf-stripped" -- run_on stripped.elf
head -c 200 good.elf > truncated.elf
check "truncated" 4 "input error" -- run_on truncated.elf
: > empty.elf
check "empty" 4 "input error" -- run_on empty.elf
cp good.elf big.elf
printf '\002' | dd of=big.elf bs=1 seek=5 conv=notrunc status=none   # EI_DATA = ELFDATA2MSB
check "big-endian" 4 "elf-big-endian" -- run_on big.elf
check "object file" 4 "elf-not-executable" -- run_on good.c.o

# --- the sources
check "no compile_commands.json" 4 "source-database" -- "$tool" run --elf good.elf --sources none.json --no-cache
echo '{' > broken.json
check "broken compile_commands.json" 4 "source-database" -- "$tool" run --elf good.elf --sources broken.json --no-cache

cp good.c more.c
printf 'unsigned third(unsigned x) { return x * 3; }\n' >> more.c
database more.c
image more.c more.elf
sed -i 's/third/other/' more.c
check "a function renamed in the source after the build" 4 "no-source" -- run_on more.elf
cat > caller.c <<'C'
unsigned other(unsigned x);
unsigned user(unsigned x) { return x + 2; }
C
image caller.c caller.elf
printf 'unsigned other(unsigned x) { return x * 3; }\nunsigned user(unsigned x) { return other(x) + 2; }\n' > caller.c
database caller.c
check "a source function, used but not in the image" 4 "source-not-in-image" -- run_on caller.elf

# --- other types than those compiled
cat > layout.c <<'C'
struct pair { unsigned a, b; };
unsigned second(struct pair *p) { return p->b; }
C
database layout.c
image layout.c layout.elf
check "the layout as compiled" 0 "1 proved" -- run_on layout.elf
sed -i 's/unsigned a, b/unsigned a, inserted, b/' layout.c
check "a field added after the build" 1 "refuted" -- run_on layout.elf

# --- the request
database layout.c
check "unknown function" 2 "no function matches" -- run_on layout.elf --function no_such_function
check "bad regular expression" 2 "regular expression" -- run_on layout.elf --function '('
check "unwritable output" 2 "cannot write" -- run_on layout.elf --json /nonexistent/folder/report.json
check "output is a folder" 2 "cannot write" -- run_on layout.elf --json "$work"
check "--elf without --sources" 2 "go together" -- "$tool" run --elf layout.elf
check "unknown option" 2 "" -- "$tool" run --frobnicate
check "unknown command" 2 "" -- "$tool" frobnicate
check "a misspelt option" 2 "unknown option '--jsn'; did you mean '--json'?" -- run_on layout.elf --jsn report.json
check "without a command, too" 2 "did you mean '--sarif'?" -- "$tool" --sariff report.sarif
check "a misspelt command" 2 "unknown command 'recheckk'; did you mean 'recheck'?" -- "$tool" recheckk
check "a misspelt sub-command" 2 "did you mean 'update'?" -- "$tool" baseline updat
check "an option of another command" 2 "--certificates" -- "$tool" explain --certificates x
check "unknown image" 2 "unknown image 'no_such_image'; known here: clang, gcc" -- "$tool" run --image no_such_image
check "a misspelt image" 2 "did you mean 'gcc'?" -- "$tool" run --image gc
check "unknown reason code" 2 "no reason code" -- "$tool" explain no-such-code
check "bad word" 2 "neither 8 hexadecimal digits nor an instruction" -- "$tool" isa show xyz
check "two instructions" 2 "not one instruction" -- "$tool" isa show 'nop; nop'
check "unknown group" 2 "no instruction group" -- "$tool" isa test "no such group"
check "unknown group to mutate" 2 "no group and no shared function" -- "$tool" isa mutate "no such group"
printf 'colour = 1\n' > bad.toml
check "bad configuration" 2 "unknown key" -- "$tool" run --config bad.toml
check "unknown feature" 2 "known: FEAT_CHK, FEAT_PAuth" -- run_on layout.elf --absent-feature FEAT_PAUTH
printf '[[image]]\nid = "i"\nelf = "layout.elf"\nsources = "compile_commands.json"\nabsent_features = "FEAT_PAuth"\n' > features.toml
check "features that are no list" 2 "must be a list of names" -- "$tool" run --config features.toml
printf '[[function]]\nimage = "image"\n' > bad-baseline.toml
check "bad baseline" 2 "needed" -- run_on layout.elf --baseline bad-baseline.toml
finish
