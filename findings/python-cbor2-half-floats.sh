#!/bin/sh
# cbor2 5.4.6 for Python (Debian 12), canonical: numbers from 32768 to 65504 that fit in two bytes are written in four.
#
# What is signed or hashed as CBOR is written in one way: each float in the shortest form that keeps its value (RFC 8949, 4.2.1; RFC 7049,
# 3.9). Half precision goes up to 65504 (appendix A has it as f97bff). cbor2 ends at the half of that, with one exponent fewer; the reader
# takes both, so it is seen only where bytes are compared with another encoder's. Debian's cbor for Ruby writes two bytes.
#
# Expected: f9 for all 63490 values of half precision.
# Seen:     fa for 2048 of them.
# Output:   16384.0 f97400, Ruby f97400; 32768.0 fa47000000, Ruby f97800; 65504.0 fa477fe000, Ruby f97bff; not the shortest 2048
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
/usr/bin/python3 -c 'import cbor2' 2> /dev/null || apt-get install -y -qq --no-install-recommends python3-cbor2 > /dev/null 2>&1 || exit 2
/usr/bin/ruby -rcbor -e 0 2> /dev/null || apt-get install -y -qq --no-install-recommends ruby-cbor > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > halves.py <<'PY'
import math, struct
import cbor2

count = 0
for bits in range(65536):
    value = struct.unpack(">e", struct.pack(">H", bits))[0]
    if not math.isnan(value) and cbor2.dumps(value, canonical=True).hex() != f"f9{bits:04x}":
        count += 1
print(count)
PY
one() {
  python=$(/usr/bin/python3 -c "import cbor2; print(cbor2.dumps($1, canonical=True).hex())")
  echo "$1 $python, Ruby $(/usr/bin/ruby -rcbor -e "print $1.to_cbor.unpack1('H*')")"
}
said="$(one 16384.0); $(one 32768.0); $(one 65504.0); not the shortest $(/usr/bin/python3 halves.py)"
echo "$said"
[ "$said" = '16384.0 f97400, Ruby f97400; 32768.0 fa47000000, Ruby f97800; 65504.0 fa477fe000, Ruby f97bff; not the shortest 2048' ]
