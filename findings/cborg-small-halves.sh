#!/bin/sh
# cborg 6.1.5: nearly all numbers below 2^-14 that fit in two bytes are written in four, with its options for RFC 8949 too.
#
# What is signed or hashed is written in one way: each float in the shortest form that keeps its value (RFC 8949, 4.2.1), and cborg is made for that.
# Half precision goes down to 2^-24 in equal steps, the subnormal numbers (appendix A has 2^-24 as f90001 and 2^-14 as f90400). cborg takes those
# of them that are powers of two, and writes the others longer; the reader takes both, so it is seen only where bytes are
# compared with another encoder's. cbor 10.0.12, canonical, writes two bytes for each.
#
# Expected: f9 for all 2046 subnormal values of half precision.
# Seen:     fa for 2026 of them.
# Output:   2^-14: cborg f90400, cbor f90400; 2^-24: cborg f90001, cbor f90001; 3 * 2^-24: cborg fa34400000, cbor f90003
#           not the shortest: cborg 2026, with rfc8949EncodeOptions 2026, cbor 0
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts cborg@6.1.5 cbor@10.0.12 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import cbor from 'cbor';
import { encode, rfc8949EncodeOptions } from 'cborg';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const byCborg = (value) => hex(encode(value));
const byCbor = (value) => hex(cbor.encodeCanonical(value));
const both = (name, value) => `${name}: cborg ${byCborg(value)}, cbor ${byCbor(value)}`;
const subnormal = Array.from({ length: 1023 }, (_, at) => (at + 1) * 2 ** -24).flatMap((value) => [value, -value]);
const longer = (write) => subnormal.filter((value) => !write(value).startsWith('f9')).length;
const said = `${both('2^-14', 2 ** -14)}; ${both('2^-24', 2 ** -24)}; ${both('3 * 2^-24', 3 * 2 ** -24)}
not the shortest: cborg ${longer(byCborg)}, with rfc8949EncodeOptions ${longer((value) => hex(encode(value, rfc8949EncodeOptions)))}, cbor ${longer(byCbor)}`;
console.log(said);
const seen = `2^-14: cborg f90400, cbor f90400; 2^-24: cborg f90001, cbor f90001; 3 * 2^-24: cborg fa34400000, cbor f90003
not the shortest: cborg 2026, with rfc8949EncodeOptions 2026, cbor 0`;
process.exit(said === seen ? 0 : 1);
JS
timeout 30 node run.mjs
