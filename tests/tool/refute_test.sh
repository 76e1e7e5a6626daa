# SPDX-License-Identifier: Apache-2.0
# One wrong instruction in the kernel's image, or one other operator in its source, is refuted: exit 1, and `replay` shows the
# difference again. The sample is a few small functions of both images; tests/mutation/refuted.cpp is the wide campaign.
tool=$1 work=$2
build=$(cd "$(dirname "$tool")/../.." && pwd)
source "$(dirname "$0")/common.bash"
objdump=aarch64-linux-gnu-objdump

# on COMPILER ELF SOURCES FUNCTIONS: one run over the functions (names as in the report), every row.
on() {
  "$tool" run --elf "$1" --sources "$2" --function "^($3)\$" --no-cache --all --jobs 2
}

# symbol_of ELF NAME: the linkage name of "cap::clear_slot".
symbol_of() {
  paste -d ' ' <(aarch64-linux-gnu-nm "$1" | awk '{print $3}') <(aarch64-linux-gnu-nm -C "$1" | cut -c20-) |
    awk -v name="$2(" 'index($0, " " name) { print $1; exit }'
}

# change ELF NAME INSTRUCTION BITS: inverts bits of the first instruction of the function that matches (a regular expression on
# "mnemonic operands").
change() {
  local elf=$1 symbol address word line offset
  symbol=$(symbol_of "$elf" "$2")
  line=$($objdump -d "$elf" --disassemble="$symbol" | awk -F '\t' -v wanted="$3" 'NF >= 3 && ($3 " " $4) ~ wanted { print; exit }')
  if [[ -z $line ]]; then
    echo "FAIL no instruction of $2 matches $3"
    failures=$((failures + 1))
    return 0
  fi
  address=$((16#$(cut -d : -f 1 <<< "$line" | tr -d ' ')))
  word=$(($(printf '0x%s' "$(cut -f 2 <<< "$line" | tr -d ' ')") ^ $4))
  while read -r _ start virtual _ bytes _; do
    offset=$((address - virtual))
    if [[ $offset -ge 0 && $offset -lt $bytes ]]; then
      printf "\\x$(printf %02x $((word & 255)))\\x$(printf %02x $((word >> 8 & 255)))\\x$(printf %02x $((word >> 16 & 255)))\\x$(printf %02x $((word >> 24 & 255)))" |
        dd of="$elf" bs=1 seek=$((start + offset)) conv=notrunc status=none
      echo "changed $2 at $(printf %x "$address"): $line"
      return 0
    fi
  done < <(aarch64-linux-gnu-readelf -lW "$elf" | awk '$1 == "LOAD"')
  echo "FAIL nothing to change in $2"
  failures=$((failures + 1))
}

# refuted NAME...: the last output has a row "refuted" for each.
refuted() {
  local name
  cp out.txt rows.txt
  for name in "$@"; do
    check "refuted: $name" 0 -- grep -E "^  refuted +$name \\(" rows.txt
  done
}

# --- one instruction in the image
image_sample() {
  local compiler=$1 elf=$1.elf sources=$build/kernel-$1/compile_commands.json names=() edit
  cp "$build/kernel-$compiler/kernel.elf" "$elf"
  while IFS='|' read -r name instruction bits; do
    change "$elf" "$name" "$instruction" "$bits"
    names+=("$name")
  done
  check "$compiler: an instruction in each of ${#names[@]} functions" 1 "${#names[@]} refuted" -- \
    on "$elf" "$sources" "$(IFS='|'; echo "${names[*]}")"
  refuted "${names[@]}"
  check "$compiler: replayed" 1 "<- differs" -- \
    "$tool" replay "$(symbol_of "$elf" "${names[0]}")" --elf "$elf" --sources "$sources"
}

# An offset, an operation, a condition, a constant.
image_sample gcc << 'ROWS'
cap::clear_slot|^str x.*, #24\]|0x400
cap::is_final|^eor|0x20000000
cap::insert_root|^mov x3|0x20
sched::replenish|^b[.]|0x1
sched::check_times|^cmp x0, x1|0x10000
ipc::is_handler|^tst|0x400
ROWS
# A run of the caller runs the wrong callee's code, too, but its proof stands: the callee is what is wrong.
check "gcc: a caller of a wrong function stays proved" 0 "1 proved" -- on gcc.elf "$build/kernel-gcc/compile_commands.json" ipc::signal
image_sample clang << 'ROWS'
cap::clear_slot|^orr .*#0x1|0x40000000
cap::insert_root|^stp xzr|0x8000
sched::replenish|^csinv|0x1000
sched::check_times|^csel|0x1000
ipc::is_handler|^ubfx|0x10000
mem::free_pool|^cmp|0x400
ROWS

# --- one operator in the source
sources=$build/kernel-gcc/compile_commands.json
original=$(sed -n 's#.*"file": "\(.*\)/cap/derivation.cpp".*#\1#p' "$sources")
cp -r "$original" kernel
sed "s#$original#$work/kernel#g" "$sources" > edited.json
names=()
while IFS='@' read -r file from to concerned; do
  check "$file has the operator once" 0 1 -- grep -cF -- "$from" "kernel/$file"
  sed -i "s#$(sed 's/[]\/$*.^[]/\\&/g' <<< "$from")#$(sed 's/[\/&]/\\&/g' <<< "$to")#" "kernel/$file"
  names+=($concerned)
done << 'ROWS'
cap/slot.hpp@first_badged_flag) != 0@first_badged_flag) == 0@cap::clear_slot cap::is_parent_of
cap/derivation.cpp@before.is_some() && same_object@before.is_null() && same_object@cap::is_final
ipc/fault.cpp@is_null(cap) || (kind_of(cap) == CapKind::Endpoint@is_null(cap) || (kind_of(cap) != CapKind::Endpoint@ipc::is_handler
mem/mapping_decode.cpp@i < asid_pool_count; ++i@i < asid_pool_count; --i@mem::free_pool
sched/context_decode.cpp@return budget_us > period_us@return budget_us >= period_us@sched::check_times
sched/budget.cpp@remaining.word() >= min_budget_ticks@remaining.word() > min_budget_ticks@sched::has_budget
ROWS
check "an operator in each of 6 functions" 1 "${#names[@]} refuted" -- \
  on "$build/kernel-gcc/kernel.elf" edited.json "$(IFS='|'; echo "${names[*]}")"
refuted "${names[@]}"
finish
