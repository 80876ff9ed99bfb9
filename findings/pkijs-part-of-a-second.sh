#!/bin/sh
# pkijs 4.0.0: a certificate that is valid beyond 2049 gets thousandths of a second, and OpenSSL and GnuTLS do not take it.
#
# From 2050 on a certificate's times are GeneralizedTime, which must not have a part of a second (RFC 5280, 4.1.2.5.2). A JavaScript
# Date has thousandths. As UTCTime pkijs leaves them out, as GeneralizedTime it writes them: what was right for a short life is not
# for a root's of 30 years. pkijs and Node read both.
#
# Expected: 20600101000000Z, and a certificate that is verified.
# Seen:     20600101000000.123Z; OpenSSL finds the field malformed, certtool does not read the certificate.
# Output:   written 20600101000000.123Z; OpenSSL: format error in certificate's notAfter field; GnuTLS: Error in the time fields
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v certtool > /dev/null || apt-get install -y -qq --no-install-recommends gnutls-bin > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts asn1js@4.0.0 pkijs@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { Utf8String } from 'asn1js';
import { AttributeTypeAndValue, Certificate, Time, TimeType } from 'pkijs';

const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const certificate = new Certificate();
certificate.version = 2;
certificate.serialNumber.valueBlock.valueDec = 1;
for (const name of [certificate.issuer, certificate.subject])
  name.typesAndValues.push(new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: 'Root' }) }));
certificate.notBefore = new Time({ type: TimeType.UTCTime, value: new Date('2026-01-01T00:00:00.123Z') });
certificate.notAfter = new Time({ type: TimeType.GeneralizedTime, value: new Date('2060-01-01T00:00:00.123Z') });
await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
await certificate.sign(keys.privateKey, 'SHA-256');
writeFileSync('root.der', Buffer.from(certificate.toSchema(true).toBER(false)));
JS
timeout 20 node run.mjs
openssl x509 -inform DER -in root.der -out root.pem
time=$(openssl asn1parse -in root.pem | sed -n 's/.*GENERALIZEDTIME *://p')
verified=$(openssl verify -CAfile root.pem root.pem 2>&1 | sed -n 's/.*lookup: //p')
gnutls=$(certtool -i --infile root.pem 2>&1 | sed -n 's/.*import error: \(.*\) of certificate.*/\1/p')
said="written $time; OpenSSL: ${verified:-OK}; GnuTLS: ${gnutls:-OK}"
echo "$said"
[ "$said" = "written 20600101000000.123Z; OpenSSL: format error in certificate's notAfter field; GnuTLS: Error in the time fields" ]
