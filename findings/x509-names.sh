#!/bin/sh
# @peculiar/x509 2.2.0: a name that another program has written becomes another name, or none, and no error is told.
#
# A name is given as text (RFC 4514): "\" with two hexadecimal digits is a byte, as OpenSSL writes each that is not ASCII, and "\\" is a backslash.
# The library drops the backslash and keeps the digits as letters. With spaces around "=", which is how OpenSSL shows a name by itself and which
# readers take for the sake of old writers (RFC 2253, 4), there are no parts at all: a certificate with an empty subject is signed. A value that is
# given apart, by JSON, loses its backslashes, too. The table holds what a certificate that it has signed says to Node.
#
# Expected: Müller; A, B; a subject of CN and O; STORE\ada.
# Seen:     MC3BCller; A2C B; none; STOREada.
# Output:   openssl -nameopt RFC2253: CN=M\C3\BCller: "CN=MC3BCller"
#           openssl's own form: CN = shop, O = Latch: undefined
#           CN=A\2C B: "CN=A2C B"
#           JSON STORE\ada: "CN=STOREada"
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @peculiar/x509@2.2.0 reflect-metadata@0.2.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
# A certificate of OpenSSL's with that subject, as OpenSSL tells it.
told() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -utf8 -subj "$1" 2> /dev/null |
    openssl x509 -noout -subject $2 | sed 's/^subject=//'
}
cat > run.mjs <<'JS'
import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';

cryptoProvider.set(webcrypto);
const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
const [bytes, spaces] = process.argv.slice(2);
for (const [how, name] of [
  [`openssl -nameopt RFC2253: ${bytes}`, bytes],
  [`openssl's own form: ${spaces}`, spaces],
  ['CN=A\\2C B', 'CN=A\\2C B'],
  ['JSON STORE\\ada', [{ CN: ['STORE\\ada'] }]],
]) {
  const notBefore = new Date('2026-01-01T00:00:00Z');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01', name, notBefore, notAfter: new Date('2027-01-01T00:00:00Z'), signingAlgorithm, keys,
  });
  console.log(`${how}: ${JSON.stringify(new X509Certificate(certificate.toString('pem')).subject)}`);
}
JS
said=$(timeout 30 node run.mjs "$(told '/CN=Müller' '-nameopt RFC2253')" "$(told '/CN=shop/O=Latch' '')")
printf '%s\n' "$said"
[ "$said" = 'openssl -nameopt RFC2253: CN=M\C3\BCller: "CN=MC3BCller"
openssl'"'"'s own form: CN = shop, O = Latch: undefined
CN=A\2C B: "CN=A2C B"
JSON STORE\ada: "CN=STOREada"' ]
