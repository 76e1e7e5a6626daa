#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# wrong.sh CHECKER OBJECTS MODELS WORK: the corpus test must be able to fail. Each wrong copy of the models is given to the checker, which
# must say what is wrong with it.
set -euo pipefail
checker=$1 objects=$2 models=$3 work=$4
failures=0

# wrong NAME SED-SCRIPT FILE EXPECTED: the edit changes the file, the checker fails, and its output has the expected line.
wrong() {
  local name=$1 script=$2 file=$3 expected=$4 copy=$work/$1
  rm -rf "$copy"
  mkdir -p "$copy"
  cp "$models"/*.isa "$models"/*.tsv "$copy"
  sed -i "$script" "$copy/$file"
  if cmp -s "$copy/$file" "$models/$file"; then
    echo "$name: the edit changes nothing"
    failures=$((failures + 1))
  elif SYMBOLON_ISA_MODELS=$copy xargs -0 -a "$objects" -n 100000 "$checker" >"$copy.log" 2>&1; then
    echo "$name: accepted"
    failures=$((failures + 1))
  elif ! grep -q -- "$expected" "$copy.log"; then
    echo "$name: fails, but without '$expected':"
    tail -n 20 "$copy.log"
    failures=$((failures + 1))
  fi
}

wrong missing-group '/^instruction "RET"/,$d' branches.isa 'd65f03c0: no instruction model'
wrong undefined-load "s/if opc == '11' && size\[1\] == '1' then UNDEFINED/if size == '00' || (opc == '11' \&\& size[1] == '1') then UNDEFINED/" loads-and-stores.isa 'UNDEFINED encoding'
wrong offset 's/let offset = SInt(imm7) \* (N DIV 8);/let offset = SInt(imm7) * (N DIV 4);/' load-store-pairs.isa 'Capstone "[ls][dt]'
wrong alias '/^cneg /d' aliases.tsv 'GNU objdump "cneg'
exit $((failures != 0))
