#!/bin/sh
# cose-js 0.9.0: a payload that is given as a Uint8Array is signed as something that is no COSE message, and others do not verify it.
#
# The payload of a COSE_Sign1 is a byte string or nil (RFC 9052, 4.2). Bytes come as a Buffer in Node, and as a Uint8Array from Web Crypto, a
# TextEncoder or a Bluetooth stack. cose-js writes the first as it should be, the second as a typed array (tag 64 of RFC 8746), and verifies
# its own of both. A key identifier in the headers is a byte string either way.
#
# Expected: 426869 for both kinds of bytes, and verified by @auth0/cose 1.0.2.
# Seen:     with a Uint8Array d840426869.
# Output:   Buffer: payload 426869, kid 420102; cose-js true, @auth0/cose true
#           Uint8Array: payload d840426869, kid 420102; cose-js true, @auth0/cose signature verification failed
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts cose-js@0.9.0 @auth0/cose@1.0.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { generateKeyPairSync } from 'node:crypto';
import { Sign1 } from '@auth0/cose';
import cose from 'cose-js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x, y, d } = privateKey.export({ format: 'jwk' });
const bytes = (text) => Buffer.from(text, 'base64url');
const end = (failure) => failure.message;
const sign = async (name, of) => {
  const headers = { p: { alg: 'ES256' }, u: { kid: of([1, 2]) } };
  const message = await cose.sign.create(headers, of([0x68, 0x69]), { key: { d: bytes(d) } });
  // 84 four parts (tag d2), 43a10126 protected, a1 04 the kid, then the payload and 5840 the signature.
  const [, kid, payload] = /^d28443a10126a104(.*0102)(.*6869)5840/.exec(message.toString('hex')) ?? [];
  const own = await cose.sign.verify(message, { key: { x: bytes(x), y: bytes(y) } }).then(() => true, end);
  const others = await Promise.resolve()
    .then(() => Sign1.decode(message).verify(publicKey))
    .then(() => true, end);
  return `${name}: payload ${payload}, kid ${kid}; cose-js ${own}, @auth0/cose ${others}`;
};
const said = [await sign('Buffer', (list) => Buffer.from(list)), await sign('Uint8Array', (list) => Uint8Array.from(list))];
console.log(said.join('\n'));
process.exit(
  said.join('\n') ===
    `Buffer: payload 426869, kid 420102; cose-js true, @auth0/cose true
Uint8Array: payload d840426869, kid 420102; cose-js true, @auth0/cose signature verification failed`
    ? 0
    : 1,
);
JS
timeout 30 node run.mjs
