#!/bin/sh
# OpenSSL 3.0, Node 20 and pkijs 4.0.0 against GnuTLS 3.7.9 and NSS 3.87 (Debian 12): an issuer's name in another encoding, or with
# another case, is the same name to the first three and another one to the last two.
#
# A name is compared without regard to its encoding, case and repeated spaces (RFC 5280, 7.1 and 4.1.2.6). A certificate names its issuer in
# whatever its maker writes: a PrintableString where the root has a UTF8String, as after a change of tools. What was tried with OpenSSL
# is refused by what stands behind GnuTLS (apt's TLS, Gnome) and NSS (Firefox).
#
# Expected: all take the three, as they take the same bytes.
# Seen:     GnuTLS and NSS know no issuer for any of the three.
# Output:   same bytes: OpenSSL yes, Node yes, pkijs yes, GnuTLS yes, NSS yes
#           PrintableString: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no
#           upper case: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no
#           two spaces: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in certtool certutil openssl; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends gnutls-bin libnss3-tools openssl > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts asn1js@4.0.0 pkijs@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { BitString, PrintableString, Utf8String } from 'asn1js';
import * as pkijs from 'pkijs';

const [, , folder, kind, text] = process.argv;
const newKeys = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const newCertificate = async (issuer, subject, publicKey, privateKey, extensions) => {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber.valueBlock.valueDec = extensions.length === 0 ? 7 : 1;
  for (const [name, value] of [[certificate.issuer, issuer], [certificate.subject, subject]])
    name.typesAndValues.push(new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value }));
  certificate.notBefore = new pkijs.Time({ type: 0, value: new Date('2026-01-01T00:00:00Z') });
  certificate.notAfter = new pkijs.Time({ type: 0, value: new Date('2046-01-01T00:00:00Z') });
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  certificate.extensions = extensions;
  await certificate.sign(privateKey, 'SHA-256');
  return certificate;
};
const ofCa = [
  new pkijs.Extension({ extnID: '2.5.29.19', critical: true, extnValue: new pkijs.BasicConstraints({ cA: true }).toSchema().toBER(false) }),
  new pkijs.Extension({ extnID: '2.5.29.15', critical: true, extnValue: new BitString({ valueHex: new Uint8Array([6]).buffer, unusedBits: 1 }).toBER(false) }),
];
const rootName = () => new Utf8String({ value: 'Lock Root' });
const issuer = kind === 'printable' ? new PrintableString({ value: text }) : new Utf8String({ value: text });
const [rootKeys, leafKeys] = [await newKeys(), await newKeys()];
const root = await newCertificate(rootName(), rootName(), rootKeys.publicKey, rootKeys.privateKey, ofCa);
const leaf = await newCertificate(issuer, new Utf8String({ value: 'Lock 7' }), leafKeys.publicKey, rootKeys.privateKey, []);
const [rootX509, leafX509] = [root, leaf].map((each) => new X509Certificate(Buffer.from(each.toSchema(true).toBER(false))));
writeFileSync(`${folder}/root.pem`, rootX509.toString());
writeFileSync(`${folder}/leaf.pem`, leafX509.toString());
const engine = new pkijs.CertificateChainValidationEngine({ trustedCerts: [root], certs: [leaf] });
const yes = (is) => (is ? 'yes' : 'no');
process.stdout.write(`Node ${yes(leafX509.checkIssued(rootX509))}, pkijs ${yes((await engine.verify()).result)}`);
JS
if_so() { if "$@" > /dev/null 2>&1; then echo yes; else echo no; fi; }
chain() {
  mkdir "$1"
  own=$(timeout 30 node run.mjs "$1" "$2" "$3")
  certutil -N -d "$1" --empty-password
  certutil -A -d "$1" -n root -t C,C,C -i "$1/root.pem"
  certutil -A -d "$1" -n leaf -t ,, -i "$1/leaf.pem"
  openssl=$(if_so openssl verify -CAfile "$1/root.pem" "$1/leaf.pem")
  gnutls=$(if_so certtool --verify --load-ca-certificate "$1/root.pem" --infile "$1/leaf.pem")
  echo "$1: OpenSSL $openssl, $own, GnuTLS $gnutls, NSS $(if_so certutil -V -d "$1" -n leaf -u V)"
}
said=$(chain 'same bytes' utf8 'Lock Root'; chain PrintableString printable 'Lock Root'; chain 'upper case' utf8 'LOCK ROOT'; chain 'two spaces' utf8 'Lock  Root')
echo "$said"
[ "$said" = 'same bytes: OpenSSL yes, Node yes, pkijs yes, GnuTLS yes, NSS yes
PrintableString: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no
upper case: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no
two spaces: OpenSSL yes, Node yes, pkijs yes, GnuTLS no, NSS no' ]
