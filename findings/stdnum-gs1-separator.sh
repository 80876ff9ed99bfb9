#!/bin/sh
# python-stdnum 1.18 (Debian 12): is_valid() of a GS1 label passes over the separator that it is given, so that a sound label is none.
#
# Elements of no fixed length end with FNC1, which a scanner sends as a character; info() and validate() of gs1_128 take it as separator=, and so
# does is_valid(), which calls validate() without it. The lot then goes on for its twenty characters, over the separator and the serial number,
# and what is left is no element. Where lot and serial number together are short all is one lot, and "valid", so that tests with short ones pass.
# Who asks is_valid() before reading, as is the way with all numbers of this library, refuses such labels.
#
# Expected: True, as validate() gives the label back and info() reads it.
# Seen:     False for the longer one.
# Output:   10 LOT7, 21 51a: validate() takes it, info() 21=51a, is_valid() True
#           10 LOT-2026-03, 21 51a000b7: validate() takes it, info() 21=51a000b7, is_valid() False
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq python3-stdnum=1.18-1 > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg -x python3-stdnum_*.deb .
cat > run.py <<'PY'
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "usr/lib/python3/dist-packages")
from stdnum import gs1_128

separator = "\x1d"


def told(lot, serial):
    label = f"010950600013437610{lot}{separator}21{serial}"
    taken = "takes it" if gs1_128.validate(label, separator=separator) == label else "gives another one back"
    read = gs1_128.info(label, separator=separator)["21"]
    return f"10 {lot}, 21 {serial}: validate() {taken}, info() 21={read}, is_valid() {gs1_128.is_valid(label, separator=separator)}"


said = told("LOT7", "51a") + "\n" + told("LOT-2026-03", "51a000b7")
print(said)
sys.exit(
    0
    if said
    == """10 LOT7, 21 51a: validate() takes it, info() 21=51a, is_valid() True
10 LOT-2026-03, 21 51a000b7: validate() takes it, info() 21=51a000b7, is_valid() False"""
    else 1
)
PY
timeout 20 python3 run.py
