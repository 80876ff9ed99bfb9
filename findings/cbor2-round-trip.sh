#!/bin/sh
# cbor2 2.3.0 (npm): what it has decoded from a Buffer it encodes otherwise, byte strings as maps.
#
# All that Node reads from a socket, a file or a Bluetooth stack is a Buffer. decode() cuts byte strings out of what it was given by
# slice, so they are Buffers too; encode() writes a Buffer by its toJSON, as a map of "type" and "data" (its README has a way to
# register Buffers), also where deterministic encoding (cde) is asked for. From a plain Uint8Array the same item comes back as it was.
#
# Expected: encode(decode(item)) is the item, whichever kind of bytes it was read from.
# Seen:     from a Buffer the byte string has become a map with two texts and an array of integers.
# Output:   Uint8Array: 8202420102; Buffer: 8202a26464617461820102647479706566427566666572
#
# Exits 0 while it is so, 1 once cbor2 behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts cbor2@2.3.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode } from 'cbor2';

// [2, h'0102']
const item = Buffer.from('8202420102', 'hex');
const again = (bytes) => Buffer.from(encode(decode(bytes, cdeDecodeOptions), cdeEncodeOptions)).toString('hex');
const said = `Uint8Array: ${again(new Uint8Array(item))}; Buffer: ${again(item)}`;
console.log(said);
process.exit(said === 'Uint8Array: 8202420102; Buffer: 8202a26464617461820102647479706566427566666572' ? 0 : 1);
JS
timeout 20 node run.mjs
