# SPDX-License-Identifier: Apache-2.0
# Certificates on disk: written for what is proved, enough to prove it again, and worth nothing for another binary.
tool=$1 work=$2
source "$(dirname "$0")/common.bash"

cat > loop.c <<'C'
unsigned mix(unsigned n) { unsigned s = 0; while (n != 0) { s ^= n * n; n = n - 1; } return s; }
unsigned half(unsigned x) { return x / 2; }
C
database loop.c
image loop.c loop.elf
recheck() { "$tool" recheck --elf "$1" --sources compile_commands.json --certificates certificates "${@:2}"; }

check "a run that writes certificates" 0 "2 proved" -- run_on loop.elf --certificates certificates
check "one for each function" 0 "certificate 1" -- cat certificates/image/mix.cert certificates/image/half.cert
check "all prove again" 0 "2 proved" -- recheck loop.elf
check "one of them" 0 "1 functions: 1 proved" -- recheck loop.elf --function '^mix$'
check "no folder" 2 "" -- "$tool" recheck --elf loop.elf --sources compile_commands.json --certificates none
check "no such solver" 2 "" -- recheck loop.elf --solver abacus

"$tool" run --elf loop.elf --sources compile_commands.json --cache-dir cache > /dev/null
check "what the cache knows has certificates, too" 0 "2 proved" -- "$tool" run --elf loop.elf --sources compile_commands.json --cache-dir cache --certificates cached
check "the same ones" 0 -- diff -r certificates cached

cp -r certificates good
rm certificates/image/half.cert
check "a missing certificate is no pass" 3 "no-certificate" -- recheck loop.elf
echo "certificate 1" > certificates/image/half.cert
check "a broken one neither" 3 "certificate-invalid" -- recheck loop.elf
cp good/image/mix.cert certificates/image/half.cert
check "nor one of another function" 3 "certificate-invalid" -- recheck loop.elf
cp good/image/half.cert certificates/image/half.cert
grep -v '^relation' good/image/mix.cert > certificates/image/mix.cert
check "nor one without its relations" 3 "1 proved" -- recheck loop.elf
cp good/image/mix.cert certificates/image/mix.cert
check "as they were" 0 "2 proved" -- recheck loop.elf

# Another operation in a loop of the same shape.
sed 's/s ^= n/s |= n/' loop.c > wrong.c
image wrong.c wrong.elf
check "a wrong binary with the right certificate" 3 "mix" -- recheck wrong.elf
cp loop.c right.c
cp wrong.c loop.c
check "a right binary of another source" 3 "mix" -- recheck loop.elf
cp right.c loop.c

sed -i 's/x \/ 2/x \/ 3/' loop.c
check "a run that does not prove a function" 1 "" -- run_on loop.elf --certificates certificates
check "removes its certificate" 1 -- test -e certificates/image/half.cert
check "and keeps the others" 0 -- test -e certificates/image/mix.cert
check "certificates go nowhere else" 4 "cannot write" -- run_on loop.elf --certificates /proc/none
finish
