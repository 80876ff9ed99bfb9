#!/bin/sh
# pkijs 4.0.0: a chain of a certificate that names its issuer's key by issuer and serial number alone is no chain.
#
# An authority key identifier has the key's identifier, or the issuer and the serial number of its certificate, or both (RFC 5280, 4.2.1.1;
# in OpenSSL's configuration issuer:always alone gives the second). It is a help to find the right one of several. pkijs looks for a
# certificate whose subject key identifier is the one that is not there, and finds none.
#
# Expected: valid for the three, as for OpenSSL 3.0 and GnuTLS 3.7.9 (Debian 12).
# Seen:     no valid path for issuer and serial number alone.
# Output:   keyid: OpenSSL yes, GnuTLS yes, pkijs yes
#           keyid,issuer:always: OpenSSL yes, GnuTLS yes, pkijs yes
#           issuer:always: OpenSSL yes, GnuTLS yes, pkijs no (No valid certificate paths found)
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in openssl certtool; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends openssl gnutls-bin > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts pkijs@4.0.0 asn1js@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > ca.cnf <<'CNF'
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
CNF
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" && openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"; }
for name in root maker lock; do key $name; done
openssl x509 -req -in root.csr -signkey root.key -days 30 -extfile ca.cnf -out root.pem 2> /dev/null
openssl x509 -req -in maker.csr -CA root.pem -CAkey root.key -days 30 -extfile ca.cnf -set_serial 7 -out maker.pem 2> /dev/null
cat > run.mjs <<'JS'
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Certificate, CertificateChainValidationEngine, CryptoEngine, setEngine } from 'pkijs';

setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto }));
const read = (file) => Certificate.fromBER(Buffer.from(readFileSync(file, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64'));
const chain = new CertificateChainValidationEngine({ trustedCerts: [read('root.pem')], certs: [read('maker.pem'), read('lock.pem')] });
const { result, resultMessage } = await chain.verify();
process.stdout.write(result ? 'yes' : `no (${resultMessage})`);
JS
judge() {
  printf 'basicConstraints = critical, CA:false\nauthorityKeyIdentifier = %s\n' "$1" > lock.cnf
  openssl x509 -req -in lock.csr -CA maker.pem -CAkey maker.key -days 30 -extfile lock.cnf -set_serial 8 -out lock.pem 2> /dev/null
  cat lock.pem maker.pem root.pem > chain.pem
  openssl=no
  openssl verify -CAfile root.pem -untrusted maker.pem lock.pem > /dev/null 2>&1 && openssl=yes
  gnutls=no
  certtool --verify --load-ca-certificate root.pem --infile chain.pem > verified 2>&1 && grep -q 'output: Verified' verified && gnutls=yes
  echo "$1: OpenSSL $openssl, GnuTLS $gnutls, pkijs $(timeout 20 node run.mjs)"
}
said=$(judge keyid; judge keyid,issuer:always; judge issuer:always)
echo "$said"
[ "$said" = 'keyid: OpenSSL yes, GnuTLS yes, pkijs yes
keyid,issuer:always: OpenSSL yes, GnuTLS yes, pkijs yes
issuer:always: OpenSSL yes, GnuTLS yes, pkijs no (No valid certificate paths found)' ]
