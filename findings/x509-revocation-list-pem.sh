#!/bin/sh
# @peculiar/x509 2.2.0: its revocation lists as PEM are read by nobody else, and an entry without a reason breaks the standard's form.
#
# The label of a revocation list is "X509 CRL" (RFC 7468, 6); toString('pem') writes "CRL", and reads both itself, so a test of both ways is green.
# What Node is given as `crl` for TLS, and OpenSSL, GnuTLS (certtool), say that there is no list. Behind the right label, an entry of which no
# reason was given has extensions that are there and empty, where there is at least one or none are written (RFC 5280, 5.1 and 4.1.2.9).
#
# Expected: each reads the list; an entry of two fields.
# Seen:     none does; an entry of three fields, the last one empty.
# Output:   CRL: Node Failed to parse CRL, OpenSSL no, GnuTLS no, itself yes
#           X509 CRL: Node yes, OpenSSL yes, GnuTLS yes, itself yes
#           entry 80: INTEGER UTCTIME SEQUENCE of 0 bytes
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v certtool > /dev/null || apt-get install -y -qq --no-install-recommends gnutls-bin > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @peculiar/x509@2.2.0 reflect-metadata@0.2.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > write.mjs <<'JS'
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cryptoProvider, X509CrlGenerator } from '@peculiar/x509';

cryptoProvider.set(webcrypto);
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const day = new Date('2026-01-01T00:00:00Z');
const list = await X509CrlGenerator.create({
  issuer: 'CN=shop', thisUpdate: day, nextUpdate: new Date('2026-02-01T00:00:00Z'), signingAlgorithm: algorithm, signingKey: privateKey,
  entries: [{ serialNumber: '80', revocationDate: day }],
});
writeFileSync('CRL.pem', list.toString('pem'));
JS
timeout 30 node write.mjs
sed 's/ CRL-/ X509 CRL-/' CRL.pem > 'X509 CRL.pem'
cat > read.mjs <<'JS'
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { X509Crl } from '@peculiar/x509';

const pem = readFileSync(process.argv[3], 'utf8');
try {
  if (process.argv[2] === 'Node') createSecureContext({ crl: pem });
  else if (new X509Crl(pem).entries.length !== 1) throw new Error('no');
  console.log('yes');
} catch (error) {
  console.log(error.message);
}
JS
yes() { "$@" > /dev/null 2>&1 && echo yes || echo no; }
said=$(
  for label in CRL 'X509 CRL'; do
    echo "$label: Node $(timeout 20 node read.mjs Node "$label.pem"), OpenSSL $(yes openssl crl -in "$label.pem" -noout)," \
      "GnuTLS $(yes certtool --crl-info --infile "$label.pem"), itself $(timeout 20 node read.mjs itself "$label.pem")"
  done
  openssl crl -in 'X509 CRL.pem' -outform der | openssl asn1parse -inform der | sed -n '/INTEGER *:80$/,/d=1/p' |
    sed -n 's/.*d=4 .*l= *\([0-9]*\) [a-z]*: \([A-Z]*\).*/\2 \1/p' | sed 's/SEQUENCE \(.*\)/SEQUENCE of \1 bytes/;s/ [0-9]*$//' |
    paste -sd ' ' | sed 's/^/entry 80: /'
)
echo "$said"
[ "$said" = 'CRL: Node Failed to parse CRL, OpenSSL no, GnuTLS no, itself yes
X509 CRL: Node yes, OpenSSL yes, GnuTLS yes, itself yes
entry 80: INTEGER UTCTIME SEQUENCE of 0 bytes' ]
