#!/bin/sh
# Authlib 1.2.0 (Debian 12) with jose 6.2.17: of one P-256 key in 128 the JWK is too short, and the thumbprint another one.
#
# A coordinate is 32 bytes in a JWK, leading zeros included (RFC 7518, 6.2.1.2), and so is a private key (6.2.2.1); a key that begins with a
# zero byte is one in 256 for each of the two. Authlib writes it without. Others take the key for the same one, and a key that
# is named by its thumbprint (RFC 7638, of the text as it should be) has two names: a signature by a kid that nobody knows. jwcrypto
# writes 43 characters, and so does Node.
#
# Expected: 43 characters, as Node writes the same key, and one thumbprint.
# Seen:     42 for those that begin with a zero byte; Node reads the key and writes it with 43; the thumbprints differ.
# Output:   Authlib: short; its kid is not the thumbprint of the key as Node writes it; jwcrypto: of 3000 keys 0 short
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
python=/usr/bin/python3
$python -c 'import authlib, jwcrypto' 2> /dev/null || apt-get install -y -qq --no-install-recommends python3-authlib python3-jwcrypto > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.17 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > keys.py <<'PY'
import json
from authlib.jose import ECKey
from jwcrypto import jwk

short = None
for _ in range(20000):
    key = ECKey.generate_key("P-256", is_private=True)
    public = key.as_dict(is_private=False)
    if len(public["x"]) < 43 or len(public["y"]) < 43:
        short = public
        break
others = sum(
    1
    for _ in range(3000)
    for key in [json.loads(jwk.JWK.generate(kty="EC", crv="P-256").export())]
    if any(len(key[name]) != 43 for name in "xyd")
)
print(json.dumps({"short": short, "others": others}))
PY
$python keys.py > keys.json
cat > run.mjs <<'JS'
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint } from 'jose';

const { short, others } = JSON.parse(readFileSync('keys.json', 'utf8'));
let said = 'Authlib: none short';
if (short) {
  const { kid, ...key } = short;
  const { kty, crv, x, y } = createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' });
  const isSame = kid === (await calculateJwkThumbprint({ kty, crv, x, y }));
  const isItsOwn = kid === (await calculateJwkThumbprint(key));
  if (!isItsOwn || x.length !== 43 || y.length !== 43) process.exit(2);
  said = `Authlib: short; its kid is ${isSame ? '' : 'not '}the thumbprint of the key as Node writes it`;
}
said += `; jwcrypto: of 3000 keys ${others} short`;
console.log(said);
process.exit(said === 'Authlib: short; its kid is not the thumbprint of the key as Node writes it; jwcrypto: of 3000 keys 0 short' ? 0 : 1);
JS
timeout 60 node run.mjs
