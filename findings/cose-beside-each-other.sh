#!/bin/sh
# @auth0/cose 1.0.2 and cose-kit 1.7.1, both on cbor-x 1.6.9: where both are loaded, the one that was loaded first reads no COSE message
# any more, its own neither.
#
# cbor-x keeps what is to be made of a tag (addExtension) for the whole process, not for an encoder. Both libraries register tag 18
# (COSE_Sign1, RFC 9052, 4.2) with a class of their own; the last one has it, and the other meets a stranger's object. A library deep in the
# dependencies is enough, and which one fails is decided by the order of imports.
#
# Expected: each reads its own message, alone and beside the other.
# Seen:     alone yes; of two the first fails: a tag that is not there, an unknown type.
# Output:   auth0: auth0 true
#           kit: kit true
#           auth0, kit: auth0 Unexpected CBOR tag. Expected tag 18 (Sign1) but got undefined; kit true
#           kit, auth0: auth0 true; kit unknown COSE type
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @auth0/cose@1.0.2 cose-kit@1.7.1 cbor-x@1.6.9 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { generateKeyPairSync } from 'node:crypto';

const order = process.argv.slice(2);
const packages = { auth0: '@auth0/cose', kit: 'cose-kit' };
const loaded = {};
for (const name of order) loaded[name] = await import(packages[name]);

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const payload = Buffer.from('open');
const own = {
  auth0: async ({ Algorithms, Headers, ProtectedHeaders, Sign1, UnprotectedHeaders }) => {
    const headers = new ProtectedHeaders([[Headers.Algorithm, Algorithms.ES256]]);
    const message = (await Sign1.sign(headers, new UnprotectedHeaders([]), payload, privateKey)).encode();
    await Sign1.decode(message).verify(publicKey);
    return true;
  },
  kit: async ({ coseSign, coseVerify }) => {
    const message = await coseSign({ alg: 'ES256' }, { kid: '7' }, payload, privateKey);
    return (await coseVerify(message, publicKey)).isValid;
  },
};
const said = [];
for (const name of Object.keys(own).filter((each) => loaded[each]))
  said.push(`${name} ${await own[name](loaded[name]).catch((error) => error.message)}`);
console.log(`${order.join(', ')}: ${said.join('; ')}`);
JS
said=$(for order in auth0 kit 'auth0 kit' 'kit auth0'; do timeout 30 node run.mjs $order; done)
echo "$said"
[ "$said" = 'auth0: auth0 true
kit: kit true
auth0, kit: auth0 Unexpected CBOR tag. Expected tag 18 (Sign1) but got undefined; kit true
kit, auth0: auth0 true; kit unknown COSE type' ]
